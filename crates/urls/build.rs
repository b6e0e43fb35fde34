//! Compiles the category base into a table of hashes and the category lists into static tables; refuses bad rows.

#[path = "src/hash.rs"]
mod hash;
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
    println!("cargo::rerun-if-changed=src/hash.rs");

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

/// Writes the domains (`base.txt`, `rows.rs`), where each is found (`slots.rs`), and the distinct answers (`classes.rs`).
fn write_base(out: &Path, rows: &BTreeMap<&str, table::Class<'_>>) -> Result<(), String> {
    let mut numbers = BTreeMap::new();
    let mut classes = String::from("&[\n");
    let (mut text, mut list) = (String::new(), String::from("&["));
    // Three of four stay free, so that a domain which is not listed is seen to be so at once.
    let mut slots = vec![0_u16; (rows.len() * 4).next_power_of_two()];
    for (place, (domain, class)) in rows.iter().enumerate() {
        let next = numbers.len();
        let number = *numbers.entry(class).or_insert_with(|| {
            let _ = writeln!(
                classes,
                "Class {{ categories: &{:?}, alerts: &{:?} }},",
                class.categories, class.alerts
            );
            next
        });
        let _ = write!(list, "({}, {number}),", text.len());
        text.push_str(domain);
        let mut hash = hash::Hash::default();
        domain.bytes().rev().for_each(|byte| hash.add(byte));
        let mut slot = hash.slot(slots.len());
        while slots[slot] != 0 {
            slot = (slot + 1) % slots.len();
        }
        slots[slot] = u16::try_from(place + 1).map_err(|_| "the base has more rows than 16 bits count")?;
    }
    classes.push_str("]\n");
    list.push_str("]\n");
    let slots = format!("&{slots:?}\n");
    for (name, written) in
        [("base.txt", text), ("rows.rs", list), ("slots.rs", slots), ("classes.rs", classes)]
    {
        fs::write(out.join(name), written).map_err(|e| e.to_string())?;
    }
    Ok(())
}
