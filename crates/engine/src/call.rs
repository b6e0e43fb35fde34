//! A call as the engine sees it, and what comes of it.

use serde_json::Value;

use crate::Session;

/// Which scope within the tenant a call speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One scope; `0` is the default one.
    One(String),
    /// Every scope of the tenant.
    All,
}

impl Scope {
    /// The scope a new record lands in.
    pub fn for_new(&self) -> &str {
        match self {
            Scope::One(scope) => scope,
            Scope::All => "0",
        }
    }

    /// What the store is asked for.
    pub fn for_store(&self) -> Option<&str> {
        match self {
            Scope::One(scope) => Some(scope),
            Scope::All => None,
        }
    }
}

/// How a clause of a search compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Equal, whatever the case of letters.
    Equal,
    /// Not equal.
    NotEqual,
    /// Contained.
    Contains,
    /// Begins with it.
    StartsWith,
    /// Ends with it.
    EndsWith,
    /// Greater, as numbers.
    Greater,
    /// Less, as numbers.
    Less,
    /// Greater or equal, as numbers.
    AtLeast,
    /// Less or equal, as numbers.
    AtMost,
}

/// One clause of a search: a member compared with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// The member, dotted when nested.
    pub field: String,
    /// How.
    pub comparison: Comparison,
    /// With what.
    pub value: String,
}

/// What a list is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// This text somewhere in the members that the catalogue names.
    Text(String),
    /// All of these clauses.
    Clauses(Vec<Clause>),
}

/// Which part of a list the caller asks for; the dialect has read it from the query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// Records to pass over.
    pub skip: u64,
    /// Records to answer at most; everything when not said.
    pub take: Option<u64>,
    /// The page's number as asked for, from 1.
    pub number: u64,
    /// The page's size, after clamping.
    pub size: u64,
    /// What to search for.
    pub search: Option<Search>,
    /// Another order than the catalogue's: a member, and whether it is turned round.
    pub sort: Option<(String, bool)>,
}

/// One call, decoded as far as HTTP goes.
#[derive(Clone, Debug)]
pub struct Call {
    /// Whose cloud, who asks, and when.
    pub session: Session,
    /// The number of the resource in the catalogue.
    pub resource: usize,
    /// The number of the operation within the resource.
    pub operation: usize,
    /// The path's parameters with their names.
    pub params: Vec<(String, String)>,
    /// The query, decoded, in order.
    pub query: Vec<(String, String)>,
    /// The body, if there was one.
    pub body: Option<Value>,
    /// Which scope is meant.
    pub scope: Scope,
    /// Which part of a list.
    pub list_query: ListQuery,
}

impl Call {
    /// A parameter of the path.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first query parameter of this name, whatever the case of its letters.
    pub fn query(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Every query parameter of this name, whatever the case of its letters.
    pub fn query_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.query
            .iter()
            .filter(move |(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Whether a query parameter is switched on: `true` in any case of letters, or `1`.
    pub fn flag(&self, name: &str) -> bool {
        self.query(name).is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1")
    }
}

/// A part of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The records as they are shown.
    pub items: Vec<Value>,
    /// How many there are in all.
    pub total: u64,
    /// The page's number, from 1.
    pub number: u64,
    /// The page's size.
    pub size: u64,
    /// How many records come before this part.
    pub skip: u64,
}

/// What comes of a call that is not refused.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// One record, as shown.
    One(Value),
    /// Part of a list.
    Many(Page),
    /// What an action answers.
    Value(Value),
    /// Text that is no JSON: media type, body, and the file name offered, if any.
    Text(&'static str, String, Option<String>),
    /// Nothing to show.
    Done,
    /// Nothing to show, said by a status without a body where the operation's own status has one.
    Nothing,
}
