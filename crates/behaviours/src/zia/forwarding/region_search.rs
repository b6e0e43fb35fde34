//! `region-search`: cities are found by how their names, or those of their states or countries, begin, and a search
//! needs a beginning (seen).

use serde_json::Value;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Kind};

use super::region_near::told;
use crate::shared::cities::{City, cities, country_name};

/// The guarantee for one resource.
struct RegionSearch(Kind);

/// Makes it.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(RegionSearch(Kind(params.kind()))))
}

impl Behaviour for RegionSearch {
    fn on_action(&self, _: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let prefix = call.query("prefix").unwrap_or_default().trim().to_lowercase();
        if prefix.is_empty() {
            return Err(Fault::said(&self.0, "prefix", "Invalid or blank search prefix."));
        }
        let begins = |name: &str| name.to_lowercase().starts_with(&prefix);
        let meant = |city: &City| [city.name, city.state, country_name(city.country)].into_iter().any(begins);
        let place = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let (skip, take) = (place(call.list_query.skip), place(call.list_query.take.unwrap_or(u64::MAX)));
        let found = cities().filter(meant).skip(skip).take(take).map(|city| told(&city));
        Ok(Outcome::Value(Value::Array(found.collect())))
    }
}
