//! The applications of one kind within segments, listed over all, told by one, or removed: `applicationType` says which kind.

use serde_json::Value;
use zuno_catalogue::{Method, Verb};
use zuno_engine::{Call, Context, Outcome};
use zuno_model::{Fault, Fix, Id, Kind};

/// Those of the segments of one resource.
pub struct ByType<'a> {
    /// The kind of the segments.
    pub kind: &'a Kind,
    /// The member of an application that names its segment.
    pub owner: &'a str,
    /// Each kind of applications, by its word.
    pub kinds: Vec<(&'a str, &'a str)>,
}

impl ByType<'_> {
    fn wanted(&self, call: &Call) -> Result<&str, Fault> {
        let field = "applicationType".to_owned();
        let kind = self.kind.clone();
        let given = call.query(&field).filter(|word| !word.is_empty());
        let Some(word) = given else { return Err(Fault::Invalid { kind, field, fix: Fix::Missing }) };
        let known = self.kinds.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
        known.map(|(_, kind)| *kind).ok_or(Fault::Invalid { kind, field, fix: Fix::Unknown })
    }

    fn everywhere(&self, cx: &Context<'_>, call: &Call, kind: &str) -> Result<Outcome, Fault> {
        let rows = cx.all(kind, call.scope.for_store())?;
        let mut listed = cx.list(cx.resource(kind)?, Some("by_type"), rows)?;
        if let Outcome::Many(page) = &mut listed
            && call.flag("expandAll")
        {
            for item in page.items.iter_mut().filter_map(Value::as_object_mut) {
                let Some(owner) = item.get(self.owner).and_then(Id::from_value) else { continue };
                let Some(segment) = cx.get(self.kind.as_str(), &owner)? else { continue };
                let segment =
                    cx.show(cx.resource(self.kind.as_str())?, Verb::Read, Some("in_segment_group"), segment)?;
                item.insert("appResource".into(), segment);
            }
        }
        Ok(listed)
    }

    /// Carries out the operation.
    ///
    /// # Errors
    /// The query names no kind, the path no record, or the store failed.
    pub fn tell(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let kind = self.wanted(call)?;
        let resource = cx.resource(kind)?;
        if let Some(app) = call.param("app") {
            let app = cx.reached(kind, &Id(app.to_owned()))?;
            return Ok(Outcome::Value(cx.show(resource, Verb::Read, Some("by_type"), app)?));
        }
        if call.param("id").is_none() {
            return self.everywhere(cx, call, kind);
        }
        let segment = cx.named(self.kind.as_str())?;
        let held = cx.pointing(kind, self.owner, self.kind.as_str(), &segment.id)?;
        if cx.operation()?.method == Method::Delete {
            for app in held {
                cx.erase(resource, &app.id, true)?;
            }
            return Ok(Outcome::Done);
        }
        let mut shown = Vec::with_capacity(held.len());
        for app in held {
            shown.push(cx.show(resource, Verb::List, Some("by_type"), app)?);
        }
        Ok(Outcome::Value(Value::Array(shown)))
    }
}
