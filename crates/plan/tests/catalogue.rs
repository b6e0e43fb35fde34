//! What follows from the whole catalogue.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value, json};
use zuno_catalogue::Catalogue;
use zuno_engine::Engine;
use zuno_model::Id;
use zuno_plan::{
    Action, Found, Kind, Names, Reader, Tenant, declare_all, is_given, kind, kinds, plan, read, write,
};

fn engine() -> Engine {
    Engine::new(Arc::new(Catalogue::compiled()), zuno_behaviours::all()).unwrap()
}

/// What every tenant has of a kind, as far as answers would tell it so.
fn first(engine: &Engine, kind: &Kind<'_>) -> Vec<Found> {
    let catalogue = engine.catalogue();
    let texts = [catalogue.fresh(kind.name()), catalogue.fleet(kind.name())];
    let records = texts
        .into_iter()
        .flatten()
        .flat_map(|text| serde_json::from_str::<Vec<Map<String, Value>>>(text).unwrap());
    let reader = Reader::new(engine, kind);
    records.map(|record| reader.read(&record, &[])).collect()
}

#[test]
fn every_call_of_a_kind_that_is_configured_knows_what_its_path_names() {
    let catalogue = Catalogue::compiled();
    let all = kinds(&catalogue);
    assert!(all.len() > 150, "{}", all.len());
    let names: BTreeSet<&str> = all.iter().map(Kind::name).collect();
    for wanted in [
        "zpa.policy_rule",
        "zpa.provisioning_key",
        "zia.web_application_rule",
        "zia.advanced_settings",
        "ztw.location_template",
    ] {
        assert!(names.contains(wanted), "{wanted}: {names:?}");
    }
    for never in ["zia.session", "zdx.deep_trace", "zidentity.api_client_secret", "zia.audit_log_report"] {
        assert!(!names.contains(never), "{never}");
    }
    for kind in &all {
        let within = kind.within();
        for operation in [kind.create, kind.update, kind.delete].into_iter().flatten() {
            let unknown = operation
                .parameters()
                .find(|name| !is_given(name) && *name != "id" && !within.contains(name));
            assert_eq!(unknown, None, "{} {}", kind.name(), operation.name);
        }
    }
}

#[test]
fn what_is_written_is_read_again_as_it_was() {
    let engine = engine();
    let mut names = Names::default();
    let all = kinds(engine.catalogue());
    let found: BTreeMap<String, Vec<Found>> =
        all.iter().map(|kind| (kind.name().to_owned(), first(&engine, kind))).collect();
    for (kind, found) in &found {
        names.learn_kind(kind);
        found
            .iter()
            .filter_map(|found| Some((found.id.as_ref()?, &found.name)))
            .for_each(|(id, name)| names.learn(kind, id, name));
    }
    let mut records = 0;
    for kind in &all {
        let declared = declare_all(&engine, kind, &found[kind.name()], &names);
        let text = write(kind, &declared).unwrap();
        let read = read(engine.catalogue(), &[text]).unwrap();
        assert_eq!(read[kind.name()], declared, "{}", kind.name());
        records += declared.len();
    }
    assert!(records > 300, "{records}");
}

/// A tenant that has a segment group and a segment in it.
fn tenant(engine: &Engine) -> Tenant {
    let told = [
        ("zpa.segment_group", json!({"id": "1", "name": "Finance", "enabled": true})),
        (
            "zpa.application_segment",
            json!({
                "id": "2", "name": "Payroll", "segmentGroupId": "1", "domainNames": ["b.example", "a.example"], "enabled": true,
            }),
        ),
    ];
    let mut tenant = Tenant::default();
    for (name, record) in told {
        let kind = kind(engine.catalogue(), name).unwrap();
        let found = Reader::new(engine, &kind).read(record.as_object().unwrap(), &[]);
        tenant.names.learn(name, &Id(record["id"].as_str().unwrap().into()), &found.name);
        tenant.found.insert(name.into(), vec![found]);
    }
    tenant
}

fn wishes(of: &[(&str, Value)]) -> BTreeMap<String, Vec<Map<String, Value>>> {
    let records = |value: &Value| {
        value.as_array().unwrap().iter().map(|record| record.as_object().unwrap().clone()).collect()
    };
    of.iter().map(|(kind, value)| ((*kind).to_owned(), records(value))).collect()
}

fn steps(of: &[(&str, Value)]) -> Result<Vec<String>, String> {
    let engine = engine();
    let planned =
        plan(&engine, &wishes(of), &tenant(&engine), &|_| None).map_err(|wrong| wrong.to_string())?;
    let word = |action| match action {
        Action::Create => "create",
        Action::Update => "update",
        Action::Delete => "delete",
    };
    Ok(planned.steps.iter().map(|step| format!("{} {}", word(step.action), step.name)).collect())
}

#[test]
fn what_is_as_declared_needs_no_step_and_lists_have_no_order() {
    let same =
        json!([{"name": "payroll", "segmentGroupId": "Finance", "domainNames": ["a.example", "b.example"]}]);
    assert_eq!(
        steps(&[("zpa.application_segment", same)]),
        Ok(vec!["update payroll".into()]),
        "its name has another case"
    );
    let same =
        json!([{"name": "Payroll", "segmentGroupId": "Finance", "domainNames": ["a.example", "b.example"]}]);
    assert_eq!(steps(&[("zpa.application_segment", same)]), Ok(vec![]));
    assert_eq!(steps(&[]), Ok(vec![]), "a kind without a file is left alone");
}

#[test]
fn what_is_referred_to_is_made_first_and_deleted_last() {
    let made = [
        (
            "zpa.application_segment",
            json!([{"name": "Payroll"}, {"name": "Wiki", "segmentGroupId": "Everybody"}]),
        ),
        ("zpa.segment_group", json!([{"name": "Finance"}, {"name": "Everybody"}])),
    ];
    assert_eq!(steps(&made), Ok(vec!["create Everybody".into(), "create Wiki".into()]));
    let gone = [("zpa.application_segment", json!([])), ("zpa.segment_group", json!([]))];
    assert_eq!(steps(&gone), Ok(vec!["delete Payroll".into(), "delete Finance".into()]));
    let moved = [
        ("zpa.application_segment", json!([{"name": "Payroll", "segmentGroupId": "Everybody"}])),
        ("zpa.segment_group", json!([{"name": "Everybody"}])),
    ];
    let wanted = ["create Everybody", "update Payroll", "delete Finance"].map(str::to_owned).to_vec();
    assert_eq!(steps(&moved), Ok(wanted));
}

#[test]
fn a_name_that_changed_is_told_by_the_id() {
    let renamed = json!([{"id": "1", "name": "Money"}]);
    assert_eq!(steps(&[("zpa.segment_group", renamed)]), Ok(vec!["update Money".into()]));
    let strange = json!([{"id": "77", "name": "Finance"}]);
    assert_eq!(steps(&[("zpa.segment_group", strange)]), Ok(vec![]), "an id of another tenant says nothing");
}

#[test]
fn what_makes_no_sense_is_refused_with_what_to_do() {
    let of = |kind: &str, records: Value| steps(&[(kind, records.clone())]).expect_err(&records.to_string());
    let segment = |member: &str, value: Value| {
        of("zpa.application_segment", json!([{"name": "Payroll", member: value}]))
    };
    for (told, words) in [
        (
            segment("segmentGroupId", json!("Finanze")),
            "no segment group is called `Finanze`; there is `Finance`",
        ),
        (segment("domainNamez", json!("x")), "`domainNamez`"),
        (segment("enabled", json!("maybe")), "`enabled`"),
        (segment("description", json!({"env": "NOT_SET"})), "the variable NOT_SET is not set"),
        (of("zpa.segment_group", json!([{"enabled": true}])), "no name"),
        (of("zpa.segment_group", json!([{"name": "a"}, {"name": "A"}])), "declared twice"),
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
}
