//! Lays out what a plain resource consists of: its file, its scenario, and the ledger's lines to change.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use zuno_catalogue::{Catalogue, Grade, LedgerLine, Method};

/// Writes the two files, and prints what is left to do.
///
/// # Errors
/// A product or resource that the ledger does not know, or that is described already.
pub fn run(root: &Path, product: &str, resource: &str) -> Result<()> {
    let catalogue = Catalogue::from_folder(&root.join("catalogue"))?;
    let family = catalogue.product(product).with_context(|| format!("there is no product `{product}`"))?;
    let prefix = format!("{resource}.");
    let lines: Vec<&LedgerLine> = catalogue
        .ledger()
        .iter()
        .filter(|line| {
            line.product == product && line.operation.starts_with(&prefix) && line.grade == Grade::Absent
        })
        .collect();
    ensure!(!lines.is_empty(), "the ledger has no absent operation `{product} {resource}.…`");
    let file = root.join(format!("catalogue/{product}/{resource}.toml"));
    let scenario = root.join(format!("scenarios/{product}/{resource}.md"));
    for path in [&file, &scenario] {
        ensure!(!path.exists(), "{} is there already", path.display());
    }
    let noun = resource.replace('_', " ");
    let path = collection(&lines, &family.prefix);
    fs::write(&file, resource_file(&noun, &path, &lines, &family.prefix))?;
    fs::create_dir_all(scenario.parent().unwrap_or(root))?;
    fs::write(&scenario, conversation(&noun, &lines))?;
    println!("wrote catalogue/{product}/{resource}.toml and scenarios/{product}/{resource}.md");
    println!(
        "next: fill in its members, run `cargo xtask ledger`, and grade these lines of operations.tsv:\n"
    );
    for line in lines {
        let cells = [product, line.method.as_str(), &line.path, &line.operation];
        println!("{}\tfaithful\tscenario:{resource}", cells.join("\t"));
    }
    Ok(())
}

/// The shortest path without a parameter at its end: the collection's.
fn collection(lines: &[&LedgerLine], prefix: &str) -> String {
    let mut paths: Vec<&str> = lines.iter().map(|line| line.path.as_str()).collect();
    paths.sort_by_key(|path| (path.ends_with('}'), path.len()));
    let path = paths[0];
    let path = if path.ends_with('}') { path.rsplit_once('/').map_or(path, |(path, _)| path) } else { path };
    path.strip_prefix(prefix).unwrap_or(path).to_owned()
}

fn resource_file(noun: &str, path: &str, lines: &[&LedgerLine], prefix: &str) -> String {
    let mut text = format!(
        "noun = \"{noun}\"\ndoc = \"\"\npath = \"{path}\"\nevidence = \"documented\"\n\n[operations]\n"
    );
    for line in lines {
        let name = line.operation.rsplit('.').next().unwrap_or_default();
        let own = line.path.strip_prefix(prefix).unwrap_or(&line.path);
        let tail = own.strip_prefix(path);
        let is_one = tail
            .is_some_and(|tail| tail.starts_with("/{") && tail.ends_with('}') && !tail[1..].contains('/'));
        let plain = match (name, line.method) {
            ("list", Method::Get) | ("create", Method::Post) => tail == Some(""),
            ("read", Method::Get) | ("update", Method::Put) | ("delete", Method::Delete) => is_one,
            _ => false,
        };
        let verb = line.method.as_str().to_lowercase();
        let _ = match (plain, name) {
            (true, _) => writeln!(text, "{name} = {{}}"),
            (false, "list" | "read" | "create" | "update" | "delete") => {
                writeln!(text, "{name} = {{ {verb} = \"{own}\" }}")
            }
            (false, _) => writeln!(text, "{name} = {{ {verb} = \"{own}\", as = \"list\", doc = \"\" }}"),
        };
    }
    text.push_str(
        "\n[fields]\nid = { type = \"id\", access = \"server\", doc = \"Chosen by the server.\" }\n\
         name = { type = \"string\", access = \"required\", doc = \"\" }\n\n[views]\nref = [\"id\", \"name\"]\n",
    );
    text
}

fn conversation(noun: &str, lines: &[&LedgerLine]) -> String {
    let mut text = format!("# What holds for a {noun}\n\n```api\n");
    for line in lines {
        let _ = writeln!(text, "{} {}\n--- 200\n", line.method, line.path);
    }
    let text = text.trim_end();
    format!("{text}\n```\n")
}

#[cfg(test)]
mod tests {
    use zuno_catalogue::{Grade, LedgerLine, Method};

    use super::{collection, resource_file};

    #[test]
    fn the_plain_five_need_no_path_of_their_own() {
        let line = |method, path: &str, name: &str| LedgerLine {
            product: "zia".into(),
            method,
            path: format!("/zia/api/v1/{path}"),
            operation: format!("thing.{name}"),
            grade: Grade::Absent,
            evidence: String::new(),
        };
        let lines = [
            line(Method::Get, "things", "list"),
            line(Method::Put, "things/{thingId}", "update"),
            line(Method::Get, "things/lite", "lite"),
        ];
        let lines: Vec<&LedgerLine> = lines.iter().collect();
        assert_eq!(collection(&lines, "/zia"), "/api/v1/things");
        let text = resource_file("thing", "/api/v1/things", &lines, "/zia");
        assert!(text.contains("list = {}\nupdate = {}\n"), "{text}");
        assert!(text.contains("lite = { get = \"/api/v1/things/lite\", as = \"list\""), "{text}");
    }
}
