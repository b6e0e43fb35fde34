//! The chart as a picture, without scripts or links: degrees become pixels evenly (plate carrée), the coasts are
//! simplified ones in the public domain.

use std::fmt::Write as _;
use std::sync::LazyLock;

use minijinja::{AutoEscape, Environment, Value, context};

use super::{Chart, State};

/// The coasts, in half degrees.
const COASTS: &str = include_str!("../../data/coasts.txt");
/// Pixels for a degree.
const SCALE: f64 = 4.0;
/// The northern and the southern edge, in degrees.
const EDGES: (f64, f64) = (80.0, -58.0);
/// The height of the legend, in pixels.
const LEGEND: f64 = 34.0;
/// The size of a label's letters, in pixels.
const LETTERS: f64 = 9.0;

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    templates.set_trim_blocks(true);
    templates.set_lstrip_blocks(true);
    templates.set_keep_trailing_newline(true);
    // Names come from documents that anyone may have made.
    templates.set_auto_escape_callback(|_| AutoEscape::Html);
    for (name, text) in
        [("svg", include_str!("../../templates/map.svg")), ("html", include_str!("../../templates/map.html"))]
    {
        templates.add_template(name, text).expect("the built-in templates are well-formed");
    }
    templates
});

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

impl Chart {
    /// The picture, as SVG.
    pub fn to_svg(&self) -> String {
        self.drawn("svg", self.shown())
    }

    /// The picture as a page, as wide as its window.
    pub fn to_html(&self) -> String {
        self.drawn("html", context! { title => self.title, svg => Value::from_safe_string(self.to_svg()) })
    }

    fn drawn(&self, template: &str, with: Value) -> String {
        let drawn = TEMPLATES.get_template(template).and_then(|template| template.render(with));
        drawn.expect("the built-in templates use what they are given")
    }

    fn shown(&self) -> Value {
        let (width, depth) = (360.0 * SCALE, (EDGES.0 - EDGES.1) * SCALE);
        let pixels = |at: f64| format!("{at:.1}");
        let spots = self.spots.iter().zip(self.label_places()).map(|(spot, place)| {
            let (x, y) = project(spot.latitude, spot.longitude);
            let radius = 2.6 + (spot.told.len() as f64).sqrt();
            let told: Vec<String> = spot.told.iter().map(|line| clean(line)).collect();
            context! {
                told => told.join("\n"), x => pixels(x), y => pixels(y), radius => pixels(radius),
                colour => spot.state.colour(), label => clean(&spot.label),
                place => place.map(|(x, y)| context! { x => pixels(x), y => pixels(y) }),
            }
        });
        let states = State::ALL.into_iter().enumerate().map(|(at, state)| {
            let x = width - 440.0 + at as f64 * 110.0;
            context! { x, word_x => x + 10.0, colour => state.colour(), word => state.word() }
        });
        context! {
            width, depth, height => depth + LEGEND, legend_height => LEGEND, title => clean(&self.title),
            legend => clean(&self.legend()), letters => LETTERS, coasts => coasts(), graticule => graticule(),
            spots => spots.collect::<Vec<Value>>(),
            states => self.compared.then(|| states.collect::<Vec<Value>>()),
        }
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

/// Text that XML can hold: no control characters.
fn clean(text: &str) -> String {
    text.replace(|letter: char| letter.is_control() && letter != '\n', " ")
}

#[cfg(test)]
mod tests {
    use super::super::tests::cenr;
    use super::*;

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
