//! The changes of a SCIM PATCH (RFC 7644, 3.5.2), as the identity providers in use write them: `op` in any case,
//! paths as names of members where no `path` is given, members to remove as a value.

use std::collections::HashSet;
use zuno_catalogue::Members;

use serde_json::{Map, Value, json};

use super::error::ScimError;
use super::filter::{Comparison, Filter, Path, key, member};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Add,
    Replace,
    Remove,
}

/// How many values all operations of one PATCH may look at. A group of a hundred thousand still takes dozens of
/// operations; beyond that, nobody else could write for seconds.
const WORK: usize = 5_000_000;

/// What is left of the work that one PATCH may make.
struct Budget(usize);

impl Budget {
    fn spend(&mut self, values: usize) -> Result<(), ScimError> {
        let left = self.0.checked_sub(values);
        let many = || ScimError {
            status: 413,
            kind: Some("tooMany"),
            detail: "too many operations on too many values: send them in several updates".into(),
        };
        self.0 = left.ok_or_else(many)?;
        Ok(())
    }
}

/// Applies every operation of a PATCH's body to a resource.
///
/// # Errors
/// The first operation that is none, or names nothing; the resource is then half changed and must be dropped.
pub fn apply(resource: &mut Map<String, Value>, body: &Value) -> Result<(), ScimError> {
    let operations = body.as_object().and_then(|body| member(body, "Operations")).and_then(Value::as_array);
    let operations =
        operations.ok_or_else(|| ScimError::bad("invalidSyntax", "`Operations` must be a list"))?;
    let mut budget = Budget(WORK);
    for operation in operations {
        let word = operation.text("op").unwrap_or_default().to_ascii_lowercase();
        let change = match word.as_str() {
            "add" => Change::Add,
            "replace" => Change::Replace,
            "remove" => Change::Remove,
            _ => return Err(ScimError::bad("invalidSyntax", "`op` must be add, replace or remove")),
        };
        let value = &operation["value"];
        match (operation.text("path").filter(|path| !path.is_empty()), value) {
            (Some(path), _) => at(resource, path, change, value, &mut budget)?,
            (None, Value::Object(members)) if change != Change::Remove => {
                for (path, value) in members {
                    at(resource, path, change, value, &mut budget)?;
                }
            }
            _ => return Err(ScimError::bad("noTarget", "an operation names no path")),
        }
    }
    Ok(())
}

fn at(
    resource: &mut Map<String, Value>,
    path: &str,
    change: Change,
    value: &Value,
    budget: &mut Budget,
) -> Result<(), ScimError> {
    let path = Path::read(path).map_err(|why| ScimError::unread("invalidPath", path, why))?;
    budget.spend(resource.len())?;
    let top = match &path.schema {
        Some(schema) => object(resource, schema),
        None => resource,
    };
    let name = key(top, &path.attribute).unwrap_or(&path.attribute).to_owned();
    let held = top.get(&name).and_then(Value::as_array).map_or(0, Vec::len);
    budget.spend(held.saturating_mul(path.filter.as_ref().map_or(1, |filter| filter.clauses())))?;
    match (&path.filter, &path.part) {
        (None, None) => whole(top, name, change, value),
        (None, Some(part)) => match top.get_mut(&name) {
            Some(Value::Array(items)) => {
                items
                    .iter_mut()
                    .filter_map(Value::as_object_mut)
                    .for_each(|item| set(item, part, change, value));
            }
            _ => set(object(top, &name), part, change, value),
        },
        (Some(filter), part) => {
            let several = top.entry(name).or_insert_with(|| json!([]));
            let Some(items) = several.as_array_mut() else {
                return Err(ScimError::bad("noTarget", "a filter wants a list"));
            };
            among(items, filter, part.as_deref(), change, value)?;
        }
    }
    Ok(())
}

/// The object under a name, made where there is none.
fn object<'m>(members: &'m mut Map<String, Value>, name: &str) -> &'m mut Map<String, Value> {
    let name = key(members, name).unwrap_or(name).to_owned();
    let held = members.entry(name).or_insert_with(|| json!({}));
    if !held.is_object() {
        *held = json!({});
    }
    held.as_object_mut().expect("it is an object by now")
}

fn set(members: &mut Map<String, Value>, name: &str, change: Change, value: &Value) {
    let name = key(members, name).unwrap_or(name).to_owned();
    if change == Change::Remove {
        members.shift_remove(&name);
    } else {
        members.insert(name, value.clone());
    }
}

/// Changes an attribute as a whole: lists grow by what is added, and lose what is named.
fn whole(members: &mut Map<String, Value>, name: String, change: Change, value: &Value) {
    let given: Vec<Value> = match value {
        Value::Array(items) => items.clone(),
        Value::Null => Vec::new(),
        single => vec![single.clone()],
    };
    // Two are the same by their `value`, or without one as a whole.
    let sign = |item: &Value| match item.get("value") {
        Some(value) => (true, value.to_string()),
        None => (false, item.to_string()),
    };
    match (change, members.get_mut(&name)) {
        (Change::Remove, Some(Value::Array(items))) if !given.is_empty() => {
            let gone: HashSet<(bool, String)> = given.iter().map(sign).collect();
            items.retain(|item| !gone.contains(&sign(item)));
        }
        (Change::Remove, _) => {
            members.shift_remove(&name);
        }
        (Change::Add, Some(Value::Array(items))) => {
            let mut known: HashSet<(bool, String)> = items.iter().map(sign).collect();
            items.extend(given.into_iter().filter(|new| known.insert(sign(new))));
        }
        (_, Some(Value::Object(held))) if value.is_object() => {
            held.extend(value.as_object().cloned().unwrap_or_default());
        }
        _ => {
            members.insert(name, value.clone());
        }
    }
}

/// Changes those of several values that a filter accepts; an addition makes the value it names.
fn among(
    items: &mut Vec<Value>,
    filter: &Filter,
    part: Option<&str>,
    change: Change,
    value: &Value,
) -> Result<(), ScimError> {
    if change == Change::Remove && part.is_none() {
        items.retain(|item| !filter.accepts(item));
        return Ok(());
    }
    let mut matching = items.iter_mut().filter(|item| filter.accepts(item)).peekable();
    if matching.peek().is_some() {
        for item in matching.filter_map(Value::as_object_mut) {
            match (part, value) {
                (Some(part), _) => set(item, part, change, value),
                (None, Value::Object(new)) => item.extend(new.clone()),
                (None, _) => return Err(ScimError::bad("invalidValue", "an object is wanted")),
            }
        }
        return Ok(());
    }
    let (Change::Add, Some(part), Filter::Clause(path, Comparison::Equal, wanted)) = (change, part, filter)
    else {
        return match change {
            Change::Remove => Ok(()),
            _ => Err(ScimError::bad("noTarget", "the filter accepts none of the values")),
        };
    };
    items.push(json!({ path.attribute.as_str(): wanted, part: value }));
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::apply;

    fn patched(resource: Value, operations: Value) -> Option<Value> {
        let mut resource = resource.as_object().expect("an object").clone();
        apply(&mut resource, &json!({ "Operations": operations })).ok()?;
        Some(Value::Object(resource))
    }

    #[test]
    fn members_join_once_and_leave_in_either_spelling() {
        let group = json!({ "members": [{ "value": "a" }] });
        let joined = patched(
            group,
            json!([{ "op": "Add", "path": "members", "value": [{ "value": "a" }, { "value": "b" }, { "value": "c" }] }]),
        );
        assert_eq!(
            joined,
            Some(json!({ "members": [{ "value": "a" }, { "value": "b" }, { "value": "c" }] }))
        );
        let left = patched(
            joined.expect("joined"),
            json!([
            { "op": "remove", "path": "members[value eq \"a\"]" }, { "op": "Remove", "path": "members", "value": [{ "value": "c" }] }]),
        );
        assert_eq!(left, Some(json!({ "members": [{ "value": "b" }] })));
    }

    #[test]
    fn values_change_by_path_and_by_name() {
        let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let user = json!({ "userName": "a", "active": true, "emails": [{ "type": "work", "value": "x" }], "title": "t" });
        let changed = patched(
            user,
            json!([
                { "op": "replace", "value": { "active": false, "name.givenName": "Ada" } },
                { "op": "Replace", "path": "emails[type eq \"work\"].value", "value": "y" },
                { "op": "Add", "path": "emails[type eq \"home\"].value", "value": "z" },
                { "op": "Add", "path": format!("{urn}:department"), "value": "IT" },
                { "op": "remove", "path": "TITLE" },
            ]),
        );
        assert_eq!(
            changed,
            Some(json!({
                "userName": "a", "active": false, "emails": [{ "type": "work", "value": "y" }, { "type": "home", "value": "z" }],
                "name": { "givenName": "Ada" }, urn: { "department": "IT" },
            }))
        );
    }

    #[test]
    fn a_deep_path_and_work_without_an_end_are_refused() {
        let mut group = Map::from_iter([("members".to_owned(), json!(vec![json!({"value": "x"}); 10_000]))]);
        let mut refused = |operations: Value| {
            let refused = apply(&mut group, &json!({ "Operations": operations })).expect_err("a refusal");
            (refused.status, refused.kind, refused.detail.len() < 300)
        };
        let deep = format!("members{}", "[a".repeat(5_000));
        let remove = |path: &str| json!({ "op": "remove", "path": path });
        assert_eq!(refused(json!([remove(&deep)])), (400, Some("invalidPath"), true));
        assert_eq!(refused(json!({ "no": "list" })), (400, Some("invalidSyntax"), true));
        let many = vec![remove(r#"members[value eq "y"]"#); 1_000];
        assert_eq!(refused(json!(many)), (413, Some("tooMany"), true));
    }

    #[test]
    fn a_large_group_takes_and_loses_members_in_a_time_that_grows_with_it() {
        let members: Vec<Value> = (0..200_000).map(|at| json!({ "value": at.to_string() })).collect();
        let mut group = Map::new();
        for op in ["add", "add", "remove"] {
            let body = json!({ "Operations": [{ "op": op, "path": "members", "value": members }] });
            apply(&mut group, &body).expect("applied");
        }
        assert_eq!(group["members"], json!([]));
    }

    #[test]
    fn what_names_nothing_is_refused() {
        for wrong in [
            json!([{ "op": "move", "path": "title" }]),
            json!([{ "op": "remove" }]),
            json!([{ "op": "replace", "path": "emails[", "value": 1 }]),
            json!([{ "op": "replace", "path": "emails[type eq \"work\"].value", "value": 1 }]),
            json!("no list"),
        ] {
            assert_eq!(patched(json!({}), wrong.clone()), None, "{wrong}");
        }
    }
}
