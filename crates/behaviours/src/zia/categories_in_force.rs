//! The categories that activation has put in force, indexed for look-ups and kept until the next activation.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::Value;
use zuno_catalogue::handles::zia::url_category as member;
use zuno_engine::{Context, Stored};
use zuno_model::{Fault, Record, TenantId};
use zuno_urls::{CustomCategories, CustomCategory, Holds};

use super::activation::stamp_key;

/// How many tenants' indexes are kept; one that was dropped costs the time to build it again.
const KEPT: usize = 256;

/// An index with the stamp of the activation that it was built after.
type Stamped = (Option<Vec<u8>>, Arc<CustomCategories>);

/// Indexes by tenant. INVARIANT: records in force change by activation alone, which changes the stamp.
#[derive(Default)]
pub struct InForce {
    known: Mutex<HashMap<TenantId, Stamped>>,
}

impl InForce {
    /// The index of the call's tenant.
    ///
    /// # Errors
    /// The store failed.
    pub fn of(&self, cx: &Context<'_>) -> Result<Arc<CustomCategories>, Fault> {
        let tenant = cx.tenant().id;
        let stamp = cx.store().note(tenant, &stamp_key(member::KIND)).map_err(Fault::broken)?;
        if let Some((known, index)) = self.known.lock().get(&tenant)
            && *known == stamp
        {
            return Ok(Arc::clone(index));
        }
        let records = records(cx)?;
        let index = Arc::new(CustomCategories::new(records.iter().flat_map(entries)));
        let mut known = self.known.lock();
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(tenant, (stamp, Arc::clone(&index)));
        Ok(index)
    }
}

/// Every category as it is in force: as it was before the first change that waits.
fn records(cx: &Context<'_>) -> Result<Vec<(String, Record)>, Fault> {
    let named = |stored: Stored| (stored.id.0, stored.record);
    let mut records: Vec<(String, Record)> = cx.all(member::KIND, None)?.into_iter().map(named).collect();
    let product = zuno_model::Kind::from(member::KIND);
    for staged in cx.store().staged(cx.tenant().id, product.product()).map_err(Fault::broken)? {
        if staged.kind != member::KIND {
            continue;
        }
        records.retain(|(id, _)| *id != staged.id.0);
        if let Some(active) = staged.active {
            records.push((staged.id.0, serde_json::from_slice(&active).map_err(Fault::broken)?));
        }
    }
    Ok(records)
}

/// What a category holds, as look-ups read it: its sites, and its patterns apart.
fn entries((id, record): &(String, Record)) -> Vec<CustomCategory<'_>> {
    let texts = |list: &str| -> Vec<&str> {
        record.get(list).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
    };
    let is = |name: &str, value: &str| record.get(name).and_then(Value::as_str) == Some(value);
    let val = record.get(member::VAL).and_then(Value::as_u64).and_then(|val| u32::try_from(val).ok());
    let val = val.unwrap_or(u32::MAX);
    let holds = match () {
        () if is(member::TYPE, "TLD_CATEGORY") => Holds::TopLevelDomains,
        () if is(member::URL_TYPE, "REGEX") => Holds::Patterns,
        () => Holds::Urls,
    };
    let sites = CustomCategory {
        id,
        val,
        holds,
        urls: texts(member::URLS),
        urls_retaining_parent: texts(member::DB_CATEGORIZED_URLS),
        keywords: texts(member::KEYWORDS),
        keywords_retaining_parent: texts(member::KEYWORDS_RETAINING_PARENT_CATEGORY),
        ip_ranges: texts(member::IP_RANGES),
        ip_ranges_retaining_parent: texts(member::IP_RANGES_RETAINING_PARENT_CATEGORY),
    };
    let patterns = CustomCategory {
        id,
        val,
        holds: Holds::Patterns,
        urls: texts(member::REGEX_PATTERNS),
        urls_retaining_parent: texts(member::REGEX_PATTERNS_RETAINING_PARENT_CATEGORY),
        ..CustomCategory::default()
    };
    vec![sites, patterns]
}

/// The sites of a category alone, for reviews.
pub fn sites<'r>(id: &'r str, record: &'r Record) -> CustomCategory<'r> {
    let texts = |list: &str| -> Vec<&'r str> {
        record.get(list).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
    };
    CustomCategory {
        id,
        urls: texts(member::URLS),
        urls_retaining_parent: texts(member::DB_CATEGORIZED_URLS),
        ..CustomCategory::default()
    }
}
