//! Where the labels of a chart stand: beside their spot, or a little away with a line to it, wherever they cover nothing.

use super::{Chart, Spot};

/// Pixels for a degree.
pub(super) const SCALE: f64 = 4.0;
/// The northern and the southern edge, in degrees.
pub(super) const EDGES: (f64, f64) = (80.0, -58.0);
/// The size of a label's letters, in pixels.
pub(super) const LETTERS: f64 = 9.0;
/// In how many steps a line to a label is held against what it might cross.
const STEPS: u32 = 12;
/// The edge of a dot, in pixels.
const EDGE: f64 = 0.8;

impl Chart {
    /// The place of each spot's label, if there is one. What happened is labelled first, and the larger cities before the
    /// smaller ones; where all places are taken, one label moves to another of its own.
    pub(super) fn label_places(&self) -> Vec<Option<Placement>> {
        let mut labels = Labels::of(self);
        for at in (0..labels.choices.len()).rev() {
            if !labels.put(at) {
                labels.make_room(at);
            }
        }
        let places = labels.choices.into_iter().zip(labels.chosen);
        places.map(|(mut choices, chosen)| chosen.map(|chosen| choices.swap_remove(chosen).place)).collect()
    }
}

/// A place that covers no dot and is on the map, with what a label there covers: itself and its line.
struct Choice {
    place: Placement,
    covers: Vec<Box4>,
}

impl Choice {
    fn meets(&self, other: &Choice) -> bool {
        self.covers.iter().any(|one| other.covers.iter().any(|other| other.meets(one)))
    }
}

/// The places that each spot's label may have, and the one that it has so far.
struct Labels {
    choices: Vec<Vec<Choice>>,
    chosen: Vec<Option<usize>>,
}

impl Labels {
    fn of(chart: &Chart) -> Labels {
        let spots: Vec<(f64, f64)> =
            chart.spots.iter().map(|spot| project(spot.latitude, spot.longitude)).collect();
        let dots: Vec<Box4> =
            spots.iter().zip(&chart.spots).map(|(at, spot)| dot(*at, radius(spot) + EDGE)).collect();
        let choices = |(at, spot): (usize, &Spot)| {
            let wide = width(&labelled(spot));
            let all = choices(spots[at], radius(spot), wide).map(|place| {
                let own = area(place.x, place.y, wide);
                let covers = std::iter::once(own).chain(place.steps(spots[at])).collect();
                Choice { place, covers }
            });
            let free = |choice: &Choice| {
                let Some((own, line)) = choice.covers.split_first() else { return false };
                let inside = own.0 > 0.0 && own.2 < 360.0 * SCALE && own.1 > 0.0;
                let crosses =
                    |other: usize, dot: &Box4| other != at && line.iter().any(|step| dot.meets(step));
                inside && !dots.iter().enumerate().any(|(other, dot)| dot.meets(own) || crosses(other, dot))
            };
            all.filter(free).collect()
        };
        let choices: Vec<Vec<Choice>> = chart.spots.iter().enumerate().map(choices).collect();
        Labels { chosen: vec![None; choices.len()], choices }
    }

    /// The labels that a choice would cover.
    fn covered(&self, choice: &Choice) -> Vec<usize> {
        let has =
            |(at, chosen): (usize, &Option<usize>)| chosen.map(|chosen| (at, &self.choices[at][chosen]));
        let placed = self.chosen.iter().enumerate().filter_map(has);
        placed.filter(|(_, other)| choice.meets(other)).map(|(at, _)| at).collect()
    }

    /// Gives a spot's label the best place that is free, if one is.
    fn put(&mut self, at: usize) -> bool {
        self.chosen[at] = self.choices[at].iter().position(|choice| self.covered(choice).is_empty());
        self.chosen[at].is_some()
    }

    /// Gives a spot's label the best place that one other can leave for another of its own.
    fn make_room(&mut self, at: usize) {
        for wanted in 0..self.choices[at].len() {
            let [other] = self.covered(&self.choices[at][wanted])[..] else { continue };
            let before = self.chosen[other].take();
            self.chosen[at] = Some(wanted);
            if self.put(other) {
                return;
            }
            (self.chosen[at], self.chosen[other]) = (None, before);
        }
    }
}

/// Where a label begins, and the end of the line that leads to it from its spot.
#[derive(Clone, Debug)]
pub(super) struct Placement {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) line: Option<(f64, f64)>,
}

impl Placement {
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
fn choices((x, y): (f64, f64), edge: f64, wide: f64) -> impl Iterator<Item = Placement> {
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
            Placement { x: begin, y: base, line: (away > 0.0).then_some((to_x, to_y)) }
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

/// Left, top, right, bottom.
struct Box4(f64, f64, f64, f64);

impl Box4 {
    fn meets(&self, other: &Box4) -> bool {
        self.0 < other.2 && other.0 < self.2 && self.1 < other.3 && other.1 < self.3
    }
}

pub(super) fn radius(spot: &Spot) -> f64 {
    2.6 + (spot.told.len() as f64).sqrt()
}

pub(super) fn labelled(spot: &Spot) -> String {
    if spot.misplaced { format!("{}?", spot.label) } else { spot.label.clone() }
}

pub(super) fn project(latitude: f64, longitude: f64) -> (f64, f64) {
    ((longitude + 180.0) * SCALE, (EDGES.0 - latitude.clamp(EDGES.1, EDGES.0)) * SCALE)
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
            for city in
                ["London", "Frankfurt", "Amsterdam", "New York", "San Francisco", "Tokyo", "Mumbai", "Paris"]
            {
                assert!(named.contains(&city), "{cloud}: {city}");
            }
        }
    }
}
