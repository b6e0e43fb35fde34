//! `enrolment-chain`: a tenant's enrolment certificates are real ones, each signed by its parent, by itself, or by
//! an authority elsewhere that was sent a request.
//!
//! The root lives thirty years and the others fifteen, from a day before they were made (seen). Keys follow from a
//! seed and are never kept; those that came with the tenant can be neither removed nor renamed (guessed).

use serde_json::{Value, json};
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zpa::enrollment_cert as member;
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Stored};
use zuno_model::{Fault, Fix, Id, Kind, Record};

use crate::x509::derived::Subject;
use crate::x509::told::{Bundle, Told, certificates};

const DAY: i64 = 86_400;
const YEAR: i64 = 365 * DAY;

/// The last second of the year 9999, the last that a certificate can name.
const LAST: i64 = 253_402_300_799;

const REQUESTED: &str = "requested";
const GIVEN: &str = "given";

/// The guarantee for one resource.
#[derive(Default)]
pub struct EnrolmentChain;

fn wrong(field: &str, fix: Fix) -> Fault {
    Fault::Invalid { kind: Kind::from(member::KIND), field: field.to_owned(), fix }
}

fn subject(cx: &Context<'_>, record: &Record) -> Subject {
    let made = member::CREATION_TIME.of(record).unwrap_or_default();
    let years = if record.contains_key(member::PARENT_CERT_ID.name) { 15 } else { 30 };
    let seed = match member::KEY_SEED.of(record).unwrap_or_default() {
        "" => format!("{} {}", cx.tenant().customer_id, member::NAME.of(record).unwrap_or_default()),
        seed => seed.to_owned(),
    };
    Subject {
        seed,
        common_name: member::C_NAME.of(record).unwrap_or_default().to_owned(),
        organisation: Some(("Zscaler", "Private Access")),
        valid: (
            member::VALID_FROM_IN_EPOCH_SEC.of(record).unwrap_or(made - DAY),
            member::VALID_TO_IN_EPOCH_SEC.of(record).unwrap_or(made + years * YEAR),
        ),
        signs: record.get(member::ALLOW_SIGNING.name) != Some(&Value::Bool(false)),
    }
}

/// What a certificate that came from elsewhere says, written into its record.
fn keep_given(record: &mut Record, told: &Told) {
    let common_name = told.common_name.clone().unwrap_or_default();
    for (name, value) in [
        (member::C_NAME.name, json!(common_name)),
        (member::CERTIFICATE.name, json!(told.pem)),
        (member::ISSUED_TO.name, json!(told.subject.in_order())),
        (member::ISSUED_BY.name, json!(told.issuer.in_order())),
        (member::SERIAL_NO.name, json!(told.serial)),
        (member::VALID_FROM_IN_EPOCH_SEC.name, json!(told.valid.0)),
        (member::VALID_TO_IN_EPOCH_SEC.name, json!(told.valid.1)),
        (member::ORIGIN.name, json!(GIVEN)),
    ] {
        record.insert(name.to_owned(), value);
    }
}

/// A certificate that is given whole, with its key or without. What it signs elsewhere is not signed here.
fn give(record: &mut Record) -> Result<(), Fault> {
    let unread = || wrong(member::CERTIFICATE.name, Fix::Said("a certificate is wanted, as PEM".into()));
    let certificate = member::CERTIFICATE.of(record).unwrap_or_default();
    let key = member::PRIVATE_KEY.of(record).unwrap_or_default();
    let told = if key.is_empty() {
        certificates(certificate).ok_or_else(unread)?.swap_remove(0)
    } else {
        let stranger = || wrong(member::PRIVATE_KEY.name, Fix::Said("it is not the certificate's".into()));
        Bundle::read(&format!("{certificate}\n{key}")).ok_or_else(stranger)?.leaf
    };
    let present = !key.is_empty();
    keep_given(record, &told);
    record.insert(member::PRIVATE_KEY_PRESENT.into(), Value::Bool(present));
    record.insert(member::ALLOW_SIGNING.into(), Value::Bool(false));
    Ok(())
}

/// Who is to sign a new certificate; nobody where it signs itself.
fn signer(cx: &Context<'_>, record: &mut Record, alone: bool) -> Result<Option<Record>, Fault> {
    let named = [member::PARENT_CERT_ID, member::ROOT_CERTIFICATE_ID];
    let Some((field, id)) = named.iter().find_map(|field| Some((field.name, field.id_of(record)?))) else {
        return if alone { Ok(None) } else { Err(wrong(member::PARENT_CERT_ID.name, Fix::Missing)) };
    };
    let found =
        cx.get(member::KIND, &id)?.ok_or_else(|| wrong(field, Fix::Unresolved(member::KIND.into())))?;
    let signs = member::ALLOW_SIGNING.of(&found.record);
    if !signs || member::ORIGIN.of(&found.record).unwrap_or_default() == REQUESTED {
        return Err(wrong(field, Fix::Said("that certificate signs no others".into())));
    }
    record.insert(member::PARENT_CERT_ID.into(), Value::String(id.0));
    Ok(Some(found.record))
}

fn draft(cx: &mut Context<'_>, record: &mut Record) -> Result<(), Fault> {
    let operation = cx.operation()?.name.as_str();
    if operation == "create" && record.contains_key(member::CERTIFICATE.name) {
        return give(record);
    }
    for name in [member::CERTIFICATE.name, member::PRIVATE_KEY.name] {
        record.shift_remove(name);
    }
    let common_name = format!(
        "{}.zpa-customer.com/{}",
        cx.tenant().customer_id,
        member::NAME.of(record).unwrap_or_default()
    );
    record.insert(member::C_NAME.into(), Value::String(common_name));
    record.insert(member::KEY_SEED.into(), Value::String(format!("{:032x}", cx.draw()?)));
    record.insert(member::PRIVATE_KEY_PRESENT.into(), Value::Bool(true));
    if operation == "generate_csr" {
        record.insert(member::ORIGIN.into(), json!(REQUESTED));
        record.insert(member::ALLOW_SIGNING.into(), Value::Bool(false));
        return Ok(());
    }
    let signer = signer(cx, record, operation == "generate_self_signed")?;
    let own = subject(cx, record);
    if own.valid.0 < 0 || own.valid.0 >= own.valid.1 || own.valid.1 > LAST {
        return Err(wrong(member::VALID_TO_IN_EPOCH_SEC.name, Fix::Said("it ends before it begins".into())));
    }
    let issuer = signer.map(|signer| subject(cx, &signer));
    let made = own.make(issuer.as_ref()).map_err(Fault::broken)?;
    let told = certificates(&made.pem).and_then(|mut all| all.pop());
    let told = told.ok_or_else(|| Fault::broken("a certificate of our own cannot be read"))?;
    record.insert(member::VALID_FROM_IN_EPOCH_SEC.into(), json!(own.valid.0));
    record.insert(member::VALID_TO_IN_EPOCH_SEC.into(), json!(own.valid.1));
    record.insert(member::ISSUED_TO.into(), json!(told.subject.in_order()));
    record.insert(member::ISSUED_BY.into(), json!(told.issuer.in_order()));
    Ok(())
}

/// The answer to a request: the certificate that an authority elsewhere made of it.
fn answer(cx: &Context<'_>, change: &mut Change) -> Result<(), Fault> {
    let Some(sent) = member::CERTIFICATE.of(&change.sent) else { return Ok(()) };
    let mut own = subject(cx, &change.new);
    own.signs = true;
    let made = own.make(None).map_err(Fault::broken)?;
    let own = certificates(&made.pem).and_then(|mut all| all.pop());
    let own = own.ok_or_else(|| Fault::broken("a certificate of our own cannot be read"))?;
    let sent = certificates(sent).unwrap_or_default();
    let told = sent.iter().find(|told| told.shares_key(&own)).ok_or_else(|| {
        wrong(member::CERTIFICATE.name, Fix::Said("it was not made from this request".into()))
    })?;
    keep_given(&mut change.new, told);
    // It can sign here only under the name that the request asked for, which is the one that issuers are told by.
    let signs = told.signs && told.subject == own.subject;
    change.new.insert(member::ALLOW_SIGNING.into(), Value::Bool(signs));
    Ok(())
}

impl Behaviour for EnrolmentChain {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let Some(old) = &change.old else { return draft(cx, &mut change.new) };
        if member::PRELOADED.of(old) {
            let renamed = change.new.get(member::NAME.name) != old.get(member::NAME.name);
            let refused =
                Fault::Predefined { kind: member::KIND.into(), id: change.id.clone(), verb: "changed" };
            return if renamed { Err(refused) } else { Ok(()) };
        }
        if member::ORIGIN.of(old).unwrap_or_default() == REQUESTED { answer(cx, change) } else { Ok(()) }
    }

    fn before_delete(&self, _: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
        if !member::PRELOADED.of(&stored.record) {
            return Ok(());
        }
        Err(Fault::Predefined { kind: member::KIND.into(), id: stored.id.clone(), verb: "deleted" })
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let stored = cx.named(member::KIND)?;
        let id = stored.id.clone();
        if !call.flag("dryRun") {
            cx.erase(cx.resource(member::KIND)?, &id, true)?;
            return Ok(Outcome::Done);
        }
        self.before_delete(cx, &stored)?;
        let by = cx.referrers(member::KIND, &id)?;
        if by.is_empty() {
            return Ok(Outcome::Done);
        }
        Err(Fault::InUse { kind: member::KIND.into(), id, by })
    }

    fn on_read(&self, cx: &Context<'_>, _verb: Verb, _id: &Id, record: &mut Record) -> Result<(), Fault> {
        let origin = member::ORIGIN.of(record).unwrap_or_default().to_owned();
        if origin == GIVEN && member::KEY_SEED.of(record).unwrap_or_default().is_empty() {
            return Ok(());
        }
        let own = subject(cx, record);
        let parent = member::PARENT_CERT_ID.id_of(record);
        let parent = parent.map(|id| cx.get(member::KIND, &id)).transpose()?.flatten();
        let issuer = parent.map(|stored| subject(cx, &stored.record));
        let made = own.make(issuer.as_ref()).map_err(Fault::broken)?;
        record.insert(member::CSR.into(), json!(made.request));
        if origin.is_empty() {
            record.insert(member::VALID_FROM_IN_EPOCH_SEC.into(), json!(own.valid.0));
            record.insert(member::VALID_TO_IN_EPOCH_SEC.into(), json!(own.valid.1));
            record.insert(member::CERTIFICATE.into(), json!(made.pem));
            record.insert(member::SERIAL_NO.into(), json!(made.serial));
        }
        Ok(())
    }
}
