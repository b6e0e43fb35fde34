//! What holds of all of a tenant's traffic: rules that nothing meets, and what two configurations treat differently.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};
use zuno_model::{Fault, Tenant};
use zuno_policy::analysis::{Asked, compare, lint};
use zuno_policy::{Configuration, FILE_VERSION, KINDS, Options, Policy, Snapshot};

use crate::Cloud;
use crate::policies::compile;
use crate::respond::{Response, in_json};
use crate::state::policies::State;

/// One configuration: a tenant's, as it is in force or with what waits.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Which {
    /// The tenant's label; the first one when it is left out.
    tenant: Option<String>,
    /// Whether what waits for activation counts.
    staged: bool,
}

/// Two of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Two {
    before: Which,
    after: Which,
    /// Whether each example that is a question is answered by both, with every rule that was tried.
    #[serde(default)]
    trace: bool,
}

/// How many examples are answered.
const ANSWERED: usize = 100;

/// A tenant's records with what they were compiled to.
type Read = (Policy, Snapshot);

/// Why there is no answer: what was asked is wrong, or the store failed.
enum Refused {
    Unknown(String),
    Broken(Fault),
}

/// The rules that are on, of every list in which the first one that matches decides.
///
/// # Errors
/// What is wrong with what was written.
pub fn rules(cloud: &Cloud, body: &Value) -> Result<Response, String> {
    let which: Which = serde_json::from_value(body.clone()).map_err(|wrong| wrong.to_string())?;
    let policy = which.tenant(cloud).and_then(|tenant| {
        cloud.policies(&tenant, which.state(), Options::default()).map_err(Refused::Broken)
    });
    Ok(answered(policy.map(|policy| policy.rules_told())))
}

/// A configuration as it goes into a file, to be asked without a server; what nobody may read again is left out.
///
/// # Errors
/// As there.
pub fn configuration(cloud: &Cloud, body: &Value) -> Result<Response, String> {
    let which: Which = serde_json::from_value(body.clone()).map_err(|wrong| wrong.to_string())?;
    Ok(answered(which.configuration(cloud).map(|configuration| json!(configuration))))
}

/// Which rules of a configuration nothing meets, change nothing, or name what there is not.
///
/// # Errors
/// As there.
pub fn findings(cloud: &Cloud, body: &Value) -> Result<Response, String> {
    let which: Which = serde_json::from_value(body.clone()).map_err(|wrong| wrong.to_string())?;
    Ok(answered(which.read(cloud).map(|(policy, snapshot)| json!({ "findings": lint(&policy, &snapshot) }))))
}

/// What one configuration treats otherwise than another.
///
/// # Errors
/// As there.
pub fn differences(cloud: &Cloud, body: &Value) -> Result<Response, String> {
    let two: Two = serde_json::from_value(body.clone()).map_err(|wrong| wrong.to_string())?;
    let both = two.before.read(cloud).and_then(|before| Ok((before, two.after.read(cloud)?)));
    Ok(answered(both.map(|(before, after)| {
        let found = compare((&before.0, &before.1), (&after.0, &after.1));
        let mut told = json!(found);
        if two.trace
            && let Some(differences) = told["differences"].as_array_mut()
        {
            for (difference, told) in found.differences.iter().zip(differences).take(ANSWERED) {
                if let Some(Asked(question)) = &difference.question {
                    // A tenant that does not know what the question names has no answer.
                    let [before, after] = [&before.0, &after.0].map(|policy| policy.trace(question).ok());
                    told["answers"] = json!({ "before": before, "after": after });
                }
            }
        }
        told
    })))
}

fn answered(found: Result<Value, Refused>) -> Response {
    match found {
        Ok(told) => in_json(200, &told),
        Err(Refused::Unknown(tenant)) => {
            in_json(404, &json!({"error": format!("there is no tenant `{tenant}`")}))
        }
        Err(Refused::Broken(cause)) => {
            tracing::error!(%cause, "a configuration cannot be read");
            in_json(500, &json!({"error": cause.to_string()}))
        }
    }
}

impl Which {
    fn state(&self) -> State {
        if self.staged { State::Staged } else { State::Active }
    }

    fn tenant(&self, cloud: &Cloud) -> Result<Arc<Tenant>, Refused> {
        let found = cloud.tenant(self.tenant.as_deref()).map_err(|cause| Refused::Broken(cause.into()))?;
        found.ok_or_else(|| Refused::Unknown(self.tenant.clone().unwrap_or_default()))
    }

    fn configuration(&self, cloud: &Cloud) -> Result<Configuration, Refused> {
        let tenant = self.tenant(cloud)?;
        let mut records = cloud.snapshot(&tenant, self.state()).map_err(Refused::Broken)?;
        let catalogue = cloud.catalogue();
        for kind in KINDS {
            let Some(resource) = catalogue.resource(kind) else { continue };
            // What is sealed in the store is opened in a snapshot, and stays out of a file as what is told once does.
            let secret = resource.fields.iter().filter(|(_, field)| field.secret || field.is_kept_sealed());
            records.leave_out(kind, &secret.map(|(name, _)| name.as_str()).collect::<Vec<_>>());
        }
        let at = cloud.now(tenant.id).map_err(|cause| Refused::Broken(cause.into()))?;
        let tenant = tenant.vanity.clone();
        Ok(Configuration { zuno_policy: FILE_VERSION, tenant, staged: self.staged, at, records })
    }

    /// The records of one moment, and what they make.
    fn read(&self, cloud: &Cloud) -> Result<Read, Refused> {
        let snapshot = cloud.snapshot(&self.tenant(cloud)?, self.state()).map_err(Refused::Broken)?;
        Ok((compile(&snapshot, Options::default()), snapshot))
    }
}
