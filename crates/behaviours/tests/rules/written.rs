//! Records that are written out by a plan are those that are shown one by one, member by member and byte by byte.

use serde_json::{Value, json};
use zuno_catalogue::{Resource, Verb};
use zuno_engine::{Context, Stored, write_rows};
use zuno_model::Fault;
use zuno_store::{Row, Stretch};

use crate::cloud::Cloud;

const VERBS: [Verb; 4] = [Verb::List, Verb::Read, Verb::Create, Verb::Update];

/// A tenant whose first objects have all become its own.
fn cloud() -> Cloud {
    let cloud = Cloud::new("", true);
    cloud.change(|cx| {
        for outline in cx.catalogue().outlines() {
            if let Some(first) = cx.all(outline.kind.as_str(), None)?.first() {
                cx.save(outline.kind.as_str(), first)?;
            }
        }
        Ok(())
    });
    cloud
}

/// No view, and every view of a resource.
fn views(resource: &Resource) -> impl Iterator<Item = Option<&str>> {
    std::iter::once(None).chain(resource.views.keys().map(|view| Some(view.as_str())))
}

fn shown(cx: &Context<'_>, resource: &Resource, verb: Verb, view: Option<&str>, all: &[Stored]) -> String {
    let shown = all.iter().map(|stored| cx.show(resource, verb, view, stored.clone()));
    let shown = shown.map(|shown| shown.map(|value| value.to_string())).collect::<Result<Vec<_>, _>>();
    told(shown.map(|shown| shown.join(",")))
}

fn written(cx: &Context<'_>, resource: &Resource, verb: Verb, view: Option<&str>, rows: &[Row]) -> String {
    let written = write_rows(cx, resource, verb, view, rows.to_vec());
    told(written.map(|text| String::from_utf8(text).expect("JSON is UTF-8")))
}

fn told(outcome: Result<String, Fault>) -> String {
    outcome.unwrap_or_else(|fault| format!("refused: {fault}"))
}

#[test]
fn what_the_store_keeps_is_written_as_it_is_shown() {
    let (records, planned, all) = cloud().look(|cx| {
        let (mut records, mut planned, mut all) = (0, 0, 0);
        for resource in cx.catalogue().resources() {
            let rows = cx.store().list(cx.tenant().id, &resource.kind, None, Stretch::ALL).expect("it lists");
            let kept = |row: &Row| cx.get(&resource.kind, &row.id).expect("it reads").expect("it is there");
            let kept: Vec<Stored> = rows.iter().map(kept).collect();
            records += rows.len();
            for verb in VERBS {
                for view in views(resource) {
                    let shown = shown(cx, resource, verb, view, &kept);
                    assert_eq!(written(cx, resource, verb, view, &rows), shown, "{} {verb:?}", resource.kind);
                    all += rows.len();
                    planned += if cx.is_planned(resource, verb, view) { rows.len() } else { 0 };
                }
            }
        }
        (records, planned, all)
    });
    assert!(records > 2_000, "{records} records were looked at");
    assert!(planned * 10 > all * 8, "{planned} of {all} are written by a plan");
}

#[test]
fn every_long_list_of_rules_is_written_by_a_plan() {
    let unplanned = cloud().look(|cx| {
        let ordered = cx
            .catalogue()
            .resources()
            .filter(|resource| resource.records.is_none() && resource.behaviours.contains_key("rule-order"));
        let mut unplanned = Vec::new();
        for resource in ordered {
            let Some(first) = cx.all(&resource.kind, None).expect("it lists").into_iter().next() else {
                continue;
            };
            let _ = shown(cx, resource, Verb::List, None, &[first]);
            if !cx.is_planned(resource, Verb::List, None) {
                unplanned.push(resource.kind.clone());
            }
        }
        unplanned
    });
    assert!(unplanned.is_empty(), "{unplanned:?}");
}

/// Numbers that follow from each other, the same at every run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// The value, or another in its place: of another type, empty, long, with letters that are escaped.
fn twisted(dice: &mut Dice, value: &Value) -> Value {
    match (dice.throw(12), value) {
        (0, _) => Value::Null,
        (1, _) => json!([]),
        (2, _) => json!("a \"b\" <c> & 'd' \\ \u{1} &lt; ü 😀"),
        (3, _) => json!(-17),
        (4, _) => json!(["1", null, 2, { "id": "3" }, []]),
        (5, _) => json!("00216196257331281921"),
        (6, _) => json!({}),
        (_, Value::Array(items)) => items.iter().map(|item| twisted(dice, item)).collect(),
        (_, Value::Object(members)) => {
            members.iter().map(|(name, value)| (name.clone(), twisted(dice, value))).collect()
        }
        (_, other) => other.clone(),
    }
}

#[test]
fn whatever_is_kept_is_written_as_it_is_shown() {
    let compared = cloud().look(|cx| {
        let mut compared = 0;
        let mut dice = Dice(42);
        for (resource, outline) in cx.catalogue().resources().zip(cx.catalogue().outlines()) {
            // What is sealed, or numbered by its place, is not shown as it is kept.
            if !outline.sealed.is_empty() || resource.behaviours.contains_key("rule-order") {
                continue;
            }
            for stored in cx.all(&resource.kind, None).expect("it lists").into_iter().take(40) {
                let _ = shown(cx, resource, Verb::List, None, std::slice::from_ref(&stored));
                for nth in 0..6 {
                    let mut stored = stored.clone();
                    for (name, field) in &resource.fields {
                        let had = stored.record.get(name).cloned();
                        let default = || field.default.as_ref().map(|json| json.0.clone());
                        let value = had.or_else(default).unwrap_or_else(|| json!("1"));
                        match dice.throw(4) {
                            0 => drop(stored.record.shift_remove(name)),
                            1 if nth % 2 == 0 => drop(stored.record.insert(name.clone(), value)),
                            _ => drop(stored.record.insert(name.clone(), twisted(&mut dice, &value))),
                        }
                    }
                    let body = serde_json::to_vec(&stored.record).expect("a record serialises");
                    let (id, scope, sort) = (stored.id.clone(), stored.scope.clone(), stored.sort.clone());
                    let rows = [Row { id, scope, sort, body }];
                    let all = [stored];
                    for verb in VERBS {
                        // Whatever has no plan is shown as ever, by hooks that count on what is well-formed.
                        for view in views(resource).filter(|view| cx.is_planned(resource, verb, *view)) {
                            let shown = shown(cx, resource, verb, view, &all);
                            let written = written(cx, resource, verb, view, &rows);
                            assert_eq!(
                                written, shown,
                                "{} {verb:?} {view:?} {:?}",
                                resource.kind, all[0].record
                            );
                            compared += 1;
                        }
                    }
                }
            }
        }
        compared
    });
    assert!(compared > 20_000, "{compared} comparisons");
}
