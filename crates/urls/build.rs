//! Compiles the category base into a finite-state map and the category lists into static tables; refuses bad rows.

#[path = "src/table.rs"]
mod table;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), String> {
    let data = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(|e| e.to_string())?).join("data");
    let out = PathBuf::from(env::var("OUT_DIR").map_err(|e| e.to_string())?);
    println!("cargo::rerun-if-changed=data");
    println!("cargo::rerun-if-changed=src/table.rs");

    let read = |name: &str| fs::read_to_string(data.join(name)).map_err(|e| format!("{name}: {e}"));
    let (categories, alerts, base) = (read("categories.tsv")?, read("alerts.tsv")?, read("base.tsv")?);
    let at = |name: &'static str| move |e: table::BadRow| format!("data/{name}: {e}");
    let categories = table::categories(&categories).map_err(at("categories.tsv"))?;
    let alerts = table::alerts(&alerts).map_err(at("alerts.tsv"))?;
    let rows = table::base(&base, &categories, &alerts).map_err(at("base.tsv"))?;

    write_base(&out, &rows)?;
    let mut source = String::from(
        "/// Every predefined category, by ascending number (seen).\npub static PREDEFINED: &[Category] = &[\n",
    );
    for c in &categories {
        let _ = writeln!(
            source,
            "Category {{ id: {:?}, val: {}, super_category: {:?} }},",
            c.id, c.val, c.super_category
        );
    }
    source.push_str("];\n");
    fs::write(out.join("categories.rs"), source).map_err(|e| e.to_string())?;
    fs::write(out.join("alerts.rs"), format!("&{alerts:?}\n")).map_err(|e| e.to_string())
}

/// Writes `base.fst`, domain to number of its class, and `classes.rs`, the distinct answers.
fn write_base(out: &Path, rows: &BTreeMap<&str, table::Class<'_>>) -> Result<(), String> {
    let mut numbers = BTreeMap::new();
    let mut classes = String::from("&[\n");
    let mut map = fst::MapBuilder::memory();
    for (domain, class) in rows {
        let next = numbers.len() as u64;
        let number = *numbers.entry(class).or_insert_with(|| {
            let _ = writeln!(
                classes,
                "Class {{ categories: &{:?}, alerts: &{:?} }},",
                class.categories, class.alerts
            );
            next
        });
        map.insert(domain, number).map_err(|e| e.to_string())?;
    }
    classes.push_str("]\n");
    let bytes = map.into_inner().map_err(|e| e.to_string())?;
    fs::write(out.join("base.fst"), bytes).map_err(|e| e.to_string())?;
    fs::write(out.join("classes.rs"), classes).map_err(|e| e.to_string())
}
