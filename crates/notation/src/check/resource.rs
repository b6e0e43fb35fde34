//! A resource's own words: scope, order, search, what a list is asked by, views, conditions.

use super::checker::{Checker, listed};
use super::member::{could_be, is_none, named, texts};
use crate::{Condition, Filter, Ids, Match, Resource};

impl<'a> Checker<'a> {
    pub(super) fn resource(&mut self, resource: &'a Resource) {
        self.fields(Some(resource), "", &resource.fields);
        for (name, members) in &resource.types {
            self.fields(Some(resource), &format!("{name}."), members);
        }
        self.head(resource);
        self.through(resource);
        for (view, members) in &resource.views {
            for member in members {
                let place = format!("view `{view}`");
                match named(&resource.fields, member) {
                    Err(wrong) => self.tell(&place, &wrong),
                    Ok(field) if field.secret => {
                        self.tell(&place, &format!("`{member}` is a secret, which is never told"));
                    }
                    Ok(_) => {}
                }
            }
        }
        for (name, filter) in &resource.filters {
            self.filter(resource, name, filter);
        }
        for condition in &resource.when {
            self.condition(resource, condition);
        }
        for (name, given) in &resource.behaviours {
            texts(&given.0, &mut |text| self.far(&format!("behaviour `{name}`"), text));
        }
        for operation in resource.operations.values() {
            self.operation(resource, operation);
        }
    }

    /// A text that may name a kind, `zia.location`, or a member of one, `zia.location.ipAddresses`.
    pub(super) fn far(&mut self, place: &str, text: &str) {
        let mut parts = text.splitn(3, '.');
        let (Some(product), Some(noun), member) = (parts.next(), parts.next(), parts.next()) else { return };
        if !self.index.catalogue.products.iter().any(|known| known.name == product) {
            return;
        }
        let found = self.index.kind(&format!("{product}.{noun}"));
        let found =
            found.and_then(|kind| member.map_or(Ok(()), |at| self.index.reach(kind, at, false).map(drop)));
        if let Err(wrong) = found {
            self.tell(&format!("{place}: `{text}`"), &wrong);
        }
    }

    fn head(&mut self, resource: &'a Resource) {
        self.evidence("evidence", Some(&resource.evidence));
        if let Some(Err(wrong)) = resource.scope.as_deref().map(|kind| self.index.kind(kind)) {
            self.tell("scope", &wrong);
        }
        if let Some(order) = &resource.order_by {
            let member = order.strip_prefix('-').unwrap_or(order);
            match named(&resource.fields, member) {
                Err(wrong) => self.tell("order_by", &wrong),
                Ok(field) if field.is_kept_sealed() => {
                    self.tell("order_by", &format!("`{member}` is kept sealed"));
                }
                Ok(_) => {}
            }
        }
        for member in &resource.search {
            match self.index.reach(resource, member, false) {
                Err(wrong) => self.tell("search", &wrong),
                Ok(field) if field.is_kept_sealed() => {
                    self.tell("search", &format!("`{member}` is kept sealed"))
                }
                Ok(_) => {}
            }
        }
        if !resource.reserved.is_empty() && !self.index.is_referred_to(&resource.kind) {
            self.tell("reserved", "no `ref` may hold one of these");
        }
        if let Some(contended) = &resource.contended {
            let writing = || resource.operations.values().filter(|operation| operation.writes());
            if !writing().any(|operation| operation.parameters().any(|name| name == contended)) {
                let all: std::collections::BTreeSet<&str> =
                    writing().flat_map(crate::Operation::parameters).collect();
                let what = format!("no write has a path parameter `{contended}`; there are {}", listed(all));
                self.tell("contended", &what);
            }
        }
        if let Some(words) = &resource.log {
            let known = &self.product.log;
            self.log_word("category", &known.categories, Some(&words.category));
            self.log_word("part", &known.parts, words.part.as_ref());
        }
        if resource.limit_message.is_some() && resource.limit.is_none() {
            self.tell("limit_message", "it is of a `limit`");
        }
        if let Some(ids) = &resource.ids {
            self.ids(ids, Some(resource));
        }
        if let Some(page) = &resource.page {
            self.page("page", page);
        }
    }

    /// A word of the log is one of the product's, where those are known.
    pub(super) fn log_word(&mut self, what: &str, known: &[String], said: Option<&String>) {
        if let Some(said) = said.filter(|said| !known.is_empty() && !known.contains(said)) {
            let known = listed(known);
            self.tell("log", &format!("there is no {what} `{said}`; there are {known}"));
        }
    }

    /// An id's letters are what base32hex has.
    pub(super) fn ids(&mut self, ids: &Ids, resource: Option<&Resource>) {
        match ids {
            Ids::Opaque(letters)
                if letters.is_empty() || !letters.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'v')) =>
            {
                self.tell("ids", &format!("`opaque` is one or more of 0 to 9 and a to v, not `{letters}`"));
            }
            Ids::Counter { name, start } if name.is_empty() || *start < 0 => {
                self.tell("ids", "a counter has a name and starts at 0 or above");
            }
            // Each number from the least on is looked at.
            Ids::Least { from } if *from < 0 || resource.is_some_and(|resource| resource.limit.is_none()) => {
                self.tell(
                    "ids",
                    "the `least` free number starts at 0 or above, and is of what has a `limit`",
                );
            }
            _ => {}
        }
    }

    fn filter(&mut self, resource: &'a Resource, name: &str, filter: &Filter) {
        let place = format!("filter `{name}`");
        let field = match self.index.reach(resource, &filter.field, true) {
            Err(wrong) => return self.tell(&place, &wrong),
            Ok(field) => field,
        };
        if field.is_kept_sealed() {
            self.tell(&place, &format!("`{}` is kept sealed", filter.field));
        }
        match (&filter.on, filter.how) {
            (None, Match::Flag | Match::Unless | Match::Reveals) => {
                self.tell(&place, "`flag`, `unless` and `reveals` need the value in `on`")
            }
            (Some(_), Match::Is | Match::Not | Match::Contains | Match::Starts) => {
                self.tell(&place, "`on` is for `match` that is `flag`, `unless` or `reveals`");
            }
            (Some(on), _) if !could_be(&on.0, field) => {
                self.tell(
                    &place,
                    &format!("`on`: {} is no {} that `{}` could have", on.0, field.shape, filter.field),
                );
            }
            _ => {}
        }
    }

    fn condition(&mut self, resource: &'a Resource, condition: &Condition) {
        let members = condition.needs.iter().chain(&condition.forbids).chain(&condition.one_of);
        for member in
            members.chain(condition.only.keys()).chain(condition.unless.keys()).chain([&condition.field])
        {
            if let Err(wrong) = self.index.reach(resource, member, false) {
                self.tell("when", &wrong);
            }
        }
        let asked = [&condition.needs, &condition.forbids, &condition.one_of];
        if asked.iter().all(|members| members.is_empty()) && condition.only.is_empty() {
            self.tell("when", &format!("`{}` needs and forbids nothing", condition.field));
        }
        if condition.is.is_some() == condition.not.is_some() {
            self.tell("when", &format!("`{}` is compared by `is` or by `not`", condition.field));
        }
        for value in condition.values() {
            if let Ok(field) = self.index.reach(resource, &condition.field, false)
                && !could_be(value, field)
            {
                self.tell("when", &is_none(&condition.field, value, field));
            }
        }
    }
}
