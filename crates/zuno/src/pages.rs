//! Walks a list from its first page to its last, in each family's way.

use anyhow::Result;
use serde_json::Value;
use zuno_catalogue::{PageStyle, Paging};

use crate::operations::page_parameters;
use crate::table::records;

/// More pages than any tenant has; a server that never ends a list must not keep us for ever.
const MOST: usize = 10_000;

/// Every record of a list. `fetch` gets the query of one page and answers with it.
pub fn all(
    page: &Paging,
    query: &[(String, String)],
    mut fetch: impl FnMut(&[(String, String)]) -> Result<Value>,
) -> Result<Vec<Value>> {
    let Some((place_name, size_name)) = page_parameters(page.style) else {
        let whole = fetch(query)?;
        return Ok(records(&whole).map(<[Value]>::to_vec).unwrap_or_else(|| vec![whole]));
    };
    let kept = query.iter().filter(|(name, _)| name != place_name && name != size_name);
    let kept: Vec<(String, String)> = kept.cloned().collect();
    let asked = query.iter().find(|(name, _)| name == size_name).and_then(|(_, size)| size.parse().ok());
    let size: usize = asked.unwrap_or(page.max.max(1) as usize).max(1);
    let (mut found, mut first) = (Vec::new(), None);
    let mut place = match page.style {
        PageStyle::Offset | PageStyle::Skip => Some("0".to_owned()),
        PageStyle::Cursor => None,
        _ => Some("1".to_owned()),
    };
    for number in 1..=MOST {
        let mut query = kept.clone();
        query.push((size_name.to_owned(), size.to_string()));
        query.extend(place.take().map(|place| (place_name.to_owned(), place)));
        let answer = fetch(&query)?;
        let Some(list) = records(&answer) else {
            // No list at all: one thing, whole.
            return Ok(if number == 1 { vec![answer] } else { found });
        };
        // A list that ignores the page parameters would come again and again.
        if number > 1 && page.style == PageStyle::Array && list.first() == first.as_ref() {
            break;
        }
        first = list.first().cloned();
        found.extend_from_slice(list);
        place = next(page.style, &answer, list.len(), size, found.len(), number);
        if place.is_none() {
            break;
        }
    }
    Ok(found)
}

/// What to say of a list that was asked for once, if it goes on; nothing to a caller who asked for a page.
pub fn more(page: &Paging, query: &[(String, String)], answer: &Value) -> Option<String> {
    let (place_name, size_name) = page_parameters(page.style)?;
    if query.iter().any(|(name, _)| name == place_name) {
        return None;
    }
    let got = records(answer)?.len();
    let asked = query.iter().find(|(name, _)| name == size_name).and_then(|(_, size)| size.parse().ok());
    let size = asked.unwrap_or(page.size.max(1) as usize);
    next(page.style, answer, got, size, got, 1)?;
    let totals = ["totalCount", "totalRecord", "results_total", "total"];
    let all = match totals.iter().find_map(|name| count(answer, name)) {
        Some(total) if total > got as u64 => format!("{got} of {total}"),
        _ if page.style == PageStyle::Array => format!("the first {got}, and there may be more"),
        _ => format!("the first {got}, and there are more"),
    };
    Some(format!("{all}; --all"))
}

/// A number that an envelope tells, as a number or as text.
fn count(answer: &Value, name: &str) -> Option<u64> {
    match answer.get(name)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// Where the next page starts, if there is one.
fn next(
    style: PageStyle,
    answer: &Value,
    got: usize,
    size: usize,
    sum: usize,
    number: usize,
) -> Option<String> {
    let count = |name: &str| count(answer, name);
    if got == 0 {
        return None;
    }
    let more = match style {
        PageStyle::Whole => false,
        // Some endpoints clamp the size below their family's largest without saying; none known goes below 100.
        PageStyle::Array => got >= size.min(100),
        PageStyle::Totals => count("totalPages").is_some_and(|pages| (number as u64) < pages),
        PageStyle::Counted => count("totalCount").map_or(got >= size, |total| (sum as u64) < total),
        PageStyle::Offset => {
            let total = count("totalRecord").or_else(|| count("results_total"));
            total.map_or(got >= size, |total| (sum as u64) < total)
        }
        PageStyle::Skip => count("total").map_or(got >= size, |total| (sum as u64) < total),
        PageStyle::Cursor => {
            return match answer.get("next_offset") {
                Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
                Some(Value::Number(number)) => Some(number.to_string()),
                _ => None,
            };
        }
    };
    let by_place = matches!(style, PageStyle::Offset | PageStyle::Skip);
    more.then(|| if by_place { sum.to_string() } else { (number + 1).to_string() })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use zuno_catalogue::{PageStyle, Paging};

    use super::{all, more};

    /// A server of `total` numbers in a family's way, with pages of at most `max`.
    fn serve(style: PageStyle, total: usize, max: usize, query: &[(String, String)]) -> Value {
        let get = |names: [&str; 2]| {
            let found = query.iter().find(|(name, _)| names.contains(&name.as_str()));
            found.and_then(|(_, value)| value.parse::<usize>().ok())
        };
        let size = get(["limit", if style == PageStyle::Totals { "pagesize" } else { "pageSize" }]);
        let size = size.or_else(|| get(["perPage", "-"])).unwrap_or(max).min(max);
        let start = get(["offset", "skip"]).unwrap_or_else(|| (get(["page", "-"]).unwrap_or(1) - 1) * size);
        let list: Vec<Value> = (start..total.min(start + size)).map(|n| json!(n)).collect();
        let next = (start + size < total).then(|| (start + size).to_string());
        match style {
            PageStyle::Whole => json!((0..total).collect::<Vec<_>>()),
            PageStyle::Array => json!(list),
            PageStyle::Totals => json!({"totalPages": total.div_ceil(size).to_string(), "list": list}),
            PageStyle::Counted => json!({"totalCount": total, "devices": list}),
            PageStyle::Offset => json!({"totalRecord": total, "records": list}),
            PageStyle::Cursor => json!({"next_offset": next, "devices": list}),
            PageStyle::Skip => json!({"items": list, "total": total, "offset": start}),
        }
    }

    #[test]
    fn joined_pages_are_the_whole_list_in_every_family() {
        for style in [
            PageStyle::Whole,
            PageStyle::Array,
            PageStyle::Totals,
            PageStyle::Counted,
            PageStyle::Offset,
            PageStyle::Cursor,
            PageStyle::Skip,
        ] {
            for total in [0, 1, 99, 100, 101, 250] {
                let page = Paging { style, size: 20, max: 100, ..Paging::default() };
                let mut calls = 0;
                let found = all(&page, &[], |query| {
                    calls += 1;
                    Ok(serve(style, total, 100, query))
                });
                let wanted: Vec<Value> = (0..total).map(|n| json!(n)).collect();
                assert_eq!(found.unwrap(), wanted, "{style:?} {total}");
                assert!(calls <= total / 100 + 2, "{style:?} {total}: {calls} calls");
            }
        }
    }

    #[test]
    fn a_list_that_goes_on_says_so() {
        let words = |style, total, query: &[(String, String)]| {
            let page = Paging { style, size: 20, max: 100, ..Paging::default() };
            more(&page, query, &serve(style, total, 20, query))
        };
        let of = |style, total| words(style, total, &[]);
        for style in [PageStyle::Counted, PageStyle::Offset] {
            assert_eq!(of(style, 63).as_deref(), Some("20 of 63; --all"), "{style:?}");
        }
        for style in [PageStyle::Totals, PageStyle::Cursor] {
            assert_eq!(
                of(style, 63).as_deref(),
                Some("the first 20, and there are more; --all"),
                "{style:?}"
            );
        }
        assert_eq!(of(PageStyle::Array, 63).as_deref(), Some("the first 20, and there may be more; --all"));
        for style in [
            PageStyle::Whole,
            PageStyle::Array,
            PageStyle::Totals,
            PageStyle::Counted,
            PageStyle::Offset,
            PageStyle::Cursor,
        ] {
            assert_eq!(of(style, 19), None, "{style:?}");
        }
        let asked = [("page".to_owned(), "2".to_owned())];
        assert_eq!(words(PageStyle::Counted, 63, &asked), None, "whoever walks the pages knows");
    }

    #[test]
    fn a_list_that_ignores_its_page_is_read_once() {
        let page = Paging { style: PageStyle::Array, size: 20, max: 100, ..Paging::default() };
        let list: Vec<Value> = (0..300).map(|n| json!(n)).collect();
        assert_eq!(all(&page, &[], |_| Ok(json!(list))).unwrap(), list);
    }

    #[test]
    fn the_callers_own_query_stays_and_its_page_does_not() {
        let page = Paging { style: PageStyle::Array, size: 20, max: 100, ..Paging::default() };
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut seen = Vec::new();
        let query = [pair("search", "a"), pair("page", "7"), pair("pageSize", "10")];
        let _ = all(&page, &query, |query| {
            seen.push(query.to_vec());
            Ok(json!([]))
        });
        assert_eq!(seen, [[pair("search", "a"), pair("pageSize", "10"), pair("page", "1")]]);
    }
}
