//! One operation of a resource: method, path, what it does and how it answers.

use std::fmt;
use std::str::FromStr;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{Json, Limit, Page, Verb};

/// The HTTP methods that occur.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// GET.
    #[default]
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// PATCH.
    Patch,
    /// DELETE.
    Delete,
}

impl Method {
    /// The method's text.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Method {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Ok(match text {
            "GET" => Method::Get,
            "POST" => Method::Post,
            "PUT" => Method::Put,
            "PATCH" => Method::Patch,
            "DELETE" => Method::Delete,
            _ => return Err(()),
        })
    }
}

/// One operation. The five plain ones need nothing but their name: `list = {}`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// GET this path instead of the one the verb implies.
    #[serde(default)]
    pub get: Option<String>,
    /// POST to this path.
    #[serde(default)]
    pub post: Option<String>,
    /// PUT to this path.
    #[serde(default)]
    pub put: Option<String>,
    /// PATCH this path.
    #[serde(default)]
    pub patch: Option<String>,
    /// DELETE this path.
    #[serde(default)]
    pub delete: Option<String>,
    /// Which verb it is, where its name does not say.
    #[serde(default, rename = "as")]
    pub as_verb: Option<Verb>,
    /// The behaviour that carries it out.
    #[serde(default)]
    pub does: Option<String>,
    /// Changes nothing although its method says otherwise: no activation, no lock, no write access needed.
    #[serde(default)]
    pub reads: bool,
    /// The class of which a role must have some right, where the resource's is not the one.
    #[serde(default)]
    pub class: Option<String>,
    /// The status of success, where the product's rule for the verb does not hold.
    #[serde(default)]
    pub status: Option<u16>,
    /// Which view it answers with, instead of the members shown for its verb.
    #[serde(default)]
    pub view: Option<String>,
    /// A constant answer of a successful call; `{id}` stands for the record's id.
    #[serde(default)]
    pub answer: Option<Json>,
    /// A constant answer, under status 200, of a refused call (seen on one product).
    #[serde(default)]
    pub failure: Option<Json>,
    /// How the product itself fails under status 500, where it is known to.
    #[serde(default)]
    pub fails: Option<Failure>,
    /// Members a listed record must have exactly so.
    #[serde(default, rename = "where")]
    pub only: Option<Json>,
    /// How this list pages, where the resource's rule does not hold.
    #[serde(default)]
    pub page: Option<Page>,
    /// The condition under which it is refused.
    #[serde(default)]
    pub unless: Option<Unless>,
    /// The query flag that removes the references instead of refusing.
    #[serde(default)]
    pub force: Option<String>,
    /// Query parameters beyond the resource's filters, with a word on each.
    #[serde(default)]
    pub query: IndexMap<String, String>,
    /// The product's own rate limit for it, such as `1/s 400/h`.
    #[serde(default)]
    pub limits: Option<Limit>,
    /// The cloud does not publish its path, although it is documented (seen): answered as a path that is not known.
    #[serde(default)]
    pub unpublished: bool,
    /// The value type its body is read as, where that is not the resource itself.
    #[serde(default)]
    pub body: Option<String>,
    /// The value type its answer is shown as, where that is not the resource itself; for documents only.
    #[serde(default)]
    pub returns: Option<String>,
    /// Where it comes from: seen, documented, client: …, guessed.
    #[serde(default)]
    pub evidence: Option<String>,
    /// What it does, in our words.
    #[serde(default)]
    pub doc: String,
    /// Filled by the reader: its name in the file.
    #[serde(default)]
    pub name: String,
    /// Filled by the reader: the HTTP method.
    #[serde(default)]
    pub method: Method,
    /// Filled by the reader: the path below the product's prefix.
    #[serde(default)]
    pub path: String,
    /// Filled by the reader: the verb.
    #[serde(default)]
    pub verb: Verb,
}

/// What stands in the way of a delete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unless {
    /// Others point at the record.
    Referenced,
}

/// A failure of the product's own that its clients know: the status is 500.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// What brings it about.
    pub on: String,
    /// The machine-readable word.
    pub code: String,
    /// The text for people; none in some.
    #[serde(default)]
    pub message: String,
    /// Where it comes from: seen, documented, client: …, guessed.
    pub evidence: String,
}

impl Operation {
    /// Whether a successful call may change anything.
    pub fn writes(&self) -> bool {
        self.method != Method::Get && !self.reads
    }

    /// The names of the path's parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.path.split('{').skip(1).filter_map(|rest| rest.split('}').next())
    }
}
