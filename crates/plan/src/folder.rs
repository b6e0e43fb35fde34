//! Declared records as texts of files: a folder for each product, a file for each kind, in YAML, which JSON is a part of.

use std::collections::BTreeMap;

use serde_json::Value;
use zuno_catalogue::Catalogue;

use crate::declared::Declared;
use crate::kind::configured;
use crate::{Kind, Wrong};

/// The version of the form that this program writes and reads.
pub const VERSION: u32 = 1;

/// The longest file that is read, in bytes.
pub const LONGEST_FILE: u64 = 64 << 20;

/// The endings of files that are read.
pub const FILES: [&str; 3] = ["yaml", "yml", "json"];

/// A file: its path below the folder, with `/` between its parts, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Where it is: `zia/rule_label.yaml`.
    pub path: String,
    /// What is in it.
    pub text: String,
}

/// The text of the file of a kind: a list of records, or the one record of a kind that there is but one of.
///
/// # Errors
/// The text cannot be written, which no record brings about.
pub fn write(kind: &Kind<'_>, records: &[Declared]) -> Result<Text, String> {
    let value = match records {
        [one] if kind.resource.singleton => Value::Object(one.clone()),
        [] if kind.resource.singleton => Value::Null,
        several => Value::Array(several.iter().cloned().map(Value::Object).collect()),
    };
    let path = format!("{}.yaml", kind.name().replacen('.', "/", 1));
    Ok(Text { path, text: serde_saphyr::to_string(&value).map_err(|wrong| wrong.to_string())? })
}

/// How much a file may hold: ten thousand rules of a hundred values, and none deeper than a body of a call.
fn bounds() -> serde_saphyr::Options {
    let most = 4_000_000;
    serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_events: 2 * most, max_nodes: most },
    }
}

/// What is declared, by kind.
///
/// # Errors
/// A file that is no YAML, or is about no kind that is configured by calls.
pub fn read(catalogue: &Catalogue, texts: &[Text]) -> Result<BTreeMap<String, Vec<Declared>>, Wrong> {
    let mut read: BTreeMap<String, Vec<Declared>> = BTreeMap::new();
    for Text { path, text } in texts {
        let wrong = |why: String| Wrong { place: path.clone(), why };
        let name = path.rsplit_once('.').map_or(path.as_str(), |(name, _)| name).replace('/', ".");
        let resource = catalogue.resource(&name);
        let Some(kind) = resource.and_then(|resource| configured(catalogue, resource)) else {
            let product = name.split('.').next().unwrap_or_default();
            return Err(wrong(match catalogue.product(product) {
                Some(_) => format!(
                    "`{name}` is no kind that calls configure: `zuno pull --list` shows those that are"
                ),
                None => "a file is called PRODUCT/KIND.yaml, as in zia/rule_label.yaml".into(),
            }));
        };
        let value: Value =
            serde_saphyr::from_str_with_options(text, bounds()).map_err(|cause| wrong(cause.to_string()))?;
        let records = match (value, kind.resource.singleton) {
            (Value::Array(records), false) => records,
            (one @ Value::Object(_), true) => vec![one],
            (Value::Null, _) => Vec::new(),
            (_, true) => {
                return Err(wrong("there is one of this kind: its members are wanted, not a list".into()));
            }
            (_, false) => return Err(wrong("a list of records is wanted, each behind a `-`".into())),
        };
        let declared = read.entry(name).or_default();
        if !declared.is_empty() {
            return Err(wrong("another file is about the same kind".into()));
        }
        for (nth, record) in records.into_iter().enumerate() {
            match record {
                Value::Object(members) => declared.push(members),
                _ => return Err(wrong(format!("record {}: members are wanted, as in `name: …`", nth + 1))),
            }
        }
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use zuno_catalogue::Catalogue;

    use super::{Text, read};

    #[test]
    fn what_is_no_list_of_records_is_refused_and_told() {
        let catalogue = Catalogue::compiled();
        let refused = |path: &str, text: &str| {
            let texts = [Text { path: path.into(), text: text.into() }];
            read(&catalogue, &texts).expect_err(text).to_string()
        };
        let deep = format!("- a: {}{}", "[".repeat(3_000), "]".repeat(3_000));
        let laughs = "- a: &a [x, x]\n  b: &b [*a, *a, *a, *a]\n  c: &c [*b, *b, *b, *b]\n".to_owned()
            + &format!("  d: [{}]\n", vec!["*c"; 60_000].join(", "));
        for (path, text, words) in [
            ("zia/rule_label.yaml", "name: A", "a list of records is wanted"),
            ("zia/rule_label.yaml", "- A", "record 1: members are wanted"),
            ("zia/rule_label.yaml", "- name: [", "zia/rule_label.yaml"),
            ("zia/rule_label.yaml", deep.as_str(), "zia/rule_label.yaml"),
            ("zia/rule_label.yaml", laughs.as_str(), "zia/rule_label.yaml"),
            ("zia/advanced_settings.yaml", "- a: 1", "there is one of this kind"),
            ("zia/session.yaml", "[]", "no kind that calls configure"),
            ("labels.yaml", "[]", "a file is called PRODUCT/KIND.yaml"),
        ] {
            let told = refused(path, text);
            assert!(told.contains(words), "{words}: {told}");
        }
    }

    #[test]
    fn ten_thousand_rules_are_read() {
        let rules: String = (0..10_000)
            .map(|n| format!("- name: r{n}\n  protocols: [A, B, C]\n  groups: [G{n}]\n"))
            .collect();
        let texts = [Text { path: "zia/url_filtering_rule.yaml".into(), text: rules }];
        let read = read(&Catalogue::compiled(), &texts).expect("they are read");
        assert_eq!(read["zia.url_filtering_rule"].len(), 10_000);
    }
}
