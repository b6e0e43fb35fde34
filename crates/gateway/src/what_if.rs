//! What would become of a request: the operator's questions, answered from a tenant's configuration as it is in force or
//! as it would be with what waits.

mod document;

use serde::Deserialize;
use serde_json::{Value, json};
use zuno_model::Fault;
use zuno_policy::Options;

pub use document::document;

use crate::Cloud;
use crate::respond::{Response, in_json};
use crate::state::policies::State;

/// How many questions one call may ask, and how many where every rule that was tried is told.
const MOST: usize = 10_000;
const MOST_TRACED: usize = 100;

/// What is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// The tenant's label; the first one when it is left out.
    tenant: Option<String>,
    /// Whether what waits for activation counts.
    staged: bool,
    /// Whether every rule that was tried is told.
    trace: bool,
    /// Choices where documents leave one.
    options: Options,
    question: Option<Value>,
    questions: Option<Vec<Value>>,
}

/// Answers one question or several.
///
/// # Errors
/// What is wrong with what was written.
pub fn answer(cloud: &Cloud, body: &Value) -> Result<Response, String> {
    let asked: Asked = serde_json::from_value(body.clone()).map_err(|wrong| wrong.to_string())?;
    let several = asked.questions.is_some();
    let questions = match (asked.question, asked.questions) {
        (Some(question), None) => vec![question],
        (None, Some(questions)) => questions,
        _ => return Err("give `question`, or `questions` in a list".into()),
    };
    let most = if asked.trace { MOST_TRACED } else { MOST };
    if questions.len() > most {
        return Err(format!("one call asks at most {MOST} questions, or {MOST_TRACED} with `trace`"));
    }
    let tenant = match cloud.tenant(asked.tenant.as_deref()) {
        Ok(Some(tenant)) => tenant,
        Ok(None) => {
            let name = asked.tenant.unwrap_or_default();
            return Ok(in_json(404, &json!({"error": format!("there is no tenant `{name}`")})));
        }
        Err(cause) => return Ok(broken(&cause.into())),
    };
    let state = if asked.staged { State::Staged } else { State::Active };
    let known = cloud.now(tenant.id).map_err(Fault::from);
    let known = known.and_then(|now| Ok((now, cloud.policies(&tenant, state, asked.options)?)));
    let (now, policy) = match known {
        Ok(known) => known,
        Err(cause) => return Ok(broken(&cause)),
    };
    if several {
        // One that cannot be read is an answer of its own: the others are answered all the same.
        let answers = policy.told_each(questions, now, asked.trace);
        return Ok(in_json(200, &json!({ "answers": answers })));
    }
    let question = questions.into_iter().next().unwrap_or_default();
    Ok(in_json(200, &policy.told(question, now, asked.trace)?))
}

fn broken(cause: &Fault) -> Response {
    tracing::error!(%cause, "a question cannot be answered");
    in_json(500, &json!({"error": cause.to_string()}))
}
