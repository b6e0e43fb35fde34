//! What a tenant has before anyone changes it: shared text, made the tenant's own at the first change of its kind.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::{Map, Value};
use zuno_catalogue::{Catalogue, Resource};
use zuno_model::{Id, Record, Tenant, TenantId, Time};

use crate::{Stored, decode, sort};

/// How many bytes of expanded kinds are remembered over all tenants; they cost only the time to expand them again.
const REMEMBERED: usize = 64 << 20;

/// Whose first objects, and of which kind. When a tenant was made, and whether the sample fleet is part of it, may change with
/// all that it has; its names and numbers stay.
type Key = (TenantId, (Time, bool), String);

/// Expanded first objects by tenant and kind, and about how many bytes they hold.
#[derive(Default)]
struct Expanded {
    kinds: HashMap<Key, Arc<Vec<Stored>>>,
    bytes: usize,
}

impl Expanded {
    fn remember(&mut self, key: Key, records: &Arc<Vec<Stored>>) {
        let bytes = weight(records);
        if self.bytes + bytes > REMEMBERED {
            *self = Expanded::default();
        }
        self.bytes += bytes;
        let replaced = self.kinds.insert(key, Arc::clone(records));
        self.bytes -= replaced.map_or(0, |known| weight(&known));
    }
}

/// A tenant's first objects, expanded on demand.
#[derive(Default)]
pub struct Baselines {
    expanded: Mutex<Expanded>,
}

impl Baselines {
    /// Whether tenants have first objects of this kind at all.
    pub fn any(catalogue: &Catalogue, kind: &str) -> bool {
        catalogue.fresh(kind).is_some() || catalogue.fleet(kind).is_some()
    }

    /// A tenant's first objects of one kind, in the order of its lists.
    pub fn of(&self, catalogue: &Catalogue, resource: &Resource, tenant: &Tenant) -> Arc<Vec<Stored>> {
        let key = (tenant.id, (tenant.created, tenant.sample_fleet), resource.kind.clone());
        if let Some(known) = self.expanded.lock().kinds.get(&key) {
            return Arc::clone(known);
        }
        let expanded = Arc::new(expand(catalogue, resource, tenant, tenant));
        self.expanded.lock().remember(key, &expanded);
        expanded
    }

    /// Forgets a tenant that is gone or has been cleared.
    pub fn forget(&self, tenant: TenantId) {
        let mut memory = self.expanded.lock();
        memory.kinds.retain(|(of, ..), _| *of != tenant);
        memory.bytes = memory.kinds.values().map(|records| weight(records)).sum();
    }
}

/// About how many bytes of memory records hold.
fn weight(records: &[Stored]) -> usize {
    records.iter().map(|stored| size_of::<Stored>() + stored.sort.len() + members(&stored.record)).sum()
}

fn members(record: &Record) -> usize {
    // A member has its hash and its place in the index besides.
    record
        .iter()
        .map(|(name, value)| name.len() + size_of::<(String, Value, u64, usize)>() + inside(value))
        .sum()
}

fn inside(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => text.len(),
        Value::Array(values) => values.iter().map(|value| size_of::<Value>() + inside(value)).sum(),
        Value::Object(record) => members(record),
    }
}

/// A tenant's first objects of a kind. What they are called by, their ids and the addresses of people, is as `former` has it: the
/// tenant itself, or another whose records are put into it.
pub(crate) fn expand(
    catalogue: &Catalogue,
    resource: &Resource,
    tenant: &Tenant,
    former: &Tenant,
) -> Vec<Stored> {
    let fleet = catalogue.fleet(&resource.kind).filter(|_| tenant.sample_fleet);
    let mut records = Vec::new();
    for text in [catalogue.fresh(&resource.kind), fleet].into_iter().flatten() {
        let shared: Vec<Map<String, Value>> =
            serde_json::from_str(text).expect("the reader wrote valid JSON");
        for raw in shared {
            let filling = Filling { tenant, former };
            let raw = raw.into_iter().map(|(name, value)| (name, filling.value(value))).collect();
            records.push(stored(catalogue, resource, raw));
        }
    }
    records.sort_by(|a, b| (&a.sort, &a.id).cmp(&(&b.sort, &b.id)));
    records
}

fn stored(catalogue: &Catalogue, resource: &Resource, raw: Record) -> Stored {
    let id = raw.get("id").and_then(Id::from_value).unwrap_or_else(|| Id("1".into()));
    let mut record = decode::baseline(catalogue, resource, raw);
    record.insert("id".into(), Value::String(id.0.clone()));
    let sort = sort::key(resource, &id, &record);
    Stored { id, scope: "0".into(), sort, record }
}

/// What placeholders stand for: a tenant's own numbers, and ids and names as another may have had them.
struct Filling<'t> {
    tenant: &'t Tenant,
    former: &'t Tenant,
}

impl Filling<'_> {
    /// Replaces the placeholders in every text of a value.
    fn value(&self, value: Value) -> Value {
        match value {
            Value::String(text) if text == "{created}" => Value::from(self.tenant.created),
            Value::String(text) if text == "{org}" => Value::from(self.tenant.org_id),
            Value::String(text) if text.contains('{') => Value::String(self.text(&text)),
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            Value::Object(members) => {
                members.into_iter().map(|(name, value)| (name, self.value(value))).collect()
            }
            other => other,
        }
    }

    fn text(&self, text: &str) -> String {
        let tenant = self.tenant;
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find('{') {
            filled.push_str(&rest[..start]);
            let Some(length) = rest[start..].find('}') else { break };
            let name = &rest[start + 1..start + length];
            match name.split_once('+') {
                Some(("customer", offset)) if offset.parse::<i64>().is_ok() => {
                    let offset: i64 = offset.parse().unwrap_or_default();
                    filled.push_str(&self.former.customer_id.saturating_add(offset).to_string());
                }
                _ => match name {
                    "customer" => filled.push_str(&tenant.customer_id.to_string()),
                    "org" => filled.push_str(&tenant.org_id.to_string()),
                    "cloud" => filled.push_str(&tenant.cloud),
                    "vanity" => filled.push_str(&self.former.vanity),
                    "created" => filled.push_str(&tenant.created.to_string()),
                    other => filled.push_str(&format!("{{{other}}}")),
                },
            }
            rest = &rest[start + length + 1..];
        }
        filled.push_str(rest);
        filled
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;
    use zuno_model::{Id, Record, Tenant, TenantId};

    use super::{Expanded, Filling, REMEMBERED, weight};
    use crate::Stored;

    #[test]
    fn what_is_remembered_is_bounded_by_its_bytes() {
        let of = |bytes: usize| {
            let record: Record = [("text".to_owned(), json!(["x".repeat(bytes)]))].into_iter().collect();
            Arc::new(vec![Stored { id: Id("1".into()), scope: String::new(), sort: String::new(), record }])
        };
        let mut memory = Expanded::default();
        let large = of(REMEMBERED / 4);
        for tenant in 0..10 {
            memory.remember((TenantId(tenant), (0, false), "kind".into()), &large);
            memory.remember((TenantId(tenant), (0, false), "kind".into()), &large);
            let held: usize = memory.kinds.values().map(|records| weight(records)).sum();
            assert_eq!(memory.bytes, held);
            assert!((REMEMBERED / 4..=REMEMBERED).contains(&held), "{held}");
        }
    }

    #[test]
    fn placeholders_become_the_tenants_own_values() {
        let tenant = Tenant {
            id: TenantId(1),
            vanity: "acme".into(),
            customer_id: 100,
            org_id: 7,
            cloud: "cloud.example".into(),
            created: 42,
            sample_fleet: false,
            audience: zuno_model::AudienceRule::default(),
        };
        let former = Tenant { vanity: "former".into(), customer_id: 900, org_id: 9, ..tenant.clone() };
        let filled = |former| {
            let value = json!({
                "a": "{customer+5}", "b": ["{created}"], "c": "x{cloud}/{odd}{", "d": "{customer}", "e": "a@{vanity}", "f": "{org}",
            });
            Filling { tenant: &tenant, former }.value(value)
        };
        let own =
            json!({"a": "105", "b": [42], "c": "xcloud.example/{odd}{", "d": "100", "e": "a@acme", "f": 7});
        assert_eq!(filled(&tenant), own);
        let put =
            json!({"a": "905", "b": [42], "c": "xcloud.example/{odd}{", "d": "100", "e": "a@former", "f": 7});
        assert_eq!(filled(&former), put);
    }
}
