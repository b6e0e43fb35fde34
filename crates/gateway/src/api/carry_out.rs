//! A call carried out: what stands in its way, the engine's outcome, and the family's answer to either.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::task::block_in_place;
use zuno_catalogue::{Limits, Method, Operation, OperationNumber, Resource, Target, Verb};
use zuno_dialect::{Answer, Body};
use zuno_engine::{Call, Run};
use zuno_model::{Fault, Refusal};
use zuno_store::Aspect;

use super::ApiRequest;
use super::refusals::throttled;
use crate::collisions::Hold;
use crate::health::chain;
use crate::journal::Seen;
use crate::quota::QuotaStatus;
use crate::reach;
use crate::records::Behalf;
use crate::rendered::{Moment, Question};
use crate::state::settings::Mode;

/// How long a writer that met another should wait.
const AFTER_COLLISION: Duration = Duration::from_secs(1);

/// Why a call came to nothing: a fault, which the family tells in its words, or an answer of its own for such a request.
pub(super) enum Halt {
    Fault(Fault),
    Answer(Answer),
}

impl From<Fault> for Halt {
    fn from(fault: Fault) -> Halt {
        Halt::Fault(fault)
    }
}

impl From<Answer> for Halt {
    fn from(answer: Answer) -> Halt {
        Halt::Answer(answer)
    }
}

impl ApiRequest<'_> {
    /// The family's answer; how the operation's own limit stands is left in `own`, and what the wire does not show in `seen`.
    pub(super) async fn answer(&self, own: &mut Option<QuotaStatus>, seen: &mut Seen) -> Answer {
        match self.carried_out(own, seen).await {
            Ok(answer) => answer,
            Err(Halt::Answer(answer)) => {
                seen.refused_since(match answer.status {
                    404 => "no operation has this path",
                    405 => "no operation has this path with this method",
                    406 => "the operation answers in none of the media types that are accepted",
                    415 => "the body is not announced as what the operation takes",
                    429 => "more calls came than the product's own limit allows",
                    _ => "the product does not carry such a call out",
                });
                answer
            }
            Err(Halt::Fault(fault)) => {
                let described = self.built().map(|number| self.cloud.engine.catalogue().operation(number));
                if let Fault::Broken(cause) = &fault {
                    let kind = described.map_or("", |(resource, _)| resource.kind.as_str());
                    let operation = described.map_or("", |(_, operation)| operation.name.as_str());
                    tracing::error!(cause = %chain(cause.as_ref()), operation, kind, "a call failed");
                }
                let answer = self.dialect.fault(&fault, described.map(|(_, operation)| operation));
                seen.refused(fault);
                answer
            }
        }
    }

    async fn carried_out(&self, own: &mut Option<QuotaStatus>, seen: &mut Seen) -> Result<Answer, Halt> {
        let operation = self.operation()?;
        let (described, operated) = self.cloud.engine.catalogue().operation(operation);
        reach::allowed(self.right, described, operated)?;
        let scope = reach::scope(self.right, &self.request.query)?;
        if operated.gives.as_deref().is_some_and(|media| !self.request.accepts(media)) {
            return Err(self.dialect.not_acceptable().into());
        }
        // Nothing of a GET can be wrong that was not when its answer was rendered.
        let asked =
            (operated.method == Method::Get && !operated.writes()).then(|| self.asked()).transpose()?;
        if let Some((question, moment)) = &asked {
            self.count(described, operated, own)?;
            if let Some(body) = self.cloud.rendered.get(question, *moment) {
                return Ok(Answer { status: 200, headers: Vec::new(), body: Body::Shared(body) });
            }
        }
        let mut call = self.call(operation, scope).await?;
        self.cloud.strangers.tell(self.path, &call.query);
        if asked.is_none() {
            self.count(described, operated, own)?;
        }
        self.barred(operated, &call)?;
        let _hold = self.hold(described, operated, &call)?;
        // A plain write has no behaviour to ask, and is not to make room for one.
        if operated.writes() && operated.does.is_some() {
            call.ahead = block_in_place(|| self.cloud.engine.ahead(&call))?;
        }
        let call = Arc::new(call);
        if operated.writes() {
            return Ok(self.shown(described, operated, self.write(&call, seen).await?));
        }
        let (run, lasts) = self.read(&call, operated)?;
        Ok(match (self.shown(described, operated, run), asked) {
            (Answer { status: 200, headers, body: Body::Json(bytes) }, Some((question, moment)))
                if headers.is_empty() =>
            {
                let body = Bytes::from(bytes);
                self.cloud.rendered.put(question, moment, lasts, body.clone());
                Answer { status: 200, headers, body: Body::Shared(body) }
            }
            (other, _) => other,
        })
    }

    /// What is asked, and when, as answers are remembered by it.
    fn asked(&self) -> Result<(Question, Moment), Fault> {
        let (tenant, actor) = (self.known.value.tenant.id, &self.known.value.actor);
        let query = self.request.head.uri.query().unwrap_or_default();
        let version = self.cloud.store.version(tenant, Aspect::Records)?;
        Ok((Question::new(tenant, &actor.client_id, self.path, query), Moment { version, now: self.now }))
    }

    /// The operation that the call is of, where there is such a one here.
    fn operation(&self) -> Result<OperationNumber, Halt> {
        let Some(route) = &self.route else {
            let known = super::method(&self.request.head.method).is_none()
                || !self.cloud.router.methods(self.path).is_empty();
            let answer = if known { self.dialect.other_method() } else { self.dialect.unknown_path() };
            return Err(answer.into());
        };
        match route.target {
            Target::Built(operation) if self.is_published() => Ok(operation),
            Target::Built(_) => Err(self.dialect.unknown_path().into()),
            Target::Absent { line } => {
                let line = &self.cloud.engine.catalogue().ledger()[line];
                if let Some((host, path)) = line.answered_at() {
                    return Err(Halt::Fault(Fault::Refused {
                        class: Refusal::Forbidden,
                        // Guessed: nobody is known to ask the gateway.
                        code: "FORBIDDEN".into(),
                        message: format!("this is answered at {host}{path}"),
                        params: Vec::new(),
                    }));
                }
                let operation = format!("{}.{}", self.family.name, line.operation);
                self.cloud.tally.missed(&operation, &self.request.head.method, self.path);
                Err(Halt::Fault(Fault::NotBuilt(operation)))
            }
        }
    }

    /// Counts the call under the operation's own limit, whose state is left in `own`; refuses it where it is one too many.
    fn count(
        &self,
        resource: &Resource,
        operation: &Operation,
        own: &mut Option<QuotaStatus>,
    ) -> Result<(), Halt> {
        *own = self.own_limit(resource, operation);
        match own.filter(|own| self.cloud.options.real_limits && own.over) {
            Some(over) => Err(self.dialect.throttled(&throttled(over)).into()),
            None => Ok(()),
        }
    }

    /// How the product's own limit for the operation stands, where limits are kept or told.
    fn own_limit(&self, resource: &Resource, operation: &Operation) -> Option<QuotaStatus> {
        if !self.cloud.options.real_limits && self.dialect.remaining_header().is_none() {
            return None;
        }
        let Limits { read, write } = &self.family.limits;
        let general = if operation.method == Method::Get { read } else { write };
        let limit = operation.limits.as_ref().or(general.as_ref())?;
        let tenant = self.known.value.tenant.id;
        let what = format!("{} {} {}", tenant.0, resource.kind, operation.name);
        self.cloud.quota.count(&what, &limit.windows, self.now)
    }

    /// What stands in the way of a call before the engine is asked.
    fn barred(&self, operation: &Operation, call: &Call) -> Result<(), Fault> {
        let tenant = &call.session.tenant;
        if call.param("customer").is_some_and(|named| named != tenant.customer_id.to_string()) {
            return Err(Fault::Forbidden("the path names another customer than the token's".into()));
        }
        if !operation.writes() {
            return Ok(());
        }
        if self.settings.is_on(&self.family.name, Mode::ReadOnly) {
            return Err(Fault::ReadOnly);
        }
        if self.settings.is_on(&self.family.name, Mode::Locked) {
            return Err(Fault::Locked { retry_after: AFTER_COLLISION });
        }
        Ok(())
    }

    /// Takes hold of what this write contends for, unless another writer has it.
    fn hold(&self, resource: &Resource, operation: &Operation, call: &Call) -> Result<Option<Hold>, Fault> {
        let contended = resource.contended.as_deref().filter(|_| operation.writes());
        let Some(value) = contended.and_then(|name| call.param(name)) else { return Ok(None) };
        let what = format!("{}/{value}", resource.kind);
        let hold = self.cloud.collisions.hold(call.session.tenant.id, what);
        hold.map(Some).ok_or(Fault::Locked { retry_after: AFTER_COLLISION })
    }

    /// What a call finds, and whether that stays so until the tenant's records change.
    fn read(&self, call: &Arc<Call>, operation: &Operation) -> Result<(Run, bool), Fault> {
        let behalf = Behalf::Caller(Arc::clone(call));
        let look = || self.cloud.read(&behalf, |cx| Ok::<_, Fault>((cx.run()?, cx.follows_from_records())));
        // A list may walk many records; other calls go on meanwhile.
        if operation.verb == Verb::Read { look() } else { block_in_place(look) }
    }

    async fn write(&self, call: &Arc<Call>, seen: &mut Seen) -> Result<Run, Fault> {
        let behalf = Behalf::Caller(Arc::clone(call));
        let (outcome, entry) = self.cloud.write(behalf, |cx| cx.run()).await;
        seen.entry = entry.map(Box::new);
        outcome
    }
}
