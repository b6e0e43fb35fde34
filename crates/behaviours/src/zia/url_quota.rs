//! `url-quota`: the URLs of all lists together stay within a quota; one that stands in several counts once.
//! Parameters: `total`, and `in`, the lists; or `as`, the kind whose parameters hold here too.

use serde_json::{Value, json};
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params};
use zuno_model::{Fault, Record};
use zuno_urls::Quota;

/// The guarantee for the tenant's URLs.
struct UrlQuota {
    kind: String,
    total: usize,
    lists: Vec<(String, String)>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    if let Some(kind) = params.maybe_text("as") {
        return make(params.as_of(&kind)?);
    }
    let lists = params.members("in")?;
    Ok(Box::new(UrlQuota { kind: params.kind(), total: params.needed_number("total")?, lists }))
}

fn texts<'r>(record: &'r Record, list: &str) -> impl Iterator<Item = &'r str> {
    record.get(list).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

impl UrlQuota {
    /// The list of the own kind that a refusal speaks of.
    fn own_list(&self) -> &str {
        let own = self.lists.iter().find(|(kind, _)| *kind == self.kind);
        own.map_or("urls", |(_, list)| list.as_str())
    }

    /// The quota's use, with one record of the own kind as it will be.
    fn used(&self, cx: &Context<'_>, instead: Option<&Change>) -> Result<Quota, Fault> {
        let mut kinds: Vec<&str> = self.lists.iter().map(|(kind, _)| kind.as_str()).collect();
        kinds.dedup();
        let mut records = Vec::new();
        for kind in kinds {
            let replaced = |id| kind == self.kind && instead.is_some_and(|change| change.id == id);
            if cx.resource(kind)?.singleton {
                if kind == self.kind && instead.is_some() {
                    continue;
                }
                records.push((kind, cx.only(kind)?.record));
            } else {
                let all = cx.all(kind, None)?.into_iter().filter(|stored| !replaced(stored.id.clone()));
                records.extend(all.map(|stored| (kind, stored.record)));
            }
        }
        if let Some(change) = instead {
            records.push((&self.kind, change.new.clone()));
        }
        let urls = records.iter().flat_map(|(kind, record)| {
            let lists = self.lists.iter().filter(move |(of, _)| of == kind);
            lists.flat_map(move |(_, list)| texts(record, list))
        });
        Ok(Quota::of(urls, self.total))
    }
}

impl Behaviour for UrlQuota {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Delete {
            return Ok(());
        }
        if self.used(cx, Some(change))?.provisioned <= self.total {
            return Ok(());
        }
        let before = self.used(cx, None)?.provisioned;
        // The words of the cloud, as users of it report them.
        let words = format!(
            "An organization can have a maximum of {} custom URLs. Currently {before} are already provisioned for \
             this organization.",
            self.total
        );
        Err(Fault::said(&self.kind.as_str().into(), self.own_list(), words))
    }

    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let quota = self.used(cx, None)?;
        Ok(Outcome::Value(json!({
            "uniqueUrlsProvisioned": quota.provisioned,
            "remainingUrlsQuota": quota.remaining,
        })))
    }
}
