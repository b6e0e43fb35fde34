//! `machine-certificate`: a machine that the tenant runs proves to the cloud who it is by a certificate, which comes with its
//! key in an archive and can be drawn anew; what was drawn before is good no longer.
//!
//! Parameters: `file`, the archive's name; `seed` and `drawn`, the members that keep what the key follows from and when it
//! was drawn. The parts of the archive are named as is usual (guessed).

use serde_json::{Value, json};
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params, Stored};
use zuno_model::{Fault, Time};

use super::archive::archive;
use crate::x509::derived::Subject;

const YEAR: i64 = 365 * 86_400;

/// The guarantee for one resource.
struct MachineCertificate {
    kind: String,
    file: String,
    seed: String,
    drawn: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(MachineCertificate {
        kind: params.kind(),
        file: params.text("file")?,
        seed: params.field("seed")?,
        drawn: params.field("drawn")?,
    }))
}

impl MachineCertificate {
    /// The machine's certificate with its key, and the authority's that signed it.
    fn bundle(&self, cx: &Context<'_>, stored: &Stored) -> Result<Vec<u8>, Fault> {
        let tenant = cx.tenant();
        let text = |name: &str| stored.record.text(name);
        let authority = Subject {
            seed: format!("{} machines", tenant.customer_id),
            common_name: format!("{}.{} machines", tenant.org_id, tenant.cloud),
            organisation: None,
            valid: (tenant.created, tenant.created + 30 * YEAR),
            signs: true,
        };
        let drawn = stored.record.number(&self.drawn).unwrap_or(tenant.created);
        let machine = Subject {
            // What came with the tenant has no seed of its own.
            seed: text(&self.seed).map_or_else(|| format!("{} {}", authority.seed, stored.id), str::to_owned),
            common_name: format!("{}.{}.{}", stored.id, tenant.org_id, tenant.cloud),
            organisation: None,
            valid: (drawn, drawn + 10 * YEAR),
            signs: false,
        };
        let own = machine.make(Some(&authority)).map_err(Fault::broken)?;
        let above = authority.make(None).map_err(Fault::broken)?;
        let key = machine.private_key().map_err(Fault::broken)?;
        archive(&[("cert.pem", &own.pem), ("key.pem", &key), ("ca.pem", &above.pem)])
    }

    /// What a new key follows from.
    fn draw(&self, cx: &mut Context<'_>) -> Result<[(String, Value); 2], Fault> {
        let (bits, now): (u128, Time) = (cx.draw()?, cx.now());
        Ok([(self.seed.clone(), json!(format!("{bits:032x}"))), (self.drawn.clone(), json!(now))])
    }
}

impl Behaviour for MachineCertificate {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.old.is_none() {
            change.new.extend(self.draw(cx)?);
        }
        Ok(())
    }

    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let mut stored = cx.named(&self.kind)?;
        if !cx.operation()?.writes() {
            let bundle = self.bundle(cx, &stored)?;
            return Ok(Outcome::File("application/octet-stream", bundle, self.file.clone()));
        }
        stored.record.extend(self.draw(cx)?);
        cx.save(&self.kind, &stored)?;
        Ok(Outcome::Done)
    }
}
