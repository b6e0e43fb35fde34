//! The data centres on a map of the world, as one SVG file without scripts or links: degrees become pixels evenly
//! (plate carrée), the coasts are simplified ones in the public domain.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::change::Change;
use crate::document::{Cenr, City};

/// The coasts, in half degrees.
const COASTS: &str = include_str!("../data/coasts.txt");
/// Pixels for a degree.
const SCALE: f64 = 4.0;
/// The northern and the southern edge, in degrees.
const EDGES: (f64, f64) = (80.0, -58.0);
/// The height of the legend, in pixels.
const LEGEND: f64 = 34.0;

/// What happened to a data centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    /// Nothing, or nothing was compared.
    Same,
    Changed,
    Gone,
    Come,
}

impl State {
    const ALL: [State; 4] = [State::Same, State::Changed, State::Gone, State::Come];

    fn colour(self) -> &'static str {
        match self {
            State::Same => "#2463a8",
            State::Changed => "#d98200",
            State::Gone => "#c62828",
            State::Come => "#1e8e3e",
        }
    }

    fn word(self) -> &'static str {
        match self {
            State::Same => "unchanged",
            State::Changed => "changed",
            State::Gone => "gone",
            State::Come => "new",
        }
    }
}

/// A place with its data centres: those of one city stand at one spot.
#[derive(Debug)]
struct Spot {
    latitude: f64,
    longitude: f64,
    label: String,
    state: State,
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
}

impl Chart {
    /// The data centres of a document.
    pub fn of(cenr: &Cenr) -> Chart {
        let title = format!("{}: {} data centres", cenr.cloud, cenr.cities().count());
        Chart::new(title, false, cenr.cities().map(|(_, city)| (city, State::Same, Vec::new())))
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
        let now = new.cities().map(|(_, city)| {
            let mut lines: Vec<String> = told(city.name());
            lines.extend(renamed.get(city.name()).map(|from| format!("was {from}")));
            let state = match (is(&change.cities_added, city.name()), lines.is_empty()) {
                (true, _) => State::Come,
                (_, false) => State::Changed,
                _ => State::Same,
            };
            (city, state, lines)
        });
        let gone = old.cities().filter(|(_, city)| is(&change.cities_removed, city.name()));
        let gone = gone.map(|(_, city)| (city, State::Gone, Vec::new()));
        let title = format!("{}: {} changes", new.cloud, change.lines().len());
        Chart::new(title, true, now.chain(gone))
    }

    fn new<'d>(
        title: String,
        compared: bool,
        cities: impl Iterator<Item = (&'d City, State, Vec<String>)>,
    ) -> Chart {
        let mut chart = Chart { title, compared, spots: Vec::new(), unplaced: Vec::new() };
        for (city, state, news) in cities {
            let Some((latitude, longitude)) = city.coordinates() else {
                chart.unplaced.push(city.name().to_owned());
                continue;
            };
            let mut line = described(city);
            for news in news {
                let _ = write!(line, "; {news}");
            }
            let near = |spot: &&mut Spot| {
                (spot.latitude - latitude).abs() < 0.5 && (spot.longitude - longitude).abs() < 0.5
            };
            match chart.spots.iter_mut().find(near) {
                Some(spot) => {
                    spot.told.push(line);
                    spot.state = spot.state.max(state);
                }
                None => {
                    let label = label(city.name());
                    chart.spots.push(Spot { latitude, longitude, label, state, told: vec![line] });
                }
            }
        }
        // What happened lies on top.
        chart.spots.sort_by_key(|spot| spot.state);
        chart
    }

    /// The picture.
    pub fn to_svg(&self) -> String {
        let (width, depth) = (360.0 * SCALE, (EDGES.0 - EDGES.1) * SCALE);
        let height = depth + LEGEND;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" font-family=\"sans-serif\">\n<title>{}</title>\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"#f4f8fb\"/>\n",
            escaped(&self.title)
        );
        let _ = writeln!(
            svg,
            "<path d=\"{}\" fill=\"#dde3e4\" stroke=\"#b3bec2\" stroke-width=\"0.6\"/>",
            coasts()
        );
        let _ = writeln!(
            svg,
            "<path d=\"{}\" fill=\"none\" stroke=\"#ccd8df\" stroke-width=\"0.5\"/>\n<rect y=\"{depth}\" width=\"{width}\" height=\"{LEGEND}\" fill=\"#ffffff\"/>",
            graticule()
        );
        let places = self.label_places();
        for (spot, place) in self.spots.iter().zip(places) {
            let (x, y) = project(spot.latitude, spot.longitude);
            let radius = 2.6 + (spot.told.len() as f64).sqrt();
            let _ = write!(
                svg,
                "<g><title>{}</title><circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" fill=\"{}\" \
                 fill-opacity=\"0.85\" stroke=\"#ffffff\" stroke-width=\"0.8\"/>",
                escaped(&spot.told.join("\n")),
                spot.state.colour()
            );
            if let Some((x, y)) = place {
                let _ = write!(
                    svg,
                    "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{LETTERS}\" fill=\"#333333\">{}</text>",
                    escaped(&spot.label)
                );
            }
            svg.push_str("</g>\n");
        }
        let _ = writeln!(
            svg,
            "<text x=\"12\" y=\"{:.1}\" font-size=\"15\" fill=\"#222222\">{}</text>",
            depth + 22.0,
            escaped(&self.legend())
        );
        if self.compared {
            for (at, state) in State::ALL.into_iter().enumerate() {
                let x = width - 440.0 + at as f64 * 110.0;
                let _ = writeln!(
                    svg,
                    "<circle cx=\"{x}\" cy=\"{:.1}\" r=\"5\" fill=\"{}\"/><text x=\"{}\" y=\"{:.1}\" font-size=\"13\" \
                     fill=\"#222222\">{}</text>",
                    depth + 17.0,
                    state.colour(),
                    x + 10.0,
                    depth + 21.5,
                    state.word()
                );
            }
        }
        svg.push_str("</svg>\n");
        svg
    }

    fn legend(&self) -> String {
        match self.unplaced.as_slice() {
            [] => self.title.clone(),
            all => format!("{} (without coordinates: {})", self.title, all.join(", ")),
        }
    }

    /// Where labels stand: right of their spot, or left, above or below, wherever they cover nothing; else nowhere.
    fn label_places(&self) -> Vec<Option<(f64, f64)>> {
        let spots: Vec<(f64, f64)> =
            self.spots.iter().map(|spot| project(spot.latitude, spot.longitude)).collect();
        let mut taken: Vec<Box4> =
            spots.iter().map(|(x, y)| Box4(x - 3.5, y - 3.5, x + 3.5, y + 3.5)).collect();
        let mut places = vec![None; spots.len()];
        // What happened is labelled first.
        for at in (0..spots.len()).rev() {
            let ((x, y), wide) = (spots[at], self.spots[at].label.chars().count() as f64 * LETTERS * 0.56);
            let choices = [
                (x + 6.0, y + 3.0),
                (x - 6.0 - wide, y + 3.0),
                (x - wide / 2.0, y - 6.0),
                (x - wide / 2.0, y + 13.0),
            ];
            places[at] = choices.into_iter().find(|(x, y)| {
                let area = Box4(*x, y - LETTERS + 1.5, x + wide, y + 1.5);
                let free =
                    !taken.iter().any(|other| other.meets(&area)) && area.0 > 0.0 && area.2 < 360.0 * SCALE;
                if free {
                    taken.push(area);
                }
                free
            });
        }
        places
    }
}

/// The size of a label's letters, in pixels.
const LETTERS: f64 = 9.0;

/// Left, top, right, bottom.
struct Box4(f64, f64, f64, f64);

impl Box4 {
    fn meets(&self, other: &Box4) -> bool {
        self.0 < other.2 && other.0 < self.2 && self.1 < other.3 && other.1 < self.3
    }
}

fn project(latitude: f64, longitude: f64) -> (f64, f64) {
    ((longitude + 180.0) * SCALE, (EDGES.0 - latitude.clamp(EDGES.1, EDGES.0)) * SCALE)
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

fn coasts() -> String {
    let mut path = String::with_capacity(COASTS.len() * 2);
    for ring in COASTS.lines().filter(|line| !line.starts_with('#')) {
        for (at, point) in ring.split(' ').enumerate() {
            let (longitude, latitude) = point.split_once(',').expect("each point has two numbers");
            let degrees = |half: &str| half.parse::<f64>().expect("each is a number") / 2.0;
            let (x, y) = project(degrees(latitude), degrees(longitude));
            let _ = write!(path, "{}{x:.0} {y:.0}", if at == 0 { 'M' } else { 'L' });
        }
        path.push('Z');
    }
    path
}

fn graticule() -> String {
    let mut path = String::new();
    let (top, bottom) = (0.0, (EDGES.0 - EDGES.1) * SCALE);
    for meridian in (-150..180).step_by(30) {
        let _ = write!(path, "M{0:.0} {top}V{bottom:.0}", f64::from(meridian + 180) * SCALE);
    }
    for parallel in (-30..=60).step_by(30) {
        let _ = write!(path, "M0 {:.0}H{:.0}", (EDGES.0 - f64::from(parallel)) * SCALE, 360.0 * SCALE);
    }
    path
}

/// Text for XML, which holds no control character: names come from documents that anyone may have made.
fn escaped(text: &str) -> String {
    let text = text.replace(|letter: char| letter.is_control() && letter != '\n', " ");
    quick_xml::escape::escape(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;

    fn cenr(text: &str) -> Cenr {
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
        assert_eq!(told, [("Oslo", 2), ("Paris", 1)]);
        let svg = chart.to_svg();
        assert!(svg.contains("Oslo III: 1 ranges, osl3.sme.a") && svg.matches("<circle").count() == 2);
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
        assert!(svg.contains("&lt;b&gt;&amp;: 1 ranges; 192.0.9.0/24 came") && !svg.contains("<b>"));
    }

    #[test]
    fn no_two_labels_meet() {
        let many: Vec<String> = (0..60)
            .map(|at| {
                format!(
                    r#""city : City {at}x":[{{"range":"192.0.2.0/24","latitude":"{}","longitude":"{}"}}]"#,
                    40 + at % 8,
                    at / 8 * 2
                )
            })
            .collect();
        let chart = Chart::of(&cenr(&format!(r#"{{"a":{{"continent : EMEA":{{{}}}}}}}"#, many.join(","))));
        let areas: Vec<Box4> = chart
            .label_places()
            .into_iter()
            .zip(&chart.spots)
            .filter_map(|(place, spot)| {
                let (x, y) = place?;
                Some(Box4(
                    x,
                    y - LETTERS + 1.5,
                    x + spot.label.chars().count() as f64 * LETTERS * 0.56,
                    y + 1.5,
                ))
            })
            .collect();
        assert!(areas.len() > 5);
        for (at, one) in areas.iter().enumerate() {
            assert!(!areas[..at].iter().any(|other| other.meets(one)));
        }
    }
}
