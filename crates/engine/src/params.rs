//! What the catalogue gives a behaviour: its parameters, checked against the resources that they name. Which of them a
//! behaviour asks for is kept, so that one that none asks for, a slip say, is refused.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ptr;

use serde::de::DeserializeOwned;
use serde_json::Value;
use zuno_catalogue::{Catalogue, Field, Resource};

/// A behaviour's parameters at one resource, with errors that say which one is wrong.
#[derive(Clone, Copy, Debug)]
pub struct Params<'a> {
    /// The behaviour's name.
    behaviour: &'a str,
    /// The parameters as the catalogue gives them.
    given: &'a Value,
    /// The resource whose guarantee it is.
    pub resource: &'a Resource,
    /// The catalogue.
    pub catalogue: &'a Catalogue,
    asked: &'a Asked,
}

/// The parameters that were asked for, and whether as a whole: then what is within them is known as well.
#[derive(Debug, Default)]
pub struct Asked(RefCell<HashMap<*const Value, bool>>);

impl Asked {
    fn mark(&self, value: &Value, whole: bool) {
        *self.0.borrow_mut().entry(ptr::from_ref(value)).or_default() |= whole;
    }

    /// The first parameter that nobody has asked for.
    fn stranger<'v>(&self, given: &'v Value) -> Option<&'v str> {
        if self.0.borrow().get(&ptr::from_ref(given)) == Some(&true) {
            return None;
        }
        match given {
            Value::Object(members) => members.iter().find_map(|(name, value)| {
                let known = self.0.borrow().contains_key(&ptr::from_ref(value));
                if known { self.stranger(value) } else { Some(name.as_str()) }
            }),
            Value::Array(items) => items.iter().find_map(|item| self.stranger(item)),
            _ => None,
        }
    }
}

impl<'a> Params<'a> {
    /// A behaviour's parameters at a resource; what it asks for is kept.
    pub fn new(
        behaviour: &'a str,
        given: &'a Value,
        resource: &'a Resource,
        catalogue: &'a Catalogue,
        asked: &'a Asked,
    ) -> Params<'a> {
        Params { behaviour, given, resource, catalogue, asked }
    }

    /// That the behaviour has asked for every parameter that is given.
    ///
    /// # Errors
    /// It has none of some name.
    pub fn all_asked(&self) -> Result<(), String> {
        match self.asked.stranger(self.given) {
            None => Ok(()),
            Some(stranger) => Err(self.wrong(format!("there is no parameter `{stranger}`"))),
        }
    }

    /// A parameter as it is.
    pub fn value(&self, name: &str) -> Option<&'a Value> {
        let value = self.given.get(name)?;
        self.asked.mark(value, true);
        Some(value)
    }

    /// Parameters that each name something of the resource's, with what is said of it.
    pub fn each(&self) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
        self.asked.mark(self.given, true);
        self.given.as_object().into_iter().flatten()
    }

    /// An error, with the behaviour's name.
    pub fn wrong(&self, what: impl std::fmt::Display) -> String {
        format!("`{}`: {what}", self.behaviour)
    }

    /// The resource's kind.
    pub fn kind(&self) -> String {
        self.resource.kind.clone()
    }

    /// All parameters as one value.
    ///
    /// # Errors
    /// One is missing, unknown or of another type.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, String> {
        self.asked.mark(self.given, true);
        serde_json::from_value(self.given.clone()).map_err(|wrong| self.wrong(wrong))
    }

    /// The names of the parameters.
    pub fn names(&self) -> impl Iterator<Item = &'a String> + use<'a> {
        self.given.as_object().into_iter().flatten().map(|(name, _)| name)
    }

    /// What one parameter holds as one value; the type's default when it is not given.
    ///
    /// # Errors
    /// It is of another type.
    pub fn maybe_read<T: DeserializeOwned + Default>(&self, name: &str) -> Result<T, String> {
        self.maybe_part(name).map_or(Ok(T::default()), |part| part.read())
    }

    /// A text that must be given.
    ///
    /// # Errors
    /// It is not there, or no text.
    pub fn text(&self, name: &str) -> Result<String, String> {
        self.maybe_text(name).ok_or_else(|| format!("`{}` needs `{name}` = \"…\"", self.behaviour))
    }

    /// A text that may be given.
    pub fn maybe_text(&self, name: &str) -> Option<String> {
        self.value(name).and_then(Value::as_str).map(str::to_owned)
    }

    /// A list of texts that may be given.
    pub fn texts(&self, name: &str) -> Vec<String> {
        let items = self.value(name).and_then(Value::as_array);
        items.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// A whole number that may be given, of a type that holds it.
    pub fn number<N: TryFrom<i64>>(&self, name: &str) -> Option<N> {
        self.value(name).and_then(Value::as_i64).and_then(|number| N::try_from(number).ok())
    }

    /// A whole number that must be given.
    ///
    /// # Errors
    /// It is not there, or of no such type.
    pub fn needed_number<N: TryFrom<i64>>(&self, name: &str) -> Result<N, String> {
        self.number(name).ok_or_else(|| format!("`{}` needs `{name}` = a number", self.behaviour))
    }

    /// A flag; off when not given.
    pub fn flag(&self, name: &str) -> bool {
        self.value(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// The same behaviour's parameters inside another value.
    pub fn within(&self, given: &'a Value) -> Params<'a> {
        self.asked.mark(given, false);
        Params { given, ..*self }
    }

    /// The parameters that one parameter holds; none of them when it is not given.
    pub fn part(&self, name: &str) -> Params<'a> {
        self.maybe_part(name).unwrap_or_else(|| self.within(&Value::Null))
    }

    /// The parameters that one parameter holds, if it is given.
    pub fn maybe_part(&self, name: &str) -> Option<Params<'a>> {
        self.given.get(name).map(|given| self.within(given))
    }

    /// The parameters that each item of a list holds.
    pub fn parts(&self, name: &str) -> impl Iterator<Item = Params<'a>> {
        let list = self.given.get(name).inspect(|list| self.asked.mark(list, false));
        list.and_then(Value::as_array).into_iter().flatten().map(|given| self.within(given))
    }

    /// What the same behaviour was given at another kind.
    ///
    /// # Errors
    /// There is no such kind, or it does not have the behaviour.
    pub fn as_of(&self, kind: &str) -> Result<Params<'a>, String> {
        let found = self.resource_of(kind)?.behaviours.get(self.behaviour);
        found.map(|given| self.within(&given.0)).ok_or_else(|| self.wrong(format!("`{kind}` has none")))
    }

    /// A parameter that names one of the resource's fields.
    ///
    /// # Errors
    /// It is not given, or there is no such field.
    pub fn field(&self, name: &str) -> Result<String, String> {
        let field = self.text(name)?;
        self.known([&field])?;
        Ok(field)
    }

    /// A parameter that lists fields of the resource.
    ///
    /// # Errors
    /// One of them is none.
    pub fn fields(&self, name: &str) -> Result<Vec<String>, String> {
        let fields = self.texts(name);
        self.known(&fields)?;
        Ok(fields)
    }

    /// That these are fields of the resource.
    ///
    /// # Errors
    /// One of them is none.
    pub fn known<T: AsRef<str>>(&self, fields: impl IntoIterator<Item = T>) -> Result<(), String> {
        fields.into_iter().try_for_each(|field| self.field_of(&self.resource.kind, field.as_ref()).map(drop))
    }

    /// The kind that one of the resource's fields points at.
    ///
    /// # Errors
    /// The field points at none.
    pub fn target(&self, field: &str) -> Result<String, String> {
        let kind = self.resource.field(field).and_then(|field| field.shape.target());
        kind.map(str::to_owned).ok_or_else(|| self.wrong(format!("`{field}` points at no kind")))
    }

    /// A parameter that names a kind.
    ///
    /// # Errors
    /// It is not given, or there is no such kind.
    pub fn other(&self, name: &str) -> Result<String, String> {
        let kind = self.text(name)?;
        self.resource_of(&kind)?;
        Ok(kind)
    }

    /// A parameter that names a member of a kind, `zia.location.ipAddresses`: the kind, and its member.
    ///
    /// # Errors
    /// It is not given, or there is no such member.
    pub fn member(&self, name: &str) -> Result<(String, String), String> {
        self.member_of(&self.text(name)?)
    }

    /// A parameter that lists such members.
    ///
    /// # Errors
    /// One of them is none.
    pub fn members(&self, name: &str) -> Result<Vec<(String, String)>, String> {
        self.texts(name).iter().map(|path| self.member_of(path)).collect()
    }

    fn member_of(&self, path: &str) -> Result<(String, String), String> {
        let end = path.match_indices('.').nth(1).map(|(end, _)| end);
        let end = end.ok_or_else(|| self.wrong(format!("`{path}` is no `product.kind.member`")))?;
        let (kind, member) = (&path[..end], &path[end + 1..]);
        self.field_of(kind, member)?;
        Ok((kind.to_owned(), member.to_owned()))
    }

    /// The resource of a kind.
    ///
    /// # Errors
    /// There is no such kind.
    pub fn resource_of(&self, kind: &str) -> Result<&'a Resource, String> {
        self.catalogue.resource(kind).ok_or_else(|| self.wrong(format!("there is no resource `{kind}`")))
    }

    /// A field of a kind.
    ///
    /// # Errors
    /// There is no such kind, or no such field.
    pub fn field_of(&self, kind: &str, field: &str) -> Result<&'a Field, String> {
        let found = self.resource_of(kind)?.field(field);
        found.ok_or_else(|| self.wrong(format!("`{kind}` has no field `{field}`")))
    }
}
