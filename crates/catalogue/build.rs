//! Reads the catalogue's folder, fails the build at the first file that is wrong, and writes three things: the
//! catalogue in a compact form, each resource by itself so that it is read when it is asked for; what tenants have from the
//! start, as text; and a constant with its type for every kind and field, so that a slip does not compile.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use zuno_notation::{Catalogue, Field, Outline, Shape};

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"))
        .join("../../catalogue");
    println!("cargo::rerun-if-changed={}", root.display());
    let catalogue = match zuno_notation::read_folder(&root) {
        Ok(catalogue) => catalogue,
        Err(wrong) => {
            eprintln!("{wrong}");
            std::process::exit(1);
        }
    };
    let mut known = BTreeSet::new();
    behaviours(&root.join("../crates/behaviours/src"), &mut known);
    let strangers: Vec<String> = strangers(&catalogue, &known).collect();
    if !strangers.is_empty() {
        eprintln!("{}", strangers.join("\n"));
        std::process::exit(1);
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    compile(&out, &catalogue);
    keep(&out, "handles.rs", handles(&catalogue));
}

/// The names of the behaviours, as the tables beside their code have them.
fn behaviours(folder: &Path, known: &mut BTreeSet<String>) {
    let entries = fs::read_dir(folder).expect("the behaviours are beside the catalogue");
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            behaviours(&path, known);
            continue;
        }
        let text = fs::read_to_string(&path).expect("source is text");
        if !text.contains("(&str, Maker)]") {
            continue;
        }
        println!("cargo::rerun-if-changed={}", path.display());
        // `("rule-order", rule_order::make)`
        known.extend(text.split("(\"").filter_map(|row| {
            let (name, maker) = row.split_once("\",")?;
            maker.split_once(')')?.0.contains("::make").then(|| name.to_owned())
        }));
    }
}

/// What the catalogue says of behaviours that there are none of.
fn strangers(catalogue: &Catalogue, known: &BTreeSet<String>) -> impl Iterator<Item = String> {
    catalogue.resources.iter().flat_map(move |resource| {
        let done = resource.operations.values().filter_map(|operation| operation.does.as_ref());
        let named = resource.behaviours.keys().chain(done).filter(|name| !known.contains(*name));
        let file = resource.kind.replacen('.', "/", 1);
        named.map(move |name| format!("{file}.toml: there is no behaviour `{name}`"))
    })
}

fn keep(out: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    fs::write(out.join(name), bytes).expect("OUT_DIR can be written");
}

fn packed<T: serde::Serialize + ?Sized>(value: &T) -> Vec<u8> {
    postcard::to_allocvec(value).expect("the notation's types all serialise")
}

/// What `src/compiled.rs` reads.
fn compile(out: &Path, catalogue: &Catalogue) {
    let mut resources = Vec::new();
    let mut places = Vec::new();
    let mut outlines = Vec::new();
    for resource in &catalogue.resources {
        let bytes = packed(resource);
        places.push((resources.len(), bytes.len()));
        resources.extend(bytes);
        let name = resource.kind.split('.').next().unwrap_or_default();
        let product = catalogue.products.iter().find(|product| product.name == name);
        outlines.push(Outline::of(product.expect("a resource is in its product's folder"), resource));
    }
    let addresses: Vec<_> = catalogue.ledger.iter().map(|line| (line.method, line.path.as_str())).collect();
    keep(out, "products.bin", packed(&catalogue.products));
    keep(out, "outlines.bin", packed(&(&outlines, &addresses)));
    keep(out, "resources.bin", resources);
    keep(out, "ledger.bin", packed(&catalogue.ledger));
    let mut text = format!("static PLACES: [(usize, usize); {}] = {places:?};\n", places.len());
    for (name, had) in [("FRESH", &catalogue.fresh), ("FLEET", &catalogue.fleet)] {
        let _ = writeln!(text, "static {name}: [(&str, &str); {}] = [", had.len());
        for (kind, records) in had {
            let file = format!("{kind}.{}.json", name.to_lowercase());
            keep(out, &file, records);
            let _ = writeln!(text, "({kind:?}, include_str!(concat!(env!(\"OUT_DIR\"), \"/{file}\"))),");
        }
        text.push_str("];\n");
    }
    keep(out, "compiled.rs", text);
}

/// `pub mod zpa { pub mod segment_group { pub const KIND: &str = …; pub const NAME: Member<str> = …; … } }`
fn handles(catalogue: &Catalogue) -> String {
    let mut text = String::new();
    for product in &catalogue.products {
        let _ = writeln!(text, "/// {}\npub mod {} {{", product.title, product.name);
        for resource in &catalogue.resources {
            let Some(noun) = resource.kind.strip_prefix(&format!("{}.", product.name)) else { continue };
            let _ = writeln!(text, "/// {}\npub mod {noun} {{", resource.noun);
            let _ = writeln!(text, "/// The kind's name.\npub const KIND: &str = {:?};", resource.kind);
            // What tells another member of the record a second time is kept in no record.
            let told_again = |field: &Field| field.from.as_ref().is_some_and(|from| !from.contains('.'));
            for (name, field) in resource.fields.iter().filter(|(_, field)| !told_again(field)) {
                let doc = if field.doc.is_empty() { name } else { &field.doc };
                let (constant, kept) = (constant(name), kept(&field.shape));
                let _ = writeln!(
                    text,
                    "/// {doc}\npub const {constant}: crate::Member<{kept}> = crate::Member::named({name:?});"
                );
            }
            text.push_str("}\n");
        }
        text.push_str("}\n");
    }
    text
}

/// As what the values of a shape are read.
fn kept(shape: &Shape) -> &'static str {
    match shape {
        Shape::Id | Shape::String | Shape::Enum | Shape::Ref(_) | Shape::Link(_) => "str",
        Shape::Int | Shape::Time => "i64",
        Shape::Float => "f64",
        Shape::Bool => "bool",
        Shape::Named(_) => "zuno_model::Record",
        Shape::Any => "serde_json::Value",
        Shape::List(item) if kept(item) == "str" => "crate::Texts",
        Shape::List(_) => "[serde_json::Value]",
    }
}

/// `segmentGroupId` as `SEGMENT_GROUP_ID`.
fn constant(name: &str) -> String {
    let mut word = String::new();
    let mut lower = false;
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && lower {
            word.push('_');
        }
        lower = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        word.push(if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' });
    }
    if word.starts_with(|c: char| c.is_ascii_digit()) { format!("N{word}") } else { word }
}
