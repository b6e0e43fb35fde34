//! How much of the catalogue is code after all: which resources need a behaviour that only their own product has.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use zuno_catalogue::{Catalogue, Resource};

/// How many resources with code of their own a product may have although they are more than a third: the products that were
/// begun with their oddest families. A number may only fall; a product within its third has no line here.
const CEILINGS: [(&str, usize); 1] = [("zidentity", 4)];

/// Prints it, a line a product; with `check`, fails when a product has more than a third (decision 0001) and its ceiling.
///
/// # Errors
/// The catalogue or the behaviours' folder cannot be read; a product with too many, or with a ceiling above what it has.
pub fn run(root: &Path, check: bool) -> Result<()> {
    let catalogue = Catalogue::from_folder(&root.join("catalogue"))?;
    let mut homes = BTreeMap::new();
    find(&root.join("crates/behaviours/src"), None, &mut homes)?;
    println!(
        "{:<12} {:>9} {:>20} {:>6} {:>5}",
        "product", "resources", "with code of its own", "share", "may"
    );
    let mut problems = Vec::new();
    let (mut all, mut own_of_all) = (0, 0);
    for product in catalogue.products() {
        let of_product = |resource: &&Resource| catalogue.owner(resource).name == product.name;
        let resources: Vec<&Resource> = catalogue.resources().filter(of_product).collect();
        let is_own = |name: &&str| homes.get(*name).is_some_and(|home| *home == product.name);
        let own = resources.iter().filter(|resource| named(resource).iter().any(is_own)).count();
        println!(
            "{:<12} {:>9} {:>20} {:>5}% {:>5}",
            product.name,
            resources.len(),
            own,
            share(own, resources.len()),
            allowed(resources.len(), ceiling(&product.name)),
        );
        problems.extend(problem(&product.name, own, resources.len(), ceiling(&product.name)));
        (all, own_of_all) = (all + resources.len(), own_of_all + own);
    }
    println!("{:<12} {all:>9} {own_of_all:>20} {:>5}%", "all", share(own_of_all, all));
    let used: Vec<BTreeSet<&str>> = catalogue.resources().map(named).collect();
    let users = |name: &str| used.iter().filter(|names| names.contains(name)).count();
    let names: BTreeSet<&str> = used.iter().flatten().copied().collect();
    let single = names.iter().filter(|name| users(name) == 1).count();
    println!("{} behaviours, {single} of them with one user", names.len());
    match check {
        true => crate::report(&problems, "no product has more code of its own than it may"),
        false => Ok(()),
    }
}

fn ceiling(product: &str) -> Option<usize> {
    CEILINGS.into_iter().find(|(name, _)| *name == product).map(|(_, ceiling)| ceiling)
}

/// A third of a product's resources, or its ceiling while that is more.
fn allowed(resources: usize, ceiling: Option<usize>) -> usize {
    (resources / 3).max(ceiling.unwrap_or(0))
}

/// What is wrong with a product's share.
fn problem(product: &str, own: usize, resources: usize, ceiling: Option<usize>) -> Option<String> {
    let allowed = allowed(resources, ceiling);
    if own > allowed {
        let fold = "make a word of the notation of what its behaviours share";
        return Some(format!("{product}: {own} resources with code of their own, {allowed} at most: {fold}"));
    }
    match ceiling? {
        ceiling if own <= resources / 3 => {
            Some(format!("{product}: within its third; strike its ceiling of {ceiling}"))
        }
        ceiling if own < ceiling => {
            Some(format!("{product}: {own} are left; lower its ceiling of {ceiling}"))
        }
        _ => None,
    }
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

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn a_product_stays_within_its_third() {
        assert_eq!(problem("zpa", 32, 96, None), None);
        assert!(problem("zpa", 33, 96, None).is_some_and(|what| what.contains("32 at most")));
    }

    #[test]
    fn a_ceiling_holds_what_is_above_and_only_falls() {
        assert_eq!(problem("zia", 25, 46, Some(25)), None);
        assert!(problem("zia", 26, 47, Some(25)).is_some_and(|what| what.contains("25 at most")));
        assert!(problem("zia", 24, 46, Some(25)).is_some_and(|what| what.contains("lower its ceiling")));
        assert!(problem("zia", 25, 75, Some(25)).is_some_and(|what| what.contains("strike its ceiling")));
    }
}
