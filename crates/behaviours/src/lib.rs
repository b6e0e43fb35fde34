//! The named exceptions, one file each, grouped by the product that needs them; what knows no product is `shared`.
//!
//! A behaviour is named for what it guarantees. Its parameters come from the catalogue; it acts through the
//! engine's `Context` alone. A new one is a file, a line in its group's table, and a use in a resource file.

pub mod company;
pub mod keys;
mod languages;
pub mod packets;
mod part;
mod plain;
pub mod script;
mod shared;
mod spelling;
mod x509;
mod zcc;
pub mod zia;
pub mod zidentity;
pub mod zpa;
pub mod ztw;

pub use self::shared::Fleets;
use zuno_engine::Maker;
pub use zuno_telemetry::Pace;

/// Every behaviour by name.
pub fn all() -> Vec<(&'static str, Maker)> {
    let whole = [shared::ALL, ztw::ALL, zcc::ALL, zidentity::ALL];
    [&whole, zia::PARTS, zpa::PARTS].concat().concat()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use zuno_catalogue::Catalogue;
    use zuno_engine::Engine;

    #[test]
    fn no_two_behaviours_share_a_name() {
        let mut names: Vec<&str> = super::all().iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        let twice: Vec<&[&str]> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }

    #[test]
    fn the_catalogue_and_the_behaviours_know_each_other() {
        let catalogue = Arc::new(Catalogue::compiled());
        let engine = Engine::new(Arc::clone(&catalogue), super::all()).expect("nothing is bound yet");
        engine.bind().expect("every name and parameter is right");
        let used: BTreeSet<&str> = catalogue
            .resources()
            .flat_map(|resource| {
                let done = resource.operations.values().filter_map(|operation| operation.does.as_deref());
                resource.behaviours.keys().map(String::as_str).chain(done)
            })
            .collect();
        let unused: Vec<&str> =
            super::all().iter().map(|(name, _)| *name).filter(|name| !used.contains(name)).collect();
        assert!(unused.is_empty(), "no resource uses {unused:?}");
    }
}
