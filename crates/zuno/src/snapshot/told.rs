//! What people read of snapshots.

use serde_json::{Value, json};

/// The longest value of a member in a line, in characters.
const LONGEST: usize = 60;

/// The members of a changed record that a line names.
const MEMBERS: usize = 4;

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn time(value: &Value) -> String {
    let time = value.as_i64().and_then(|at| jiff::Timestamp::from_second(at).ok());
    time.map(|time| time.to_string()).unwrap_or_default()
}

/// A snapshot that was taken, in a sentence.
pub fn kept(kept: &Value) -> String {
    let left_out = match kept["secrets_left_out"].as_u64() {
        Some(0) | None => String::new(),
        Some(count) => format!("; secrets left out: {count}"),
    };
    let waiting = match kept["waiting"].as_u64() {
        Some(0) | None => String::new(),
        Some(count) => format!(", {count} with changes that wait"),
    };
    format!(
        "snapshot {} of {} has {} records{waiting}{left_out}",
        text(&kept["name"]),
        text(&kept["tenant"]["vanity"]),
        kept["records"]
    )
}

/// Snapshots as lines of a table.
pub fn rows(list: &Value) -> Value {
    let row = |kept: &Value| {
        json!({
            "name": kept["name"], "tenant": kept["tenant"]["vanity"], "taken": time(&kept["at"]),
            "records": kept["records"], "waiting": kept["waiting"], "bytes": kept["bytes"], "note": kept["note"],
        })
    };
    list.as_array().into_iter().flatten().map(row).collect()
}

/// One snapshot, kind by kind.
pub fn whole(shown: &Value) -> String {
    let mut all = format!("{}\n", kept(shown));
    all.push_str(&format!("taken {} by Zuno {}\n", time(&shown["at"]), text(&shown["zuno"])));
    if let Some(note) = shown["note"].as_str() {
        all.push_str(&format!("{note}\n"));
    }
    for (kind, count) in shown["kinds"].as_object().into_iter().flatten() {
        all.push_str(&format!("{:>8}  {kind}\n", count.as_u64().unwrap_or_default()));
    }
    all.push_str("of all other kinds it has what every tenant has\n");
    all
}

/// A restore, in a sentence.
pub fn restored(restored: &Value) -> String {
    format!(
        "{} is as in {}: {} records of {} kinds, {} with changes that wait",
        text(&restored["tenant"]),
        text(&restored["snapshot"]),
        restored["records"],
        restored["kinds"],
        restored["waiting"]
    )
}

/// Who could sign in before a restore and cannot any more, if anybody.
pub fn locked_out(restored: &Value) -> Option<String> {
    let gone: Vec<&str> = restored["clients"]["no_longer"].as_array()?.iter().map(text).collect();
    (!gone.is_empty()).then(|| format!("API clients that sign in no longer: {}", gone.join(", ")))
}

/// Differences as lines of a table.
pub fn differences(all: &Value) -> Value {
    let row = |found: &Value| {
        json!({
            "change": found["change"], "kind": found["kind"], "id": found["id"], "name": found["name"],
            "what": what(found),
        })
    };
    all.as_array().into_iter().flatten().map(row).collect()
}

fn what(found: &Value) -> String {
    let referrers = found["referrers"].as_array().into_iter().flatten();
    let referrers: Vec<String> =
        referrers.map(|from| format!("{} {}", text(&from["kind"]), named(from))).collect();
    if !referrers.is_empty() {
        let more = found["further_referrers"].as_u64().map(|more| format!(" and {more} more"));
        return format!("referred to by {}{}", referrers.join(", "), more.unwrap_or_default());
    }
    let members: Vec<&Value> = found["members"].as_array().into_iter().flatten().collect();
    let mut told: Vec<String> = members.iter().take(MEMBERS).map(|member| changed(member)).collect();
    if members.len() > MEMBERS {
        told.push(format!("and {} more", members.len() - MEMBERS));
    }
    told.join("; ")
}

fn changed(member: &Value) -> String {
    let name = text(&member["member"]);
    if member["secret"] == true {
        return format!("{name}: another secret");
    }
    if member.get("added").is_some() {
        let each = |sign: &str, list: &Value| -> Vec<String> {
            list.as_array().into_iter().flatten().map(|value| format!("{sign}{}", short(value))).collect()
        };
        let (added, removed) = (each("+", &member["added"]), each("-", &member["removed"]));
        return format!("{name}: {}", cut(&[added, removed].concat().join(" ")));
    }
    format!("{name}: {} → {}", short(&member["before"]), short(&member["after"]))
}

/// What a record is called, or else its id.
fn named(value: &Value) -> String {
    match value["name"].as_str().filter(|name| !name.is_empty()) {
        Some(name) => format!("`{name}`"),
        None => text(&value["id"]).to_owned(),
    }
}

fn short(value: &Value) -> String {
    match value {
        Value::Null => "nothing".into(),
        Value::Object(members) if members.len() == 2 && members.contains_key("id") => named(value),
        Value::Array(items) => cut(&items.iter().map(short).collect::<Vec<_>>().join(" ")),
        other => cut(&other.to_string()),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What a comparison came to, in a line.
pub fn conclusion(answer: &Value) -> String {
    if answer["same"] == true {
        return "no difference".into();
    }
    let mut told =
        format!("{} added, {} removed, {} changed", answer["added"], answer["removed"], answer["changed"]);
    if let Some(untold) = answer["untold"].as_u64().filter(|untold| *untold > 0) {
        told.push_str(&format!("; {untold} of them are not told"));
    }
    if answer["secrets_compared"] == false {
        told.push_str("; secrets were left out of a side and not compared");
    }
    told
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{conclusion, differences, locked_out};

    #[test]
    fn a_difference_is_a_line() {
        let all = json!([
            { "change": "removed", "kind": "zpa.segment_group", "id": "5", "name": "Finance",
              "referrers": [{ "kind": "zpa.application_segment", "id": "6", "name": "Ledger", "member": "segmentGroupId" }] },
            { "change": "changed", "kind": "zia.rule_label", "id": "7", "name": "Ours", "members": [
              { "member": "description", "before": null, "after": "x" },
              { "member": "rules", "added": [{ "id": "1", "name": "A" }], "removed": ["b"] },
              { "member": "key", "secret": true }] },
        ]);
        let rows = differences(&all);
        assert_eq!(rows[0]["what"], "referred to by zpa.application_segment `Ledger`");
        assert_eq!(rows[1]["what"], "description: nothing → \"x\"; rules: +`A` -\"b\"; key: another secret");
    }

    #[test]
    fn what_came_of_it_is_a_line() {
        let answer = json!({ "same": false, "added": 1, "removed": 0, "changed": 2, "untold": 0, "secrets_compared": false });
        assert_eq!(
            conclusion(&answer),
            "1 added, 0 removed, 2 changed; secrets were left out of a side and not compared"
        );
        assert_eq!(locked_out(&json!({ "clients": { "no_longer": [] } })), None);
    }
}
