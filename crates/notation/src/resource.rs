//! One resource: everything a file says about it.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{Field, Fields, Ids, Json, Operation, Page, Unknown, Wire};

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
    /// How its values are spelt, where the product's rule does not hold.
    #[serde(default)]
    pub wire: Option<Wire>,
    /// How its lists page, where the product's rule does not hold.
    #[serde(default)]
    pub page: Option<Page>,
    /// Unknown members of a request, where the product's rule does not hold.
    #[serde(default)]
    pub unknown: Option<Unknown>,
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
    /// The field of this name, or the last one of a dotted name's first part.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.get(name)
    }

    /// The class that says who may carry an operation out.
    pub fn class_of<'a>(&'a self, operation: &'a Operation) -> Option<&'a str> {
        operation.class.as_deref().or(self.class.as_deref())
    }

    /// How errors name it.
    pub fn title(&self) -> String {
        self.title.clone().unwrap_or_else(|| {
            let mut letters = self.noun.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
        })
    }
}

/// When one member has this value, others must be given.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The member looked at.
    pub field: String,
    /// The value that triggers it.
    pub is: Json,
    /// The members that must then be present.
    #[serde(default)]
    pub needs: Vec<String>,
    /// The members that must then be absent.
    #[serde(default)]
    pub forbids: Vec<String>,
    /// What the product says, where known.
    #[serde(default)]
    pub message: Option<String>,
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
    /// Contained, whatever the case of letters.
    Contains,
    /// Begins with it, whatever the case of letters.
    Starts,
    /// The flag is true: the member must have the filter's `on` value.
    Flag,
    /// The flag is true: the member must not have the filter's `on` value.
    Unless,
}
