//! A resource's own words: scope, order, search, what a list is asked by, views, conditions.

use super::field::fits;
use super::member::named;
use super::{Checker, listed};
use crate::{Condition, Field, Filter, Ids, Match, Resource, Shape};

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
        for operation in resource.operations.values() {
            self.operation(resource, operation);
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

/// Whether a member may come to have this very value.
pub(super) fn could_be(value: &serde_json::Value, field: &Field) -> bool {
    // Links are kept as the id alone.
    fits(value, field) && (!matches!(field.shape, Shape::Link(_)) || value.is_string())
}

/// That a member cannot have a value, with what it can have.
pub(super) fn is_none(member: &str, value: &serde_json::Value, field: &Field) -> String {
    let words = if field.values.is_empty() {
        String::new()
    } else {
        format!("; there are {}", listed(&field.values))
    };
    format!("`{member}` is never {value}: it is a {}{words}", field.shape)
}
