//! `intermediate-certificate`: an intermediate CA certificate of the tenant's own is made step by step, with a real key, a
//! real request, and a certificate and a chain that are held against them; one of all is the default.

use serde_json::{Value, json};
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zia::intermediate_ca_certificate as member;
use zuno_engine::{Ahead, Behaviour, Call, Change, Context, Outcome, Params, Stored};
use zuno_model::{Fault, Fix, Id, Record, Refusal};

use super::request::{self, refused};
use super::steps::Step;
use crate::x509::derived::{PublicKey, Subject};
use crate::x509::signing::{self, Key};
use crate::x509::told::{Told, certificates};

/// The vendor's own type.
const VENDORS: &str = "ZSCALER";

/// The type whose key lives in a hardware module.
const IN_MODULE: &str = "CUSTOM_HSM";

/// How long a hardware module's own certificate is good.
const MODULE_YEARS: i64 = 20 * 365 * 86_400;

/// The guarantee for one resource.
struct IntermediateCertificate {
    /// The operations that make a key.
    makes_key: Vec<usize>,
}

/// Makes it; there are no parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let names = params.resource.operations.keys().enumerate();
    let makes_key = names.filter(|(_, name)| name.starts_with("generate_key_pair")).map(|(at, _)| at);
    Ok(Box::new(IntermediateCertificate { makes_key: makes_key.collect() }))
}

fn step(record: &Record) -> Step {
    Step::of(member::CURRENT_STATE.of(record).unwrap_or_default())
}

fn set(stored: &mut Stored, members: impl IntoIterator<Item = (&'static str, Value)>) {
    stored.record.extend(members.into_iter().map(|(name, value)| (name.into(), value)));
}

/// Takes what stands above the certificate away.
fn unchain(stored: &mut Stored) {
    for name in [member::CHAIN.name, member::UPLOADED_CERT_CHAIN_FILE_NAME.name] {
        stored.record.shift_remove(name);
    }
}

/// The vendor's certificate, of which most operations are refused (seen).
fn not_the_vendors(record: &Record) -> Result<(), Fault> {
    if member::TYPE.of(record).unwrap_or_default() != VENDORS {
        return Ok(());
    }
    Err(Fault::refused(
        Refusal::Forbidden,
        "INVALID_INPUT_ARGUMENT",
        "This operation is not applicable for the Zscaler root certificate",
    ))
}

/// What the hardware module says of a key: a certificate of it, signed by the module's own, which follows (guessed: the
/// real one's form is not known).
fn attestation(cx: &Context<'_>, stored: &Stored) -> Result<String, Fault> {
    let made = member::KEY_GENERATION_TIME.of(&stored.record).unwrap_or_default();
    let module = Subject {
        seed: format!(
            "{} hardware module {}",
            cx.tenant().customer_id,
            member::REGION.of(&stored.record).unwrap_or_default()
        ),
        common_name: format!("HSM {}", member::REGION.of(&stored.record).unwrap_or_default()),
        organisation: None,
        valid: (made, made + MODULE_YEARS),
        signs: true,
    };
    let key =
        signing::pair(member::PRIVATE_KEY.of(&stored.record).unwrap_or_default()).map_err(Fault::broken)?;
    let named = format!("Key of {}", stored.id);
    let vouched = module.vouch(&PublicKey::of(&key), &named).map_err(Fault::broken)?;
    Ok(vouched + &module.make(None).map_err(Fault::broken)?.pem)
}

/// The certificate that was uploaded.
fn uploaded(record: &Record) -> Result<Told, Fault> {
    let found =
        certificates(member::CERTIFICATE.of(record).unwrap_or_default()).and_then(|mut all| all.pop());
    found.ok_or_else(|| Fault::broken("a kept certificate cannot be read"))
}

fn file(text: &str, name: String) -> Outcome {
    Outcome::Text("application/octet-stream", text.to_owned(), Some(name))
}

impl IntermediateCertificate {
    /// The one that is meant: named by the path, or by the body (client: go).
    fn meant(&self, cx: &Context<'_>) -> Result<Stored, Fault> {
        if cx.param("id").is_some() {
            return cx.named(member::KIND);
        }
        let sent = cx.sent("certId").or_else(|| cx.sent("id")).and_then(Id::from_value);
        let missing = || Fault::Invalid { kind: member::KIND.into(), field: "id".into(), fix: Fix::Missing };
        cx.reached(member::KIND, &sent.ok_or_else(missing)?)
    }

    /// Does what an operation that changes the certificate is for; answers what it tells where the path names the id.
    fn changed(&self, cx: &mut Context<'_>, doing: &str, stored: &mut Stored) -> Result<Value, Fault> {
        let (at, now) = (step(&stored.record), cx.now());
        let about = stored.id.as_str().parse::<i64>().map_or(Value::Null, Value::from);
        let private = |stored: &Stored| member::PRIVATE_KEY.of(&stored.record).unwrap_or_default().to_owned();
        Ok(match doing {
            "generate_key_pair" => {
                at.may_have_a_key()?;
                let key: &Key = cx.ahead()?;
                set(
                    stored,
                    [
                        (member::PRIVATE_KEY.name, json!(key.private)),
                        (member::PUBLIC_KEY.name, json!(key.public)),
                        (member::KEY_GENERATION_TIME.name, json!(now)),
                        (member::CURRENT_STATE.name, json!(Step::Keyed.word())),
                    ],
                );
                json!({ "certId": about, "keyGenerationTime": now, "publicKey": key.public })
            }
            "verify_key_attestation" => {
                if member::TYPE.of(&stored.record).unwrap_or_default() != IN_MODULE {
                    return Err(refused("Key attestation is applicable only to cloud HSM protection"));
                }
                at.has_a_key()?;
                set(
                    stored,
                    [
                        (member::HSM_ATTESTATION_VERIFIED_TIME.name, json!(now)),
                        (member::CURRENT_STATE.name, json!(at.max(Step::Attested).word())),
                    ],
                );
                json!({ "certId": about, "hsmAttestationVerifiedTime": now })
            }
            "generate_csr" => {
                at.is_draft()?;
                at.has_a_key()?;
                let asked = self.asked(cx, stored)?;
                let key = signing::pair(&private(stored)).map_err(Fault::broken)?;
                let csr = request::written(member::KIND, &key, &asked)?;
                for name in [
                    member::CERTIFICATE.name,
                    member::UPLOADED_CERT_FILE_NAME.name,
                    member::CERT_START_DATE.name,
                    member::CERT_EXP_DATE.name,
                ] {
                    stored.record.shift_remove(name);
                }
                unchain(stored);
                set(
                    stored,
                    [
                        (member::CSR.name, json!(csr)),
                        (member::CSR_FILE_NAME.name, asked.get("csrFileName").cloned().unwrap_or_default()),
                        (member::CSR_GENERATION_TIME.name, json!(now)),
                        (member::REQUEST.name, Value::Object(asked)),
                        (member::CURRENT_STATE.name, json!(Step::Requested.word())),
                    ],
                );
                json!({ "certId": about, "csrGenerationTime": now })
            }
            "upload_cert" => {
                let requested = (at >= Step::Requested).then(|| private(stored));
                let told = signing::certificate(cx.upload(), requested.as_deref(), now).map_err(refused)?;
                unchain(stored);
                set(
                    stored,
                    [
                        (member::CERTIFICATE.name, json!(told.pem)),
                        (member::CERT_START_DATE.name, json!(told.valid.0)),
                        (member::CERT_EXP_DATE.name, json!(told.valid.1)),
                        (member::UPLOADED_CERT_FILE_NAME.name, json!(cx.upload().map(|file| &file.name))),
                        (
                            member::CURRENT_STATE.name,
                            json!(if at == Step::Ready { at } else { Step::Signed }.word()),
                        ),
                    ],
                );
                Value::Null
            }
            "upload_cert_chain" => {
                at.has_a_certificate()?;
                let above = signing::chain(cx.upload(), &uploaded(&stored.record)?, now).map_err(refused)?;
                let chain: String = above.iter().map(|told| told.pem.as_str()).collect();
                set(
                    stored,
                    [
                        (member::CHAIN.name, json!(chain)),
                        (
                            member::UPLOADED_CERT_CHAIN_FILE_NAME.name,
                            json!(cx.upload().map(|file| &file.name)),
                        ),
                        (member::CURRENT_STATE.name, json!(at.max(Step::Chained).word())),
                    ],
                );
                Value::Null
            }
            "delete_cert_chain" => {
                at.has_a_certificate()?;
                unchain(stored);
                let back = if at == Step::Ready { at } else { Step::Signed };
                set(stored, [(member::CURRENT_STATE.name, json!(back.word()))]);
                Value::Null
            }
            "finalize_cert" => {
                at.has_a_certificate()?;
                set(stored, [(member::CURRENT_STATE.name, json!(Step::Ready.word()))]);
                Value::Null
            }
            _ => return self.made_default(cx, stored),
        })
    }

    /// The request that the body describes, with the path length that the type has when none is told (documented).
    fn asked(&self, cx: &Context<'_>, stored: &Stored) -> Result<Record, Fault> {
        let mut body = cx.body().cloned().unwrap_or_default();
        if let Some(members) = body.as_object_mut() {
            members.shift_remove("id");
        }
        let mut asked = cx.decode_as(member::KIND, "SigningRequest", &body)?;
        let usual = if member::TYPE.of(&stored.record).unwrap_or_default() == IN_MODULE { 0 } else { 1 };
        asked.entry("pathLengthConstraint").or_insert_with(|| json!(usual));
        asked.shift_remove("certId");
        Ok(asked)
    }

    /// Makes it the one that signs where no rule names another; the one before is so no longer.
    fn made_default(&self, cx: &mut Context<'_>, stored: &mut Stored) -> Result<Value, Fault> {
        let usable = step(&stored.record) == Step::Ready
            && member::STATUS.of(&stored.record).unwrap_or_default() == "ENABLED";
        if !usable {
            return Err(refused("Only an enabled certificate that is ready to use can be the default one"));
        }
        let kind = cx.resource(member::KIND)?;
        if let Some(before) = cx.holder(kind, member::USED.name, "default", "0")?
            && before != stored.id
        {
            let mut before = cx.need(member::KIND, &before)?;
            before.record.shift_remove(member::USED.name);
            set(&mut before, [(member::DEFAULT_CERTIFICATE.name, json!(false))]);
            cx.save(member::KIND, &before)?;
        }
        set(stored, [(member::DEFAULT_CERTIFICATE.name, json!(true)), (member::USED.name, json!("default"))]);
        Ok(Value::Null)
    }
}

impl Behaviour for IntermediateCertificate {
    fn ahead(&self, call: &Call) -> Result<Option<Ahead>, Fault> {
        if !self.makes_key.contains(&call.operation.within()) {
            return Ok(None);
        }
        Key::generate().map(|key| Some(Ahead::of(key))).map_err(Fault::broken)
    }

    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        match &change.old {
            None => {
                let kind = member::TYPE.of(&change.new).unwrap_or_default();
                if kind.is_empty() {
                    // Seen.
                    return Err(refused("Certificate type is required."));
                }
                if kind == VENDORS {
                    // Guessed.
                    return Err(refused("Certificate type is not supported."));
                }
                if kind != IN_MODULE {
                    change.new.entry(member::REGION).or_insert_with(|| json!("GLOBAL"));
                }
                change.new.insert(member::CURRENT_STATE.into(), json!(Step::Named.word()));
                change.new.insert(member::DEFAULT_CERTIFICATE.into(), json!(false));
            }
            Some(old) => {
                not_the_vendors(old)?;
                // Whether it is used may change, or one that is enabled could never make room for another (guessed).
                let open = [member::STATUS.name, member::ID.name];
                let same =
                    |name: &&String| open.contains(&name.as_str()) || old.get(*name) == change.new.get(*name);
                if !change.new.keys().chain(old.keys()).all(|name| same(&name)) {
                    step(old).is_draft()?;
                }
                let used = member::DEFAULT_CERTIFICATE.of(old);
                if used && member::STATUS.of(&change.new).unwrap_or_default() != "ENABLED" {
                    return Err(refused("The default intermediate certificate cannot be disabled"));
                }
            }
        }
        Ok(())
    }

    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let doing = cx.operation()?.name.as_str();
        let (doing, named) = match doing.strip_suffix("_unnamed") {
            Some(doing) => (doing, false),
            None => (doing, true),
        };
        let mut stored = self.meant(cx)?;
        let record = &stored.record;
        if !matches!(doing, "download_public_key" | "make_default") {
            not_the_vendors(record)?;
        }
        let (at, name) = (step(record), member::NAME.of(record).unwrap_or_default());
        match doing {
            "download_public_key" => {
                at.has_a_key()?;
                return Ok(file(
                    member::PUBLIC_KEY.of(record).unwrap_or_default(),
                    format!("{name}-PublicKey.pem"),
                ));
            }
            "download_attestation" => {
                if member::TYPE.of(record).unwrap_or_default() != IN_MODULE {
                    return Err(refused("Key attestation is applicable only to cloud HSM protection"));
                }
                at.has_a_key()?;
                return Ok(file(&attestation(cx, &stored)?, format!("{name}-Attestation.pem")));
            }
            "download_csr" => {
                at.has_a_request()?;
                let of = member::CSR_FILE_NAME.of(record).unwrap_or_default();
                return Ok(file(member::CSR.of(record).unwrap_or_default(), format!("{of}.csr")));
            }
            "show_csr" => {
                at.has_a_request()?;
                let mut told = Record::new();
                told.insert(
                    "certId".into(),
                    stored.id.as_str().parse::<i64>().map_or(Value::Null, Value::from),
                );
                told.extend(member::REQUEST.of(record).cloned().unwrap_or_default());
                return Ok(Outcome::Value(Value::Object(told)));
            }
            "show_cert" => {
                at.has_a_certificate()?;
                let asked = member::REQUEST.of(record).cloned().unwrap_or_default();
                return Ok(Outcome::Value(Value::Object(request::described(
                    name,
                    &uploaded(record)?,
                    &asked,
                ))));
            }
            _ => {}
        }
        let told = self.changed(cx, doing, &mut stored)?;
        cx.save(member::KIND, &stored)?;
        let whole = !named || matches!(doing, "upload_cert" | "make_default");
        match told {
            _ if whole => {
                let resource = cx.resource(member::KIND)?;
                Ok(Outcome::One(cx.show(resource, Verb::Read, None, stored)?))
            }
            Value::Null => Ok(Outcome::Done),
            told => Ok(Outcome::Value(told)),
        }
    }
}
