//! `rule-order`: the rules of one list are numbered 1, 2, 3 … with no gap and no tie.
//!
//! Rules whose order is not positive, or whose `fixed` member is on, stand outside the numbering: products keep
//! default rules at orders such as −1 or 2147483647 (seen). Where a product has scopes, each scope is numbered by
//! itself (guessed). Parameters: `order`, and where there are such members `within` (the list), `rank`, `priority`,
//! `last`, `fixed`, `restricted`, `default_name`; `touch`, `beyond` (`refuse` or `append`), `code`.

use serde_json::{Value, json};
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params, Stored};
use zuno_model::{Fault, Id, Kind, Record, Refusal};

use super::line::{Beyond, Entry, Line, Misarranged, Misplaced};

/// The guarantee for the rules of one resource.
pub struct RuleOrder {
    kind: String,
    scoped: bool,
    order: String,
    within: Option<String>,
    rank: Option<String>,
    priority: Option<String>,
    last: Option<String>,
    fixed: Option<String>,
    restricted: Option<String>,
    default_name: Option<String>,
    touch: Option<String>,
    beyond: Beyond,
    code: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let member = |name: &str| params.maybe_text(name).map(|_| params.field(name)).transpose();
    let beyond = match params.maybe_text("beyond").as_deref() {
        None | Some("append") => Beyond::Append,
        Some("refuse") => Beyond::Refuse,
        Some(other) => return Err(params.wrong(format!("`beyond` is `append` or `refuse`, not `{other}`"))),
    };
    Ok(Box::new(RuleOrder {
        kind: params.kind(),
        scoped: params.resource.scope.is_some(),
        order: params.field("order")?,
        within: member("within")?,
        rank: member("rank")?,
        priority: member("priority")?,
        last: member("last")?,
        fixed: member("fixed")?,
        restricted: member("restricted")?,
        default_name: member("default_name")?,
        touch: params.maybe_text("touch").map(|_| params.other("touch")).transpose()?,
        beyond,
        code: params.maybe_text("code").unwrap_or_else(|| "INVALID_INPUT_ARGUMENT".into()),
    }))
}

impl RuleOrder {
    fn flag(member: Option<&String>, record: &Record) -> bool {
        member.and_then(|member| record.get(member)).and_then(Value::as_bool).unwrap_or(false)
    }

    fn order_of(&self, record: &Record) -> Option<i64> {
        record.get(&self.order).and_then(Value::as_i64)
    }

    /// Whether a kept rule has a place in the numbering.
    fn is_numbered(&self, record: &Record) -> bool {
        self.order_of(record).is_some_and(|order| order > 0) && !Self::flag(self.fixed.as_ref(), record)
    }

    fn entry(&self, id: &Id, record: &Record) -> Entry {
        let rank = self.rank.as_ref().map_or(0, |rank| record.get(rank).and_then(Value::as_i64).unwrap_or(7));
        Entry { id: id.clone(), rank, last: Self::flag(self.last.as_ref(), record) }
    }

    fn list_of<'r>(&self, record: &'r Record) -> Option<&'r str> {
        self.within.as_ref().and_then(|within| record.get(within)).and_then(Value::as_str)
    }

    /// The numbered rules of one list in their order.
    fn rules(&self, cx: &Context<'_>, list: Option<&str>, scope: &str) -> Result<Vec<Stored>, Fault> {
        let scope = self.scoped.then_some(scope);
        let mut rules = match (&self.touch, &self.within, list) {
            (Some(kind), Some(within), Some(list)) => {
                let mut found = cx.pointing(&self.kind, within, kind, &Id(list.to_owned()))?;
                found.retain(|stored| scope.is_none_or(|scope| stored.scope == scope));
                found
            }
            _ => cx.all(&self.kind, scope)?,
        };
        rules.retain(|stored| self.list_of(&stored.record) == list && self.is_numbered(&stored.record));
        rules.sort_by_key(|stored| {
            (self.entry(&stored.id, &stored.record).last, self.order_of(&stored.record))
        });
        Ok(rules)
    }

    fn line(&self, rules: &[Stored]) -> Line {
        Line(rules.iter().map(|stored| self.entry(&stored.id, &stored.record)).collect())
    }

    /// Writes the orders that have changed; `but` is written by the caller.
    fn renumber(
        &self,
        cx: &mut Context<'_>,
        rules: Vec<Stored>,
        line: &Line,
        but: Option<&Id>,
    ) -> Result<(), Fault> {
        for mut stored in rules {
            let place = line.0.iter().position(|entry| entry.id == stored.id);
            let Some(place) = place.filter(|_| but != Some(&stored.id)) else { continue };
            let order = Value::from(place + 1);
            if stored.record.get(&self.order) != Some(&order) {
                stored.record.insert(self.order.clone(), order);
                cx.save(&self.kind, &stored)?;
            }
        }
        Ok(())
    }

    /// Notes on the list that its rules have changed places (seen: changing a rule does not count).
    fn touch(&self, cx: &mut Context<'_>, list: Option<&str>) -> Result<(), Fault> {
        let (Some(kind), Some(list)) = (&self.touch, list) else { return Ok(()) };
        let Some(mut stored) = cx.get(kind, &Id(list.to_owned()))? else { return Ok(()) };
        stored.record.insert("modifiedTime".into(), Value::from(cx.now()));
        stored.record.insert("modifiedBy".into(), Value::String(cx.actor().number.to_string()));
        cx.save(kind, &stored)
    }

    fn refused(&self, code: &str, message: String, params: Vec<String>) -> Fault {
        Fault::Refused { class: Refusal::BadRequest, code: code.to_owned(), message, params }
    }

    fn misplaced(&self, why: Misplaced, entry: &Entry, wanted: i64) -> Fault {
        let message = match why {
            // Documented by the errors that clients match.
            Misplaced::Rank => format!("Rule with rank {} is not allowed at order {wanted}", entry.rank),
            Misplaced::Beyond => format!("Rule is not allowed at order {wanted}"),
            Misplaced::Last => return self.default_rule(&entry.id),
        };
        self.refused(&self.code, message, Vec::new())
    }

    /// Documented, with the status guessed.
    fn default_rule(&self, id: &Id) -> Fault {
        let message = format!("Reordering not allowed for default rule {id}");
        self.refused("default.rule.reorder.notallowed", message, vec![id.0.clone()])
    }

    fn move_one(&self, cx: &mut Context<'_>, call: &Call) -> Result<(), Fault> {
        let stored = cx.named(&self.kind)?;
        let id = stored.id.clone();
        let to = call.param("to").unwrap_or_default();
        let wanted = to.parse::<i64>().ok().filter(|&order| order > 0);
        let kind = Kind(self.kind.clone());
        let wanted = wanted.ok_or_else(|| Fault::said(&kind, &self.order, "must be a positive number"))?;
        let rules = self.rules(cx, self.list_of(&stored.record), &stored.scope)?;
        self.allowed(&stored)?;
        let mut line = self.line(&rules);
        let entry = self.entry(&id, &stored.record);
        line.put(entry.clone(), Some(wanted), self.beyond)
            .map_err(|why| self.misplaced(why, &entry, wanted))?;
        self.renumber(cx, rules, &line, None)?;
        self.touch(cx, self.list_of(&stored.record))
    }

    fn reorder(&self, cx: &mut Context<'_>, call: &Call) -> Result<(), Fault> {
        let list = self.within.as_ref().and_then(|within| call.param(within));
        if let (Some(kind), Some(list)) = (&self.touch, list) {
            cx.need(kind, &Id(list.to_owned()))?;
        }
        let Some(Value::Array(items)) = &call.body else {
            return Err(Fault::Unreadable("an array of rule ids is wanted".into()));
        };
        let ids: Option<Vec<Id>> = items.iter().map(Id::from_value).collect();
        let ids = ids.ok_or_else(|| Fault::Unreadable("a rule id is a string or a number".into()))?;
        let rules = self.rules(cx, list, call.scope.for_new())?;
        let mut line = self.line(&rules);
        let before = line.clone();
        let set = list.unwrap_or_default();
        line.arrange(&ids).map_err(|why| match why {
            Misarranged::Length => {
                self.refused(&self.code, "resource input length is not valid".into(), Vec::new())
            }
            Misarranged::Foreign(id) => {
                let message = format!("The ruleId: {id} does not belong to the policySetId: {set}");
                self.refused(&self.code, message, vec![id.0, set.to_owned()])
            }
            Misarranged::Missing(ids) => {
                let ids: Vec<String> = ids.into_iter().map(|id| id.0).collect();
                let message = format!("Missing ruleIds: {} from policySet {set}", ids.join(", "));
                self.refused("missing.rule", message, ids)
            }
            Misarranged::Last(id) => self.default_rule(&id),
        })?;
        for (place, stored) in rules.iter().enumerate() {
            if line.0[place] != before.0[place] {
                self.allowed(stored)?;
            }
        }
        self.renumber(cx, rules, &line, None)?;
        self.touch(cx, list)
    }

    /// A restricted rule stays where it is (documented).
    fn allowed(&self, stored: &Stored) -> Result<(), Fault> {
        if Self::flag(self.restricted.as_ref(), &stored.record) {
            let message = format!("Rule id {} is a restricted entity and cannot be reordered", stored.id);
            return Err(self.refused(&self.code, message, vec![stored.id.0.clone()]));
        }
        Ok(())
    }
}

impl Behaviour for RuleOrder {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Delete {
            if Self::flag(self.last.as_ref(), &change.new) {
                let kind = Kind(self.kind.clone());
                return Err(Fault::Predefined { kind, id: change.id.clone(), verb: "deleted" });
            }
            return Ok(());
        }
        if let Some(old) = &change.old
            && !self.is_numbered(old)
        {
            // Outside the numbering, and there it stays.
            let order = old.get(&self.order).cloned().unwrap_or(Value::Null);
            change.new.insert(self.order.clone(), order);
            return Ok(());
        }
        let list = self.list_of(&change.new).map(str::to_owned);
        let rules = self.rules(cx, list.as_deref(), &change.scope)?;
        let mut line = self.line(&rules);
        let entry = self.entry(&change.id, &change.new);
        let wanted = self.order_of(&change.new);
        let placed = line.put(entry.clone(), wanted, self.beyond);
        let order = placed.map_err(|why| self.misplaced(why, &entry, wanted.unwrap_or_default()))?;
        change.new.insert(self.order.clone(), Value::from(order));
        if change.old.as_ref().and_then(|old| self.order_of(old)) != Some(order) {
            self.renumber(cx, rules, &line, Some(&change.id))?;
            self.touch(cx, list.as_deref())?;
        }
        Ok(())
    }

    fn after_write(&self, cx: &mut Context<'_>, change: &Change) -> Result<(), Fault> {
        if change.verb != Verb::Delete || !self.is_numbered(&change.new) {
            return Ok(());
        }
        let list = self.list_of(&change.new);
        let rules = self.rules(cx, list, &change.scope)?;
        let line = self.line(&rules);
        self.renumber(cx, rules, &line, None)?;
        self.touch(cx, list)
    }

    fn on_read(&self, cx: &Context<'_>, _verb: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        if self.priority.is_none() && self.default_name.is_none() {
            return Ok(());
        }
        let scope = if self.scoped { cx.get(&self.kind, id)?.map(|stored| stored.scope) } else { None };
        let scope = scope.unwrap_or_else(|| "0".into());
        let list = self.list_of(record).map(str::to_owned);
        let key = format!("rule-order {} {scope} {}", self.kind, list.as_deref().unwrap_or_default());
        let summary = cx.once(&key, || {
            let rules = self.rules(cx, list.as_deref(), &scope)?;
            let default = rules.iter().find(|stored| Self::flag(self.last.as_ref(), &stored.record));
            Ok(json!({
                "count": rules.len(),
                "default": default.and_then(|stored| stored.record.get("name").cloned()),
            }))
        })?;
        if let (Some(priority), Some(order), Some(count)) =
            (&self.priority, self.order_of(record), summary["count"].as_i64())
        {
            // Seen: the place counted from the end, the default rule included.
            record.insert(priority.clone(), Value::from(count - order + 1));
        }
        if let Some(name) = &self.default_name {
            record.insert(name.clone(), summary["default"].clone());
        }
        Ok(())
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        match call.param("to") {
            Some(_) => self.move_one(cx, call)?,
            None => self.reorder(cx, call)?,
        }
        Ok(Outcome::Done)
    }
}
