//! `saved-policy`: one path makes an application profile or changes one, as the body names one or not, in the console's form:
//! a block for each platform, of which only the profile's own may be there, and numbers where profiles have text. A list in
//! that form tells every number with a fraction (seen).
//!
//! What the console alone sends, its choices with a label, is passed over (guessed).

use serde_json::{Map, Value, json};
use zuno_catalogue::handles::zcc::application_profile as handle;
use zuno_engine::{Behaviour, Call, Context, Outcome};
use zuno_model::{Fault, Fix, Id, Kind};

/// The blocks of the platforms, by the platform's number.
const BLOCKS: [(&str, &str); 5] = [
    ("1", "iosPolicy"),
    ("2", "androidPolicy"),
    ("3", "windowsPolicy"),
    ("4", "macPolicy"),
    ("5", "linuxPolicy"),
];
/// Members that are written under another name than they are read.
const SPELT: [(&str, &str); 6] = [
    ("device_type", "deviceType"),
    ("overrideWpad", "overrideWPAD"),
    ("installCerts", "install_ssl_certs"),
    ("quotaRoaming", "quota_in_roaming"),
    ("wifissid", "wifi_ssid"),
    ("disableParallelIpv4andIpv6", "disableParallelIpv4AndIPv6"),
];
/// Members that profiles have as text.
const TEXTS: [&str; 2] = ["reauth_period", "reactivateWebSecurityMinutes"];
/// Lists of numbers that profiles have as text.
const NUMBERED: [&str; 6] =
    ["groupIds", "userIds", "deviceGroupIds", "bypassAppIds", "appServiceIds", "bypassCustomAppIds"];

/// The guarantee for one resource.
#[derive(Default)]
pub struct SavedPolicy;

fn wrong(field: &str, fix: Fix) -> Fault {
    Fault::Invalid { kind: Kind::from(handle::KIND), field: field.into(), fix }
}

fn as_text(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::String(number.to_string()),
        other => other.clone(),
    }
}

/// A platform's number, as text or as a number.
fn platform(value: Option<&Value>) -> Option<String> {
    let text = as_text(value?).as_str()?.to_owned();
    BLOCKS.iter().any(|(number, _)| *number == text).then_some(text)
}

/// A body as the profile's own members; the block of another platform is refused (client: python).
fn members(sent: &Map<String, Value>, platform: &str) -> Result<Map<String, Value>, Fault> {
    let mut all = sent.clone();
    for (number, block) in BLOCKS {
        match all.shift_remove(block) {
            Some(Value::Object(own)) if number == platform => all.extend(own),
            Some(Value::Object(other)) if !other.is_empty() && number != platform => {
                return Err(Fault::Unreadable(format!("`{block}` is of another platform")));
            }
            _ => {}
        }
    }
    let named = all.into_iter().map(|(name, value)| {
        let spelt = SPELT.iter().find(|(written, _)| *written == name).map(|(_, read)| (*read).to_owned());
        (spelt.unwrap_or(name), value)
    });
    let told = named.filter(|(name, value)| name != "id" && !value.is_null()).map(|(name, value)| {
        let value = match value {
            value if TEXTS.contains(&name.as_str()) => as_text(&value),
            Value::Array(items) if NUMBERED.contains(&name.as_str()) => items.iter().map(as_text).collect(),
            // Numbers come with a fraction as well, which is always 0 (seen of lists).
            Value::Number(number) => number
                .as_f64()
                .filter(|n| n.fract() == 0.0 && number.is_f64())
                .map_or(Value::Number(number.clone()), |whole| {
                    format!("{whole:.0}").parse::<i64>().map_or(Value::Null, Value::from)
                }),
            other => other,
        };
        (name, value)
    });
    Ok(told.collect())
}

/// Which profile a body means: none where it is a new one, which clients give no id, an empty one or 0.
fn named(sent: &Map<String, Value>) -> Option<Id> {
    let id = sent.get("id").or_else(|| sent.get("policyId")).map(as_text)?;
    let text = id.as_str()?.trim_end_matches(".0").to_owned();
    (!matches!(text.as_str(), "" | "0" | "-1")).then_some(Id(text))
}

fn number(id: &Id) -> Value {
    id.as_str().parse::<i64>().map_or_else(|_| json!(0), Value::from)
}

/// Every number of a value with a fraction: clients of other languages than ours tell the two apart.
fn with_fractions(value: &mut Value) {
    match value {
        Value::Number(number) => {
            if let Some(whole) = number.as_i64() {
                *value = json!(whole as f64);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(with_fractions),
        Value::Object(members) => members.values_mut().for_each(with_fractions),
        _ => {}
    }
}

/// The profiles as the list in the console's form tells them.
fn told(cx: &Context<'_>) -> Result<Outcome, Fault> {
    let mut outcome = cx.list_part(&cx.list_query())?;
    if let Outcome::Many(page) = &mut outcome {
        page.items.iter_mut().for_each(with_fractions);
    }
    Ok(outcome)
}

impl SavedPolicy {
    fn save(cx: &mut Context<'_>, sent: &Map<String, Value>) -> Result<Outcome, Fault> {
        let found = match named(sent) {
            Some(id) => Some(cx.need(handle::KIND, &id)?),
            None => None,
        };
        let told = platform(sent.get("device_type").or_else(|| sent.get("deviceType")));
        let held = found.as_ref().and_then(|found| handle::DEVICE_TYPE.of(&found.record).map(str::to_owned));
        let platform = held.or(told).ok_or_else(|| wrong("device_type", Fix::Missing))?;
        let mut body = members(sent, &platform)?;
        let id = match found {
            Some(found) => {
                body.shift_remove("deviceType");
                cx.amend(handle::KIND, &found.id, &Value::Object(body))?.id
            }
            None => {
                body.insert("deviceType".into(), platform.clone().into());
                let of_platform = |stored: &zuno_engine::Stored| {
                    handle::DEVICE_TYPE.of(&stored.record) == Some(platform.as_str())
                };
                let others = cx.all(handle::KIND, None)?.into_iter().filter(of_platform).count();
                // The default one stays behind all others (seen).
                body.entry("ruleOrder").or_insert_with(|| json!(others.max(1)));
                cx.create(handle::KIND, "0", &Value::Object(body))?.id
            }
        };
        Ok(Outcome::Value(json!({ "success": "true", "id": number(&id) })))
    }

    fn activate(cx: &mut Context<'_>, sent: &Map<String, Value>) -> Result<Outcome, Fault> {
        let id = named(sent).ok_or_else(|| wrong("policyId", Fix::Missing))?;
        let missing = || Fault::NotFound { kind: Kind::from(handle::KIND), id: id.clone() };
        let mut stored = cx.get(handle::KIND, &id)?.ok_or_else(missing)?;
        let own = handle::DEVICE_TYPE.of(&stored.record).unwrap_or_default().to_owned();
        if platform(sent.get("deviceType")).is_some_and(|asked| asked != own) {
            return Err(missing());
        }
        handle::ACTIVE.set(&mut stored.record, 1);
        cx.save(handle::KIND, &stored)?;
        Ok(Outcome::Value(json!({
            "success": "true", "id": number(&id), "deviceType": own.parse::<i64>().unwrap_or_default(), "policyId": number(&id),
        })))
    }
}

impl Behaviour for SavedPolicy {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        if !cx.operation()?.writes() {
            return told(cx);
        }
        let sent = call.object()?;
        match cx.operation()?.name.as_str() {
            "activate_policy" => Self::activate(cx, sent),
            _ => Self::save(cx, sent),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{members, named, with_fractions};

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn a_body_is_read_with_its_own_platforms_block_alone() {
        let sent = object(
            json!({"name": "A", "reauth_period": 8, "groupIds": [1], "logMode": 3.0, "windowsPolicy": {"overrideWpad": 1}}),
        );
        let told = members(&sent, "3").expect("its own block");
        let wanted =
            json!({"name": "A", "reauth_period": "8", "groupIds": ["1"], "logMode": 3, "overrideWPAD": 1});
        assert_eq!(Value::Object(told), wanted);
        assert!(members(&sent, "4").is_err());
    }

    #[test]
    fn every_number_has_a_fraction_wherever_it_stands() {
        let mut told = json!({"id": 205_229, "name": "7", "groups": [{"id": 1, "active": -1}], "part": 0.5});
        with_fractions(&mut told);
        let wanted = r#"{"id":205229.0,"name":"7","groups":[{"id":1.0,"active":-1.0}],"part":0.5}"#;
        assert_eq!(told.to_string(), wanted);
    }

    #[test]
    fn a_new_profile_has_no_id_an_empty_one_or_nought() {
        for new in [json!({}), json!({"id": ""}), json!({"id": 0}), json!({"id": "0"})] {
            assert_eq!(named(&object(new)), None);
        }
        assert_eq!(named(&object(json!({"id": 205_229.0}))).map(|id| id.0).as_deref(), Some("205229"));
    }
}
