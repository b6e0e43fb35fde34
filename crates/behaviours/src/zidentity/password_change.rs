//! A person's password is set or must be chosen anew. People do not sign in here, so that it happened is kept, and
//! the password is not.

use serde_json::Value;
use zuno_catalogue::Method;
use zuno_catalogue::handles::zidentity::user::{KIND, PASSWORD_MUST_CHANGE, PASSWORD_SET_AT};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Fix, Id};

struct PasswordChange;

pub fn make(_: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(PasswordChange))
}

impl Behaviour for PasswordChange {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let mut user = cx.need(KIND, &Id(call.param("id").unwrap_or_default().to_owned()))?;
        let must_change = match cx.operation()?.method {
            Method::Put => given_password(call.body.as_ref())?,
            _ => true,
        };
        user.record.insert(PASSWORD_SET_AT.into(), Value::from(cx.now()));
        user.record.insert(PASSWORD_MUST_CHANGE.into(), Value::from(must_change));
        cx.save(KIND, &user)?;
        Ok(Outcome::Done)
    }
}

/// Whether the password that a body gives must be changed at the next sign-in.
fn given_password(body: Option<&Value>) -> Result<bool, Fault> {
    let wrong = |field: &str, fix| Fault::Invalid { kind: KIND.into(), field: field.into(), fix };
    match body.and_then(|body| body.get("password")) {
        Some(Value::String(text)) if !text.is_empty() => {}
        None | Some(Value::Null | Value::String(_)) => return Err(wrong("password", Fix::Missing)),
        Some(_) => return Err(wrong("password", Fix::Type("string"))),
    }
    match body.and_then(|body| body.get("resetPwdOnLogin")) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(_) => Err(wrong("resetPwdOnLogin", Fix::Type("boolean"))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::given_password;

    #[test]
    fn a_password_is_a_text_and_the_flag_is_optional() {
        assert!(!given_password(Some(&json!({ "password": "x" }))).expect("it is enough"));
        assert!(given_password(Some(&json!({ "password": "x", "resetPwdOnLogin": true }))).expect("both"));
        for wrong in [json!({}), json!({ "password": "" }), json!({ "password": 7 })] {
            assert!(given_password(Some(&wrong)).is_err(), "{wrong}");
        }
        assert!(given_password(None).is_err());
    }

    #[test]
    fn a_refusal_does_not_repeat_the_password() {
        let wrong = json!({ "password": "hunter2", "resetPwdOnLogin": "yes" });
        let fault = given_password(Some(&wrong)).expect_err("the flag is no boolean");
        assert!(!format!("{fault} {fault:?}").contains("hunter2"));
    }
}
