//! `url-quota`: the URLs of all lists together stay within a quota; one that stands in several counts once.
//! Parameters: `total`, `in`, the lists, and `apart`, by kind the flag of records that do not count; or `as`, the kind whose
//! parameters hold here too.

use std::collections::BTreeMap;

use serde_json::json;
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Call, Change, Context, Entries, Outcome, Params, Stored, list_length};
use zuno_model::Fault;
use zuno_urls::Quota;

/// The guarantee for the tenant's URLs.
struct UrlQuota {
    kind: String,
    total: usize,
    lists: Vec<(String, String)>,
    apart: BTreeMap<String, String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    if let Some(kind) = params.maybe_text("as") {
        return make(params.as_of(&kind)?);
    }
    let lists = params.members("in")?;
    let apart: BTreeMap<String, String> = params.part("apart").read()?;
    apart.iter().try_for_each(|(kind, flag)| params.field_of(kind, flag).map(drop))?;
    Ok(Box::new(UrlQuota { kind: params.kind(), total: params.needed_number("total")?, lists, apart }))
}

impl UrlQuota {
    /// The list of the own kind that a refusal speaks of.
    fn own_list(&self) -> &str {
        let own = self.lists.iter().find(|(kind, _)| *kind == self.kind);
        own.map_or("urls", |(_, list)| list.as_str())
    }

    /// The records whose lists count, one of the own kind as it will be.
    fn records(&self, cx: &Context<'_>, instead: Option<&Change>) -> Result<Vec<(&str, Stored)>, Fault> {
        let mut kinds: Vec<&str> = self.lists.iter().map(|(kind, _)| kind.as_str()).collect();
        kinds.dedup();
        let mut records = Vec::new();
        for kind in kinds {
            let all = if cx.resource(kind)?.singleton { vec![cx.only(kind)?] } else { cx.all(kind, None)? };
            let instead = instead.filter(|_| kind == self.kind);
            let others = all.into_iter().filter(|stored| instead.is_none_or(|change| change.id != stored.id));
            records.extend(others.map(|stored| (kind, stored)));
            records.extend(instead.map(|change| {
                let (id, scope, record) = (change.id.clone(), change.scope.clone(), change.new.clone());
                (kind, Stored { id, scope, sort: String::new(), record })
            }));
        }
        records.retain(|(kind, stored)| self.apart.get(*kind).is_none_or(|flag| !stored.record.flag(flag)));
        Ok(records)
    }

    /// The quota's use, with one record of the own kind as it will be.
    fn used(&self, cx: &Context<'_>, instead: Option<&Change>) -> Result<Quota, Fault> {
        let mut urls = Vec::new();
        for (kind, stored) in self.records(cx, instead)? {
            for (_, member) in self.lists.iter().filter(|(of, _)| of == kind) {
                urls.extend(cx.entries(Entries { kind, id: &stored.id, member }, stored.record.get(member))?);
            }
        }
        Ok(Quota::of(urls.iter().map(String::as_str), self.total))
    }

    /// Whether a change keeps within the quota even if no URL stands in two lists.
    fn fits(&self, cx: &Context<'_>, change: &Change) -> Result<bool, Fault> {
        let mut count = 0;
        for (kind, stored) in self.records(cx, Some(change))? {
            let resource = cx.resource(kind)?;
            for (_, member) in self.lists.iter().filter(|(of, _)| of == kind) {
                count += list_length(resource, member, stored.record.get(member));
            }
        }
        Ok(count <= self.total)
    }
}

impl Behaviour for UrlQuota {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if self.fits(cx, change)? || self.used(cx, Some(change))?.provisioned <= self.total {
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
