//! People and whatever else signs in: administrators, API keys, provisioned users, and how long they may come.

mod administrator_account;
mod api_key;
mod approval_window;
mod attribute_values;
mod emergency_user;
mod mapped_providers;
mod offered_roles;
mod role_permissions;

pub mod scim;

pub use api_key::{api_key_closed_until, close_api_key, load_api_key};
pub(crate) use offered_roles::{Offered, offered_roles, right_of_role};
pub(crate) use role_permissions::{DEFAULT, PRODUCT};
use zuno_engine::Maker;

use crate::plain;

/// By name.
pub(crate) const ALL: &[(&str, Maker)] = &[
    ("administrator-account", administrator_account::make),
    ("api-key", plain::make::<api_key::ApiKey>),
    ("approval-window", approval_window::make),
    ("attribute-values", attribute_values::make),
    ("emergency-user", emergency_user::make),
    ("mapped-providers", plain::make::<mapped_providers::MappedProviders>),
    ("role-permissions", role_permissions::make),
];
