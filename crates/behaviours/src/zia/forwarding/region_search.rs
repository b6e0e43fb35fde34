//! `region-search`: cities are found by how their names begin, and a search needs a beginning (seen).

use serde_json::{Value, json};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Kind};

use crate::shared::cities::cities;

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
        let found = cities().filter(|city| city.name.to_lowercase().starts_with(&prefix)).map(|city| {
            json!({
                "cityName": city.name,
                "countryCode": city.country,
                "latitude": city.latitude,
                "longitude": city.longitude,
            })
        });
        Ok(Outcome::Value(Value::Array(found.collect())))
    }
}
