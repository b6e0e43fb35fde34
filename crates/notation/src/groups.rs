//! Members that recur within a product are described once: a file gives the name of the group in place of a description.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer, Error};

use crate::Fields;

/// The groups of one product, from `[groups.NAME]` of its `_product.toml`.
#[derive(Default)]
pub(crate) struct Groups<'t> {
    text: &'t str,
    of: DeTable<'t>,
    used: BTreeSet<(String, String)>,
}

impl<'t> Groups<'t> {
    /// Takes the groups out of a product's file.
    pub(crate) fn take(text: &'t str, file: &mut DeTable<'t>) -> Result<Groups<'t>, String> {
        let Some(groups) = file.remove("groups") else { return Ok(Groups::default()) };
        IndexMap::<String, Fields>::deserialize(toml::de::ValueDeserializer::from(groups.clone()))
            .map_err(|wrong| told(wrong, text))?;
        let DeValue::Table(of) = groups.into_inner() else { return Ok(Groups::default()) };
        Ok(Groups { text, of, used: BTreeSet::new() })
    }

    /// Puts the descriptions in the place of the names: in a file's own members, and in those of its value types.
    pub(crate) fn fill<'f>(&mut self, text: &str, file: &mut DeTable<'f>) -> Result<(), String>
    where
        't: 'f,
    {
        if let Some(fields) = file.get_mut("fields").and_then(table) {
            self.members(text, fields)?;
        }
        let types = file.get_mut("types").and_then(table);
        types.into_iter().flat_map(|types| types.iter_mut()).try_for_each(|(_, fields)| match table(fields) {
            Some(fields) => self.members(text, fields),
            None => Ok(()),
        })
    }

    fn members<'f>(&mut self, text: &str, fields: &mut DeTable<'f>) -> Result<(), String>
    where
        't: 'f,
    {
        for (name, value) in fields.iter_mut() {
            let DeValue::String(group) = value.get_ref() else { continue };
            let name = name.get_ref();
            let Some(members) = self.of.get(&**group).map(Spanned::get_ref).and_then(DeValue::as_table)
            else {
                let all = named(self.of.keys());
                let what = format!("`{name}`: there is no group `{group}`; there are {all}");
                return Err(at(text, value, &what));
            };
            let Some(described) = members.get(&**name) else {
                let what = format!("group `{group}` has no `{name}`; there are {}", named(members.keys()));
                return Err(at(text, value, &what));
            };
            self.used.insert((group.to_string(), name.to_string()));
            *value = described.clone();
        }
        Ok(())
    }

    /// A description that no file takes means nothing.
    pub(crate) fn all_used(&self) -> Result<(), String> {
        for (group, members) in &self.of {
            for (name, value) in members.get_ref().as_table().into_iter().flatten() {
                let (group, name) = (group.get_ref().to_string(), name.get_ref().to_string());
                let what = format!("group `{group}`: no file takes its `{name}`");
                if !self.used.contains(&(group, name)) {
                    return Err(at(self.text, value, &what));
                }
            }
        }
        Ok(())
    }
}

/// What a table says, as the type that it is read into.
pub(crate) fn read<T: for<'de> Deserialize<'de>>(
    text: &str,
    table: Spanned<DeTable<'_>>,
) -> Result<T, String> {
    T::deserialize(Deserializer::from(table)).map_err(|wrong| told(wrong, text))
}

/// A file's text, taken apart.
pub(crate) fn parse(text: &str) -> Result<Spanned<DeTable<'_>>, String> {
    DeTable::parse(text).map_err(|wrong| told(wrong, text))
}

fn told(mut wrong: Error, text: &str) -> String {
    wrong.set_input(Some(text));
    wrong.to_string()
}

fn table<'a, 't>(value: &'a mut Spanned<DeValue<'t>>) -> Option<&'a mut DeTable<'t>> {
    match value.get_mut() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

fn at<T>(text: &str, value: &Spanned<T>, what: &str) -> String {
    let line = text.get(..value.span().start).unwrap_or_default().matches('\n').count() + 1;
    format!("line {line}: {what}")
}

fn named<'a, 't: 'a>(keys: impl Iterator<Item = &'a Spanned<toml::de::DeString<'t>>>) -> String {
    crate::check::checker::listed(keys.map(|key| key.get_ref()))
}
