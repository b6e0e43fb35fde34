//! A plan as people and programs read it.

use anyhow::Result;
use serde_json::{Map, Value, json};
use zuno_plan::{Action, Difference, Plan, Step};

use crate::table::{escaped, print};

/// How much of a value a line tells, in characters.
const LONGEST: usize = 120;

/// Shows a plan: a line a step, the members that change beneath it.
pub fn show(plan: &Plan, json: bool) -> Result<()> {
    if json {
        return print(&format!("{:#}\n", as_json(plan)));
    }
    let mut text = String::new();
    for step in &plan.steps {
        let (sign, verb) = signs(step.action);
        text.push_str(&format!("{sign} {verb:<6} {} {}\n", step.kind, named(&step.name)));
        for difference in &step.differences {
            text.push_str(&format!("           {}: {}\n", difference.member, change(difference)));
        }
    }
    for order in &plan.orders {
        let more = if order.moved > 1 { format!(" and {} more", order.moved - 1) } else { String::new() };
        text.push_str(&format!("~ move   {} {}{more}\n", order.kind, named(&order.example)));
    }
    for left in &plan.left {
        text.push_str(&format!("! {left}\n"));
    }
    print(&escaped(&text))
}

/// The plan in a sentence.
pub fn conclusion(plan: &Plan) -> String {
    let count = |action| plan.steps.iter().filter(|step| step.action == action).count();
    let moved: usize = plan.orders.iter().map(|order| order.moved).sum();
    let parts = [
        (count(Action::Create), "to create"),
        (count(Action::Update), "to update"),
        (count(Action::Delete), "to delete"),
        (moved, "to move"),
        (plan.left.len(), "that no call mends"),
    ];
    let said: Vec<String> =
        parts.iter().filter(|(many, _)| *many > 0).map(|(many, what)| format!("{many} {what}")).collect();
    match said.is_empty() {
        true => format!("nothing to do: {} as declared", plan.same),
        false => format!("{}; {} as declared", said.join(", "), plan.same),
    }
}

fn signs(action: Action) -> (char, &'static str) {
    match action {
        Action::Create => ('+', "create"),
        Action::Update => ('~', "update"),
        Action::Delete => ('-', "delete"),
    }
}

fn named(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!("`{name}`") }
}

/// What changes of a member; of a list what is added and what is removed.
fn change(difference: &Difference) -> String {
    let short = |value: &Value| {
        let text = value.to_string();
        match text.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    };
    if let (Some(Value::Array(is)), Value::Array(wanted)) = (&difference.is, &difference.wanted) {
        let less = |one: &[Value], other: &[Value]| {
            one.iter().filter(|item| !other.contains(item)).cloned().collect::<Vec<_>>()
        };
        let (added, removed) = (less(wanted, is), less(is, wanted));
        let part = |sign: &str, items: Vec<Value>| {
            (!items.is_empty()).then(|| format!("{sign}{}", short(&items.into())))
        };
        let parts: Vec<String> = part("+", added).into_iter().chain(part("-", removed)).collect();
        if !parts.is_empty() {
            return parts.join(" ");
        }
    }
    let is = difference.is.as_ref().map_or("nothing".to_owned(), short);
    let wanted = if difference.wanted.is_null() { "nothing".to_owned() } else { short(&difference.wanted) };
    format!("{is} → {wanted}")
}

fn as_json(plan: &Plan) -> Value {
    let step = |step: &Step| {
        let mut told = Map::new();
        told.insert("action".into(), json!(step.action));
        told.insert("kind".into(), step.kind.as_str().into());
        told.insert("name".into(), step.name.as_str().into());
        if step.action != Action::Create {
            told.insert("id".into(), json!(step.id));
        }
        if !step.differences.is_empty() {
            told.insert("differences".into(), json!(step.differences));
        }
        Value::Object(told)
    };
    let moves = plan
        .orders
        .iter()
        .map(|order| json!({"kind": order.kind, "rules": order.moved, "first": order.example}));
    let left = plan.left.iter().map(|left| json!({"of": left.place, "why": left.why}));
    json!({
        "same": plan.is_empty() && plan.left.is_empty(),
        "steps": plan.steps.iter().map(step).collect::<Vec<_>>(),
        "moves": moves.collect::<Vec<_>>(),
        "left": left.collect::<Vec<_>>(),
        "as_declared": plan.same,
    })
}
