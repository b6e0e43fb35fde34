//! The chart as a picture, without scripts or links: degrees become pixels evenly (plate carrée), the coasts are
//! simplified ones in the public domain.

use std::fmt::Write as _;
use std::sync::LazyLock;

use minijinja::{AutoEscape, Environment, Value, context};

use super::{Chart, Spot, State};

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
/// In how many steps a line to a label is held against what it might cross.
const STEPS: u32 = 12;
/// The edge of a dot, in pixels.
const EDGE: f64 = 0.8;

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
            let radius = radius(spot);
            let told: Vec<String> = spot.told.iter().map(|line| clean(line)).collect();
            context! {
                told => told.join("\n"), x => pixels(x), y => pixels(y), radius => pixels(radius),
                colour => spot.state.colour(), label => clean(&labelled(spot)), misplaced => spot.misplaced,
                place => place.map(|Place { x, y, line }| context! {
                    x => pixels(x), y => pixels(y),
                    line => line.map(|(x, y)| context! { x => pixels(x), y => pixels(y) }),
                }),
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
        let troubles = [
            ("without coordinates", &self.unplaced),
            ("coordinates on another continent than the heading", &self.misplaced),
        ];
        let told = troubles.into_iter().filter(|(_, all)| !all.is_empty());
        let told: Vec<String> = told.map(|(trouble, all)| format!("{trouble}: {}", all.join(", "))).collect();
        if told.is_empty() { self.title.clone() } else { format!("{} ({})", self.title, told.join("; ")) }
    }

    /// Where labels stand: beside their spot, or a little away with a line to it, wherever they cover nothing; else nowhere.
    fn label_places(&self) -> Vec<Option<Place>> {
        let spots: Vec<(f64, f64)> =
            self.spots.iter().map(|spot| project(spot.latitude, spot.longitude)).collect();
        let dots = spots.iter().zip(&self.spots).map(|(at, spot)| dot(*at, radius(spot) + EDGE));
        let mut taken: Vec<Box4> = dots.collect();
        let mut places = vec![None; spots.len()];
        // What happened is labelled first, and the larger cities before the smaller ones.
        for at in (0..spots.len()).rev() {
            let (edge, wide) = (radius(&self.spots[at]), width(&labelled(&self.spots[at])));
            let found = choices(spots[at], edge, wide).find(|place| {
                let area = area(place.x, place.y, wide);
                let inside = area.0 > 0.0 && area.2 < 360.0 * SCALE && area.1 > 0.0;
                let others =
                    || taken.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, area)| area);
                inside
                    && !taken.iter().any(|other| other.meets(&area))
                    && !place.steps(spots[at]).any(|step| others().any(|other| other.meets(&step)))
            });
            if let Some(place) = &found {
                taken.push(area(place.x, place.y, wide));
                taken.extend(place.steps(spots[at]));
            }
            places[at] = found;
        }
        places
    }
}

/// Where a label begins, and the end of the line that leads to it from its spot.
#[derive(Clone, Debug)]
struct Place {
    x: f64,
    y: f64,
    line: Option<(f64, f64)>,
}

impl Place {
    /// The line, as small areas along it.
    fn steps(&self, (x, y): (f64, f64)) -> impl Iterator<Item = Box4> {
        let line = self.line.into_iter();
        line.flat_map(move |(to_x, to_y)| {
            (1..=STEPS).map(move |step| {
                let share = f64::from(step) / f64::from(STEPS);
                dot((x + (to_x - x) * share, y + (to_y - y) * share), 0.8)
            })
        })
    }
}

/// The places that a label may have, the best first: right of its spot, left, above, below, across; then farther off.
fn choices((x, y): (f64, f64), edge: f64, wide: f64) -> impl Iterator<Item = Place> {
    const ACROSS: f64 = std::f64::consts::FRAC_1_SQRT_2;
    const DIRECTIONS: [(f64, f64); 12] = [
        (1.0, 0.0),
        (-1.0, 0.0),
        (0.0, -1.0),
        (0.0, 1.0),
        (ACROSS, -ACROSS),
        (ACROSS, ACROSS),
        (-ACROSS, -ACROSS),
        (-ACROSS, ACROSS),
        (0.92, -0.38),
        (0.92, 0.38),
        (-0.92, -0.38),
        (-0.92, 0.38),
    ];
    [0.0, 8.0, 15.0, 23.0, 32.0, 42.0, 54.0].into_iter().flat_map(move |away| {
        DIRECTIONS.into_iter().map(move |(east, south)| {
            let (to_x, to_y) = (x + east * (edge + 2.0 + away), y + south * (edge + 2.0 + away));
            let begin = match east {
                0.3.. => to_x,
                ..-0.3 => to_x - wide,
                _ => to_x - wide / 2.0,
            };
            let base = match south {
                0.3.. => to_y + LETTERS * 0.8,
                ..-0.3 => to_y - LETTERS * 0.25,
                _ => to_y + LETTERS * 0.33,
            };
            Place { x: begin, y: base, line: (away > 0.0).then_some((to_x, to_y)) }
        })
    })
}

/// What a round thing covers.
fn dot((x, y): (f64, f64), reach: f64) -> Box4 {
    Box4(x - reach, y - reach, x + reach, y + reach)
}

/// How wide a label is at most, in pixels: capitals and wide letters of a plain font count for more.
fn width(label: &str) -> f64 {
    let letter = |letter: char| match letter {
        'M' | 'W' | 'm' | 'w' => 0.9,
        'f' | 'i' | 'j' | 'l' | 'r' | 't' | 'I' | ' ' | '.' => 0.4,
        capital if capital.is_uppercase() => 0.75,
        _ => 0.62,
    };
    label.chars().map(letter).sum::<f64>() * LETTERS
}

/// What a label covers, with its letters' tails.
fn area(x: f64, y: f64, wide: f64) -> Box4 {
    Box4(x, y - LETTERS * 0.8, x + wide, y + LETTERS * 0.25)
}

fn radius(spot: &Spot) -> f64 {
    2.6 + (spot.told.len() as f64).sqrt()
}

fn labelled(spot: &Spot) -> String {
    if spot.misplaced { format!("{}?", spot.label) } else { spot.label.clone() }
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
                let place = place?;
                Some(area(place.x, place.y, width(&labelled(spot))))
            })
            .collect();
        assert!(areas.len() > 5);
        for (at, one) in areas.iter().enumerate() {
            assert!(!areas[..at].iter().any(|other| other.meets(one)));
            for spot in &chart.spots {
                let ((x, y), reach) = (project(spot.latitude, spot.longitude), radius(spot) + EDGE);
                assert!(
                    !Box4(x - reach, y - reach, x + reach, y + reach).meets(one),
                    "a dot lies on a label"
                );
            }
        }
    }

    #[test]
    fn large_cities_keep_their_label_where_small_ones_stand_close() {
        let city = |name: &str, at: usize, ranges: usize| {
            let entry = |range| {
                format!(
                    r#"{{"range":"192.0.2.{range}/32","latitude":"50","longitude":"{}.{}"}}"#,
                    at / 10,
                    at % 10
                )
            };
            let entries: Vec<String> = (0..ranges).map(entry).collect();
            format!(r#""city : {name}":[{}]"#, entries.join(","))
        };
        // The large one stands among many small ones that come before and after it.
        let cities: Vec<String> = (0..150)
            .map(|at| {
                if at == 15 {
                    city("Metropolis", 90, 20)
                } else {
                    city(&format!("Smalltown {at}x"), at * 6, 1)
                }
            })
            .collect();
        let chart = Chart::of(&cenr(&format!(r#"{{"a":{{"continent : EMEA":{{{}}}}}}}"#, cities.join(","))));
        let places = chart.label_places();
        let labelled = |name: &str| {
            chart.spots.iter().zip(&places).any(|(spot, place)| spot.label == name && place.is_some())
        };
        assert!(labelled("Metropolis") && places.iter().any(Option::is_none));
    }

    #[test]
    fn every_large_city_of_the_clouds_is_named() {
        let edition = crate::Edition::built_in();
        for cloud in ["zscaler.net", "zscalerthree.net", "zscloud.net"] {
            let found = edition.get(cloud, crate::Kind::Cenr).expect("it is built in");
            let crate::Document::Cenr(cenr) = &found.document else { panic!("no cenr") };
            let chart = Chart::of(cenr);
            let named: Vec<&str> = chart
                .spots
                .iter()
                .zip(chart.label_places())
                .filter_map(|(spot, place)| place.map(|_| spot.label.as_str()))
                .collect();
            for city in ["London", "Frankfurt", "Amsterdam", "New York", "San Francisco", "Tokyo", "Mumbai"] {
                assert!(named.contains(&city), "{cloud}: {city}");
            }
        }
    }
}
