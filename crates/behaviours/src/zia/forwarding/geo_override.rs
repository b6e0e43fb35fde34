//! `geo-override`: a place that is given has both coordinates, they lie on the globe, and are cut to seven decimals.
//! Parameters: `on`, the flag; `latitude`, `longitude`.

use serde_json::Value;
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

/// Degrees as they are kept (seen: 37.6326 as 37.6325999, 33.364 as it is).
pub fn cut(degrees: f64) -> f64 {
    (degrees * 1e7).trunc() / 1e7
}

impl Behaviour for GeoOverride {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        for member in [&self.latitude, &self.longitude] {
            if let Some(degrees) = change.new.get(member).and_then(Value::as_f64) {
                change.new.insert(member.clone(), Value::from(cut(degrees)));
            }
        }
        if change.new.get(&self.on) != Some(&Value::Bool(true)) {
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

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn degrees_are_cut_as_was_seen() {
        for (given, kept) in [
            (37.6326, 37.632_599_9),
            (-97.7725, -97.772_499_9),
            (35.5838, 35.583_799_9),
            (33.364, 33.364),
            (-80.864, -80.864),
            (120.1592, 120.1592),
            (12.123_456_789, 12.123_456_7),
        ] {
            assert_eq!(cut(given).to_string(), kept.to_string());
        }
    }
}
