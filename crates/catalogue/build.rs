//! Reads the catalogue's folder, fails the build at the first file that is wrong, and writes two things: the
//! whole catalogue in a compact form, and a constant for every kind and field so that a slip does not compile.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

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
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let bytes = postcard::to_allocvec(&catalogue).expect("the notation's types all serialise");
    fs::write(out.join("catalogue.bin"), bytes).expect("OUT_DIR can be written");
    fs::write(out.join("handles.rs"), handles(&catalogue)).expect("OUT_DIR can be written");
}

/// `pub mod zpa { pub mod segment_group { pub const KIND: &str = …; pub const NAME: &str = "name"; … } }`
fn handles(catalogue: &zuno_notation::Catalogue) -> String {
    let mut text = String::new();
    for product in &catalogue.products {
        let _ = writeln!(text, "/// {}\npub mod {} {{", product.title, product.name);
        for resource in &catalogue.resources {
            let Some(noun) = resource.kind.strip_prefix(&format!("{}.", product.name)) else { continue };
            let _ = writeln!(text, "/// {}\npub mod {noun} {{", resource.noun);
            let _ = writeln!(text, "/// The kind's name.\npub const KIND: &str = {:?};", resource.kind);
            for (name, field) in &resource.fields {
                let doc = if field.doc.is_empty() { name } else { &field.doc };
                let _ = writeln!(text, "/// {doc}\npub const {}: &str = {name:?};", constant(name));
            }
            text.push_str("}\n");
        }
        text.push_str("}\n");
    }
    text
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
