//! A chart of the data centres: which stand where, and what happened to them.

mod drawing;
mod labels;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::change::Change;
use crate::document::{Cenr, City, Continent};

/// What happened to a data centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    /// Nothing, or nothing was compared.
    Same,
    Changed,
    Gone,
    Come,
}

/// A place with its data centres: those of one city stand at one spot.
#[derive(Debug)]
struct Spot {
    latitude: f64,
    longitude: f64,
    label: String,
    state: State,
    /// How many ranges it has: the more, the larger the city.
    ranges: usize,
    /// It stands on another continent than its heading says.
    misplaced: bool,
    /// What the pointer is told, a data centre a line.
    told: Vec<String>,
}

/// A map.
#[derive(Debug)]
pub struct Chart {
    title: String,
    compared: bool,
    spots: Vec<Spot>,
    /// Data centres without coordinates.
    unplaced: Vec<String>,
    /// Data centres whose coordinates are on another continent than their heading.
    misplaced: Vec<String>,
}

impl Chart {
    /// The data centres of a document.
    pub fn of(cenr: &Cenr) -> Chart {
        let title = format!("{}: {} data centres", cenr.cloud, cenr.cities().count());
        Chart::new(title, false, cenr.cities().map(|place| (place, State::Same, Vec::new())))
    }

    /// The data centres of the newer of two documents and those that are gone, by what happened to them.
    pub fn of_change(old: &Cenr, new: &Cenr, change: &Change) -> Chart {
        let mut news: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for live in &change.went_live {
            news.entry(&live.city).or_default().insert(format!("{} went live", live.prefix));
        }
        for field in &change.fields {
            news.entry(&field.city).or_default().insert(format!("{} is now {}", field.field, field.new));
        }
        for moved in &change.moved {
            moved.to.iter().for_each(|city| {
                news.entry(city).or_default().insert(format!("{} came", moved.prefix));
            });
            moved.from.iter().for_each(|city| {
                news.entry(city).or_default().insert(format!("{} went", moved.prefix));
            });
        }
        let renamed: BTreeMap<&str, &str> =
            change.cities_renamed.iter().map(|one| (one.to.city.as_str(), one.from.city.as_str())).collect();
        for (cenr, prefixes, word) in
            [(new, &change.prefixes_added, "came"), (old, &change.prefixes_removed, "went")]
        {
            for (_, city, entry) in cenr.entries() {
                if let Some(range) = entry.range.get().filter(|range| prefixes.contains(range)) {
                    news.entry(city.name()).or_default().insert(format!("{range} {word}"));
                }
            }
        }
        let is = |list: &[crate::Where], name: &str| list.iter().any(|place| place.city == name);
        let told =
            |name: &str| news.get(name).map(|lines| lines.iter().cloned().collect()).unwrap_or_default();
        let now = new.cities().map(|(continent, city)| {
            let mut lines: Vec<String> = told(city.name());
            lines.extend(renamed.get(city.name()).map(|from| format!("was {from}")));
            let state = match (is(&change.cities_added, city.name()), lines.is_empty()) {
                (true, _) => State::Come,
                (_, false) => State::Changed,
                _ => State::Same,
            };
            ((continent, city), state, lines)
        });
        let gone = old.cities().filter(|(_, city)| is(&change.cities_removed, city.name()));
        let gone = gone.map(|place| (place, State::Gone, Vec::new()));
        let title = format!("{}: {} changes", new.cloud, change.lines().len());
        Chart::new(title, true, now.chain(gone))
    }

    fn new<'d>(
        title: String,
        compared: bool,
        cities: impl Iterator<Item = ((&'d Continent, &'d City), State, Vec<String>)>,
    ) -> Chart {
        let (unplaced, misplaced) = (Vec::new(), Vec::new());
        let mut chart = Chart { title, compared, spots: Vec::new(), unplaced, misplaced };
        for ((continent, city), state, news) in cities {
            let Some((latitude, longitude)) = city.coordinates() else {
                chart.unplaced.push(city.name().to_owned());
                continue;
            };
            let mut line = described(city);
            for news in news {
                let _ = write!(line, "; {news}");
            }
            let misplaced = city.is_misplaced(continent);
            if misplaced {
                let _ = write!(line, "; these coordinates are not in {}", continent.name());
                chart.misplaced.push(city.name().to_owned());
            }
            let ranges = city.entries.len();
            let near = |spot: &&mut Spot| {
                spot.misplaced == misplaced
                    && (spot.latitude - latitude).abs() < 0.5
                    && (spot.longitude - longitude).abs() < 0.5
            };
            match chart.spots.iter_mut().find(near) {
                Some(spot) => {
                    spot.told.push(line);
                    spot.ranges += ranges;
                    spot.state = spot.state.max(state);
                }
                None => {
                    let label = label(city.name());
                    let told = vec![line];
                    chart.spots.push(Spot { latitude, longitude, label, state, ranges, misplaced, told });
                }
            }
        }
        // What happened lies on top, then what must not be taken for true, then the larger cities.
        chart.spots.sort_by_key(|spot| (spot.state, spot.misplaced, spot.ranges));
        chart
    }
}

/// A city without its numeral: data centres of one city share a spot.
fn label(name: &str) -> String {
    match name.rsplit_once(' ') {
        Some((city, numeral)) if numeral.bytes().all(|byte| b"IVX".contains(&byte)) => city.to_owned(),
        _ => name.to_owned(),
    }
}

fn described(city: &City) -> String {
    let ranges: BTreeSet<_> = city.entries.iter().filter_map(|entry| entry.range.get()).collect();
    let hosts: BTreeSet<&str> =
        city.entries.iter().map(|entry| entry.hostname.as_str()).filter(|host| !host.is_empty()).collect();
    let mut line = format!("{}: {} ranges", city.name(), ranges.len());
    for host in hosts {
        let _ = write!(line, ", {host}");
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;

    pub fn cenr(text: &str) -> Cenr {
        match Document::read(text.as_bytes()).unwrap() {
            Document::Cenr(cenr) => cenr,
            other => panic!("{other:?}"),
        }
    }

    const OLD: &str = r#"{"a":{"continent : EMEA":{
        "city : Oslo II":[{"range":"192.0.2.0/24","vpn":"","gre":"","ext":"","hostname":"","latitude":"59.9","longitude":"10.7"}],
        "city : Oslo III":[{"range":"192.0.3.0/24","vpn":"","gre":"","ext":"","hostname":"osl3.sme.a","latitude":"59.9","longitude":"10.7"}],
        "city : Paris":[{"range":"192.0.4.0/24","vpn":"","gre":"","ext":"","hostname":"","latitude":"48.8","longitude":"2.3"}]}}}"#;
    const NEW: &str = r#"{"a":{"continent : EMEA":{
        "city : Oslo II":[{"range":"192.0.2.0/24","vpn":"","gre":"","ext":"","hostname":"","latitude":"59.9","longitude":"10.7"}],
        "city : Oslo III":[{"range":"192.0.3.0/24","vpn":"","gre":"","ext":"","hostname":"osl3.sme.a","latitude":"59.9","longitude":"10.7"}],
        "city : <b>&":[{"range":"192.0.9.0/24","vpn":"","gre":"","ext":"","hostname":"","latitude":"-33.9","longitude":"151.2"}],
        "city : Nowhere":[{"range":"192.0.10.0/24","vpn":"","gre":"","ext":"","hostname":"","latitude":"x","longitude":"1"}]}}}"#;

    #[test]
    fn data_centres_of_a_city_share_a_spot() {
        let chart = Chart::of(&cenr(OLD));
        let told: Vec<(&str, usize)> =
            chart.spots.iter().map(|spot| (spot.label.as_str(), spot.told.len())).collect();
        assert_eq!(
            told,
            [("Paris", 1), ("Oslo", 2)],
            "the larger is drawn, and labelled, before the smaller"
        );
        let svg = chart.to_svg();
        assert!(svg.contains("Oslo III: 1 ranges, osl3.sme.a") && svg.matches("<circle").count() == 2);
    }

    #[test]
    fn what_stands_on_another_continent_than_its_heading_is_flagged() {
        let chart = Chart::of(&cenr(
            r#"{"a":{"continent : EMEA":{
            "city : Milan IV":[{"range":"192.0.2.0/24","latitude":"4.2","longitude":"101.9"}],
            "city : Dubai I":[{"range":"192.0.3.0/24","latitude":"25.2","longitude":"55.3"}]},
            "continent : Americas":{
            "city : Honolulu I":[{"range":"192.0.5.0/24","latitude":"21.3","longitude":"-157.8"}]},
            "continent : APAC":{
            "city : Mumbai IV":[{"range":"192.0.6.0/24","latitude":"19.1","longitude":"72.9"}],
            "city : Kuala Lumpur I":[{"range":"192.0.4.0/24","latitude":"4.2","longitude":"101.9"}]}}}"#,
        ));
        assert_eq!(chart.misplaced, ["Milan IV"]);
        let kuala = chart.spots.iter().find(|spot| spot.label == "Kuala Lumpur").expect("a spot of its own");
        assert_eq!((kuala.told.len(), kuala.misplaced), (1, false));
        let svg = chart.to_svg();
        assert!(svg.contains("these coordinates are not in EMEA") && svg.contains("stroke-dasharray"));
        assert!(svg.contains("coordinates on another continent than the heading: Milan IV"), "{svg}");
    }

    #[test]
    fn a_change_is_coloured_and_names_are_text() {
        let (old, new) = (cenr(OLD), cenr(NEW));
        let change = Change::between(&Document::Cenr(old.clone()), &Document::Cenr(new.clone())).unwrap();
        let chart = Chart::of_change(&old, &new, &change);
        let states: Vec<(&str, State)> =
            chart.spots.iter().map(|spot| (spot.label.as_str(), spot.state)).collect();
        assert_eq!(states, [("Oslo", State::Same), ("Paris", State::Gone), ("<b>&", State::Come)]);
        assert_eq!(chart.unplaced, ["Nowhere"]);
        let svg = chart.to_svg();
        assert!(
            svg.contains("&lt;b&gt;&amp;: 1 ranges; 192.0.9.0&#x2f;24 came") && !svg.contains("<b>"),
            "{svg}"
        );
        assert!(chart.to_html().contains(&svg));
    }
}
