//! What the answers look like: plain structs whose members carry the wire's names, in the wire's order.
//!
//! Their shapes are those of the vendor's clients (client); no recorded exchange exists. Members that are absent
//! when there is nothing to say are optional; everything else is always written.

use serde::{Serialize, Serializer};
use zuno_model::Time;

/// Writes whole values without a fraction: several clients decode them into whole numbers.
fn number<S: Serializer>(value: &f64, to: S) -> Result<S::Ok, S::Error> {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        to.serialize_i64(*value as i64)
    } else {
        to.serialize_f64(*value)
    }
}

macro_rules! wire {
    ($($(#[$meta:meta])* $name:ident { $($body:tt)* })*) => {
        $($(#[$meta])* #[derive(Clone, Debug, PartialEq, Serialize)] pub struct $name { $($body)* })*
    };
}

mod alert;
mod app;
mod device;
mod probe;
mod software;
mod state;

pub use alert::*;
pub use app::*;
pub use device::*;
pub use probe::*;
pub use software::*;
pub use state::*;

wire! {
    /// One measurement.
    Datapoint {
        /// When, epoch seconds.
        pub timestamp: Time,
        /// How much, in the series' unit.
        #[serde(serialize_with = "number")]
        pub value: f64,
    }

    /// Measurements in order of time; an instant without one is left out.
    Series {
        /// What is measured.
        pub metric: &'static str,
        /// In which unit; empty for scores and counts.
        pub unit: &'static str,
        /// The measurements.
        pub datapoints: Vec<Datapoint>,
    }

    /// Something with an id and a name.
    NamedRef {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: String,
    }
}

fn maybe_number<S: Serializer>(value: &Option<f64>, to: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => number(value, to),
        None => to.serialize_none(),
    }
}

impl Series {
    pub(crate) fn of(
        metric: &'static str,
        unit: &'static str,
        points: impl IntoIterator<Item = (Time, f64)>,
    ) -> Series {
        let datapoints = points.into_iter().map(|(timestamp, value)| Datapoint { timestamp, value });
        Series { metric, unit, datapoints: datapoints.collect() }
    }

    /// The mean of the values to two decimals; none of none.
    pub fn mean(&self) -> Option<f64> {
        mean(self.datapoints.iter().map(|point| point.value))
    }
}

/// The mean to two decimals; none of none.
pub(crate) fn mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.into_iter().fold((0.0, 0u32), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| hundredths(sum / f64::from(count)))
}

/// Rounded to two decimals.
pub(crate) fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
