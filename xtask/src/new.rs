//! Lays out what a plain resource consists of: its file, its scenario, and the ledger's lines to change. Where an inventory
//! of the wire is at hand, its members are drafted from there.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use zuno_catalogue::{Catalogue, Grade, LedgerLine, Method};

use crate::draft::{self, Draft};

/// Writes the two files, and prints what is left to do. `wire` is the folder of an inventory, a JSON file a product.
///
/// # Errors
/// A product or resource that the ledger does not know, or that is described already; an inventory that cannot be read.
pub fn run(root: &Path, product: &str, resource: &str, wire: Option<&Path>) -> Result<()> {
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
    let inventory = wire.map(|folder| inventory(&folder.join(format!("{product}.json")))).transpose()?;
    let draft = inventory.as_ref().map(|inventory| draft::draft(&catalogue, family, inventory, &lines));
    let is_list = |line: &LedgerLine| {
        draft::answers_many(inventory.as_ref().and_then(|inventory| draft::operation(inventory, line)))
    };
    let mut text = resource_file(&noun, &path, &lines, &family.prefix, draft.as_ref(), is_list);
    for (line, names) in inventory.iter().flat_map(|inventory| asked(inventory, &lines)) {
        let _ = writeln!(text, "# {line} takes from the query: {names}");
    }
    fs::write(&file, crate::fmt::formed(&text)?)?;
    fs::create_dir_all(scenario.parent().unwrap_or(root))?;
    fs::write(&scenario, conversation(&noun, &lines))?;
    println!("wrote catalogue/{product}/{resource}.toml and scenarios/{product}/{resource}.md");
    println!(
        "next: fill in what is empty, run `cargo xtask ledger`, and grade these lines of operations.tsv:\n"
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

fn inventory(path: &Path) -> Result<Value> {
    let text = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is no inventory", path.display()))
}

/// Query parameters that pages and searches have anyway.
const PLAIN: [&str; 8] = ["page", "pageSize", "pagesize", "offset", "limit", "search", "sortBy", "sortOrder"];

/// What the lines' operations take from the query besides.
fn asked<'a>(inventory: &'a Value, lines: &[&'a LedgerLine]) -> Vec<(&'a str, String)> {
    let names = |line: &&'a LedgerLine| {
        let told = draft::operation(inventory, line)?["query"].as_array()?;
        let names =
            told.iter().filter_map(|query| query["name"].as_str()).filter(|name| !PLAIN.contains(name));
        let names: Vec<&str> = names.collect();
        (!names.is_empty()).then(|| (line.operation.as_str(), names.join(", ")))
    };
    lines.iter().filter_map(names).collect()
}

fn resource_file(
    noun: &str,
    path: &str,
    lines: &[&LedgerLine],
    prefix: &str,
    draft: Option<&Draft>,
    is_list: impl Fn(&LedgerLine) -> bool,
) -> String {
    // One that is read where it is changed, without an id, is the only one of its kind.
    let is_only = lines
        .iter()
        .any(|line| line.operation.ends_with(".read") && line.path.strip_prefix(prefix) == Some(path));
    let singleton = if is_only { "singleton = true\n" } else { "" };
    let mut text = format!(
        "noun = \"{noun}\"\ndoc = \"\"\npath = \"{path}\"\n{singleton}evidence = \"documented\"\n\n[operations]\n"
    );
    for line in lines {
        let name = line.operation.rsplit('.').next().unwrap_or_default();
        let own = line.path.strip_prefix(prefix).unwrap_or(&line.path);
        let tail = own.strip_prefix(path);
        let is_one = match is_only {
            true => tail == Some(""),
            false => tail.is_some_and(|tail| {
                tail.starts_with("/{") && tail.ends_with('}') && !tail[1..].contains('/')
            }),
        };
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
            (false, _) if line.method == Method::Get && is_list(line) => {
                let view = if name.starts_with("lite") { ", view = \"ref\"" } else { "" };
                writeln!(text, "{name} = {{ get = \"{own}\", as = \"list\"{view}, doc = \"\" }}")
            }
            (false, _) if line.method == Method::Patch && is_one => {
                let one = if is_only { path.to_owned() } else { format!("{path}/{{id}}") };
                writeln!(text, "{name} = {{ patch = \"{one}\", as = \"patch\", doc = \"\" }}")
            }
            // Which verb it is, nobody has told yet: it stays absent until somebody does.
            (false, _) => writeln!(text, "# {name}: {verb} {own}"),
        };
    }
    let (fields, known_by) = match draft {
        Some(draft) => (draft.fields.as_str(), draft.known_by.as_slice()),
        None => (BARE, ["id", "name"].as_slice()),
    };
    let _ = write!(text, "\n[fields]\n{fields}");
    if !known_by.is_empty() {
        let _ = write!(text, "\n[views]\nref = [\"{}\"]\n", known_by.join("\", \""));
    }
    text
}

/// The members that a resource has when nothing is known of it.
const BARE: &str = "id = \"identity\"\nname = { type = \"string\", access = \"required\", doc = \"\" }\n";

fn conversation(noun: &str, lines: &[&LedgerLine]) -> String {
    let mut text = format!("# What holds for a {noun}\n\n```api\n");
    for line in lines {
        let _ = writeln!(text, "{} {}\n--- 200\n", line.method, line.path);
    }
    let text = text.trim_end();
    format!("{text}\n```\n")
}

#[cfg(test)]
pub mod tests {
    use zuno_catalogue::{Grade, LedgerLine, Method};

    use super::{collection, resource_file};

    /// A line of the ledger for an operation that is absent.
    pub fn line(method: Method, path: &str, name: &str) -> LedgerLine {
        LedgerLine {
            product: "zia".into(),
            method,
            path: format!("/zia/api/v1/{path}"),
            operation: format!("thing.{name}"),
            grade: Grade::Absent,
            evidence: String::new(),
        }
    }

    #[test]
    fn the_plain_five_need_no_path_of_their_own() {
        let lines = [
            line(Method::Get, "things", "list"),
            line(Method::Put, "things/{thingId}", "update"),
            line(Method::Get, "things/lite", "lite"),
            line(Method::Patch, "things/{thingId}", "patch"),
            line(Method::Post, "things/bulkDelete", "bulk_delete"),
        ];
        let lines: Vec<&LedgerLine> = lines.iter().collect();
        assert_eq!(collection(&lines, "/zia"), "/api/v1/things");
        let text = resource_file("thing", "/api/v1/things", &lines, "/zia", None, |_| true);
        assert!(text.contains("list = {}\nupdate = {}\n"), "{text}");
        assert!(text.contains("lite = { get = \"/api/v1/things/lite\", as = \"list\""), "{text}");
        assert!(text.contains("patch = { patch = \"/api/v1/things/{id}\", as = \"patch\""), "{text}");
        assert!(text.contains("# bulk_delete: post /api/v1/things/bulkDelete\n"), "{text}");
        assert!(!text.contains("singleton"), "{text}");
    }

    #[test]
    fn what_is_read_and_changed_without_an_id_is_the_only_one() {
        let lines = [line(Method::Get, "settings", "read"), line(Method::Put, "settings", "update")];
        let lines: Vec<&LedgerLine> = lines.iter().collect();
        let text = resource_file("settings", "/api/v1/settings", &lines, "/zia", None, |_| true);
        assert!(text.contains("singleton = true\n"), "{text}");
        assert!(text.contains("read = {}\nupdate = {}\n"), "{text}");
    }
}
