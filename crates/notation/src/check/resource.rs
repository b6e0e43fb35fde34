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
        if !self.known.catalogue.products.iter().any(|known| known.name == product) {
            return;
        }
        let found = self.known.kind(&format!("{product}.{noun}"));
        let found =
            found.and_then(|kind| member.map_or(Ok(()), |at| self.known.reach(kind, at, false).map(drop)));
        if let Err(wrong) = found {
            self.tell(&format!("{place}: `{text}`"), &wrong);
        }
    }

    fn head(&mut self, resource: &'a Resource) {
        self.evidence("evidence", Some(&resource.evidence));
        if let Some(Err(wrong)) = resource.scope.as_deref().map(|kind| self.known.kind(kind)) {
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
            match self.known.reach(resource, member, false) {
                Err(wrong) => self.tell("search", &wrong),
                Ok(field) if field.is_kept_sealed() => {
                    self.tell("search", &format!("`{member}` is kept sealed"))
                }
                Ok(_) => {}
            }
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
        if resource.limit_message.is_some() && resource.limit.is_none() {
            self.tell("limit_message", "it is of a `limit`");
        }
        if let Some(ids) = &resource.ids {
            self.ids(ids);
        }
        if let Some(page) = &resource.page {
            self.page("page", page);
        }
    }

    /// An id's letters are what base32hex has.
    pub(super) fn ids(&mut self, ids: &Ids) {
        match ids {
            Ids::Opaque(letters)
                if letters.is_empty() || !letters.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'v')) =>
            {
                self.tell("ids", &format!("`opaque` is one or more of 0 to 9 and a to v, not `{letters}`"));
            }
            Ids::Counter { name, start } if name.is_empty() || *start < 0 => {
                self.tell("ids", "a counter has a name and starts at 0 or above");
            }
            _ => {}
        }
    }

    fn filter(&mut self, resource: &'a Resource, name: &str, filter: &Filter) {
        let place = format!("filter `{name}`");
        let field = match self.known.reach(resource, &filter.field, true) {
            Err(wrong) => return self.tell(&place, &wrong),
            Ok(field) => field,
        };
        if field.is_kept_sealed() {
            self.tell(&place, &format!("`{}` is kept sealed", filter.field));
        }
        match (&filter.on, filter.how) {
            (None, Match::Flag | Match::Unless) => {
                self.tell(&place, "`flag` and `unless` need the value in `on`")
            }
            (Some(_), Match::Is | Match::Contains | Match::Starts) => {
                self.tell(&place, "`on` is for `match` that is `flag` or `unless`");
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
        for member in condition.needs.iter().chain(&condition.forbids).chain([&condition.field]) {
            if let Err(wrong) = named(&resource.fields, member) {
                self.tell("when", &wrong);
            }
        }
        if condition.needs.is_empty() && condition.forbids.is_empty() {
            self.tell("when", &format!("`{}` needs and forbids nothing", condition.field));
        }
        if let Some(field) = resource.fields.get(&condition.field)
            && !could_be(&condition.is.0, field)
        {
            self.tell("when", &is_none(&condition.field, &condition.is.0, field));
        }
    }
}
