//! How much of the catalogue is code after all: which resources need a behaviour that only their own product has.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use zuno_catalogue::{Catalogue, Resource};

/// Prints it, a line a product.
///
/// # Errors
/// The catalogue or the behaviours' folder cannot be read.
pub fn run(root: &Path) -> Result<()> {
    let catalogue = Catalogue::from_folder(&root.join("catalogue"))?;
    let mut homes = BTreeMap::new();
    find(&root.join("crates/behaviours/src"), None, &mut homes)?;
    println!("{:<12} {:>9} {:>18} {:>6}", "product", "resources", "with code of its own", "share");
    let (mut all, mut own_of_all) = (0, 0);
    for product in catalogue.products() {
        let of_product = |resource: &&Resource| catalogue.owner(resource).name == product.name;
        let resources: Vec<&Resource> = catalogue.resources().iter().filter(of_product).collect();
        let is_own = |name: &&str| homes.get(*name).is_some_and(|home| *home == product.name);
        let own = resources.iter().filter(|resource| named(resource).iter().any(is_own)).count();
        println!(
            "{:<12} {:>9} {:>18} {:>5}%",
            product.name,
            resources.len(),
            own,
            share(own, resources.len())
        );
        (all, own_of_all) = (all + resources.len(), own_of_all + own);
    }
    println!("{:<12} {all:>9} {own_of_all:>18} {:>5}%", "all", share(own_of_all, all));
    let used: Vec<BTreeSet<&str>> = catalogue.resources().iter().map(named).collect();
    let users = |name: &str| used.iter().filter(|names| names.contains(name)).count();
    let names: BTreeSet<&str> = used.iter().flatten().copied().collect();
    let single = names.iter().filter(|name| users(name) == 1).count();
    println!("{} behaviours, {single} of them with one user", names.len());
    Ok(())
}

fn share(part: usize, whole: usize) -> usize {
    part * 100 / whole.max(1)
}

/// The behaviours that a resource asks for.
fn named(resource: &Resource) -> BTreeSet<&str> {
    let done = resource.operations.values().filter_map(|operation| operation.does.as_deref());
    resource.behaviours.keys().map(String::as_str).chain(done).collect()
}

/// The product in whose folder each behaviour stands.
fn find(folder: &Path, product: Option<&str>, homes: &mut BTreeMap<String, String>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            find(&path, Some(product.unwrap_or(&stem)), homes)?;
        } else if let Some(product) = product {
            homes.insert(stem.replace('_', "-"), product.to_owned());
        }
    }
    Ok(())
}
