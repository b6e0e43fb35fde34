//! A call as the engine sees it, and what comes of it.

use std::any::Any;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use serde_json::{Map, Value};
use zuno_catalogue::OperationNumber;
use zuno_model::Fault;

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

/// Where a call came from, for the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The caller's address, where it came by a connection.
    pub address: Option<IpAddr>,
    /// What its answer is marked with.
    pub trace: String,
}

/// One call, decoded as far as HTTP goes.
#[derive(Clone, Debug)]
pub struct Call {
    /// Whose cloud, who asks, and when.
    pub session: Session,
    /// The operation that it asks for.
    pub operation: OperationNumber,
    /// The path's parameters with their names.
    pub params: Vec<(String, String)>,
    /// The query, decoded, in order.
    pub query: Vec<(String, String)>,
    /// The body, if there was one; of a form, the words beside its file.
    pub body: Option<Value>,
    /// What came in place of JSON, where the operation takes that.
    pub upload: Option<Upload>,
    /// What the operation's behaviour made before the write, if anything.
    pub ahead: Option<Ahead>,
    /// Which scope is meant.
    pub scope: Scope,
    /// Which part of a list.
    pub list_query: ListQuery,
    /// Where it came from.
    pub origin: Origin,
}

/// A body that is no JSON.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Upload {
    /// The file's name; empty where none is told.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

impl Upload {
    /// Its text; what is none is told by a mark in its place.
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }
}

impl fmt::Debug for Upload {
    /// A file may hold a secret: its name and length are told.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Upload({:?}, {} bytes)", self.name, self.bytes.len())
    }
}

/// What takes long to make and follows from no record, made before a write waits for its turn.
#[derive(Clone)]
pub struct Ahead(Arc<dyn Any + Send + Sync>);

impl Ahead {
    /// Holds it.
    pub fn of<T: Any + Send + Sync>(made: T) -> Ahead {
        Ahead(Arc::new(made))
    }

    /// What it holds, if it is of this type.
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.0.downcast_ref()
    }
}

impl fmt::Debug for Ahead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ahead")
    }
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

    /// The body, which must be an object.
    ///
    /// # Errors
    /// There is none, or it is something else.
    pub fn object(&self) -> Result<&Map<String, Value>, Fault> {
        let object = self.body.as_ref().and_then(Value::as_object);
        object.ok_or_else(|| Fault::Unreadable("a JSON object is wanted".into()))
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

/// Part of a list whose records are written out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Written {
    /// The records as they are shown, as JSON without white space, with commas between them.
    pub records: Vec<u8>,
    /// How many they are.
    pub count: u64,
    /// Which part it is; its items are those that are written out.
    pub page: Page,
}

/// What comes of a call that is not refused.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// One record, as shown.
    One(Value),
    /// Part of a list.
    Many(Page),
    /// Part of a list, written out.
    Written(Written),
    /// What an action answers.
    Value(Value),
    /// What an action answers, as JSON without white space.
    Json(Vec<u8>),
    /// Text that is no JSON: media type, body, and the file name offered, if any.
    Text(&'static str, String, Option<String>),
    /// A file: media type, bytes, and the name offered.
    File(&'static str, Vec<u8>, String),
    /// Nothing to show.
    Done,
    /// Nothing to show, said by a status without a body where the operation's own status has one.
    Nothing,
}
