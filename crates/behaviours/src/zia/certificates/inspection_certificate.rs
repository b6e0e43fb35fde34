//! `inspection-certificate`: the one certificate of the tenant's own that the older settings know: a request makes a new key,
//! and the certificate that answers it takes the place of the one before, which signs until then.

use serde_json::{Value, json};
use zuno_catalogue::Members;
use zuno_catalogue::handles::zia::ssl_settings as member;
use zuno_engine::{Ahead, Behaviour, Call, Context, Outcome, Params, Stored};
use zuno_model::{Fault, Record};

use super::request::{self, refused};
use crate::x509::signing::{self, Key};
use crate::x509::told::{Told, certificates};

/// The guarantee for one resource.
struct InspectionCertificate {
    /// The operation that makes a key.
    makes_key: Option<usize>,
}

/// Makes it; there are no parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let makes_key = params.resource.operations.get_index_of("generate_csr");
    Ok(Box::new(InspectionCertificate { makes_key }))
}

/// The certificate that was uploaded (the words: guessed).
fn uploaded(record: &Record) -> Result<Told, Fault> {
    let kept = member::CERTIFICATE.of(record);
    let kept = kept.ok_or_else(|| refused("Signed certificate is not uploaded"))?;
    let found = certificates(kept).and_then(|mut all| all.pop());
    found.ok_or_else(|| Fault::broken("a kept certificate cannot be read"))
}

fn asked(record: &Record) -> Record {
    member::REQUEST.of(record).cloned().unwrap_or_default()
}

/// An upload's answer is text (documented); what it says is not known.
fn taken() -> Outcome {
    Outcome::Text("text/plain", String::new(), None)
}

fn generate(cx: &Context<'_>, stored: &mut Stored) -> Result<Outcome, Fault> {
    let body = cx.body().cloned().unwrap_or_default();
    let asked = cx.decode_as(member::KIND, "CustomCertificate", &body)?;
    let key: &Key = cx.ahead()?;
    let csr = request::written(member::KIND, &signing::pair(&key.private).map_err(Fault::broken)?, &asked)?;
    for (name, value) in [
        (member::WAITING_KEY.name, json!(key.private)),
        (member::CSR.name, json!(csr)),
        (member::REQUEST.name, Value::Object(asked)),
    ] {
        stored.record.insert(name.into(), value);
    }
    Ok(Outcome::Done)
}

fn upload(cx: &Context<'_>, stored: &mut Stored) -> Result<Outcome, Fault> {
    let waiting = member::WAITING_KEY.of(&stored.record).map(str::to_owned);
    let told = signing::certificate(cx.upload(), waiting.as_deref(), cx.now()).map_err(refused)?;
    stored.record.shift_remove(member::CHAIN.name);
    for (name, value) in [
        (member::PRIVATE_KEY.name, json!(waiting)),
        (member::CERTIFICATE.name, json!(told.pem)),
        (member::ANSWERED.name, Value::Object(asked(&stored.record))),
    ] {
        stored.record.insert(name.into(), value);
    }
    Ok(taken())
}

fn chain(cx: &Context<'_>, stored: &mut Stored) -> Result<Outcome, Fault> {
    let above = signing::chain(cx.upload(), &uploaded(&stored.record)?, cx.now()).map_err(refused)?;
    let chain: String = above.iter().map(|told| told.pem.as_str()).collect();
    stored.record.insert(member::CHAIN.into(), json!(chain));
    Ok(taken())
}

/// What the certificate says, of the members that these settings have.
fn show(record: &Record) -> Result<Outcome, Fault> {
    let told = uploaded(record)?;
    let asked = member::ANSWERED.of(record).cloned().unwrap_or_default();
    let name = asked.text("certName").unwrap_or_default().to_owned();
    let mut shown = request::described(&name, &told, &asked);
    for newer in ["pathLengthConstraint", "pathLengthConstraintInCsr", "issuedBy", "startDate", "expDate"] {
        shown.shift_remove(newer);
    }
    shown.insert("sha1fingerprint".into(), json!(told.sha1()));
    Ok(Outcome::Value(Value::Object(shown)))
}

impl Behaviour for InspectionCertificate {
    fn ahead(&self, call: &Call) -> Result<Option<Ahead>, Fault> {
        if self.makes_key != Some(call.operation.within()) {
            return Ok(None);
        }
        Key::generate().map(|key| Some(Ahead::of(key))).map_err(Fault::broken)
    }

    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let mut stored = cx.only(member::KIND)?;
        let outcome = match cx.operation()?.name.as_str() {
            "show_cert" => return show(&stored.record),
            "download_csr" => {
                let csr = member::CSR.of(&stored.record).ok_or_else(|| refused("No CSR found"))?;
                let asked = asked(&stored.record);
                let name = format!("{}.csr", asked.text("certName").unwrap_or_default());
                return Ok(Outcome::Text("application/octet-stream", csr.to_owned(), Some(name)));
            }
            "generate_csr" => generate(cx, &mut stored)?,
            "upload_cert" => upload(cx, &mut stored)?,
            "upload_cert_chain" => chain(cx, &mut stored)?,
            _ => {
                stored.record.shift_remove(member::CHAIN.name);
                Outcome::Done
            }
        };
        cx.save(member::KIND, &stored)?;
        Ok(outcome)
    }
}
