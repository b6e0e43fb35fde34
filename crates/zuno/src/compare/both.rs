//! The tour of `zuno demo`, taken in two servers at once.

use anyhow::Result;
use serde_json::Value;
use zuno_client::{Method, Operator, Wire};
use zuno_recording::{Bindings, Body as Answer, compare};

use super::version::{OPERATOR, Version};
use crate::demo::{Body, Caller, Scene, Step, sent};
use crate::replay::Played;

/// Sends each call to both, and goes on with what the old one answers.
pub struct Both {
    servers: [(Wire, String, Operator); 2],
    /// The ids and tokens of the new one, by those of the old one.
    bindings: Bindings,
    /// What they answered differently.
    pub played: Played,
}

impl Both {
    /// Two versions that have been asked nothing.
    pub fn new(old: &Version, new: &Version) -> Both {
        let server = |version: &Version| {
            let operator = Operator::new(&version.origin, Some(OPERATOR.to_owned()));
            (Wire::new(Some(&version.origin)), version.origin.clone(), operator)
        };
        Both {
            servers: [server(old), server(new)],
            bindings: Bindings::default(),
            played: Played::of("the examples of zuno demo"),
        }
    }
}

impl Scene for Both {
    fn play(&mut self, step: &Step<'_>) -> Result<Value> {
        let [(wire, origin, _), (new_wire, new_origin, _)] = &self.servers;
        let old = sent(wire, origin, step)?;
        let known = |text: &str| self.bindings.of(text).cloned().unwrap_or_else(|| text.to_owned());
        let token = if let Caller::Bearer(token) = step.caller { known(token) } else { String::new() };
        let (path, query) =
            step.path.split_once('?').map_or((step.path.as_str(), None), |(path, query)| (path, Some(query)));
        let mut path = self.bindings.path(path);
        if let Some(query) = query {
            let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            let pairs = self.bindings.query(&pairs);
            path.push('?');
            path.push_str(&form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish());
        }
        let there = Step {
            why: step.why,
            method: step.method.clone(),
            host: step.host.clone(),
            path,
            caller: match step.caller {
                Caller::None => Caller::None,
                Caller::Basic(id, secret) => Caller::Basic(id, secret),
                Caller::Bearer(_) => Caller::Bearer(&token),
            },
            body: match &step.body {
                Body::None => Body::None,
                Body::Form(pairs) => {
                    Body::Form(pairs.iter().map(|(name, value)| (*name, known(value))).collect())
                }
                Body::Json(value) => Body::Json(self.bindings.value(value)),
            },
            status: step.status,
            holds: Vec::new(),
        };
        let new = sent(new_wire, new_origin, &there)?;
        let (one, other) = (Answer::of(&old.body), Answer::of(&new.body));
        if let (Answer::Json(one), Answer::Json(other)) = (&one, &other) {
            let token = |answer: &Value| answer["access_token"].as_str().map(str::to_owned);
            if let Some((one, other)) = token(one).zip(token(other)) {
                self.bindings.bind(&one, &other);
            }
            self.bindings.learn(one, other);
        }
        let path = step.path.split('?').next().unwrap_or_default();
        let differences = compare((old.status, &one), (new.status, &other), &self.bindings);
        self.played.add(format!("{} {path}", step.method), differences);
        Ok(old.json())
    }

    fn operate(&mut self, method: &Method, path: &str, body: &Value) -> Result<()> {
        for (_, _, operator) in &self.servers {
            operator.call(method, path, Some(body))?;
        }
        Ok(())
    }
}
