//! Dotted members that lead on through what a record points at, and texts that hold such members in braces.

use serde_json::Value;
use zuno_catalogue::Resource;
use zuno_engine::{Context, Params, at_path};
use zuno_model::{Fault, Id, Record};

/// That a path leads from member to member, through what they point at.
///
/// # Errors
/// A kind on the way has no such member.
pub fn leads(params: Params<'_>, resource: &Resource, path: &str) -> Result<(), String> {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let field = params.field_of(&resource.kind, first)?;
    match field.shape.target() {
        Some(kind) if !rest.is_empty() => leads(params, params.resource_of(kind)?, rest),
        _ => Ok(()),
    }
}

/// What stands at the end of a path.
///
/// # Errors
/// The store failed.
pub fn found(cx: &Context<'_>, kind: &str, record: &Record, path: &str) -> Result<Option<Value>, Fault> {
    let Some((first, rest)) = path.split_once('.') else { return Ok(record.get(path).cloned()) };
    let Some(target) = cx.resource(kind)?.field(first).and_then(|field| field.shape.target()) else {
        return Ok(at_path(record, path).cloned());
    };
    let Some(id) = record.get(first).and_then(Id::from_value) else { return Ok(None) };
    match cx.get(target, &id)? {
        Some(stored) => found(cx, target, &stored.record, rest),
        None => Ok(None),
    }
}

/// The pieces of a text: what stands in braces names a member; without any, the whole text does.
pub fn pieces(told: &str) -> impl Iterator<Item = (&str, bool)> {
    let whole = !told.contains('{');
    let pieces =
        told.split(['{', '}']).enumerate().map(move |(place, piece)| (piece, whole || place % 2 == 1));
    pieces.filter(|(piece, _)| !piece.is_empty())
}
