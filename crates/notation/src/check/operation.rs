//! An operation's words: what it chooses, asks, refuses and answers.

use super::checker::{Checker, listed};
use super::member::{could_be, innermost, is_none, named, texts};
use crate::{Operation, Page, PageStyle, Resource, Shape, Verb};

impl<'a> Checker<'a> {
    pub(super) fn operation(&mut self, resource: &'a Resource, operation: &Operation) {
        let place = format!("operation `{}`", operation.name);
        let verb = operation.verb;
        self.evidence(&place, operation.evidence.as_deref());
        if let Some(view) = operation.view.as_ref().filter(|view| !resource.views.contains_key(*view)) {
            let what = format!("there is no view `{view}`; there are {}", listed(resource.views.keys()));
            self.tell(&place, &what);
        }
        if operation.unless.is_some() && verb != Verb::Delete {
            self.tell(&place, "`unless` is of deletes");
        }
        if operation.force.is_some() && operation.unless.is_none() {
            self.tell(&place, "`force` is for what is refused `unless`");
        }
        if operation.reads && operation.method == crate::Method::Get {
            self.tell(&place, "`reads` is of methods that write");
        }
        if let Some(status) = operation.status {
            self.status(&place, status);
        }
        self.chosen(&place, resource, operation);
        for (name, doc) in &operation.query {
            if !is_word(name) || doc.trim().is_empty() {
                self.tell(&place, &format!("`query`: `{name}` needs to be a name, and a word on it"));
            }
            if resource.filters.contains_key(name) && verb == Verb::List {
                self.tell(&place, &format!("`query`: `{name}` is a filter of the resource already"));
            }
        }
        for shape in operation.body.iter().chain(&operation.returns) {
            self.body(&place, resource, shape);
        }
        for answer in operation.answer.iter().chain(&operation.failure) {
            texts(&answer.0, &mut |text| {
                if text.replace("{id}", "").contains(['{', '}']) {
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

    /// `where` is of lists, and compares top-level members as they are kept.
    fn chosen(&mut self, place: &str, resource: &'a Resource, operation: &Operation) {
        let Some(only) = &operation.only else { return };
        let Some(members) = only.0.as_object() else {
            return self.tell(place, "`where` is a table of members and values");
        };
        if operation.verb != Verb::List && operation.does.is_none() {
            self.tell(place, "`where` is of lists");
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
                Shape::Named(name) if self.known.value_type(resource, name).is_none() => {
                    let all = listed(resource.types.keys().chain(self.product.types.keys()));
                    self.tell(place, &format!("there is no value type `{name}`; there are {all}"));
                }
                Shape::Ref(kind) | Shape::Link(kind) => {
                    if let Err(wrong) = self.known.kind(kind) {
                        self.tell(place, &wrong);
                    }
                }
                _ => {}
            },
        }
    }

    /// A page has the keys of its style, and no others.
    pub(super) fn page(&mut self, place: &str, page: &Page) {
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

/// Whether a text can be the name of a parameter.
fn is_word(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.$[]".contains(&b))
}
