//! An operation's words: what it chooses, asks, refuses and answers.

use super::checker::{Checker, listed};
use super::member::{could_be, innermost, is_none, named, texts};
use crate::{Access, Operation, PageStyle, Paging, Resource, Shape, Verb};

impl<'a> Checker<'a> {
    pub(super) fn operation(&mut self, resource: &'a Resource, operation: &Operation) {
        let place = format!("operation `{}`", operation.name);
        let verb = operation.verb;
        self.evidence(&place, operation.evidence.as_deref());
        if let Some(view) = operation.view.as_ref().filter(|view| !resource.views.contains_key(*view)) {
            let what = format!("there is no view `{view}`; there are {}", listed(resource.views.keys()));
            self.tell(&place, &what);
        }
        if operation.unless.is_some() && !matches!(verb, Verb::Delete | Verb::DeleteAll | Verb::Read) {
            self.tell(&place, "`unless` is of deletes, and of reads that tell whether one would be refused");
        }
        if operation.force.is_some() && (operation.unless.is_none() || verb != Verb::Delete) {
            self.tell(&place, "`force` is for deletes that are refused `unless`");
        }
        if let Some(force) = operation.force.as_ref().filter(|force| !is_word(force)) {
            self.tell(&place, &format!("`force`: `{force}` needs to be a name"));
        }
        let is_owner =
            |name: &str| resource.fields.get(name).is_some_and(|field| field.shape.target().is_some());
        if verb == Verb::DeleteAll && !operation.parameters().any(is_owner) {
            self.tell(&place, "`delete-all` is of paths that name what records belong to");
        }
        if operation.reads && operation.method == crate::Method::Get {
            self.tell(&place, "`reads` is of methods that write");
        }
        let read_elsewhere = verb != Verb::Act || operation.body.is_some();
        if operation.takes.is_some() && (operation.method == crate::Method::Get || read_elsewhere) {
            self.tell(&place, "`takes` is of bodies that a behaviour reads, in place of `body`");
        }
        if operation.gives.as_ref().is_some_and(|media| verb != Verb::Act || !is_media_type(media)) {
            self.tell(&place, "`gives` is the media type, `text/csv` say, of what a behaviour answers");
        }
        if operation.log.is_some() && !operation.writes() {
            self.tell(&place, "`log` is of what changes something");
        }
        let known = &self.product.log.actions;
        self.log_word("action", known, operation.log.as_ref());
        if let Some(status) = operation.status {
            self.status(&place, status);
        }
        self.chosen(&place, resource, operation);
        self.listed(&place, resource, operation);
        if let Some(member) = &operation.member {
            match named(&resource.fields, member) {
                Err(wrong) => self.tell(&place, &format!("`member`: {wrong}")),
                Ok(field) if field.secret => self.tell(&place, "`member`: a secret is never told"),
                Ok(_) if !matches!(verb, Verb::List | Verb::Read | Verb::Act) => {
                    self.tell(&place, "`member` is of lists, reads and what a behaviour does");
                }
                Ok(_) => {}
            }
        }
        if let Some(key) = &operation.key
            && (operation.member.is_none() || verb != Verb::Read || !operation.query.contains_key(key))
        {
            self.tell(
                &place,
                &format!("`key`: `{key}` picks from the `member` of a read, and is in its `query`"),
            );
        }
        for (name, doc) in &operation.query {
            if !is_word(name) || doc.trim().is_empty() {
                self.tell(&place, &format!("`query`: `{name}` needs to be a name, and a word on it"));
            }
            if resource.filters.contains_key(name) && verb.filters() {
                self.tell(&place, &format!("`query`: `{name}` is a filter of the resource already"));
            }
        }
        for shape in operation.body.iter().chain(&operation.returns) {
            self.body(&place, resource, shape);
        }
        for answer in operation.answer.iter().chain(&operation.failure) {
            texts(&answer.0, &mut |text| {
                if text.replace("{id as text}", "").replace("{id}", "").contains(['{', '}']) {
                    self.tell(&place, &format!("`{text}`: `{{id}}` alone stands for something in an answer"));
                }
            });
        }
        if let Some(failure) = &operation.fails {
            self.evidence(&place, Some(&failure.evidence));
        }
        if let Some(page) = &operation.page {
            self.page(&place, page);
        }
        if !operation.path.starts_with('/') || !operation.parameters().all(is_word) {
            self.tell(&place, &format!("`{}` is no path: `/words/{{parameter}}`", operation.path));
        }
    }

    /// `listed_in` and `most` are of the verbs that have them, and a patch changes what callers may set.
    fn listed(&mut self, place: &str, resource: &'a Resource, operation: &Operation) {
        let verb = operation.verb;
        if operation.listed_in.is_some() && verb != Verb::Count && !verb.is_bulk() {
            self.tell(place, "`listed_in` is of counts and of what is made or deleted in bulk");
        }
        if operation.most.is_some_and(|most| most == 0 || !verb.is_bulk()) {
            self.tell(place, "`most` is of what is made or deleted in bulk, and at least 1");
        }
        if verb == Verb::Count && operation.method != crate::Method::Get {
            self.tell(place, "a count is a GET");
        }
        if let Some(refused) = &operation.refused {
            self.evidence(place, Some(&refused.evidence));
        }
        if !operation.sets.is_empty() && verb != Verb::Patch {
            self.tell(place, "`sets` is of patches");
        }
        for (name, value) in &operation.sets {
            let parameter = value.0.as_str().and_then(|text| text.strip_prefix('{')?.strip_suffix('}'));
            let known = |name: &str| {
                operation.parameters().any(|known| known == name) || operation.query.contains_key(name)
            };
            match (named(&resource.fields, name), parameter) {
                (Err(wrong), _) => self.tell(place, &format!("`sets`: {wrong}")),
                (Ok(_), Some(parameter)) if !known(parameter) => {
                    self.tell(place, &format!("`sets`: neither the path nor `query` has `{parameter}`"));
                }
                (Ok(field), None) if !could_be(&value.0, field) => {
                    self.tell(place, &format!("`sets`: {}", is_none(name, &value.0, field)));
                }
                _ => {}
            }
        }
        if !operation.members.is_empty() && verb != Verb::Patch {
            self.tell(place, "`members` is of patches");
        }
        for name in &operation.members {
            match named(&resource.fields, name) {
                Err(wrong) => self.tell(place, &format!("`members`: {wrong}")),
                Ok(field) if !matches!(field.access, Access::Optional | Access::Required) => {
                    self.tell(place, &format!("`members`: no caller may change `{name}`"));
                }
                Ok(_) => {}
            }
        }
    }

    /// `where` is of lists and counts, and compares top-level members as they are kept.
    fn chosen(&mut self, place: &str, resource: &'a Resource, operation: &Operation) {
        let Some(only) = &operation.only else { return };
        let Some(members) = only.0.as_object() else {
            return self.tell(place, "`where` is a table of members and values");
        };
        if !operation.verb.filters() && operation.does.is_none() {
            self.tell(place, "`where` is of lists and counts");
        }
        for (name, value) in members {
            match named(&resource.fields, name) {
                Err(wrong) => self.tell(place, &format!("`where`: {wrong}")),
                Ok(field) if !could_be(value, field) => {
                    self.tell(place, &format!("`where`: {}", is_none(name, value, field)));
                }
                Ok(_) => {}
            }
        }
    }

    pub(super) fn status(&mut self, place: &str, status: u16) {
        if !(200..300).contains(&status) {
            self.tell(place, &format!("{status} is no status of success: 200 to 299"));
        }
    }

    /// A type of the file or the product, the record itself, or many of either.
    fn body(&mut self, place: &str, resource: &'a Resource, text: &str) {
        let plain = text.strip_prefix("list<").and_then(|rest| rest.strip_suffix('>')).unwrap_or(text);
        if plain == "read" || text == "list" {
            return;
        }
        match Shape::try_from(text.to_owned()) {
            Err(wrong) => self.tell(place, &format!("{wrong}; or `read`, `list`, `list<read>`")),
            Ok(shape) => match innermost(&shape) {
                Shape::Named(name) if self.index.value_type(resource, name).is_none() => {
                    let all = listed(resource.types.keys().chain(self.product.types.keys()));
                    self.tell(place, &format!("there is no value type `{name}`; there are {all}"));
                }
                Shape::Ref(kind) | Shape::Link(kind) => {
                    if let Err(wrong) = self.index.kind(kind) {
                        self.tell(place, &wrong);
                    }
                }
                _ => {}
            },
        }
    }

    /// A page has the keys of its style, and no others.
    pub(super) fn page(&mut self, place: &str, page: &Paging) {
        let whole = page.style == PageStyle::Whole;
        if whole && (page.size > 0 || page.max > 0) {
            self.tell(place, "a `whole` page has neither `size` nor `max`");
        }
        if !whole && (page.size == 0 || page.max < page.size) {
            self.tell(place, "a page needs `size`, and a `max` that is no smaller");
        }
        if page.items.is_some()
            && !matches!(page.style, PageStyle::Totals | PageStyle::Counted | PageStyle::Cursor)
        {
            self.tell(place, "`items` is of `totals`, `counted` and `cursor`");
        }
        if (page.current || page.uncounted) && page.style != PageStyle::Totals {
            self.tell(place, "`current` and `uncounted` are of `totals`");
        }
    }
}

fn is_media_type(text: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_graphic() && b != b'/');
    text.split_once('/').is_some_and(|(kind, form)| is_part(kind) && is_part(form))
}

/// Whether a text can be the name of a parameter.
fn is_word(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.$[]".contains(&b))
}
