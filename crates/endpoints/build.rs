//! Lists the files under `formats/`, so that a new format is a new file and nothing else.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("set by cargo")).join("formats");
    println!("cargo::rerun-if-changed={}", folder.display());
    let entries = fs::read_dir(&folder).expect("formats/ is a folder");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("formats/ can be read").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "j2"));
    files.sort();
    let mut code = String::from("&[\n");
    for file in files {
        let name = file.file_stem().and_then(|stem| stem.to_str()).expect("a format's name is text");
        writeln!(code, "    ({name:?}, include_str!({:?})),", file.display().to_string())
            .expect("text can grow");
    }
    code.push_str("]\n");
    let out = Path::new(&env::var("OUT_DIR").expect("set by cargo")).join("formats.rs");
    fs::write(out, code).expect("the build folder can be written");
}
