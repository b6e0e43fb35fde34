//! Reads and checks the crate's data files. Shared by the build script, which refuses a bad row, and the tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// One row of `categories.tsv`.
pub struct CategoryRow<'a> {
    pub id: &'a str,
    pub val: u32,
    pub super_category: &'a str,
}

/// What the base says of a domain.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Class<'a> {
    pub categories: Vec<&'a str>,
    pub alerts: Vec<&'a str>,
}

/// Why a row was refused, and where it is.
#[derive(Debug, PartialEq, Eq)]
pub struct BadRow {
    pub line: usize,
    pub why: String,
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

/// Numbered rows, split at tabs; `#` opens a comment line.
fn rows(text: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    text.lines()
        .enumerate()
        .filter(|(_, row)| !row.is_empty() && !row.starts_with('#'))
        .map(|(n, row)| (n + 1, row.split('\t').collect()))
}

fn bad<T>(line: usize, why: String) -> Result<T, BadRow> {
    Err(BadRow { line, why })
}

/// `id TAB number TAB super category`, by ascending number.
pub fn categories(text: &str) -> Result<Vec<CategoryRow<'_>>, BadRow> {
    let mut found: Vec<CategoryRow<'_>> = Vec::new();
    for (line, row) in rows(text) {
        let [id, val, super_category] = row[..] else {
            return bad(line, "wants an id, a number and a super category".into());
        };
        let Ok(val) = val.parse() else { return bad(line, format!("`{val}` is not a number")) };
        if found.iter().any(|c| c.id == id) {
            return bad(line, format!("`{id}` occurs twice"));
        }
        if found.last().is_some_and(|last| last.val >= val) {
            return bad(line, format!("{val} is not above the number before it"));
        }
        found.push(CategoryRow { id, val, super_category });
    }
    Ok(found)
}

/// `id TAB evidence`, sorted.
pub fn alerts(text: &str) -> Result<Vec<&str>, BadRow> {
    let mut found: Vec<&str> = Vec::new();
    for (line, row) in rows(text) {
        let [id, "seen" | "documented" | "client" | "guessed"] = row[..] else {
            return bad(line, "wants an id and its evidence".into());
        };
        if found.last().is_some_and(|last| *last >= id) {
            return bad(line, format!("`{id}` is out of order"));
        }
        found.push(id);
    }
    Ok(found)
}

/// `domain TAB category[,category] [TAB alert[,alert]]`, sorted by domain.
pub fn base<'a>(
    text: &'a str,
    categories: &[CategoryRow<'_>],
    alerts: &[&str],
) -> Result<BTreeMap<&'a str, Class<'a>>, BadRow> {
    let known: BTreeSet<&str> = categories.iter().map(|c| c.id).collect();
    let mut found = BTreeMap::new();
    let mut last = "";
    for (line, row) in rows(text) {
        let (domain, ids, marks) = match row[..] {
            [domain, ids] => (domain, ids, None),
            [domain, ids, marks] => (domain, ids, Some(marks)),
            _ => return bad(line, "wants a domain, its categories and perhaps its alerts".into()),
        };
        if let Some(why) = fault_of_domain(domain) {
            return bad(line, format!("`{domain}` {why}"));
        }
        if domain == last {
            return bad(line, format!("`{domain}` occurs twice"));
        }
        if domain < last {
            return bad(line, format!("`{domain}` belongs before `{last}`"));
        }
        last = domain;
        let class = Class {
            categories: ids.split(',').collect(),
            alerts: marks.map(|marks| marks.split(',').collect()).unwrap_or_default(),
        };
        if let Some(id) = class.categories.iter().find(|id| !known.contains(**id)) {
            return bad(line, format!("no category is called `{id}`"));
        }
        if let Some(id) = class.alerts.iter().find(|id| !alerts.contains(id)) {
            return bad(line, format!("no security alert is called `{id}`"));
        }
        found.insert(domain, class);
    }
    Ok(found)
}

/// What is wrong with a domain of the base: it must be spelt the way a looked-up host is.
fn fault_of_domain(domain: &str) -> Option<&'static str> {
    if domain.len() > 253 {
        return Some("is longer than 253 characters");
    }
    for label in domain.split('.') {
        if label.is_empty() || label.len() > 63 {
            return Some("has an empty label or one longer than 63 characters");
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Some("has a label that begins or ends with a hyphen");
        }
        if !label.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-')) {
            return Some("holds more than lower-case letters, digits and hyphens");
        }
    }
    domain
        .rsplit('.')
        .next()
        .is_some_and(|top| top.bytes().all(|b| b.is_ascii_digit()))
        .then_some("ends in a number")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(row: &str) -> String {
        let categories = categories("GAMBLING\t27\tGAMBLING\nSPORTS\t84\tSPORTS").unwrap();
        base(&format!("b.com\tGAMBLING\n{row}"), &categories, &["PHISHING"])
            .err()
            .map_or_else(String::new, |e| e.to_string())
    }

    #[test]
    fn good_rows_pass() {
        assert_eq!(refusal("c.com\tGAMBLING,SPORTS\tPHISHING"), "");
    }

    #[test]
    fn bad_rows_name_their_line_and_fault() {
        for (row, why) in [
            ("b.com\tSPORTS", "line 2: `b.com` occurs twice"),
            ("a.com\tSPORTS", "line 2: `a.com` belongs before `b.com`"),
            ("c.com\tSPORT", "line 2: no category is called `SPORT`"),
            ("c.com\tSPORTS\tGAMBLING", "line 2: no security alert is called `GAMBLING`"),
            ("C.com\tSPORTS", "line 2: `C.com` holds more than lower-case letters, digits and hyphens"),
            ("c..com\tSPORTS", "line 2: `c..com` has an empty label or one longer than 63 characters"),
            ("c-.com\tSPORTS", "line 2: `c-.com` has a label that begins or ends with a hyphen"),
            ("c.4\tSPORTS", "line 2: `c.4` ends in a number"),
            ("c.com", "line 2: wants a domain, its categories and perhaps its alerts"),
        ] {
            assert_eq!(refusal(row), why);
        }
    }
}
