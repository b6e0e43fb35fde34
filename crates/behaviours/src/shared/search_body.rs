//! `search-body`: a list whose filters, page and order come in the body of a POST.
//!
//! `filterBy` holds clauses of a name, an operator (EQ, LIKE, NQ) and values of which one must do; `pageBy` the page
//! and its size, as numbers or texts; `sortBy` a member and ASC or DESC (documented). Pages are as long as
//! the operation's own rule says.

use serde_json::Value;
use zuno_catalogue::{Members, Paging};
use zuno_engine::{Behaviour, Call, Clause, Comparison, Context, ListQuery, Outcome, Params, Search};
use zuno_model::{Fault, Fix, Kind};

/// The guarantee for one resource.
pub struct SearchBody {
    kind: Kind,
}

/// Makes it; there are no parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(SearchBody { kind: Kind(params.kind()) }))
}

fn number(value: Option<&Value>) -> Option<u64> {
    match value {
        Some(Value::Number(number)) => number.as_u64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    }
    .filter(|number| *number > 0)
}

impl SearchBody {
    fn wrong(&self, field: &str, words: &str) -> Fault {
        Fault::Invalid { kind: self.kind.clone(), field: field.to_owned(), fix: Fix::Said(words.to_owned()) }
    }

    fn list_query(&self, body: &Value, rule: &Paging) -> Result<ListQuery, Fault> {
        let page = body.get("pageBy");
        let size = number(page.and_then(|page| page.get("pageSize")))
            .unwrap_or(rule.size.into())
            .min(rule.max.into());
        let place = number(page.and_then(|page| page.get("page"))).unwrap_or(1);
        let skip = (place - 1).saturating_mul(size);
        let mut query = ListQuery { skip, take: Some(size), number: place, size, ..ListQuery::default() };
        let filters = match body.get("filterBy") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(filters)) => filters.iter().collect(),
            Some(one) => vec![one],
        };
        let mut clauses = Vec::new();
        for filter in filters {
            clauses.extend(self.clause(filter)?);
        }
        query.search = (!clauses.is_empty()).then_some(Search::Clauses(clauses));
        if let Some(member) =
            body.pointer("/sortBy/sortName").and_then(Value::as_str).filter(|name| !name.is_empty())
        {
            let order = body.pointer("/sortBy/sortOrder").and_then(Value::as_str).unwrap_or_default();
            query.sort = Some((member.to_owned(), order.eq_ignore_ascii_case("desc")));
        }
        Ok(query)
    }

    fn clause(&self, filter: &Value) -> Result<Option<Clause>, Fault> {
        let text = |name: &str| filter.text(name);
        let Some(field) = text("filterName") else { return Ok(None) };
        let comparison = match text("operator").unwrap_or("EQ").to_uppercase().as_str() {
            "EQ" => Comparison::Equal,
            "LIKE" => Comparison::Contains,
            "NQ" => Comparison::NotEqual,
            _ => return Err(self.wrong("operator", "is EQ, LIKE or NQ")),
        };
        let listed = filter.items("values").iter();
        let listed = listed.filter_map(Value::as_str).map(str::to_owned);
        let parted = text("commaSepValues").unwrap_or_default().split(',').map(|part| part.trim().to_owned());
        let mut values: Vec<String> = listed.chain(parted).filter(|value| !value.is_empty()).collect();
        match (values.len(), values.pop()) {
            (1, Some(value)) => Ok(Some(Clause { field: field.to_owned(), comparison, value })),
            (0, _) => Ok(None),
            _ => Err(self.wrong("values", "one value a filter is understood")),
        }
    }
}

impl Behaviour for SearchBody {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let empty = Value::Object(serde_json::Map::new());
        let body = call.body.as_ref().unwrap_or(&empty);
        // One client wraps it (client evidence).
        let rule = cx.catalogue().page(cx.resource(self.kind.as_str())?, cx.operation()?);
        cx.list_part(&self.list_query(body.get("filterAndSortDto").unwrap_or(body), rule)?)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use zuno_catalogue::Paging;
    use zuno_engine::{Clause, Comparison, Search};
    use zuno_model::Kind;

    use super::SearchBody;

    #[test]
    fn a_body_says_what_a_query_would() {
        let search = SearchBody { kind: Kind("x.y".into()) };
        let rule = Paging { size: 20, max: 500, ..Paging::default() };
        let body = json!({
            "filterBy": [{"filterName": "name", "operator": "LIKE", "values": ["Te"], "commaSepValues": ""}],
            "pageBy": {"page": "3", "pageSize": 900},
            "sortBy": {"sortName": "name", "sortOrder": "DESC"},
        });
        let query = search.list_query(&body, &rule).expect("understood");
        assert_eq!((query.skip, query.take, query.number, query.size), (1000, Some(500), 3, 500));
        assert_eq!(query.sort, Some(("name".into(), true)));
        let clause = Clause { field: "name".into(), comparison: Comparison::Contains, value: "Te".into() };
        assert_eq!(query.search, Some(Search::Clauses(vec![clause])));
        assert_eq!(search.list_query(&json!({}), &rule).expect("understood").take, Some(20));
        assert!(
            search
                .list_query(
                    &json!({"filterBy": [{"filterName": "a", "operator": "XX", "values": ["1"]}]}),
                    &rule
                )
                .is_err()
        );
    }
}
