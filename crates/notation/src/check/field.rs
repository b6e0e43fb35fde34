//! Fields: types that are there, and keys that mean something for the type.

use super::checker::{Checker, listed};
use super::member::{could_be, fits, innermost, named};
use crate::{Access, Field, Fields, Resource, Shape, Stamp};

/// The tenant's own words.
const TENANTS: [&str; 4] = ["customer", "org", "cloud", "vanity"];

impl<'a> Checker<'a> {
    /// The members of a resource, or of a value type of its file or of the product's (with the type's name as `prefix`).
    pub(super) fn fields(&mut self, resource: Option<&'a Resource>, prefix: &str, fields: &'a Fields) {
        for (name, field) in fields {
            let place = format!("field `{prefix}{name}`");
            self.shape(&place, resource, &field.shape);
            self.words(&place, field);
            self.bounds(&place, field);
            self.links(&place, field);
            self.evidence(&place, field.evidence.as_deref());
            match resource.filter(|_| prefix.is_empty()) {
                Some(resource) => self.of_record(&place, resource, field),
                None => self.of_value(&place, field),
            }
            // The store compares and orders what it keeps, and what is sealed is nowhere the same twice.
            if field.is_kept_sealed() && (field.unique.is_some() || field.shape.target().is_some()) {
                self.tell(&place, "what is secret or sealed can be neither unique nor a reference");
            }
            let of_texts = matches!(&field.shape, Shape::List(inner) if **inner == Shape::String);
            if field.apart && (!of_texts || !prefix.is_empty() || field.is_kept_sealed()) {
                self.tell(&place, "`apart` is of a record's list of texts, and none that is sealed");
            }
            if field.filled && field.default.is_none() {
                self.tell(&place, "what is `filled` in is a `default`");
            }
            if field.follows && !matches!(field.shape, Shape::Ref(_) | Shape::Link(_)) {
                self.tell(&place, "`follows` is of a reference to one record");
            }
            if let Some(cleared) = &field.cleared
                && !fits(&cleared.0, field)
            {
                self.tell(&place, &format!("`cleared`: {} is no {}", cleared.0, field.shape));
            }
            if let Some(default) = &field.default
                && !fits(&default.0, field)
            {
                self.tell(&place, &format!("the default {} is no {}", default.0, field.shape));
            }
        }
    }

    fn shape(&mut self, place: &str, resource: Option<&'a Resource>, shape: &Shape) {
        match innermost(shape) {
            Shape::Named(name) => {
                let own = resource.is_some_and(|resource| resource.types.contains_key(name));
                if !own && !self.product.types.contains_key(name) {
                    let own = resource.into_iter().flat_map(|resource| resource.types.keys());
                    let all = listed(own.chain(self.product.types.keys()));
                    self.tell(place, &format!("there is no value type `{name}`; there are {all}"));
                }
            }
            Shape::Ref(kind) | Shape::Link(kind) => match self.index.kind(kind) {
                Err(wrong) => self.tell(place, &wrong),
                Ok(Resource { records: Some(home), .. }) => {
                    self.tell(place, &format!("`{kind}` shows the records of `{home}`: name that one"));
                }
                Ok(_) => {}
            },
            _ => {}
        }
    }

    /// The words of an enum, and what belongs to texts and numbers alone.
    fn words(&mut self, place: &str, field: &Field) {
        let inner = innermost(&field.shape);
        if (*inner == Shape::Enum) == field.values.is_empty() {
            self.tell(place, "an enum needs `values`, and nothing else has them");
        }
        if let Some((_, twice)) =
            field.values.iter().enumerate().find(|(n, word)| field.values[..*n].contains(word))
        {
            self.tell(place, &format!("`values` has `{twice}` twice"));
        }
        for (old, new) in &field.was {
            if field.values.contains(old) || !field.values.contains(new) {
                let what =
                    format!("`was` leads from no longer a word to a word; `{old}` to `{new}` does not");
                self.tell(place, &what);
            }
        }
        if field.format.is_some() && *inner != Shape::String {
            self.tell(place, "`format` is of texts");
        }
        if field.unit.is_some()
            && !matches!(inner, Shape::Int | Shape::Float | Shape::Time | Shape::String | Shape::Enum)
        {
            self.tell(place, "`unit` is of numbers");
        }
    }

    fn bounds(&mut self, place: &str, field: &Field) {
        let bounded =
            matches!(field.shape, Shape::Int | Shape::Time | Shape::Float | Shape::String | Shape::List(_));
        if (field.min.is_some() || field.max.is_some()) && !bounded {
            self.tell(
                place,
                &format!("`min` and `max` are of numbers, texts and lists, not of {}", field.shape),
            );
        }
        if field.min.zip(field.max).is_some_and(|(min, max)| min > max) {
            self.tell(place, "`min` is above `max`");
        }
        if field.access == Access::Required && field.default.is_some() {
            self.tell(place, "what a create must give has no default");
        }
    }

    /// What is said of references: views of the target, what stands in for it, and the member that points back.
    fn links(&mut self, place: &str, field: &Field) {
        let views = [("view", &field.view), ("list_view", &field.list_view), ("stub_view", &field.stub_view)];
        let Some(target) = field.shape.target() else {
            let stub =
                field.stub.is_some() || field.hydrated.is_some() || field.loose || field.inverse.is_some();
            if stub || views.iter().any(|(_, view)| view.is_some()) {
                let what = "`view`, `list_view`, `stub_view`, `stub`, `hydrated`, `loose`, `inverse` are of references";
                self.tell(place, what);
            }
            return;
        };
        let Ok(target) = self.index.kind(target) else { return };
        for (key, view) in views {
            if let Some(view) = view
                && !target.views.contains_key(view)
            {
                let all = listed(target.views.keys());
                self.tell(place, &format!("`{key}`: {} has no view `{view}`; there are {all}", target.kind));
            }
        }
        if (field.stub.is_some() || field.stub_view.is_some()) && field.hydrated.is_none() {
            self.tell(place, "a stub is shown where a link is not `hydrated`: say where it is");
        }
        if let Some(stub) = &field.stub {
            let members = stub.0.as_object();
            match members.map(|members| members.keys().find(|name| !target.fields.contains_key(*name))) {
                None => self.tell(place, "`stub` is an object of constant members"),
                Some(Some(stranger)) => {
                    self.tell(place, &format!("`stub`: {} has no field `{stranger}`", target.kind))
                }
                Some(None) => {}
            }
        }
    }

    /// What only the members of a record can be: unique, stamped, taken from elsewhere.
    fn of_record(&mut self, place: &str, resource: &'a Resource, field: &Field) {
        if let Some(within) = &field.within {
            match named(&resource.fields, within) {
                Err(wrong) => self.tell(place, &format!("`within`: {wrong}")),
                Ok(_) if field.unique.is_none() => self.tell(place, "`within` is of what is `unique`"),
                Ok(_) => {}
            }
        }
        if matches!(field.stamp, Some(Stamp::Scope | Stamp::ScopeName)) && resource.scope.is_none() {
            self.tell(place, "the stamp needs the resource's `scope`");
        }
        if field.stamp.is_some_and(|stamp| !stamp.fits(&field.shape)) {
            self.tell(place, &format!("`stamp`: what is written there is no {}", field.shape));
        }
        if let Some(behaviour) = &field.left_to {
            if field.access != Access::Required {
                self.tell(place, "`left_to` is of what is `required`");
            } else if !resource.behaviours.contains_key(behaviour) {
                let all = listed(resource.behaviours.keys());
                self.tell(place, &format!("`left_to`: there is no behaviour `{behaviour}`; there are {all}"));
            }
        }
        let writable = matches!(field.access, Access::Optional | Access::Required);
        if field.update.is_some() && !writable {
            self.tell(place, "`update` is of what a caller may change");
        }
        if let Some(counted) = &field.counts {
            match resource.fields.get(counted).map(|field| &field.shape) {
                Some(Shape::List(_)) => {}
                None if counted == "referrers" => {}
                _ => self.tell(place, &format!("`counts`: `{counted}` is neither a list nor `referrers`")),
            }
        }
        for rule in &field.absent {
            for member in rule.unless.keys() {
                if let Err(wrong) = named(&resource.fields, member) {
                    self.tell(place, &format!("`absent`: {wrong}"));
                }
            }
            for value in rule.when.iter().flatten().filter(|value| !could_be(&value.0, field)) {
                self.tell(place, &format!("`absent`: {} is no {}", value.0, field.shape));
            }
            let always = rule.verbs.is_empty()
                && rule.of.is_empty()
                && rule.when.is_none()
                && !rule.unsent
                && rule.flag.is_none();
            if always {
                self.tell(
                    place,
                    "`absent` needs `in`, `when`, `unsent` or `flag`: what is never shown is `hidden`",
                );
            }
        }
        for operation in field.absent.iter().flat_map(|rule| &rule.of) {
            if !resource.operations.contains_key(operation) {
                let all = listed(resource.operations.keys());
                self.tell(place, &format!("`absent`: there is no operation `{operation}`; there are {all}"));
            }
        }
        if let Some(source) = &field.from {
            let (first, rest) = source.split_once('.').unwrap_or((source, ""));
            let found = if rest.is_empty() && first != "id" {
                named(&resource.fields, first).map(drop)
            } else {
                Ok(())
            };
            if let Err(wrong) = found {
                self.tell(place, &format!("`from`: {wrong}"));
            }
        }
        if field.made.is_some() {
            if field.access != Access::Server || field.shape != Shape::String || field.from.is_some() {
                self.tell(
                    place,
                    "`made` is of a text that the server alone tells, and that comes from nowhere else",
                );
            }
            for word in field.made_of().filter(|word| !TENANTS.contains(word) && *word != "id") {
                if let Err(wrong) = named(&resource.fields, word) {
                    self.tell(
                        place,
                        &format!("`made`: {wrong}, and the tenant's words are {}", listed(TENANTS)),
                    );
                }
            }
        }
        if let Some((first, rest)) = field.from.as_deref().and_then(|source| source.split_once('.')) {
            let found = named(&resource.fields, first).and_then(|field| match &field.shape {
                Shape::Ref(kind) | Shape::Link(kind) => self.index.reach(self.index.kind(kind)?, rest, false),
                _ => Err(format!("`{first}` is no reference")),
            });
            if let Err(wrong) = found {
                self.tell(place, &format!("`from`: {wrong}"));
            }
        }
        if let Some(inverse) = &field.inverse
            && let Some(Ok(target)) = field.shape.target().map(|kind| self.index.kind(kind))
        {
            match named(&target.fields, inverse) {
                Err(wrong) => self.tell(place, &format!("`inverse`: in {}: {wrong}", target.kind)),
                Ok(back) if !self.points(target, &back.shape, &resource.kind) => {
                    self.tell(
                        place,
                        &format!("`inverse`: `{inverse}` of {} does not point here", target.kind),
                    );
                }
                Ok(_) => {}
            }
        }
    }

    /// Whether a value of a shape points at a kind, by itself or by a member of its type.
    fn points(&self, owner: &'a Resource, shape: &Shape, kind: &str) -> bool {
        match innermost(shape) {
            Shape::Ref(target) | Shape::Link(target) => target == kind,
            Shape::Named(name) => {
                let fields = self.index.value_type(owner, name);
                fields.into_iter().flatten().any(|(_, field)| field.shape.target() == Some(kind))
            }
            _ => false,
        }
    }

    fn of_value(&mut self, place: &str, field: &Field) {
        let strange = [
            ("unique", field.unique.is_some()),
            ("within", field.within.is_some()),
            ("stamp", field.stamp.is_some()),
            ("update", field.update.is_some()),
            ("from", field.from.is_some()),
            ("made", field.made.is_some()),
            ("inverse", field.inverse.is_some()),
            ("absent", !field.absent.is_empty()),
            ("counts", field.counts.is_some()),
        ];
        for (key, _) in strange.iter().filter(|(_, said)| *said) {
            self.tell(place, &format!("`{key}` is of a record's own members, not of a value's"));
        }
    }
}
