//! Circles between the files of a crate: files that need each other cannot be read, tested or moved one by one.
//!
//! A file needs another when its code names something that the other defines. What a file only hands on (`pub use`) it
//! does not need, and what stands under `#[cfg(test)]` does not count. In macros only plain arguments are looked at.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, Item, ItemMod, Macro, Token, UseTree, Visibility};

/// A path within the crate: `["context", "read"]`; empty for its root.
type Module = Vec<String>;

/// What one file says of others.
#[derive(Default)]
struct File {
    /// The modules that it declares.
    children: BTreeSet<String>,
    /// The names that it defines.
    own: BTreeSet<String>,
    /// What a name leads to that it takes from elsewhere.
    taken: HashMap<String, Module>,
    /// The modules of which it hands on everything.
    all_of: Vec<Module>,
    /// The paths that its code names.
    named: BTreeSet<Module>,
}

/// Every circle of every crate, a line each.
pub fn problems(root: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for krate in folders(&root.join("crates"))? {
        let mut files = BTreeMap::new();
        read(&root.join("crates").join(&krate).join("src"), &Module::new(), &mut files)?;
        for circle in circles(&files) {
            let names: Vec<String> = circle.iter().map(shown).collect();
            found.push(format!("{krate}: {} need each other", names.join(", ")));
        }
    }
    Ok(found)
}

fn shown(module: &Module) -> String {
    if module.is_empty() { "the root".into() } else { module.join("::") }
}

fn folders(path: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    Ok(names)
}

/// Reads a folder's files, each as the module that it is.
fn read(folder: &Path, module: &Module, files: &mut BTreeMap<Module, File>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries.filter_map(Result::ok) {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let below = |name: &str| [module.as_slice(), &[name.to_owned()]].concat();
        if path.is_dir() {
            read(&path, &below(&name), files)?;
        } else if let Some(stem) = name.strip_suffix(".rs") {
            let own = if matches!(stem, "mod" | "lib" | "main") { module.clone() } else { below(stem) };
            let parsed = syn::parse_file(&fs::read_to_string(&path)?)
                .with_context(|| format!("{} is not Rust", path.display()))?;
            files.insert(own.clone(), told(own, &parsed));
        }
    }
    Ok(())
}

/// What a file says.
fn told(module: Module, parsed: &syn::File) -> File {
    let mut reader = Reader { module, file: File::default(), said: Vec::new() };
    for item in &parsed.items {
        reader.file.own.extend(name(item));
        if let Item::Mod(module) = item
            && !is_test(&module.attrs)
        {
            reader.file.children.insert(module.ident.to_string());
        }
    }
    reader.visit_file(parsed);
    for said in std::mem::take(&mut reader.said) {
        let taken = reader.file.taken.get(&said[0]).map(|target| [target, &said[1..]].concat());
        reader.file.named.extend(taken);
    }
    reader.file
}

/// What an item is called, if others can name it.
fn name(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

struct Reader {
    /// The file's module, or one within it that is being read.
    module: Module,
    file: File,
    /// Paths that begin with a name which may have been taken from elsewhere.
    said: Vec<Vec<String>>,
}

impl Reader {
    /// Where in the crate a path leads, if it stays within.
    fn within(&self, path: &[String]) -> Option<Module> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some([&self.module, rest].concat()),
            "super" => {
                let ups = path.iter().take_while(|part| *part == "super").count();
                let above = self.module.len().checked_sub(ups)?;
                Some([&self.module[..above], &path[ups..]].concat())
            }
            child if self.file.children.contains(child) => Some([self.module.as_slice(), path].concat()),
            _ => None,
        }
    }

    fn take(&mut self, tree: &UseTree, before: &[String], handed_on: bool) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.take(&path.tree, &with(&path.ident), handed_on),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.take(tree, before, handed_on)),
            UseTree::Glob(_) => self.taken(before.to_vec(), None, handed_on),
            UseTree::Name(name) if name.ident == "self" => {
                self.taken(before.to_vec(), before.last().cloned(), handed_on);
            }
            UseTree::Name(name) => self.taken(with(&name.ident), Some(name.ident.to_string()), handed_on),
            UseTree::Rename(name) => self.taken(with(&name.ident), Some(name.rename.to_string()), handed_on),
        }
    }

    fn taken(&mut self, path: Vec<String>, name: Option<String>, handed_on: bool) {
        let Some(target) = self.within(&path) else { return };
        if !handed_on {
            self.file.named.insert(target.clone());
        }
        match name {
            Some(name) => {
                self.file.taken.insert(name, target);
            }
            None if handed_on => self.file.all_of.push(target),
            None => {}
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Mod(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if is_test(attributes) {
            return;
        }
        match item {
            Item::Use(taken) => self.take(&taken.tree, &[], !matches!(taken.vis, Visibility::Inherited)),
            _ => visit::visit_item(self, item),
        }
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        if let Ok(arguments) = called.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated) {
            for argument in &arguments {
                Reader::visit_expr(self, argument);
            }
        }
        visit::visit_macro(self, called);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let parts: Vec<String> = path.segments.iter().map(|part| part.ident.to_string()).collect();
        match self.within(&parts).filter(|_| parts.len() > 1) {
            Some(target) => {
                self.file.named.insert(target);
            }
            None => self.said.push(parts),
        }
        visit::visit_path(self, path);
    }
}

/// The file that defines what a path leads to, behind all that only hand it on.
fn defined(files: &BTreeMap<Module, File>, path: &[String], depth: u8) -> Option<Module> {
    let end = (0..=path.len()).rev().find(|end| files.contains_key(&path[..*end]))?;
    let (module, rest) = path.split_at(end);
    let file = &files[module];
    let Some((name, below)) = rest.split_first().filter(|(name, _)| depth > 0 && !file.own.contains(*name))
    else {
        return Some(module.to_vec());
    };
    if let Some(target) = file.taken.get(name) {
        return defined(files, &[target, below].concat(), depth - 1);
    }
    // Of those whose everything is handed on, the one that leads to a file which defines the name.
    let mut all_of =
        file.all_of.iter().filter_map(|target| defined(files, &[target, rest].concat(), depth - 1));
    all_of.find(|found| files[found].own.contains(name)).or_else(|| Some(module.to_vec()))
}

fn circles(files: &BTreeMap<Module, File>) -> Vec<Vec<Module>> {
    let mut graph = DiGraph::new();
    let nodes: BTreeMap<&Module, _> = files.keys().map(|module| (module, graph.add_node(module))).collect();
    for (module, file) in files {
        for target in file.named.iter().filter_map(|path| defined(files, path, 8)) {
            if target != *module {
                graph.update_edge(nodes[module], nodes[&target], ());
            }
        }
    }
    let mut found: Vec<Vec<Module>> = tarjan_scc(&graph)
        .into_iter()
        .filter(|part| part.len() > 1)
        .map(|part| {
            let mut names: Vec<Module> = part.into_iter().map(|node| graph[node].clone()).collect();
            names.sort();
            names
        })
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{File, Module, circles, told};

    fn files(given: &[(&str, &str)]) -> BTreeMap<Module, File> {
        let one = |(module, text): &(&str, &str)| {
            let module: Module =
                module.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
            (module.clone(), told(module, &syn::parse_file(text).unwrap()))
        };
        given.iter().map(one).collect()
    }

    #[test]
    fn a_circle_is_found_through_what_others_hand_on() {
        let circle = files(&[
            ("", "mod a; mod b; pub use a::A;"),
            ("a", "use crate::b::B; pub struct A(B);"),
            ("b", "use crate::A; pub struct B(Option<Box<A>>);"),
        ]);
        assert_eq!(circles(&circle), [[vec!["a".to_owned()], vec!["b".to_owned()]]]);
    }

    #[test]
    fn handing_on_and_tests_make_no_circle() {
        let none = files(&[
            ("", "mod a; mod b; pub use a::A; #[cfg(test)] mod tests { use crate::b::B; }"),
            ("a", "pub struct A; #[cfg(test)] mod tests { use crate::b::B; }"),
            ("b", "use super::a::A; pub struct B(A);"),
        ]);
        assert!(circles(&none).is_empty());
    }

    #[test]
    fn a_circle_is_found_through_everything_that_is_handed_on_and_inside_a_macro() {
        let circle = files(&[
            ("", "mod a; mod b; mod c;"),
            ("a", "pub fn one() { assert!(crate::b::two()); }"),
            (
                "b",
                "pub use super::c::*; pub fn two() -> bool { mod inner { use super::super::c::Three; } true }",
            ),
            ("c", "pub use super::a::*; pub struct Three; pub fn three() { crate::b::one(); }"),
        ]);
        let names = ["a", "b", "c"].map(|name| vec![name.to_owned()]);
        assert_eq!(circles(&circle), [[&names[0], &names[1], &names[2]].map(Clone::clone)]);
    }
}
