//! `own-password`: whoever knows an administrator's password gives them another one.

use serde_json::json;
use zuno_catalogue::Members;
use zuno_catalogue::handles::ztw::admin_user as handle;
use zuno_engine::{Behaviour, Call, Context, Outcome};
use zuno_model::{Fault, Fix, Refusal};

/// The guarantee for one resource.
#[derive(Default)]
pub struct OwnPassword;

impl Behaviour for OwnPassword {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let sent = |member: &str| {
            let text = call.body.as_ref().and_then(|body| body.text(member));
            let missing =
                || Fault::Invalid { kind: handle::KIND.into(), field: member.into(), fix: Fix::Missing };
            text.filter(|text| !text.is_empty()).ok_or_else(missing)
        };
        let (name, old, new) = (sent("userName")?, sent("oldPassword")?, sent("newPassword")?);
        // As signing in refuses it (documented): whether the name or the password is wrong is not told.
        let refused = || {
            Fault::refused(Refusal::BadRequest, "INVALID_USERNAME_OR_PASSWORD", "Invalid email or password")
        };
        let resource = cx.resource(handle::KIND)?;
        let id = cx.holder(resource, &handle::LOGIN_NAME, name, "0")?.ok_or_else(refused)?;
        if handle::PASSWORD.of(&cx.need(handle::KIND, &id)?.record) != Some(old) {
            return Err(refused());
        }
        // Checked as any other change is.
        let chosen = json!({ handle::PASSWORD.name: new, handle::IS_PASSWORD_EXPIRED.name: false });
        cx.amend(handle::KIND, &id, &chosen)?;
        let mut stored = cx.need(handle::KIND, &id)?;
        stored.record.insert(handle::PWD_LAST_MODIFIED_TIME.into(), cx.now().into());
        cx.save(handle::KIND, &stored)?;
        Ok(Outcome::Value(json!({ "userName": name })))
    }
}
