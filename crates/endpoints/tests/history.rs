//! Twenty months of the published lists, replayed: what changed is named, order alone is no change, and the end is what
//! is built in.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use zuno_endpoints::{Cenr, Change, Document, Edition, History, IpNet, Kind, Role, Step, Text, Where};

const FACTS: &str = include_str!("history/zscaler.net.txt");

/// A list as it was first, and its changes.
#[derive(Default)]
struct Told {
    prefixes: Vec<String>,
    cities: Vec<String>,
    history: History,
}

/// What the facts tell of one kind.
fn told(kind: Kind) -> Told {
    let mut lines: Vec<String> = Vec::new();
    let heading = format!("[{kind}]");
    let after = FACTS.lines().skip_while(|line| *line != heading).skip(1);
    for line in after.take_while(|line| !line.starts_with('[')) {
        match (line.strip_prefix("  "), lines.last_mut()) {
            (Some(more), Some(last)) => *last = format!("{last} {more}"),
            _ => lines.push(line.to_owned()),
        }
    }
    let (mut told, mut steps) = (Told::default(), Vec::new());
    for line in &lines {
        let mut words = line.split(' ').map(|word| word.replace('_', " "));
        match words.next().unwrap().as_str() {
            "prefixes" => told.prefixes = words.collect(),
            "cities" => told.cities = words.collect(),
            date => steps.push(step(date, &words.next().unwrap(), words)),
        }
    }
    told.history = History::read(Value::from(steps).to_string().as_bytes()).unwrap();
    told
}

fn step(date: &str, kind: &str, items: impl Iterator<Item = String>) -> Value {
    let mut step = json!({"date": date, "kind": kind});
    for item in items {
        let came = item.starts_with('+');
        let (list, what) = match item[1..].split_once(':') {
            Some(("city", name)) => (if came { "citiesAdded" } else { "citiesRemoved" }, name),
            Some(("svpn", address)) => (if came { "svpnAdded" } else { "svpnRemoved" }, address),
            _ => (if came { "added" } else { "removed" }, &item[1..]),
        };
        let list = step.as_object_mut().unwrap().entry(list).or_insert_with(|| json!([]));
        list.as_array_mut().unwrap().push(what.into());
    }
    step
}

fn built_in(kind: Kind) -> &'static Document {
    &Edition::built_in().get("zscaler.net", kind).unwrap().document
}

fn ranges(document: &Document) -> BTreeSet<IpNet> {
    document.listed().filter(|one| one.role == Role::Range).map(|one| one.net).collect()
}

#[test]
fn each_list_ends_as_it_is_built_in() {
    for (kind, first, steps, last) in
        [(Kind::Cenr, 408, 279, 673), (Kind::HubsRequired, 116, 17, 174), (Kind::Future, 42, 11, 54)]
    {
        let told = told(kind);
        assert_eq!((told.prefixes.len(), told.history.steps.len()), (first, steps), "{kind}");
        let start = Document::read(told.prefixes.join("\n").as_bytes()).unwrap();
        let end = told.history.replay(&start).unwrap();
        assert_eq!(end.len(), last, "{kind}");
        assert_eq!(end, ranges(built_in(kind)), "{kind}");
    }
}

#[test]
fn order_alone_is_no_change_and_all_else_is_one() {
    let history = told(Kind::Cenr).history;
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for step in &history.steps {
        *counted.entry(&step.kind).or_default() += 1;
        let order = matches!(step.kind.as_str(), "order-only" | "svpn-order");
        assert_eq!(step.is_change(), !order, "{} {}", step.date, step.kind);
    }
    let expected = [
        ("entries", 83),
        ("entries+cities", 1),
        ("entries+svpn-order", 6),
        ("entries+svpn-set", 4),
        ("order-only", 115),
        ("ranges+entries", 36),
        ("ranges+entries+cities", 19),
        ("ranges+entries+svpn-order", 1),
        ("svpn-order", 6),
        ("svpn-set", 8),
    ];
    assert_eq!(counted.into_iter().collect::<Vec<_>>(), expected);
    for kind in [Kind::HubsRequired, Kind::Future] {
        assert!(told(kind).history.steps.iter().all(Step::is_change), "{kind}");
    }
}

/// A list at one time, which is published in an order that differs from time to time.
#[derive(Clone)]
struct List {
    kind: Kind,
    ranges: BTreeSet<String>,
    cities: BTreeSet<String>,
    svpn: BTreeSet<String>,
}

impl List {
    fn then(&self, step: &Step) -> List {
        let mut next = self.clone();
        let texts = |list: &[Text<IpNet>]| -> Vec<String> {
            list.iter().map(|text| text.as_str().to_owned()).collect()
        };
        for (list, came, went) in [
            (&mut next.ranges, texts(&step.added), texts(&step.removed)),
            (&mut next.cities, step.cities_added.clone(), step.cities_removed.clone()),
            (&mut next.svpn, texts(&step.svpn_added), texts(&step.svpn_removed)),
        ] {
            went.iter().for_each(|gone| assert!(list.remove(gone), "{gone} of {}", step.date));
            came.into_iter().for_each(|new| assert!(list.insert(new.clone()), "{new} of {}", step.date));
        }
        next
    }

    /// The document, each list turned by so many places. The facts do not tell which city has which range: here one that
    /// is always there has them all.
    fn document(&self, turned: usize) -> Document {
        let turn = |list: &BTreeSet<String>| {
            let mut list: Vec<String> = list.iter().cloned().collect();
            let places = turned.checked_rem(list.len()).unwrap_or(0);
            list.rotate_left(places);
            if turned % 2 == 1 {
                list.reverse();
            }
            list
        };
        let ranges = turn(&self.ranges);
        let body = match self.kind {
            Kind::Cenr => {
                let entry = |range: &String| json!({"range": range, "vpn": "", "gre": "", "ext": "", "hostname": "", "latitude": "0", "longitude": "0"});
                let mut cities = json!({"city : Anywhere": ranges.iter().map(entry).collect::<Vec<_>>()});
                for name in turn(&self.cities) {
                    cities[format!("city : {name}")] = json!([]);
                }
                json!({"zscaler.net": {"continent : EMEA": cities}, "svpnIPs": turn(&self.svpn)})
            }
            Kind::HubsRequired => {
                json!({"cloudName": "zscaler.net", "type": "required", "hubPrefixes": ranges})
            }
            _ => json!({"cloudName": "zscaler.net", "prefixes": ranges}),
        };
        Document::read(body.to_string().as_bytes()).unwrap()
    }
}

fn words(items: impl IntoIterator<Item = impl ToString>) -> BTreeSet<String> {
    items.into_iter().map(|item| item.to_string()).collect()
}

fn nets(list: &[Text<IpNet>]) -> impl Iterator<Item = IpNet> {
    list.iter().filter_map(Text::get)
}

#[test]
fn every_step_is_named_as_it_was_told() {
    for kind in [Kind::Cenr, Kind::HubsRequired, Kind::Future] {
        let Told { prefixes, cities, history } = told(kind);
        let mut list = List {
            kind,
            ranges: prefixes.into_iter().collect(),
            cities: cities.into_iter().collect(),
            svpn: BTreeSet::new(),
        };
        let mut before = list.document(0);
        for (at, step) in history.steps.iter().enumerate() {
            list = list.then(step);
            let now = list.document(at + 1);
            let change = Change::between(&before, &now).unwrap();
            let of = format!("{kind} {} {}", step.date, step.kind);
            assert_eq!(words(&change.prefixes_added), words(nets(&step.added)), "{of}");
            assert_eq!(words(&change.prefixes_removed), words(nets(&step.removed)), "{of}");
            let hosts = |list| words(nets(list).map(|net| net.addr()));
            assert_eq!(words(&change.svpn_added), hosts(&step.svpn_added), "{of}");
            assert_eq!(words(&change.svpn_removed), hosts(&step.svpn_removed), "{of}");
            let names = |places: &[Where]| words(places.iter().map(|place| &place.city));
            assert_eq!(names(&change.cities_added), words(&step.cities_added), "{of}");
            assert_eq!(names(&change.cities_removed), words(&step.cities_removed), "{of}");
            assert!(
                change.fields.is_empty() && change.went_live.is_empty() && change.moved.is_empty(),
                "{of}"
            );
            if step.kind.split('+').all(|part| matches!(part, "entries" | "order-only" | "svpn-order")) {
                assert!(change.is_empty(), "{of}: {:?}", change.lines());
            }
            before = now;
        }
        // The cities and addresses of the end are those that are built in as well.
        if let Document::Cenr(end) = built_in(kind) {
            assert_eq!(list.cities, words(end.cities().map(|(_, city)| city.name())));
            let Document::Cenr(last) = &before else { panic!("no cenr") };
            let addresses = |cenr: &Cenr| words(cenr.svpn.iter().flatten().filter_map(Text::get));
            assert_eq!(addresses(last), addresses(end));
        }
    }
}
