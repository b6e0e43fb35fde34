//! `rule-order`: the rules of one list are numbered 1, 2, 3 … with no gap and no tie.
//!
//! Rules whose order is not positive, or whose `fixed` member is on, stand outside the numbering: products keep
//! default rules at orders such as −1 or 2147483647 (seen). Where a product has scopes, each scope is numbered by
//! itself (guessed).
//!
//! Where rules tell with `stamp`s when and by whom they were changed, making room for another counts (seen: each rule that
//! an insert shifts has the time and the person of that call).
//!
//! Parameters: `order`, and where there are such members `within` (each list by itself), `priority`, `last`, `fixed`,
//! `restricted`, `default_name`; `touch`, the kind whose record a list is; `beyond`, what becomes of a place behind the
//! end (`refuse` or `append`); `rank`, of which `member` sorts the rules, while the singleton's flag `when` is on, and
//! `weakest` is the only one that is taken while it is off.

use serde_json::Value;
use zuno_catalogue::{Members, Stamp, Verb};
use zuno_engine::{Behaviour, Call, Change, Context, List, Numbering, Outcome, Params, Stored};
use zuno_model::{Fault, Id, Kind, Misplacement, Record};

use super::line::{self, Beyond, Entry, Line};

/// The guarantee for the rules of one resource.
pub struct RuleOrder {
    kind: String,
    scoped: bool,
    numbering: Numbering,
    rank: Option<Rank>,
    priority: Option<String>,
    restricted: Option<String>,
    default_name: Option<String>,
    touch: Option<String>,
    beyond: Beyond,
}

/// Rules of a stronger rank stand before all weaker ones, where the tenant wants it so.
struct Rank {
    member: String,
    when: (String, String),
    weakest: Option<i64>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let stamped = |stamp: Stamp| {
        let mut fields = params.resource.fields.iter();
        fields.find(|(_, field)| field.stamp == Some(stamp)).map(|(name, _)| name.clone())
    };
    let member = |name: &str| params.maybe_text(name).map(|_| params.field(name)).transpose();
    let beyond = match params.maybe_text("beyond").as_deref() {
        None | Some("append") => Beyond::Append,
        Some("refuse") => Beyond::Refuse,
        Some(other) => return Err(params.wrong(format!("`beyond` is `append` or `refuse`, not `{other}`"))),
    };
    Ok(Box::new(RuleOrder {
        kind: params.kind(),
        scoped: params.resource.scope.is_some(),
        numbering: Numbering {
            member: params.field("order")?,
            within: member("within")?,
            fixed: member("fixed")?,
            last: member("last")?,
            shifts: stamped(Stamp::Modified).zip(stamped(Stamp::ActorLink)),
        },
        rank: params.maybe_part("rank").map(|rank| Rank::make(&rank)).transpose()?,
        priority: member("priority")?,
        restricted: member("restricted")?,
        default_name: member("default_name")?,
        touch: params.maybe_text("touch").map(|_| params.other("touch")).transpose()?,
        beyond,
    }))
}

impl Rank {
    fn make(params: &Params<'_>) -> Result<Rank, String> {
        let (member, when) = (params.field("member")?, params.member("when")?);
        Ok(Rank { member, when, weakest: params.number("weakest") })
    }

    fn is_on(&self, cx: &Context<'_>) -> Result<bool, Fault> {
        let (kind, flag) = &self.when;
        Ok(cx.only(kind)?.record.flag(flag))
    }

    fn of(&self, record: &Record) -> Option<i64> {
        record.number(&self.member)
    }

    /// While ranks are off, rules of some kinds have the weakest one and no other (documented).
    fn alone(&self, change: &Change, order: Option<i64>) -> Result<(), Misplacement> {
        let (rank, held) = (self.of(&change.new), change.old.as_ref().and_then(|old| self.of(old)));
        match rank {
            Some(rank) if self.weakest.is_some_and(|weakest| weakest != rank) && held != Some(rank) => {
                // The words for a misplaced rank; that they serve here too is guessed.
                Err(Misplacement::Rank { rank, order: order.unwrap_or(1) })
            }
            _ => Ok(()),
        }
    }
}

/// The rules of one list, looked at as they are needed.
struct Rules<'a, 'c> {
    cx: &'a Context<'c>,
    rules: &'a RuleOrder,
    ranks: Option<&'a Rank>,
    list: &'a List,
    length: usize,
}

impl Line for Rules<'_, '_> {
    fn length(&self) -> usize {
        self.length
    }

    fn at(&self, place: usize) -> Result<Entry, Fault> {
        let id = self.cx.ids_at(self.list, place, 1)?.into_iter().next();
        let id =
            id.ok_or_else(|| Fault::broken(format!("nothing stands at {place} of {}", self.list.kind)))?;
        // Nothing else counts where there are no ranks, and nobody stays last.
        if self.ranks.is_none() && self.rules.numbering.last.is_none() {
            return Ok(Entry { id, rank: 0, last: false });
        }
        let stored = self.cx.need(&self.list.kind, &id)?;
        Ok(self.rules.entry(self.ranks, &id, &stored.record))
    }
}

impl RuleOrder {
    /// How its ranks sort the rules; not at all where there are none, or they are off.
    fn ranks(&self, cx: &Context<'_>) -> Result<Option<&Rank>, Fault> {
        let Some(rank) = &self.rank else { return Ok(None) };
        Ok(rank.is_on(cx)?.then_some(rank))
    }

    fn entry(&self, ranks: Option<&Rank>, id: &Id, record: &Record) -> Entry {
        let rank = ranks.and_then(|rank| rank.of(record)).unwrap_or_default();
        Entry { id: id.clone(), rank, last: self.numbering.is_last(record) }
    }

    fn rules<'a, 'c>(
        &'a self,
        cx: &'a Context<'c>,
        ranks: Option<&'a Rank>,
        list: &'a List,
    ) -> Result<Rules<'a, 'c>, Fault> {
        Ok(Rules { cx, rules: self, ranks, list, length: cx.length(list)? })
    }

    /// Puts a rule where it wishes to stand. Answers its order, and whether that is another one.
    fn put(
        &self,
        cx: &mut Context<'_>,
        list: &List,
        (id, record): (&Id, &Record),
        wanted: Option<i64>,
    ) -> Result<(usize, bool), Fault> {
        let held = cx.place(list, id)?;
        let ranks = self.ranks(cx)?;
        let entry = self.entry(ranks, id, record);
        let placed = line::place(&self.rules(cx, ranks, list)?, &entry, held, wanted, self.beyond)?;
        let place = placed.map_err(|why| self.misplaced(list, why))?;
        cx.put_at(list, id, place)?;
        Ok((place + 1, held != Some(place)))
    }

    /// Notes on the list that its rules have changed places (seen: changing a rule does not count).
    fn touch(&self, cx: &mut Context<'_>, list: &List) -> Result<(), Fault> {
        let (Some(kind), Some(list)) = (&self.touch, &list.within) else { return Ok(()) };
        let Some(mut stored) = cx.get(kind, &Id(list.to_owned()))? else { return Ok(()) };
        stored.record.insert("modifiedTime".into(), Value::from(cx.now()));
        stored.record.insert("modifiedBy".into(), Value::String(cx.actor().number.to_string()));
        cx.save(kind, &stored)
    }

    fn misplaced(&self, list: &List, why: Misplacement) -> Fault {
        let list = list.within.clone().unwrap_or_default();
        Fault::Misplaced { kind: Kind(self.kind.clone()), list, why }
    }

    fn move_one(&self, cx: &mut Context<'_>, call: &Call) -> Result<(), Fault> {
        let stored = cx.named(&self.kind)?;
        let to = call.param("to").unwrap_or_default();
        let wanted = to.parse::<i64>().ok().filter(|&order| order > 0);
        let kind = Kind(self.kind.clone());
        let wanted =
            wanted.ok_or_else(|| Fault::said(&kind, &self.numbering.member, "must be a positive number"))?;
        let list = cx.list_of(&self.numbering, &self.kind, &stored);
        self.allowed(&list, &stored)?;
        self.put(cx, &list, (&stored.id, &stored.record), Some(wanted))?;
        self.touch(cx, &list)
    }

    fn reorder(&self, cx: &mut Context<'_>, call: &Call) -> Result<(), Fault> {
        let within = self.numbering.within.as_ref().and_then(|within| call.param(within));
        if let (Some(kind), Some(within)) = (&self.touch, within) {
            cx.need(kind, &Id(within.to_owned()))?;
        }
        let Some(Value::Array(items)) = &call.body else {
            return Err(Fault::Unreadable("an array of rule ids is wanted".into()));
        };
        let ids: Option<Vec<Id>> = items.iter().map(Id::from_value).collect();
        let ids = ids.ok_or_else(|| Fault::Unreadable("a rule id is a string or a number".into()))?;
        let scope = if self.scoped { call.scope.for_new() } else { "0" };
        let within = within.map(str::to_owned);
        let list = List { kind: self.kind.clone(), scope: scope.to_owned(), within };
        let known = cx.ids_at(&list, 0, usize::MAX)?;
        line::arranged(&self.rules(cx, None, &list)?, &known, &ids)?
            .map_err(|why| self.misplaced(&list, why))?;
        if self.restricted.is_some() {
            for (_, id) in ids.iter().zip(&known).filter(|(new, old)| new != old) {
                self.allowed(&list, &cx.need(&self.kind, id)?)?;
            }
        }
        cx.arrange(&list, &ids)?;
        self.touch(cx, &list)
    }

    /// The name of the rule that stays last.
    fn default_rule(&self, cx: &Context<'_>, list: &List, length: usize) -> Result<Value, Fault> {
        let last = cx.ids_at(list, length.saturating_sub(1), 1)?;
        let stored = last.first().map(|id| cx.need(&self.kind, id)).transpose()?;
        let stored = stored.filter(|stored| self.numbering.is_last(&stored.record));
        Ok(stored.and_then(|mut stored| stored.record.remove("name")).unwrap_or_default())
    }

    /// A restricted rule stays where it is (documented).
    fn allowed(&self, list: &List, stored: &Stored) -> Result<(), Fault> {
        let flag = self.restricted.as_ref().and_then(|member| stored.record.get(member));
        match flag.and_then(Value::as_bool).unwrap_or(false) {
            true => Err(self.misplaced(list, Misplacement::Restricted(stored.id.clone()))),
            false => Ok(()),
        }
    }
}

impl Behaviour for RuleOrder {
    fn numbering(&self) -> Option<&Numbering> {
        Some(&self.numbering)
    }

    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let order = &self.numbering.member;
        if let Some(old) = &change.old
            && !self.numbering.counts(old)
        {
            // Outside the numbering, and there it stays.
            change.new.insert(order.clone(), old.get(order).cloned().unwrap_or(Value::Null));
            return Ok(());
        }
        let (scope, within) = (change.scope.clone(), self.numbering.within(&change.new).map(str::to_owned));
        let list =
            List { kind: self.kind.clone(), scope: if self.scoped { scope } else { "0".into() }, within };
        let wanted = self.numbering.number(&change.new);
        if let (Some(rank), None) = (&self.rank, self.ranks(cx)?) {
            rank.alone(change, wanted).map_err(|why| self.misplaced(&list, why))?;
        }
        let (now, moved) = self.put(cx, &list, (&change.id, &change.new), wanted)?;
        change.new.insert(order.clone(), Value::from(now));
        if moved { self.touch(cx, &list) } else { Ok(()) }
    }

    fn before_delete(&self, _: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
        if !self.numbering.is_last(&stored.record) {
            return Ok(());
        }
        Err(Fault::Predefined { kind: Kind(self.kind.clone()), id: stored.id.clone(), verb: "deleted" })
    }

    fn after_delete(&self, cx: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
        if !self.numbering.counts(&stored.record) {
            return Ok(());
        }
        self.touch(cx, &cx.list_of(&self.numbering, &self.kind, stored))
    }

    fn on_read(&self, cx: &Context<'_>, _verb: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        if self.priority.is_none() && self.default_name.is_none() {
            return Ok(());
        }
        let scope = if self.scoped { cx.get(&self.kind, id)?.map(|stored| stored.scope) } else { None };
        let within = self.numbering.within(record).map(str::to_owned);
        let list = List { kind: self.kind.clone(), scope: scope.unwrap_or_else(|| "0".into()), within };
        let length = cx.length(&list)?;
        if let (Some(priority), Some(order)) = (&self.priority, self.numbering.number(record)) {
            // Seen: the place counted from the end, the default rule included.
            record
                .insert(priority.clone(), Value::from(i64::try_from(length).unwrap_or(i64::MAX) - order + 1));
        }
        if let Some(name) = &self.default_name {
            let key = format!("rule-order {list:?}");
            let default = cx.once(&key, || self.default_rule(cx, &list, length))?;
            record.insert(name.clone(), default);
        }
        Ok(())
    }

    fn on_read_members(&self, _: Verb) -> Option<Vec<&str>> {
        let told = [self.priority.as_deref(), self.default_name.as_deref()];
        let told: Vec<&str> = told.into_iter().flatten().collect();
        let by = [Some(&self.numbering.member), self.numbering.within.as_ref()];
        let by = by.into_iter().flatten().filter(|_| !told.is_empty()).map(String::as_str);
        Some(told.iter().copied().chain(by).collect())
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        match call.param("to") {
            Some(_) => self.move_one(cx, call)?,
            None => self.reorder(cx, call)?,
        }
        Ok(Outcome::Done)
    }
}
