//! Reads the catalogue's folder: products, resources, the ledger and the tenant's first objects.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::check::{bare, check};
use crate::groups::{self, Groups};
use crate::{
    Access, Catalogue, Fields, Grade, LedgerLine, Limit, Method, Operation, Product, Resource, Shape, Verb,
    through,
};

/// Why a catalogue could not be read; the text names the file and, where known, the line.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A file or folder could not be opened.
    #[error("{}: {cause}", path.display())]
    Io {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// A file does not follow the notation.
    #[error("{}: {message}", path.display())]
    Notation {
        /// Which one.
        path: PathBuf,
        /// What is wrong, with line and column where the reader knows them.
        message: String,
    },
    /// The files do not fit together; one line a problem.
    #[error("the catalogue does not hold together:\n{}", .0.join("\n"))]
    Check(Vec<String>),
}

/// What a product publishes of its limits, path by path.
const LIMITS: &str = "limits.tsv";

fn notation(path: &Path, message: impl Into<String>) -> ReadError {
    ReadError::Notation { path: path.to_owned(), message: message.into() }
}

fn text(path: &Path) -> Result<String, ReadError> {
    fs::read_to_string(path).map_err(|cause| ReadError::Io { path: path.to_owned(), cause })
}

fn entries(path: &Path) -> Result<Vec<PathBuf>, ReadError> {
    let io = |cause| ReadError::Io { path: path.to_owned(), cause };
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(io)? {
        found.push(entry.map_err(io)?.path());
    }
    found.sort();
    Ok(found)
}

/// Reads and checks a whole catalogue folder. Every file is read before the first problem of fit is told.
///
/// # Errors
/// A file that is missing, does not parse, or does not fit the others.
pub fn read_folder(root: &Path) -> Result<Catalogue, ReadError> {
    let ledger = root.join("operations.tsv");
    let mut catalogue = Catalogue { ledger: read_ledger(&ledger, &text(&ledger)?)?, ..Catalogue::default() };
    for folder in entries(root)? {
        if folder.is_dir() {
            read_product(&folder, &mut catalogue)?;
        }
    }
    let problems = through::fill(&mut catalogue);
    if !problems.is_empty() {
        return Err(ReadError::Check(problems));
    }
    let problems = check(&catalogue);
    if problems.is_empty() { Ok(catalogue) } else { Err(ReadError::Check(problems)) }
}

fn read_product(folder: &Path, catalogue: &mut Catalogue) -> Result<(), ReadError> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let head = folder.join("_product.toml");
    let head_text = text(&head)?;
    let (product, mut groups) = product(&name, &head_text).map_err(|message| notation(&head, message))?;
    for path in entries(folder)? {
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if file == "_product.toml" {
            continue;
        }
        if let Some(stem) = file.strip_suffix(".toml") {
            let resource = resource(&product, &mut groups, stem, &text(&path)?);
            catalogue.resources.push(resource.map_err(|message| notation(&path, message))?);
        } else if let Some(stem) = file.strip_suffix(".fresh.json") {
            catalogue.fresh.push((format!("{name}.{stem}"), compact(&path)?));
        } else if let Some(stem) = file.strip_suffix(".fleet.json") {
            catalogue.fleet.push((format!("{name}.{stem}"), compact(&path)?));
        } else if file != LIMITS {
            let forms = "KIND.toml, KIND.fresh.json, KIND.fleet.json, _product.toml, limits.tsv";
            return Err(notation(&path, format!("a product's files are {forms}")));
        }
    }
    groups.all_used().map_err(|message| notation(&head, message))?;
    catalogue.products.push(product);
    read_limits(folder, &name, catalogue)
}

/// A product's head and the groups of its members, from the text of its `_product.toml`.
pub(crate) fn product<'t>(name: &str, text: &'t str) -> Result<(Product, Groups<'t>), String> {
    let mut file = groups::parse(text)?;
    let mut groups = Groups::take(text, file.get_mut())?;
    groups.fill(text, file.get_mut())?;
    let mut product: Product = groups::read(text, file)?;
    name.clone_into(&mut product.name);
    for length in ["any", "list"] {
        if !product.lengths.contains_key(length) {
            return Err(format!("`lengths` needs `{length}`: what no line bounds"));
        }
    }
    let mut types = std::mem::take(&mut product.types);
    types.values_mut().for_each(|fields| bound(&product, fields));
    product.types = types;
    Ok((product, groups))
}

/// A resource of a product, from the text of the file that is named for it.
pub(crate) fn resource(
    product: &Product,
    groups: &mut Groups<'_>,
    stem: &str,
    text: &str,
) -> Result<Resource, String> {
    let mut file = groups::parse(text)?;
    let taken = through::taken(file.get_mut());
    groups.fill(text, file.get_mut())?;
    let mut resource: Resource = groups::read(text, file)?;
    resource.taken = taken;
    resource.kind = format!("{}.{stem}", product.name);
    complete(&mut resource)?;
    bound(product, &mut resource.fields);
    resource.types.values_mut().for_each(|fields| bound(product, fields));
    Ok(resource)
}

/// Gives texts and lists that a caller may write the greatest length that the product says for such.
fn bound(product: &Product, fields: &mut Fields) {
    for (name, field) in fields.iter_mut().filter(|(_, field)| field.access != Access::Server) {
        field.max = field.max.or_else(|| match field.shape {
            Shape::String => product.longest_text(name),
            Shape::List(_) => product.lengths.get("list").copied(),
            _ => None,
        });
    }
}

/// The limits that a product publishes for each of its paths; an operation's own line in its file comes first.
fn read_limits(folder: &Path, product: &str, catalogue: &mut Catalogue) -> Result<(), ReadError> {
    let path = folder.join(LIMITS);
    if !path.exists() {
        return Ok(());
    }
    let known: HashSet<String> =
        catalogue.ledger.iter().map(|line| format!("{} {}", line.method, bare(&line.path))).collect();
    let mut limits = HashMap::new();
    for (number, line) in text(&path)?.lines().enumerate().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [method, route, limit] = cells[..] else {
            return Err(notation(&path, format!("line {}: method, path and limits are wanted", number + 1)));
        };
        let limit = Limit::try_from(limit.to_owned())
            .map_err(|wrong| notation(&path, format!("line {}: {wrong}", number + 1)))?;
        let route = format!("{method} {}", bare(route));
        if !known.contains(&route) {
            return Err(notation(
                &path,
                format!("line {}: {route} is no line of operations.tsv", number + 1),
            ));
        }
        limits.insert(route, limit);
    }
    let prefix = catalogue.products.last().map(|product| product.prefix.clone()).unwrap_or_default();
    let own =
        catalogue.resources.iter_mut().filter(|resource| resource.kind.split('.').next() == Some(product));
    for operation in own.flat_map(|resource| resource.operations.values_mut()) {
        let route = format!("{} {}", operation.method, bare(&format!("{prefix}{}", operation.path)));
        operation.limits = operation.limits.take().or_else(|| limits.get(&route).cloned());
    }
    Ok(())
}

/// The JSON of a file without its white space; it must be an array of objects.
fn compact(path: &Path) -> Result<String, ReadError> {
    let records: Vec<serde_json::Map<String, serde_json::Value>> =
        serde_json::from_str(&text(path)?).map_err(|e| notation(path, e.to_string()))?;
    serde_json::to_string(&records).map_err(|e| notation(path, e.to_string()))
}

/// Fills in what an operation's name implies: method, path and verb.
fn complete(resource: &mut Resource) -> Result<(), String> {
    let path = resource.path.clone();
    let one = if resource.singleton { path.clone() } else { format!("{path}/{{id}}") };
    for (name, operation) in &mut resource.operations {
        operation.name.clone_from(name);
        let plain = match name.as_str() {
            "list" => Some((Method::Get, path.clone(), Verb::List)),
            "read" => Some((Method::Get, one.clone(), Verb::Read)),
            "create" => Some((Method::Post, path.clone(), Verb::Create)),
            "update" => Some((Method::Put, one.clone(), Verb::Update)),
            "delete" => Some((Method::Delete, one.clone(), Verb::Delete)),
            _ => None,
        };
        let (method, path, verb) = match (explicit(operation)?, plain) {
            (Some((method, path)), Some((_, _, verb))) => (method, path, operation.as_verb.unwrap_or(verb)),
            (Some((method, path)), None) => (method, path, operation.as_verb.unwrap_or(Verb::Act)),
            (None, Some(plain)) => plain,
            (None, None) => {
                return Err(format!(
                    "operation `{name}` needs a method and path: write get, post, put, patch or delete = \"/…\""
                ));
            }
        };
        if verb == Verb::Act && operation.does.is_none() && !operation.unpublished {
            return Err(format!(
                "operation `{name}` needs `as = \"list|read|create|update|delete|count|patch|bulk-create|bulk-delete|delete-all\"` or `does = \"BEHAVIOUR\"`"
            ));
        }
        (operation.method, operation.path, operation.verb) = (method, path, verb);
    }
    Ok(())
}

fn explicit(operation: &Operation) -> Result<Option<(Method, String)>, String> {
    let given = [
        (Method::Get, &operation.get),
        (Method::Post, &operation.post),
        (Method::Put, &operation.put),
        (Method::Patch, &operation.patch),
        (Method::Delete, &operation.delete),
    ];
    let mut found = given.into_iter().filter_map(|(method, path)| path.clone().map(|path| (method, path)));
    match (found.next(), found.next()) {
        (first, None) => Ok(first),
        _ => Err(format!("operation `{}` names two methods", operation.name)),
    }
}

fn read_ledger(path: &Path, text: &str) -> Result<Vec<LedgerLine>, ReadError> {
    let mut lines = Vec::new();
    for (number, line) in text.lines().enumerate().skip(1) {
        let wrong = |what: &str| notation(path, format!("line {}: {what}", number + 1));
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or_default().to_owned();
        let (product, method, path, operation, grade, evidence) =
            (cell(), cell(), cell(), cell(), cell(), cell());
        let method = method.parse().map_err(|()| wrong("the method is none of GET POST PUT PATCH DELETE"))?;
        let grade = match grade.as_str() {
            "faithful" => Grade::Faithful,
            "stored" => Grade::Stored,
            "absent" => Grade::Absent,
            _ => return Err(wrong("the grade is none of faithful stored absent")),
        };
        lines.push(LedgerLine { product, method, path, operation, grade, evidence });
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use crate::groups::parse;

    #[test]
    fn a_file_nested_without_an_end_is_refused() {
        for (open, close) in [("a = [", "]"), ("a = {b = ", "}"), ("[", "]"), ("a.", "b = 1")] {
            let text = format!("{}{}", open.repeat(20_000), close.repeat(20_000));
            assert!(parse(&text).is_err());
        }
        let array = format!("noun = {}{}", "[".repeat(20_000), "]".repeat(20_000));
        assert!(parse(&array).is_err());
    }
}
