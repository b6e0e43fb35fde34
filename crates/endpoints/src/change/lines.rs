//! A change as people read it: line by line.

use serde::Serialize;

use super::{Change, Where};

/// A change in one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What happened, such as `prefix added`.
    pub change: &'static str,
    /// To what: a prefix, a city, an address.
    pub what: String,
    /// More about it.
    pub detail: String,
}

impl Change {
    /// The change line by line, for tables and logs; without the address space.
    pub fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut tell = |change, what: String, detail: String| lines.push(Line { change, what, detail });
        let place = |place: &Where| format!("{} ({})", place.city, place.continent);
        self.cities_added.iter().for_each(|city| tell("city added", place(city), String::new()));
        self.cities_removed.iter().for_each(|city| tell("city removed", place(city), String::new()));
        for renamed in &self.cities_renamed {
            tell("city renamed", place(&renamed.from), format!("now {}", renamed.to.city));
        }
        self.prefixes_added.iter().for_each(|net| tell("prefix added", net.to_string(), String::new()));
        self.prefixes_removed.iter().for_each(|net| tell("prefix removed", net.to_string(), String::new()));
        for moved in &self.moved {
            let (from, to) = (moved.from.join(", "), moved.to.join(", "));
            let detail = match (from.is_empty(), to.is_empty()) {
                (true, _) => format!("also in {to}"),
                (_, true) => format!("no more in {from}"),
                _ => format!("from {from} to {to}"),
            };
            tell("prefix moved", moved.prefix.to_string(), detail);
        }
        for live in &self.went_live {
            let got: Vec<String> = live.got.iter().map(|(field, value)| format!("{field} {value}")).collect();
            tell("went live", format!("{} {}", live.city, live.prefix), got.join(", "));
        }
        for field in &self.fields {
            let what = field.prefix.map_or_else(|| field.city.clone(), |net| format!("{} {net}", field.city));
            let quoted = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
            let detail = format!("{}: {} is now {}", field.field, quoted(&field.old), quoted(&field.new));
            tell("value changed", what, detail);
        }
        self.svpn_added.iter().for_each(|address| tell("svpn added", address.to_string(), String::new()));
        self.svpn_removed.iter().for_each(|address| tell("svpn removed", address.to_string(), String::new()));
        lines
    }
}
