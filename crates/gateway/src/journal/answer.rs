//! What the operator asks of the journal.

use std::sync::Arc;

use http::Method;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::question::Question;
use super::ring::Extract;
use super::told::Telling;
use crate::Cloud;
use crate::request::Request;
use crate::respond::{Response, in_json, respond};

/// Answers `/_zuno/requests` and `/_zuno/requests/count`.
pub async fn answer(cloud: &Arc<Cloud>, request: &Request, rest: &[&str]) -> Response {
    let counts = match (&request.head.method, rest) {
        (&Method::GET, []) => false,
        (&Method::GET, ["count"]) => true,
        (&Method::DELETE, []) => {
            cloud.journal.clear();
            return respond(204, None, "");
        }
        (method, _) => {
            return in_json(404, &json!({ "error": format!("there is no {method} {}", request.path) }));
        }
    };
    match Question::read(&request.query) {
        Ok(mut question) if counts => {
            question.most = usize::MAX;
            let found = extract(cloud, &question);
            in_json(200, &json!({ "count": found.exchanges.len(), "last": found.last, "lost": found.lost }))
        }
        Ok(question) => in_json(200, &told(cloud, &question, waited(cloud, &question).await)),
        Err(why) => in_json(400, &json!({ "error": why })),
    }
}

fn extract(cloud: &Cloud, question: &Question) -> Extract {
    let catalogue = cloud.catalogue();
    let wanted = |exchange: &_| question.means(&catalogue, exchange);
    cloud.journal.extract(question.after, question.most, wanted)
}

/// What is asked for, as soon as there is some of it or the time for waiting is over.
async fn waited(cloud: &Cloud, question: &Question) -> Extract {
    let until = Instant::now() + question.wait;
    let mut news = cloud.journal.follow();
    loop {
        news.mark_unchanged();
        let found = extract(cloud, question);
        if !found.exchanges.is_empty() || question.wait.is_zero() {
            return found;
        }
        // The journal lasts as long as the cloud.
        if tokio::time::timeout_at(until, news.changed()).await.is_err() {
            return found;
        }
    }
}

fn told(cloud: &Cloud, question: &Question, found: Extract) -> Value {
    let catalogue = cloud.catalogue();
    let telling = Telling { catalogue: &catalogue, bodies: question.bodies };
    let told: Vec<Value> = found.exchanges.iter().map(|exchange| telling.exchange(exchange)).collect();
    // Where more were found than were asked for, the next question goes on behind the last of these.
    let is_whole = question.after.is_none() || found.exchanges.len() < question.most;
    let last = found.exchanges.last().map_or(found.last, |exchange| exchange.number);
    json!({ "requests": told, "last": if is_whole { found.last } else { last }, "lost": found.lost })
}
