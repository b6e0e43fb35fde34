//! A snapshot as one document: pretty and in a stable order, a record a line, so that two of them can be held against each
//! other line by line. Secrets are left out as it is written, and sealed where one was written into it by hand.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;

use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use zuno_catalogue::Catalogue;
use zuno_catalogue::handles::zidentity::api_client_secret;
use zuno_catalogue::handles::zpa::api_key;
use zuno_engine::{Engine, Taken, Waiting};
use zuno_model::{Fault, Record, TenantId, Time};
use zuno_store::Read;

use super::form::{Beside, Head, Kept, Origin, VERSION};
use super::kept::{self, Parts};
use super::refused::Refused;
use super::save::line;
use crate::json;
use crate::state::settings::Lasting;

/// How deep it may be: a record lies this much deeper in it than in a body.
const DEEPER: usize = 8;

/// The longest id, in bytes.
const LONGEST_ID: usize = 255;

/// The longest word on a snapshot, in bytes.
const LONGEST_NOTE: usize = 1_000;

/// How many counters a tenant has at most.
const COUNTERS: usize = 10_000;

/// The largest number that ids count on from: there is as much room above it as below.
const LARGEST_NUMBER: i64 = i64::MAX / 2;

/// How far from 1970 anything is, in seconds.
const LATEST: u64 = 1_000_000_000_000;

/// A snapshot as a file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    zuno_snapshot: u32,
    /// What it is called where it is kept is said by whoever keeps it.
    #[serde(default, rename = "name")]
    _name: IgnoredAny,
    #[serde(default)]
    note: Option<String>,
    at: Time,
    #[serde(default)]
    zuno: String,
    tenant: Origin,
    #[serde(default)]
    secrets_left_out: u64,
    #[serde(default)]
    counters: BTreeMap<String, i64>,
    #[serde(default)]
    settings: Lasting,
    #[serde(default)]
    waiting: BTreeMap<String, Waiting>,
    kinds: Kinds,
}

/// Only which form it has.
#[derive(Deserialize)]
struct Version {
    zuno_snapshot: Option<u32>,
}

/// Records by kind, as they are read.
#[derive(Default)]
struct Kinds {
    parts: Parts,
    counts: BTreeMap<String, u64>,
    waiting: u64,
    /// The products that a change waits for.
    products: BTreeSet<String>,
}

impl<'de> Deserialize<'de> for Kinds {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Kinds, D::Error> {
        from.deserialize_map(ByKind)
    }
}

struct ByKind;

impl<'de> Visitor<'de> for ByKind {
    type Value = Kinds;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("records by kind")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Kinds, A::Error> {
        let mut kinds = Kinds::default();
        while let Some(kind) = map.next_key::<String>()? {
            if kinds.counts.insert(kind.clone(), 0).is_some() {
                return Err(A::Error::custom(format!("`{kind}` is there twice")));
            }
            map.next_value_seed(OfKind { kind: &kind, into: &mut kinds })?;
        }
        Ok(kinds)
    }
}

/// The records of one kind, of which none is held once it is read.
struct OfKind<'k> {
    kind: &'k str,
    into: &'k mut Kinds,
}

impl<'de> DeserializeSeed<'de> for OfKind<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for OfKind<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of the records of {}", self.kind)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let (kind, into) = (self.kind, self.into);
        let mut ids = HashSet::new();
        let mut count = 0;
        while let Some(taken) = seq.next_element::<Taken>()? {
            let wrong = |why: &str| Err(A::Error::custom(format!("{kind} {}: {why}", taken.id)));
            if taken.id.as_str().is_empty() || taken.id.as_str().len() > LONGEST_ID {
                return wrong("an id has 1 to 255 bytes");
            }
            if taken.record.is_none() && taken.in_force.is_empty() {
                return wrong("it has neither `record` nor `in_force`");
            }
            if !ids.insert(taken.id.clone()) {
                return wrong("it is there twice");
            }
            count += u64::from(taken.record.is_some());
            into.waiting += u64::from(!taken.in_force.is_empty());
            into.products.extend(taken.in_force.keys().cloned());
            into.parts.add(kind, &line(&taken).map_err(A::Error::custom)?);
        }
        into.counts.insert(kind.to_owned(), count);
        Ok(())
    }
}

/// Writes the document of a snapshot.
pub fn write(engine: &Engine, tx: &dyn Read, kept: &Kept) -> Result<String, Fault> {
    let (mut body, mut left_out) = (String::new(), kept.head.secrets_left_out);
    let mut parts = kept.parts.iter().enumerate().peekable();
    for (nth, kind) in kept.kinds.keys().enumerate() {
        body.push_str(if nth == 0 { "\n" } else { ",\n" });
        body.push_str(&format!("    {}: [", Value::from(kind.as_str())));
        let mut first = true;
        while let Some((nth, _)) = parts.next_if(|(_, of)| *of == kind) {
            for text in kept::lines(tx, kept, nth)?.lines() {
                let taken = serde_json::from_str(text).map_err(Fault::broken)?;
                let Some(taken) = without_secrets(engine, kind, taken, &mut left_out) else { continue };
                body.push_str(if first { "\n" } else { ",\n" });
                first = false;
                body.push_str("      ");
                body.push_str(&line(&taken)?);
            }
        }
        body.push_str(if first { "]" } else { "\n    ]" });
    }
    let mut beside = kept::read_beside(tx, kept)?;
    left_out += std::mem::take(&mut beside.provisioning_tokens).len() as u64;
    let head = Head { secrets_left_out: left_out, ..kept.head.clone() };
    let (head, beside) = (told(&head)?, told(&beside)?);
    let head: Record = head.into_iter().chain(beside).collect();
    let head = serde_json::to_string_pretty(&head).map_err(Fault::broken)?;
    let head = head.strip_suffix("\n}").unwrap_or(&head);
    Ok(format!("{head},\n  \"kinds\": {{{body}\n  }}\n}}\n"))
}

fn told(value: &impl serde::Serialize) -> Result<Record, Fault> {
    match serde_json::to_value(value).map_err(Fault::broken)? {
        Value::Object(members) => Ok(members),
        _ => Err(Fault::broken("a part of a snapshot is an object")),
    }
}

/// A record without its secrets; nothing where it is nothing else.
fn without_secrets(engine: &Engine, kind: &str, mut taken: Taken, left_out: &mut u64) -> Option<Taken> {
    if kind == api_client_secret::KIND {
        *left_out += 1;
        return None;
    }
    for record in taken.record.iter_mut().chain(taken.in_force.values_mut().flatten()) {
        *left_out += engine.take_secrets_out(kind, record) as u64;
        if kind == api_key::KIND && record.shift_remove(api_key::DIGEST.name).is_some() {
            *left_out += 1;
        }
    }
    Some(taken)
}

/// Reads the document of a snapshot.
pub fn read(engine: &Engine, bytes: &[u8], name: &str) -> Result<(Kept, Beside, Parts), Refused> {
    let wrong = |cause: serde_json::Error| Refused::Wrong(format!("this is no snapshot: {cause}"));
    if json::depth(bytes) > json::DEEPEST + DEEPER {
        let why = format!("lists and objects stand more than {} deep", json::DEEPEST + DEEPER);
        return Err(Refused::Wrong(why));
    }
    let Version { zuno_snapshot } = serde_json::from_slice(bytes).map_err(wrong)?;
    match zuno_snapshot {
        Some(version) if version == VERSION => {}
        None => return Err(Refused::Wrong("this is no snapshot: it has no `zuno_snapshot`".into())),
        Some(other) => {
            return Err(Refused::Wrong(format!(
                "the snapshot has the form {other}, and this Zuno reads the form {VERSION}: use the Zuno that wrote it"
            )));
        }
    }
    let document: Document = serde_json::from_slice(bytes).map_err(wrong)?;
    fit(engine.catalogue(), &document).map_err(Refused::Wrong)?;
    let Document { counters, settings, waiting, kinds, .. } = document;
    let beside = Beside { counters, settings, waiting, ..Beside::default() };
    known(engine.catalogue(), &kinds, &beside).map_err(Refused::Wrong)?;
    let mut parts = sealed(engine, kinds.parts)?;
    // Whoever wrote the file by hand may have the kinds in any order.
    parts.0.sort_by(|one, other| one.kind.cmp(&other.kind));
    let head = Head {
        zuno_snapshot: document.zuno_snapshot,
        name: name.to_owned(),
        note: document.note,
        at: document.at,
        zuno: document.zuno,
        tenant: document.tenant,
        secrets_left_out: document.secrets_left_out,
    };
    let kept = Kept {
        head,
        number: 0,
        sealed_for: TenantId::SERVER,
        kinds: kinds.counts,
        waiting: kinds.waiting,
        bytes: parts.bytes(),
        parts: parts.kinds(),
    };
    Ok((kept, beside, parts))
}

/// Refuses what no server could have come to, and what others would be reckoned from.
fn fit(catalogue: &Catalogue, document: &Document) -> Result<(), String> {
    let Origin { customer_id, org_id, created, vanity, cloud, .. } = &document.tenant;
    let numbers = [*customer_id, *org_id];
    if !numbers.iter().all(|number| (0..=LARGEST_NUMBER).contains(number)) {
        return Err("`tenant` has a number that no server gives out".into());
    }
    if [*created, document.at].iter().any(|time| time.unsigned_abs() > LATEST) {
        return Err("`at` and `created` are seconds since 1970".into());
    }
    if [vanity, cloud, &document.zuno].iter().any(|text| text.len() > LONGEST_ID) {
        return Err(format!("`vanity`, `cloud` and `zuno` have {LONGEST_ID} bytes at most"));
    }
    let counters = &document.counters;
    if counters.len() > COUNTERS || counters.values().any(|next| !(0..=LARGEST_NUMBER).contains(next)) {
        return Err(format!(
            "`counters` has {COUNTERS} numbers at most, none below 0 or above {LARGEST_NUMBER}"
        ));
    }
    if !document.settings.is_fit(|product| catalogue.product(product).is_some()) {
        return Err("`settings` has a product that there is not, or a clock that goes as none can".into());
    }
    note_fits(document.note.as_deref())
}

/// Refuses a word on a snapshot that is too long to be read in a list.
pub fn note_fits(note: Option<&str>) -> Result<(), String> {
    match note.is_some_and(|note| note.len() > LONGEST_NOTE) {
        true => Err(format!("a note has {LONGEST_NOTE} bytes at most")),
        false => Ok(()),
    }
}

/// Refuses what this server's catalogue does not have.
fn known(catalogue: &Catalogue, kinds: &Kinds, beside: &Beside) -> Result<(), String> {
    let orders = beside.waiting.values().flat_map(|waiting| &waiting.orders);
    for kind in kinds.counts.keys().chain(orders.map(|order| &order.kind)) {
        if catalogue.resource(kind).is_none_or(|resource| resource.kept_as() != kind) {
            return Err(format!("`{kind}` is no kind of record that this Zuno keeps"));
        }
    }
    for product in kinds.products.iter().chain(beside.waiting.keys()) {
        if catalogue.product(product).is_none() {
            return Err(format!("`{product}` is no product whose activation something waits for"));
        }
    }
    Ok(())
}

/// The same with every secret sealed, for the server.
fn sealed(engine: &Engine, parts: Parts) -> Result<Parts, Fault> {
    let mut all = Parts::default();
    for part in parts.0 {
        if engine.secrets_of(&part.kind).is_empty() {
            all.0.push(part);
            continue;
        }
        for text in part.lines.lines() {
            let mut taken: Taken = serde_json::from_str(text).map_err(Fault::broken)?;
            let id = taken.id.clone();
            for record in taken.record.iter_mut().chain(taken.in_force.values_mut().flatten()) {
                engine.seal_outside(TenantId::SERVER, &part.kind, &id, record)?;
            }
            all.add(&part.kind, &line(&taken)?);
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use zuno_catalogue::Catalogue;
    use zuno_engine::Engine;

    use super::super::refused::Refused;
    use super::read;

    fn refused(text: &str) -> String {
        let engine = Engine::new(Arc::new(Catalogue::compiled()), zuno_behaviours::all()).expect("an engine");
        match read(&engine, text.as_bytes(), "x") {
            Err(Refused::Wrong(why)) => why,
            other => panic!("{:?}", other.map(|(kept, ..)| kept)),
        }
    }

    #[test]
    fn what_is_wrong_in_a_file_is_told() {
        let tenant = r#""tenant": {"vanity": "t", "customer_id": "5", "org_id": "1", "cloud": "c", "created": 0, "sample_fleet": false}"#;
        let of =
            |kinds: &str| refused(&format!(r#"{{"zuno_snapshot": 1, "at": 0, {tenant}, "kinds": {kinds}}}"#));
        let deep = format!(r#"{{"id": "1", "record": {{"a": {}{}}}}}"#, "[".repeat(70), "]".repeat(70));
        for (kinds, word) in [
            (r#"{"zia.rule_label": [{"id": "1", "recrod": {}}]}"#, "recrod"),
            (r#"{"zia.rule_label": [{"id": "", "record": {}}]}"#, "1 to 255 bytes"),
            (r#"{"zia.rule_label": [{"id": "1"}]}"#, "neither"),
            (r#"{"zia.rule_label": [{"id": "1", "record": {}}, {"id": "1", "record": {}}]}"#, "twice"),
            (r#"{"zia.rule_label": [], "zia.rule_label": []}"#, "twice"),
            (r#"{"zia.rule_label": [{"id": "1", "in_force": {"zio": null}}]}"#, "zio"),
            (&format!(r#"{{"zia.rule_label": [{deep}]}}"#), "deep"),
        ] {
            assert!(of(kinds).contains(word), "{kinds}: {}", of(kinds));
        }
        for text in [String::new(), "[".repeat(3_000_000), r#"{"zuno_snapshot": 1}"#.into()] {
            refused(&text);
        }
        let with = |members: &str| {
            refused(&format!(r#"{{"zuno_snapshot": 1, "at": 0, {tenant}, "kinds": {{}}, {members}}}"#))
        };
        for (members, word) in [
            (r#""counters": {"series": 9223372036854775807}"#, "counters"),
            (r#""settings": {"clock": {"ahead": 0, "since": 0, "pace": -9223372036854775808}}"#, "clock"),
            (r#""settings": {"locked": ["zio"]}"#, "settings"),
            (&format!(r#""note": "{}""#, "n".repeat(2_000)), "note"),
        ] {
            assert!(with(members).contains(word), "{members}: {}", with(members));
        }
    }
}
