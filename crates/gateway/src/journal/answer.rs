//! What the operator asks of the journal.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use serde_json::json;
use tokio::task::block_in_place;
use tokio::time::{Instant, sleep, timeout_at};

use super::exchange::Exchange;
use super::question::Question;
use super::ring::Looked;
use super::told::Telling;
use crate::Cloud;
use crate::request::Request;
use crate::respond::{Response, in_json, respond};

/// How many bytes an answer has, about; what is left is asked for behind its last call.
const LONGEST: usize = 16 << 20;

/// How often a question that waits is looked into at most.
const PAUSE: Duration = Duration::from_millis(100);

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
    match Question::read(cloud, &request.query) {
        Ok(question) if counts => block_in_place(|| counted(cloud, &question)),
        Ok(question) => {
            let (found, looked) = waited(cloud, question.clone()).await;
            block_in_place(|| told(cloud, &question, &found, looked))
        }
        Err(why) => in_json(400, &json!({ "error": why })),
    }
}

/// How many calls there are of those that are asked for.
fn counted(cloud: &Cloud, question: &Question) -> Response {
    let catalogue = cloud.catalogue();
    let (mut count, mut reaches) = (0_u64, false);
    let Looked { last, lost } = cloud.journal.look_through(question.after, |exchange| {
        count += u64::from(question.means(&catalogue, exchange));
        reaches |= question.is_after(exchange);
        true
    });
    // What is kept goes further back than is asked.
    let lost = if reaches { 0 } else { lost };
    in_json(200, &json!({ "count": count, "last": last, "lost": lost, "run": cloud.journal.run() }))
}

type Found = (Vec<Arc<Exchange>>, Looked);

/// The calls that are asked for, the oldest first.
fn found(cloud: &Cloud, question: &Question) -> Found {
    let catalogue = cloud.catalogue();
    let mut found = Vec::new();
    let looked = cloud.journal.look_through(question.after, |exchange| {
        if found.len() < question.most && question.means(&catalogue, exchange) {
            found.push(Arc::clone(exchange));
        }
        found.len() < question.most
    });
    if question.after.is_none() {
        found.reverse();
    }
    (found, looked)
}

/// What is asked for, as soon as there is some of it or the time for waiting is over.
async fn waited(cloud: &Cloud, mut question: Question) -> Found {
    let until = Instant::now() + question.wait;
    let mut news = cloud.journal.follow();
    let mut lost = 0;
    loop {
        news.mark_unchanged();
        let (found, looked) = block_in_place(|| found(cloud, &question));
        lost += looked.lost;
        let is_over = Instant::now() + PAUSE >= until;
        // The journal lasts as long as the cloud.
        if !found.is_empty() || is_over || timeout_at(until, news.changed()).await.is_err() {
            return (found, Looked { lost, ..looked });
        }
        // What was looked at once is not looked at again.
        question.after = Some(looked.last);
        sleep(PAUSE).await;
    }
}

fn told(cloud: &Cloud, question: &Question, found: &[Arc<Exchange>], looked: Looked) -> Response {
    let catalogue = cloud.catalogue();
    let telling = Telling { catalogue: &catalogue, bodies: question.bodies };
    let mut text = String::from("{\"requests\":[");
    let mut last = None;
    for (nth, exchange) in found.iter().enumerate() {
        let one = telling.exchange(exchange).to_string();
        if nth > 0 && text.len() + one.len() > LONGEST {
            break;
        }
        text.push_str(if nth > 0 { "," } else { "" });
        text.push_str(&one);
        last = Some((nth, exchange.number));
    }
    // Where there is more than is told, the next question goes on behind the last of these.
    let is_cut = last.is_some_and(|(nth, _)| nth + 1 < found.len());
    let may_be_more = question.after.is_some() && found.len() == question.most;
    let last = last.filter(|_| is_cut || may_be_more).map_or(looked.last, |(_, number)| number);
    text.push_str(&format!(
        "],\"last\":{last},\"lost\":{},\"run\":\"{}\"}}",
        looked.lost,
        cloud.journal.run()
    ));
    respond(200, Some("application/json"), text)
}
