//! From a record to what an answer shows: which members, references hydrated or not, values as the product spells them.

use serde_json::{Map, Value};
use zuno_catalogue::{Access, Empty, Field, Fields, Numbers, Resource, Shape, Stamp, Verb, Wire};
use zuno_model::{Fault, Id};

use crate::plan::is_shown;
use crate::{Context, Entries, Stored, absent, at_path};

impl Context<'_> {
    /// A record as an answer of this verb shows it, or in a view of its resource: hooks run, references shown.
    ///
    /// # Errors
    /// The store failed.
    pub fn show(
        &self,
        resource: &Resource,
        verb: Verb,
        view: Option<&str>,
        mut stored: Stored,
    ) -> Result<Value, Fault> {
        self.hooked(resource, verb, &mut stored)?;
        absent::settle(self, resource, verb, &resource.fields, &mut stored)?;
        let renderer = Renderer::new(self, resource, verb);
        match view {
            Some(view) => renderer.view(view, &stored),
            None => renderer.whole(&stored),
        }
        .map(Value::Object)
    }
}

/// Shows records of a resource in the answers of a verb.
pub(crate) struct Renderer<'a, 'b> {
    cx: &'a Context<'b>,
    resource: &'a Resource,
    verb: Verb,
    wire: &'a Wire,
}

impl<'a, 'b> Renderer<'a, 'b> {
    pub fn new(cx: &'a Context<'b>, resource: &'a Resource, verb: Verb) -> Renderer<'a, 'b> {
        let wire = resource.wire.as_ref().unwrap_or(&cx.catalogue().owner(resource).wire);
        Renderer { cx, resource, verb, wire }
    }

    /// How values are spelt.
    pub fn wire(&self) -> &'a Wire {
        self.wire
    }

    fn whole(&self, stored: &Stored) -> Result<Map<String, Value>, Fault> {
        let mut members = Map::new();
        for (name, field) in &self.resource.fields {
            if !is_shown(field, self.verb) {
                continue;
            }
            match self.member(name, field, stored)? {
                Some(value) => members.insert(name.clone(), value),
                None if self.wire.nulls => members.insert(name.clone(), Value::Null),
                None => None,
            };
        }
        Ok(members)
    }

    fn view(&self, view: &str, stored: &Stored) -> Result<Map<String, Value>, Fault> {
        let mut members = Map::new();
        for name in self.resource.views.get(view).into_iter().flatten() {
            let Some(field) = self.resource.field(name) else { continue };
            if let Some(value) = self.member(name, field, stored)? {
                members.insert(name.clone(), value);
            }
        }
        Ok(members)
    }

    /// What a member shows, wherever that is found; nothing where it is not to be told.
    pub fn member(&self, name: &str, field: &Field, stored: &Stored) -> Result<Option<Value>, Fault> {
        // Whatever a view names: a secret is never told.
        if field.secret {
            return Ok(None);
        }
        match field.stamp {
            Some(Stamp::Scope) => {
                return Ok((stored.scope != "0").then(|| self.id(&stored.scope)));
            }
            Some(Stamp::ScopeName) => return self.scope_name(&stored.scope),
            _ => {}
        }
        // A behaviour hides a member, even one that is found elsewhere, by setting it to null.
        if stored.record.get(name) == Some(&Value::Null) {
            return Ok(None);
        }
        if let Some(source) = &field.from {
            return self.followed(source, stored);
        }
        if let Some(made) = &field.made {
            return self.made(made, field, stored);
        }
        if let Some(inverse) = &field.inverse {
            return self.inverse(field, inverse, &stored.id);
        }
        let default = field.default.as_ref().filter(|_| field.access == Access::Server).map(|json| &json.0);
        match stored.record.get(name).or(default) {
            Some(value) if field.apart && value.is_object() => {
                let of = Entries { kind: &self.resource.kind, id: &stored.id, member: name };
                let all = self.cx.entries(of, Some(value))?;
                Ok(self.list(all.into_iter().map(Value::String).collect()))
            }
            Some(value) => self.spell(name, field, &field.shape, value),
            None => Ok(None),
        }
    }

    fn scope_name(&self, scope: &str) -> Result<Option<Value>, Fault> {
        let Some(kind) = &self.resource.scope else { return Ok(None) };
        let name = self.cx.once(&format!("name\n{kind}\n{scope}"), || {
            let named = self.cx.get(kind, &Id(scope.to_owned()))?;
            Ok(named.and_then(|mut stored| stored.record.remove("name")).unwrap_or_default())
        })?;
        Ok((!name.is_null()).then_some(name))
    }

    /// Another member of the same record, told a second time.
    fn again(&self, name: &str, stored: &Stored) -> Result<Option<Value>, Fault> {
        match self.resource.field(name) {
            Some(field) => self.member(name, field, stored),
            None => Ok((name == "id").then(|| self.id(stored.id.as_str()))),
        }
    }

    /// A text of the tenant's words and other members; none where one of those is not there.
    fn made(&self, made: &str, field: &Field, stored: &Stored) -> Result<Option<Value>, Fault> {
        let tenant = self.cx.tenant();
        let mut text = made.to_owned();
        for word in field.made_of() {
            let told = match word {
                "customer" => tenant.customer_id.to_string(),
                "org" => tenant.org_id.to_string(),
                "cloud" => tenant.cloud.clone(),
                "vanity" => tenant.vanity.clone(),
                "id" => stored.id.0.clone(),
                member => match self.again(member, stored)? {
                    Some(Value::String(told)) => told,
                    Some(Value::Number(told)) => told.to_string(),
                    _ => return Ok(None),
                },
            };
            text = text.replacen(&format!("{{{word}}}"), &told, 1);
        }
        Ok(Some(Value::String(text)))
    }

    /// `segmentGroupId.name`: a member of the record that another member points at.
    fn followed(&self, source: &str, stored: &Stored) -> Result<Option<Value>, Fault> {
        let Some((first, rest)) = source.split_once('.') else { return self.again(source, stored) };
        let Some(kind) = self.resource.field(first).and_then(|field| field.shape.target()) else {
            return Ok(None);
        };
        let Some(id) = stored.record.get(first).and_then(Id::from_value) else { return Ok(None) };
        let resource = self.cx.resource(kind)?;
        let made = resource.field(rest).filter(|field| field.made.is_some());
        let found = self.cx.once(&format!("followed\n{kind}\n{id}\n{rest}"), || {
            let Some(mut target) = self.cx.get(kind, &id)? else { return Ok(Value::Null) };
            let told = match made {
                Some(field) => Renderer::new(self.cx, resource, self.verb).member(rest, field, &target)?,
                None => {
                    // What is not kept, the other record's behaviours may tell when it is read.
                    if at_path(&target.record, rest).is_none() {
                        self.cx.hooked(resource, Verb::Read, &mut target)?;
                    }
                    at_path(&target.record, rest).cloned()
                }
            };
            Ok(told.unwrap_or_default())
        })?;
        match resource.field(rest) {
            Some(field) => self.spell(rest, field, &field.shape, &found),
            None => Ok((!found.is_null()).then_some(found)),
        }
    }

    /// The records of the target kind that point here, in their order: their ids, where the member is one of ids.
    fn inverse(&self, field: &Field, inverse: &str, id: &Id) -> Result<Option<Value>, Fault> {
        let Some(kind) = field.shape.target() else { return Ok(None) };
        let linked = !matches!(&field.shape, Shape::List(inner) if matches!(**inner, Shape::Ref(_)));
        let mut items = Vec::new();
        for stored in self.cx.pointing(kind, inverse, &self.resource.kind, id)? {
            items.push(match linked {
                true => self.target(kind, self.view_of(field), &stored)?,
                false => self.id(&stored.id.0),
            });
        }
        Ok(self.list(items))
    }

    fn view_of<'f>(&self, field: &'f Field) -> &'f str {
        let listed = field.list_view.as_ref().filter(|_| self.verb == Verb::List);
        listed.or(field.view.as_ref()).map_or("ref", String::as_str)
    }

    /// A record of another kind in one of its views; id and name when it does not define that view.
    fn target(&self, kind: &str, view: &str, stored: &Stored) -> Result<Value, Fault> {
        let resource = self.cx.resource(kind)?;
        let renderer = Renderer::new(self.cx, resource, self.verb);
        let mut derived =
            self.cx.engine.bound(resource).all().flat_map(|b| b.derived(self.cx, &stored.record)).peekable();
        let mut settled = None;
        if derived.peek().is_some() {
            settled.insert(stored.clone()).record.extend(derived);
        }
        let stored = settled.as_ref().unwrap_or(stored);
        if resource.views.contains_key(view) {
            return renderer.view(view, stored).map(Value::Object);
        }
        let mut members = Map::new();
        for name in ["id", "name"] {
            if let Some(field) = resource.field(name)
                && let Some(value) = renderer.member(name, field, stored)?
            {
                members.insert(name.to_owned(), value);
            }
        }
        Ok(Value::Object(members))
    }

    /// Many records of a list link to the same few: what such a link shows is made once a call.
    fn link(&self, field: &Field, kind: &str, id: &str) -> Result<Value, Fault> {
        let place = std::ptr::from_ref(field).addr();
        let key = format!("link\n{}\n{place}\n{:?}\n{id}", self.resource.kind, self.verb);
        self.cx.once(&key, || self.show_link(field, kind, id))
    }

    /// What a link to a record shows.
    pub fn show_link(&self, field: &Field, kind: &str, id: &str) -> Result<Value, Fault> {
        let target = self.cx.get(kind, &Id(id.to_owned()))?;
        let hydrated = field.hydrated.as_ref().is_none_or(|verbs| verbs.contains(&self.verb));
        if hydrated && let Some(target) = &target {
            return self.target(kind, self.view_of(field), target);
        }
        let mut members = Map::new();
        members.insert("id".into(), self.id(id));
        if !hydrated {
            if let (Some(view), Some(target)) = (&field.stub_view, &target)
                && let Value::Object(shown) = self.target(kind, view, target)?
            {
                members.extend(shown);
            }
            if let Some(Value::Object(stub)) = field.stub.as_ref().map(|json| &json.0) {
                members.extend(stub.clone());
            }
        }
        Ok(Value::Object(members))
    }

    fn spell(&self, name: &str, field: &Field, shape: &Shape, value: &Value) -> Result<Option<Value>, Fault> {
        Ok(match (shape, value) {
            (_, Value::Null) => None,
            (Shape::Int | Shape::Time | Shape::Float, Value::Number(number)) => {
                Some(match self.wire.numbers {
                    Numbers::Numbers => value.clone(),
                    Numbers::Strings => Value::String(number.to_string()),
                })
            }
            (Shape::Id | Shape::Ref(_), Value::String(id)) => Some(self.id(id)),
            (Shape::Link(kind), Value::String(id)) => Some(self.link(field, kind, id)?),
            (Shape::Named(named), Value::Object(members)) => {
                let fields = self.cx.catalogue().value_type(self.resource, named);
                Some(Value::Object(self.named(fields.expect("the catalogue's check found it"), members)?))
            }
            (Shape::List(inner), Value::Array(items)) => {
                let mut shown = Vec::with_capacity(items.len());
                for item in items {
                    shown.extend(self.spell(name, field, inner, item)?);
                }
                self.list(shown)
            }
            (Shape::String, Value::String(text))
                if self.wire.escapes && matches!(name, "name" | "description") =>
            {
                Some(Value::String(escape(text)))
            }
            (_, Value::Array(items)) if items.is_empty() => self.list(Vec::new()),
            _ => Some(value.clone()),
        })
    }

    fn named(&self, fields: &Fields, members: &Map<String, Value>) -> Result<Map<String, Value>, Fault> {
        let mut shown = Map::new();
        for (name, field) in fields {
            if !is_shown(field, self.verb) {
                continue;
            }
            if let Some(value) = members.get(name)
                && let Some(value) = self.spell(name, field, &field.shape, value)?
            {
                shown.insert(name.clone(), value);
            }
        }
        Ok(shown)
    }

    fn list(&self, items: Vec<Value>) -> Option<Value> {
        (!items.is_empty() || self.wire.empty == Empty::Shown).then_some(Value::Array(items))
    }

    /// An id as the product spells it.
    pub fn id(&self, id: &str) -> Value {
        match (self.wire.ids.unwrap_or(self.wire.numbers), id.parse::<i64>()) {
            (Numbers::Numbers, Ok(number)) => Value::from(number),
            _ => Value::String(id.to_owned()),
        }
    }
}

/// `& < > " '` as entities; what is an entity already stays (seen: a name is escaped once).
pub(crate) fn escape(text: &str) -> String {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return text.to_owned();
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for (place, letter) in text.char_indices() {
        match letter {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '&' if !is_entity(&text[place..]) => escaped.push_str("&amp;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// The text that was escaped.
pub(crate) fn unescape(text: &str) -> String {
    let signs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    signs.iter().fold(text.to_owned(), |text, (entity, sign)| text.replace(entity, sign))
}

fn is_entity(text: &str) -> bool {
    let Some(end) = text.find(';').filter(|&end| end <= 10) else { return false };
    let name = &text[1..end];
    !name.is_empty() && name.trim_start_matches('#').chars().all(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::{escape, unescape};

    #[test]
    fn text_is_escaped_once() {
        assert_eq!(escape("a & b <c>"), "a &amp; b &lt;c&gt;");
        assert_eq!(escape("&#x2a;&#x2e;example &amp; &"), "&#x2a;&#x2e;example &amp; &amp;");
        assert_eq!(escape("plain.name-1_(x)"), "plain.name-1_(x)");
        for text in ["a & b <c> \"d\" 'e'", "plain"] {
            assert_eq!(unescape(&escape(text)), text);
        }
    }
}
