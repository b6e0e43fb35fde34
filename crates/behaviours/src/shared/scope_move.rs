//! `scope-move`: a record goes to another scope of the tenant, unless something points at it where it is.
//!
//! Parameter: `to`, the query parameter or member of the body that names the scope.

use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Fix, Id, Kind};

/// The guarantee for one resource.
struct ScopeMove {
    kind: Kind,
    scopes: String,
    to: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let Some(scopes) = params.resource.scope.clone() else {
        return Err(params.wrong(format!("a {} has no scope", params.resource.noun)));
    };
    Ok(Box::new(ScopeMove { kind: Kind(params.kind()), scopes, to: params.text("to")? }))
}

impl ScopeMove {
    fn wrong(&self, fix: Fix) -> Fault {
        Fault::Invalid { kind: self.kind.clone(), field: self.to.clone(), fix }
    }
}

impl Behaviour for ScopeMove {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let mut stored = cx.named(self.kind.as_str())?;
        let id = stored.id.clone();
        let in_body = || call.body.as_ref().and_then(|body| body.get(&self.to)).and_then(Id::from_value);
        let to = call.query(&self.to).map(|scope| Id(scope.to_owned())).or_else(in_body);
        let to = to.ok_or_else(|| self.wrong(Fix::Missing))?;
        if cx.get(&self.scopes, &to)?.is_none() {
            return Err(self.wrong(Fix::Unresolved(Kind(self.scopes.clone()))));
        }
        stored.scope = to.0;
        // Saved first: who points at a tenant's first objects is known once they are its own.
        cx.save(self.kind.as_str(), &stored)?;
        let by = cx.referrers(self.kind.as_str(), &id)?;
        match by.is_empty() {
            true => Ok(Outcome::Done),
            false => Err(Fault::InUse { kind: self.kind.clone(), id, by }),
        }
    }
}
