//! `geo-override`: a place that is given has both coordinates, and they lie on the globe.
//! Parameters: `on`, the flag; `latitude`, `longitude`.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Kind};

/// The guarantee for one resource.
struct GeoOverride {
    kind: Kind,
    on: String,
    latitude: String,
    longitude: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(GeoOverride {
        kind: Kind(params.kind()),
        on: params.text("on")?,
        latitude: params.text("latitude")?,
        longitude: params.text("longitude")?,
    }))
}

impl Behaviour for GeoOverride {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Delete || change.new.get(&self.on) != Some(&Value::Bool(true)) {
            return Ok(());
        }
        for (member, limit) in [(&self.latitude, 90.0), (&self.longitude, 180.0)] {
            match change.sent.get(member).and_then(Value::as_f64) {
                // The words that clients know (documented).
                None => return Err(Fault::said(&self.kind, member, "Missing geo Coordinates")),
                Some(degrees) if degrees.abs() > limit => {
                    let words = format!("{member} must be between -{limit} and {limit}");
                    return Err(Fault::said(&self.kind, member, words));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }
}
