//! One resource: everything a file says about it.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Field, Fields, Ids, Json, LogWords, Operation, Paging, Unknown, Wire};

/// One kind of object and its operations, from one file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// `zpa.segment_group`; filled by the reader from folder and file name.
    #[serde(default)]
    pub kind: String,
    /// Its place among the catalogue's resources; filled by the catalogue.
    #[serde(skip)]
    pub number: usize,
    /// The kind whose records this file shows, in its own members and at its own paths; it has none itself.
    #[serde(default)]
    pub records: Option<String>,
    /// Members that are described as that kind describes them; what the file says of them is filled in by the reader.
    #[serde(skip)]
    pub taken: Vec<String>,
    /// What people call one, lower case.
    pub noun: String,
    /// How errors name it, where capitalising the noun does not give it.
    #[serde(default)]
    pub title: Option<String>,
    /// What it is, in our words.
    pub doc: String,
    /// The path of the collection (or of the singleton) below the product's prefix.
    pub path: String,
    /// The class, as roles know it, that says who may see and change it; every resource of a product with classes has one.
    #[serde(default)]
    pub class: Option<String>,
    /// The kind of scope, within the tenant, that each record belongs to.
    #[serde(default)]
    pub scope: Option<String>,
    /// Edits wait for an activation.
    #[serde(default)]
    pub staged: bool,
    /// There is exactly one; it needs no id.
    #[serde(default)]
    pub singleton: bool,
    /// How its ids are given out, where the product's rule does not hold.
    #[serde(default)]
    pub ids: Option<Ids>,
    /// Words that a reference to it may hold in place of an id.
    #[serde(default)]
    pub reserved: Vec<String>,
    /// How its values are spelt, where the product's rule does not hold.
    #[serde(default)]
    pub wire: Option<Wire>,
    /// How its lists page, where the product's rule does not hold.
    #[serde(default)]
    pub page: Option<Paging>,
    /// Unknown members of a request, where the product's rule does not hold.
    #[serde(default)]
    pub unknown: Option<Unknown>,
    /// Under which words a log tells its changes, where they do not follow from the noun.
    #[serde(default)]
    pub log: Option<LogWords>,
    /// The member a list is sorted by; a leading `-` turns it round. By id when not said.
    #[serde(default)]
    pub order_by: Option<String>,
    /// The members a plain `search` looks into.
    #[serde(default)]
    pub search: Vec<String>,
    /// The path parameter by whose value writers collide: two at once are answered as the product's lock does.
    #[serde(default)]
    pub contended: Option<String>,
    /// How many a tenant may have.
    #[serde(default)]
    pub limit: Option<u64>,
    /// What the product says when there are too many.
    #[serde(default)]
    pub limit_message: Option<String>,
    /// Where it comes from: seen, documented, client: …, guessed.
    pub evidence: String,
    /// Members that are needed when another has a value.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// What can be done with it.
    pub operations: IndexMap<String, Operation>,
    /// Query parameters that choose among the listed records.
    #[serde(default)]
    pub filters: IndexMap<String, Filter>,
    /// Its members.
    pub fields: Fields,
    /// Value types of this file.
    #[serde(default)]
    pub types: IndexMap<String, Fields>,
    /// Named choices of members, for links from elsewhere and for other answers.
    #[serde(default)]
    pub views: IndexMap<String, Vec<String>>,
    /// What else it guarantees: behaviour names with their parameters.
    #[serde(default)]
    pub behaviours: IndexMap<String, Json>,
}

impl Resource {
    /// The kind under which its records are kept: its own, or the one whose records it shows.
    pub fn kept_as(&self) -> &str {
        self.records.as_deref().unwrap_or(&self.kind)
    }

    /// The field of this name, or the last one of a dotted name's first part.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.get(name)
    }

    /// The class that says who may carry an operation out.
    pub fn class_of<'a>(&'a self, operation: &'a Operation) -> Option<&'a str> {
        operation.class.as_deref().or(self.class.as_deref())
    }

    /// The part of its category that the log tells its changes under: its noun, each word with a capital.
    pub fn log_part(&self) -> String {
        if let Some(part) = self.log.as_ref().and_then(|words| words.part.clone()) {
            return part;
        }
        let capital = |word: &str| {
            let mut letters = word.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
        };
        self.noun.split(' ').map(capital).collect::<Vec<_>>().join(" ")
    }

    /// The category that the log tells its changes under; the part alone where no other is known.
    pub fn log_category(&self) -> String {
        self.log.as_ref().map_or_else(|| self.log_part(), |words| words.category.clone())
    }

    /// How errors name it.
    pub fn title(&self) -> String {
        self.title.clone().unwrap_or_else(|| {
            let mut letters = self.noun.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
        })
    }
}

/// When one member has this value, others must be given, must not be, or have certain values.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The member looked at.
    pub field: String,
    /// The value that triggers it, or a list of them.
    #[serde(default)]
    pub is: Option<Json>,
    /// In place of `is`: any value but this one, or these.
    #[serde(default)]
    pub not: Option<Json>,
    /// Not when other members have these values.
    #[serde(default)]
    pub unless: IndexMap<String, Json>,
    /// The members that must then be present.
    #[serde(default)]
    pub needs: Vec<String>,
    /// The members that must then be absent.
    #[serde(default)]
    pub forbids: Vec<String>,
    /// Members of which one must then be present.
    #[serde(default)]
    pub one_of: Vec<String>,
    /// Members whose value, or each item of it, must then be among these.
    #[serde(default)]
    pub only: IndexMap<String, Vec<Json>>,
    /// What the product says, where known.
    #[serde(default)]
    pub message: Option<String>,
}

impl Condition {
    /// Whether a member's value triggers it.
    pub fn meets(&self, held: Option<&Value>) -> bool {
        let among = |said: &Json| match &said.0 {
            Value::Array(values) => held.is_some_and(|held| values.contains(held)),
            value => held == Some(value),
        };
        self.is.as_ref().is_some_and(among) || self.not.as_ref().is_some_and(|said| !among(said))
    }

    /// The values that it compares with.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.is.iter().chain(&self.not).flat_map(|said| match &said.0 {
            Value::Array(values) => values.as_slice(),
            value => std::slice::from_ref(value),
        })
    }
}

/// A query parameter that chooses among the listed records.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// The member compared, dotted when nested.
    pub field: String,
    /// How it is compared.
    #[serde(default, rename = "match")]
    pub how: Match,
    /// The value that switches the filter on, for flags: `customOnly=true` asks for `customCategory` true.
    #[serde(default)]
    pub on: Option<Json>,
    /// What it is for, in our words.
    #[serde(default)]
    pub doc: String,
}

/// How a filter compares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Match {
    /// Equal, whatever the case of letters; one of the values when the parameter is repeated.
    #[default]
    Is,
    /// Not equal to any of the values.
    Not,
    /// Contained, whatever the case of letters.
    Contains,
    /// Begins with it, whatever the case of letters.
    Starts,
    /// The flag is true: the member must have the filter's `on` value.
    Flag,
    /// The flag is true: the member must not have the filter's `on` value.
    Unless,
    /// The flag is not true: the member must not have the filter's `on` value.
    Reveals,
}
