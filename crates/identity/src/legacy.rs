//! The older sign-ins, one for each product, from before there was one authorization server for all of them. Each reads a
//! body of its own and answers in its own spelling; who signs in and with what is the same.

mod derived;
mod keys;
mod private_access;
mod proof;
mod sessions;
mod token;

pub use derived::{OrganizationKey, SandboxToken, measuring_secret};
pub use keys::{KeyRefused, KeySignIn};
pub use private_access::{SIGN_IN_FAILURE_STATUS, SignInRefused, SignInRequest};
pub use sessions::{SESSION, SessionRefused, SessionRequest, WITHOUT_SESSION};
pub use token::{SessionToken, SignIn};
