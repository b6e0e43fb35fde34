//! The chart as a picture, without scripts or links: degrees become pixels evenly (plate carrée), the coasts are
//! simplified ones in the public domain.

use std::fmt::Write as _;
use std::sync::LazyLock;

use minijinja::{AutoEscape, Environment, Value, context};

use super::labels::{EDGES, LETTERS, Placement, SCALE, labelled, project, radius};
use super::{Chart, State};

/// The coasts, in half degrees.
const COASTS: &str = include_str!("../../data/coasts.txt");
/// The height of the legend, in pixels.
const LEGEND: f64 = 34.0;

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
                place => place.map(|Placement { x, y, line }| context! {
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
