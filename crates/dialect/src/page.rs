//! Pages: which part a query asks for, and the envelope around it.

use serde_json::{Map, Value, json};
use zuno_catalogue::{Empty, Numbers, Operation, PageStyle, Paging, Resource, Wire};
use zuno_engine::{ListQuery, Page, Written};

use crate::Dialect;

/// What links of a page are built from.
#[derive(Clone, Copy, Debug)]
pub struct Links<'a> {
    /// Scheme, host and path of the list as its own service knows it.
    pub base: &'a str,
    /// The query as it came.
    pub query: &'a [(String, String)],
}

fn get<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    query.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

fn number(query: &[(String, String)], name: &str) -> Option<u64> {
    get(query, name).and_then(|value| value.trim().parse().ok())
}

/// Names that any list may be asked with.
const COMMON: [&str; 6] = ["page", "pageSize", "search", "sortBy", "sortOrder", "sortDir"];

/// The part of a query that a family knows. Where its names are exact, one that is written like a known name but for
/// the case of its letters is as unknown as any other.
pub fn known_query(
    dialect: &dyn Dialect,
    resource: &Resource,
    operation: &Operation,
    query: &[(String, String)],
) -> Vec<(String, String)> {
    let known = || {
        let described = operation.query.keys().chain(resource.filters.keys()).map(String::as_str);
        described.chain(COMMON)
    };
    let is_misspelt = |given: &str| {
        !known().any(|name| name == given) && known().any(|name| name.eq_ignore_ascii_case(given))
    };
    let kept = query.iter().filter(|(name, _)| !(dialect.exact_names() && is_misspelt(name)));
    kept.cloned().collect()
}

/// Reads which part of a list is asked for. What makes no sense falls back to the default, as the cloud does.
pub fn list_query(dialect: &dyn Dialect, rule: &Paging, query: &[(String, String)]) -> ListQuery {
    let limit = |wanted: Option<u64>| {
        let most = if rule.max == 0 { u64::MAX } else { u64::from(rule.max) };
        wanted.filter(|&size| size > 0).unwrap_or(u64::from(rule.size)).clamp(1, most)
    };
    let mut list = ListQuery { number: 1, ..ListQuery::default() };
    match rule.style {
        // Everything is on the first page: a client that asks for a second one comes to an end.
        PageStyle::Whole => list.take = (number(query, "page").unwrap_or(1) > 1).then_some(0),
        PageStyle::Array | PageStyle::Totals | PageStyle::Counted => {
            list.size = limit(number(query, "pageSize"));
            list.number = number(query, "page").unwrap_or(1).max(1);
            list.skip = (list.number - 1).saturating_mul(list.size);
            list.take = Some(list.size);
        }
        PageStyle::Skip => {
            list.size = limit(number(query, "perPage"));
            list.skip = number(query, "skip").unwrap_or(0);
            list.take = Some(list.size);
        }
        PageStyle::Offset | PageStyle::Cursor => {
            list.size = limit(number(query, "limit"));
            list.skip = number(query, "offset").unwrap_or(0);
            list.take = Some(list.size);
        }
    }
    list.search = get(query, "search").and_then(|text| dialect.search(text));
    list.sort = get(query, "sortBy").filter(|member| !member.is_empty()).map(|member| {
        let order = get(query, "sortOrder").or_else(|| get(query, "sortDir"));
        (member.to_owned(), order.is_some_and(|order| order.eq_ignore_ascii_case("desc")))
    });
    list
}

/// What stands around the records of a part: a bare array where `items` names no member and none stands beside it.
struct Envelope {
    before: Map<String, Value>,
    /// The member that holds them; none where an empty one is left out.
    items: Option<String>,
    behind: Map<String, Value>,
    bare: bool,
}

/// Puts the records of a part into the list's envelope.
pub fn envelope(rule: &Paging, wire: &Wire, mut page: Page, links: Links<'_>) -> Value {
    let items = std::mem::take(&mut page.items);
    let around = around(rule, wire, &page, items.len() as u64, links);
    if around.bare {
        return Value::Array(items);
    }
    let mut members = around.before;
    members.extend(around.items.map(|name| (name, Value::Array(items))));
    members.extend(around.behind);
    Value::Object(members)
}

/// Writes the list's envelope with records that are written out, without white space.
pub fn written_envelope(rule: &Paging, wire: &Wire, written: &Written, links: Links<'_>) -> Vec<u8> {
    let around = around(rule, wire, &written.page, written.count, links);
    let mut text = Vec::with_capacity(written.records.len() + 256);
    let list = |text: &mut Vec<u8>| {
        text.push(b'[');
        text.extend_from_slice(&written.records);
        text.push(b']');
    };
    if around.bare {
        list(&mut text);
        return text;
    }
    text.push(b'{');
    let name = |text: &mut Vec<u8>, name: &str| {
        if text.len() > 1 {
            text.push(b',');
        }
        text.extend(Value::from(name).to_string().into_bytes());
        text.push(b':');
    };
    let members = |text: &mut Vec<u8>, members: Map<String, Value>| {
        for (member, value) in members {
            name(text, &member);
            text.extend(value.to_string().into_bytes());
        }
    };
    members(&mut text, around.before);
    if let Some(items) = around.items {
        name(&mut text, &items);
        list(&mut text);
    }
    members(&mut text, around.behind);
    text.push(b'}');
    text
}

/// The envelope of a part with so many records; what the page itself holds does not count.
fn around(rule: &Paging, wire: &Wire, page: &Page, held: u64, links: Links<'_>) -> Envelope {
    let count = |number: u64| match wire.numbers {
        Numbers::Numbers => json!(number),
        Numbers::Strings => json!(number.to_string()),
    };
    let named = |name: &str| Some(rule.items.clone().unwrap_or_else(|| name.into()));
    let mut around = Envelope { before: Map::new(), items: None, behind: Map::new(), bare: false };
    match rule.style {
        PageStyle::Whole | PageStyle::Array => around.bare = true,
        PageStyle::Totals => {
            let pages = page.total.div_ceil(page.size.max(1));
            around.before.insert("totalPages".into(), count(pages));
            if rule.current {
                around.before.insert("currentCount".into(), count(held));
            }
            around.before.insert("totalCount".into(), count(if rule.uncounted { 0 } else { page.total }));
            around.items = named("list").filter(|_| held > 0 || wire.empty == Empty::Shown);
        }
        PageStyle::Counted => {
            around.before.insert("totalCount".into(), json!(page.total));
            around.items = named("items");
        }
        PageStyle::Offset => offset(&mut around, page, held, links),
        PageStyle::Skip => {
            around.items = named("items");
            for (name, told) in
                [("total", page.total), ("offset", page.skip), ("limit", page.size), ("count", held)]
            {
                around.behind.insert(name.into(), json!(told));
            }
        }
        PageStyle::Cursor => {
            let next = page.skip + held;
            let more = next < page.total && held > 0;
            around.items = named("items");
            around
                .behind
                .insert("next_offset".into(), if more { json!(next.to_string()) } else { Value::Null });
        }
    }
    around
}

/// Key order and mixed casing as recorded; links are absent where there is no such page.
fn offset(around: &mut Envelope, page: &Page, held: u64, links: Links<'_>) {
    let next = page.skip + held;
    let link = |offset: u64| {
        let kept = links.query.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("offset"));
        let mut url = format!("{}?", links.base);
        for (name, value) in kept {
            url.push_str(&format!("{}={}&", percent(name), percent(value)));
        }
        url.push_str(&format!("offset={offset}"));
        url
    };
    around.before.insert("pageOffset".into(), json!(page.skip));
    around.before.insert("pageSize".into(), json!(page.size));
    around.before.insert("totalRecord".into(), json!(page.total));
    around.items = Some("records".into());
    if next < page.total && held > 0 {
        around.behind.insert("next_link".into(), json!(link(next)));
    }
    if page.skip > 0 {
        around.behind.insert("prev_link".into(), json!(link(page.skip.saturating_sub(page.size))));
    }
    around.behind.insert("results_total".into(), json!(page.total));
}

/// A query component with everything but unreserved characters encoded.
fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use zuno_catalogue::{Catalogue, Family, PageStyle, Paging};

    use super::{known_query, list_query};
    use crate::of;

    fn pairs(list: &[(&str, String)]) -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    #[test]
    fn names_that_count_letter_by_letter_are_unknown_in_another_case() {
        let query = pairs(&[
            ("pagesize", "3".into()),
            ("PAGE", "2".into()),
            ("customonly", "true".into()),
            ("customOnly", "true".into()),
            ("_ts", "1".into()),
        ]);
        let catalogue = Catalogue::compiled();
        let categories = catalogue.resource("zia.url_category").expect("described");
        let kept = |family: Family| {
            let query = known_query(of(family), categories, &categories.operations["list"], &query);
            query.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
        };
        assert_eq!(kept(Family::Zia), ["customOnly", "_ts"]);
        assert_eq!(kept(Family::Zpa).len(), query.len());
    }

    #[test]
    fn all_of_a_whole_list_is_on_its_first_page() {
        let rule = Paging { style: PageStyle::Whole, ..Paging::default() };
        let dialect = of(Family::Zia);
        let take = |page: &str| {
            list_query(dialect, &rule, &pairs(&[("page", page.into()), ("pageSize", "3".into())])).take
        };
        assert_eq!((take("1"), take("2")), (None, Some(0)));
    }

    #[test]
    fn a_page_size_over_the_maximum_is_clamped_in_either_spelling() {
        let rule = Paging { style: PageStyle::Totals, size: 20, max: 500, ..Paging::default() };
        let dialect = of(Family::Zpa);
        for name in ["pagesize", "pageSize"] {
            assert_eq!(list_query(dialect, &rule, &pairs(&[(name, "9999".into())])).take, Some(500));
        }
        assert_eq!(
            list_query(dialect, &rule, &pairs(&[("pagesize", "x".into()), ("page", "0".into())])).take,
            Some(20)
        );
    }

    proptest! {
        #[test]
        fn joined_pages_are_the_whole_list(total in 0_usize..200, size in 1_u64..60) {
            let rule = Paging { style: PageStyle::Array, size: 20, max: 500, ..Paging::default() };
            let dialect = of(Family::Zia);
            let all: Vec<usize> = (0..total).collect();
            let mut joined: Vec<usize> = Vec::new();
            for page in 1..=(total as u64 / size + 2) {
                let query = pairs(&[("page", page.to_string()), ("pageSize", size.to_string())]);
                let list = list_query(dialect, &rule, &query);
                joined.extend(all.iter().skip(list.skip as usize).take(list.take.unwrap_or(0) as usize));
            }
            prop_assert_eq!(joined, all);
        }
    }
}
