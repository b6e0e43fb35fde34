//! Parameters: those of the path, and what the query may hold by page style, filters and scope.

use serde_json::{Value, json};
use zuno_notation::{Family, Filter, Match, Operation, PageStyle, Paging, Product, Resource, Verb};

/// A parameter of the path; always text, whatever an id looks like in a body.
pub(super) fn in_path(name: &str) -> Value {
    let doc = match name {
        "id" => "The record's id.".to_owned(),
        "customer" => "The tenant's customer id; the token must be for the same.".to_owned(),
        _ => format!("`{name}`, as the address names it."),
    };
    json!({"name": name, "in": "path", "required": true, "description": doc, "schema": {"type": "string"}})
}

/// What the query of an operation may hold; nothing else in it is refused.
pub(super) fn of_query(family: &Product, resource: &Resource, operation: &Operation) -> Vec<Value> {
    let mut query = Query { written: Vec::new(), names: Vec::new() };
    for (name, doc) in &operation.query {
        let flag = operation.force.as_ref() == Some(name) || doc.starts_with("`true`");
        query.add(name, doc, json!({"type": if flag { "boolean" } else { "string" }}));
    }
    if let Some(flag) = &operation.force {
        query.add(flag, "`true` removes what points here instead of refusing.", json!({"type": "boolean"}));
    }
    let lists = operation.verb == Verb::List || operation.page.is_some();
    if lists {
        let page = operation.page.as_ref().or(resource.page.as_ref()).unwrap_or(&family.page);
        query.page(page);
    }
    if operation.verb.filters() {
        for (name, filter) in &resource.filters {
            query.filter(name, filter);
        }
        if family.dialect == Family::Zpa {
            let doc = "`member OP value`, joined by ` AND `: EQ, NE, LIKE, CONTAINS, STARTSWITH, ENDSWITH, GT, GE, \
                       LT, LE; or text that the record mentions.";
            query.add("search", doc, json!({"type": "string"}));
        } else if !resource.search.is_empty()
            && matches!(family.dialect, Family::Zia | Family::Ztw | Family::Zcc)
        {
            let doc = format!("Text that one of these holds: {}.", resource.search.join(", "));
            query.add("search", &doc, json!({"type": "string"}));
        }
    }
    if resource.scope.is_some() {
        let doc = "The microtenant; the default one when not given, all of them with `null`.";
        query.add("microtenantId", doc, json!({"type": "string"}));
    }
    query.written
}

struct Query {
    written: Vec<Value>,
    names: Vec<String>,
}

impl Query {
    /// The first of a name stays: an operation's own word on a parameter wins.
    fn add(&mut self, name: &str, doc: &str, schema: Value) {
        if self.names.iter().any(|known| known == name) {
            return;
        }
        self.names.push(name.to_owned());
        self.written.push(json!({"name": name, "in": "query", "description": doc, "schema": schema}));
    }

    fn page(&mut self, page: &Paging) {
        let most = match page.max {
            0 => "How many on a page.".to_owned(),
            max => format!("How many on a page; a wish above {max} is cut to it."),
        };
        let mut number = |name: &str, doc: &str, least: u32, default: u32| {
            self.add(name, doc, json!({"type": "integer", "minimum": least, "default": default}));
        };
        match page.style {
            PageStyle::Whole => return,
            PageStyle::Array | PageStyle::Counted => {
                number("page", "Which page; the first is 1.", 1, 1);
                number("pageSize", &most, 1, page.size);
            }
            PageStyle::Totals => {
                number("page", "Which page; the first is 1.", 1, 1);
                number("pagesize", &most, 1, page.size);
            }
            PageStyle::Offset => {
                number("offset", "How many to pass over.", 0, 0);
                number("limit", &most, 1, page.size);
            }
            PageStyle::Skip => {
                number("skip", "How many to pass over.", 0, 0);
                number("perPage", &most, 1, page.size);
                return;
            }
            PageStyle::Cursor => {
                self.add(
                    "offset",
                    "Where to go on: `next_offset` of the answer before.",
                    json!({"type": "string"}),
                );
                self.add("limit", &most, json!({"type": "integer", "minimum": 1, "default": page.size}));
                return;
            }
        }
        if page.style != PageStyle::Offset {
            self.add("sortBy", "The member to sort by.", json!({"type": "string"}));
            self.add("sortOrder", "Which way.", json!({"type": "string", "enum": ["asc", "desc"]}));
        }
    }

    fn filter(&mut self, name: &str, filter: &Filter) {
        let how = match filter.how {
            Match::Is => "equals",
            Match::Not => "does not equal",
            Match::Contains => "contains",
            Match::Starts => "begins with",
            Match::Flag | Match::Unless | Match::Reveals => {
                let doc = if filter.doc.is_empty() { "Only such." } else { &filter.doc };
                return self.add(name, doc, json!({"type": "boolean"}));
            }
        };
        let own = format!("Records whose `{}` {how} this.", filter.field);
        self.add(name, if filter.doc.is_empty() { &own } else { &filter.doc }, json!({"type": "string"}));
    }
}
