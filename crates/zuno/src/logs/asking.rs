//! Questions to a server's journal.

use anyhow::Result;
use serde_json::Value;
use zuno_client::{Method, Operator};

/// A question: which calls are asked for.
pub type Query = Vec<(&'static str, String)>;

/// What is said where it answers something else.
pub const UNREADABLE: &str = "the server does not tell its calls as this Zuno reads them";

/// A question with one more thing asked for.
pub fn with(query: &Query, name: &'static str, value: String) -> Query {
    let mut query = query.clone();
    query.push((name, value));
    query
}

/// A server's answer to a question.
pub fn asked(operator: &Operator, path: &str, query: &Query) -> Result<Value> {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    Ok(operator.call(&Method::GET, &format!("{path}?{query}"), None)?)
}

/// The calls in an answer.
pub fn requests(answer: &mut Value) -> Result<Vec<Value>> {
    match answer["requests"].take() {
        Value::Array(told) => Ok(told),
        _ => anyhow::bail!(UNREADABLE),
    }
}
