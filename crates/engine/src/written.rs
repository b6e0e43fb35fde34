//! Records written out as answers show them, from the text that the store keeps and by a plan: what is only shown is copied.
//! Whatever a plan does not settle is shown as any record is (`show.rs`), and tests hold the two against each other.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;
use zuno_catalogue::{Empty, Field, Fields, Numbers, Resource, Shape, Verb, Wire};
use zuno_model::Fault;
use zuno_store::Row;

use crate::plan::{Member, Plan, Source, is_shown};
use crate::show::{Renderer, escape};
use crate::{Context, Stored, absent, text};

/// No place among the names of a plan.
const NOWHERE: usize = usize::MAX;

/// Writes records of one resource one behind another.
struct Writer<'a, 'b> {
    cx: &'a Context<'b>,
    resource: &'a Resource,
    verb: Verb,
    wire: &'a Wire,
    renderer: Renderer<'a, 'b>,
    plan: Arc<Plan>,
    /// The names of the record before, in their order, with their places: the next one is most likely alike.
    layout: Vec<(String, usize)>,
    /// What a link of a field shows, by the id that it holds: many records link to the same few.
    links: HashMap<(usize, String), Vec<u8>>,
    /// What follows from a member's value, for each member that follows from another.
    follows: HashMap<(usize, String), Option<Vec<u8>>>,
}

impl<'a, 'b> Writer<'a, 'b> {
    /// A writer of a resource's records, by a plan for this verb.
    pub fn new(cx: &'a Context<'b>, resource: &'a Resource, verb: Verb, plan: Arc<Plan>) -> Writer<'a, 'b> {
        let renderer = Renderer::new(cx, resource, verb);
        let (layout, links, follows) = (Vec::new(), HashMap::new(), HashMap::new());
        Writer { cx, resource, verb, wire: renderer.wire(), renderer, plan, layout, links, follows }
    }

    /// Writes a record behind what is there. Nothing is written where its text is not as the store writes it.
    ///
    /// # Errors
    /// The store failed.
    pub fn write(&mut self, row: &Row, out: &mut Vec<u8>) -> Result<bool, Fault> {
        let plan = Arc::clone(&self.plan);
        let mut held = vec![None; plan.names.len()];
        let Ok(body) = std::str::from_utf8(&row.body) else { return Ok(false) };
        if !self.place(body, &mut held) {
            return Ok(false);
        }
        let Some(seen) = self.seen(row, &held)? else { return Ok(false) };
        let start = out.len();
        out.push(b'{');
        for member in &plan.members {
            let before = out.len();
            if before > start + 1 {
                out.push(b',');
            }
            out.extend_from_slice(member.lead.as_bytes());
            if self.member(member, &held, &seen, out)? {
                continue;
            }
            if plan.nulls {
                out.extend_from_slice(b"null");
            } else {
                out.truncate(before);
            }
        }
        out.push(b'}');
        Ok(true)
    }

    /// Finds the values of the plan's names.
    fn place<'t>(&mut self, body: &'t str, held: &mut [Option<&'t str>]) -> bool {
        let (layout, plan) = (&mut self.layout, &self.plan);
        let mut nth = 0;
        text::members(body, |name, value| {
            if layout.get(nth).is_none_or(|(known, _)| known != name) {
                layout.truncate(nth);
                layout.push((name.to_owned(), plan.known(name).unwrap_or(NOWHERE)));
            }
            if let Some(place) = held.get_mut(layout[nth].1) {
                *place = Some(value);
            }
            nth += 1;
        })
    }

    /// The record as far as hooks and members found elsewhere look at it, and as those leave it.
    fn seen(&self, row: &Row, held: &[Option<&str>]) -> Result<Option<Stored>, Fault> {
        let (id, scope) = (row.id.clone(), row.scope.clone());
        let mut stored = Stored { id, scope, sort: String::new(), record: serde_json::Map::new() };
        for &place in &self.plan.read {
            let Some(text) = held[place] else { continue };
            let Ok(value) = serde_json::from_str(text) else { return Ok(None) };
            stored.record.insert(self.plan.names[place].clone(), value);
        }
        self.cx.settle_row(&self.resource.kind, &mut stored)?;
        self.cx.hooked(self.resource, self.verb, &mut stored)?;
        let settled = self.plan.settled.iter().filter_map(|place| self.resource.fields.get_index(*place));
        absent::settle(self.cx, self.resource, self.verb, settled, &mut stored)?;
        Ok(Some(stored))
    }

    fn member(
        &mut self,
        member: &Member,
        held: &[Option<&str>],
        seen: &Stored,
        out: &mut Vec<u8>,
    ) -> Result<bool, Fault> {
        let resource = self.resource;
        let Some((name, field)) = resource.fields.get_index(member.field) else { return Ok(false) };
        let own = held[member.place];
        match &member.source {
            Source::Kept(default) => match own.or(default.as_deref()) {
                Some(text) => self.spell(name, field, &field.shape, text, out),
                None => Ok(false),
            },
            Source::Follows(_) if own == Some("null") => Ok(false),
            Source::Follows(first) => match held[*first] {
                Some(text) => self.follow(member.field, *first, text, out),
                None => Ok(false),
            },
            Source::Found => match self.renderer.member(name, field, seen)? {
                Some(value) => Ok(put(&value, out)),
                None => Ok(false),
            },
        }
    }

    /// What follows from the text of another member's value.
    fn follow(&mut self, nth: usize, first: usize, text: &str, out: &mut Vec<u8>) -> Result<bool, Fault> {
        let key = (nth, text.to_owned());
        if !self.follows.contains_key(&key) {
            let Some((name, field)) = self.resource.fields.get_index(nth) else { return Ok(false) };
            let value = serde_json::from_str(text).map_err(Fault::broken)?;
            let record = [(self.plan.names[first].clone(), value)].into_iter().collect();
            let alone = Stored { id: "".into(), scope: String::new(), sort: String::new(), record };
            let told = self.renderer.member(name, field, &alone)?;
            self.follows.insert(key.clone(), told.map(|value| value.to_string().into_bytes()));
        }
        let told = self.follows[&key].as_deref();
        out.extend_from_slice(told.unwrap_or_default());
        Ok(told.is_some())
    }

    /// A value as the product spells it; false where that is not to tell it.
    fn spell(
        &mut self,
        name: &str,
        field: &Field,
        shape: &Shape,
        text: &str,
        out: &mut Vec<u8>,
    ) -> Result<bool, Fault> {
        let quoted = self.wire.numbers == Numbers::Strings;
        match (shape, text.as_bytes().first()) {
            (_, None | Some(b'n')) => return Ok(false),
            (Shape::Int | Shape::Time | Shape::Float, Some(b'-' | b'0'..=b'9')) if quoted => {
                out.push(b'"');
                out.extend_from_slice(text.as_bytes());
                out.push(b'"');
            }
            (Shape::Id | Shape::Ref(_), Some(b'"')) => self.id(text, out)?,
            (Shape::Link(kind), Some(b'"')) => self.link(field, kind, text, out)?,
            (Shape::Named(named), Some(b'{')) => {
                let fields = self.cx.catalogue().value_type(self.resource, named);
                self.named(fields.expect("the catalogue's check found it"), text, out)?;
            }
            (Shape::List(inner), Some(b'[')) => return self.list(name, field, inner, text, out),
            (Shape::String, Some(b'"')) if self.wire.escapes && matches!(name, "name" | "description") => {
                let said: String = serde_json::from_str(text).map_err(Fault::broken)?;
                put(&Value::String(escape(&said)), out);
            }
            (_, Some(b'[')) if text == "[]" => {
                out.extend_from_slice(b"[]");
                return Ok(self.wire.empty == Empty::Shown);
            }
            _ => out.extend_from_slice(text.as_bytes()),
        }
        Ok(true)
    }

    fn list(
        &mut self,
        name: &str,
        field: &Field,
        inner: &Shape,
        text: &str,
        out: &mut Vec<u8>,
    ) -> Result<bool, Fault> {
        let mut items = Vec::new();
        if !text::items(text, |item| items.push(item)) {
            return Err(damaged());
        }
        let start = out.len() + 1;
        out.push(b'[');
        for item in items {
            let before = out.len();
            if before > start {
                out.push(b',');
            }
            if !self.spell(name, field, inner, item, out)? {
                out.truncate(before);
            }
        }
        let any = out.len() > start;
        out.push(b']');
        Ok(any || self.wire.empty == Empty::Shown)
    }

    fn named(&mut self, fields: &'a Fields, text: &str, out: &mut Vec<u8>) -> Result<(), Fault> {
        let mut held = Vec::new();
        if !text::members(text, |name, value| held.push((name, value))) {
            return Err(damaged());
        }
        let (start, verb) = (out.len() + 1, self.verb);
        out.push(b'{');
        for (name, field) in fields.iter().filter(|(_, field)| is_shown(field, verb)) {
            let Some((_, value)) = held.iter().find(|(known, _)| known == name) else { continue };
            let before = out.len();
            if before > start {
                out.push(b',');
            }
            put(&Value::from(name.as_str()), out);
            out.push(b':');
            if !self.spell(name, field, &field.shape, value, out)? {
                out.truncate(before);
            }
        }
        out.push(b'}');
        Ok(())
    }

    fn id(&self, text: &str, out: &mut Vec<u8>) -> Result<(), Fault> {
        match text::plain(text) {
            Some(id) if self.wire.ids.unwrap_or(self.wire.numbers) == Numbers::Numbers => {
                put(&self.renderer.id(id), out);
            }
            Some(_) => out.extend_from_slice(text.as_bytes()),
            None => {
                let id: String = serde_json::from_str(text).map_err(Fault::broken)?;
                put(&self.renderer.id(&id), out);
            }
        }
        Ok(())
    }

    fn link(&mut self, field: &Field, kind: &str, text: &str, out: &mut Vec<u8>) -> Result<(), Fault> {
        let key = (std::ptr::from_ref(field).addr(), text.to_owned());
        if !self.links.contains_key(&key) {
            let id: String = serde_json::from_str(text).map_err(Fault::broken)?;
            let shown = self.renderer.show_link(field, kind, &id)?;
            self.links.insert(key.clone(), shown.to_string().into_bytes());
        }
        out.extend_from_slice(&self.links[&key]);
        Ok(())
    }
}

/// Records as the answers of a verb show them, or in a view, written out with commas between them.
///
/// # Errors
/// The store failed.
pub fn write_rows(
    cx: &Context<'_>,
    resource: &Resource,
    verb: Verb,
    view: Option<&str>,
    rows: Vec<Row>,
) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::with_capacity(rows.iter().map(|row| row.body.len() * 3 / 2).sum());
    let mut writer: Option<Writer<'_, '_>> = None;
    for (nth, row) in rows.into_iter().enumerate() {
        if nth > 0 {
            out.push(b',');
        }
        if writer.is_none() {
            writer = cx.plan(resource, verb, view).map(|plan| Writer::new(cx, resource, verb, plan));
        }
        if let Some(writer) = &mut writer
            && writer.write(&row, &mut out)?
        {
            continue;
        }
        let stored = cx.read_row(&resource.kind, row)?;
        put(&cx.show(resource, verb, view, stored)?, &mut out);
    }
    Ok(out)
}

/// Writes a value, of which there is one.
fn put(value: &Value, out: &mut Vec<u8>) -> bool {
    serde_json::to_writer(out, value).expect("a JSON value always serialises into memory");
    true
}

fn damaged() -> Fault {
    Fault::broken("a list or an object in a record is damaged")
}
