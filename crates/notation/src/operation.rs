//! One operation of a resource: method, path, what it does and how it answers.

use std::fmt;
use std::str::FromStr;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{Json, Limit, Paging, Verb};

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
    /// It answers this member alone, of the record or of each listed one, with nothing around it.
    #[serde(default)]
    pub member: Option<String>,
    /// The query parameter that picks one entry of that member.
    #[serde(default)]
    pub key: Option<String>,
    /// A constant answer of a successful call; `{id}` stands for the record's id.
    #[serde(default)]
    pub answer: Option<Json>,
    /// A constant answer, under status 200, of a refused call (seen on one product).
    #[serde(default)]
    pub failure: Option<Json>,
    /// How the product itself fails under status 500, where it is known to.
    #[serde(default)]
    pub fails: Option<Failure>,
    /// It is refused to everyone, in these words (seen).
    #[serde(default)]
    pub refused: Option<Refused>,
    /// Members a listed record must have exactly so.
    #[serde(default, rename = "where")]
    pub only: Option<Json>,
    /// The member of the answer that holds a count, or of the body that lists what a bulk verb is about; when not said, the
    /// number or the array stands bare.
    #[serde(default)]
    pub listed_in: Option<String>,
    /// The members that a patch may change, where that is not all of them; others in its body are passed over.
    #[serde(default)]
    pub members: Vec<String>,
    /// What a patch without a body sets: a constant, or with `{name}` what the path's or query's parameter says.
    #[serde(default)]
    pub sets: IndexMap<String, Json>,
    /// How many records one call of a bulk verb may list.
    #[serde(default)]
    pub most: Option<usize>,
    /// How this list pages, where the resource's rule does not hold.
    #[serde(default)]
    pub page: Option<Paging>,
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
    /// What it is asked and answers is a secret as a whole, and told in no journal.
    #[serde(default)]
    pub confidential: bool,
    /// What its body is, where that is not JSON.
    #[serde(default)]
    pub takes: Option<Takes>,
    /// The media type that it answers with, where that is not JSON; whoever does not take it is refused.
    #[serde(default)]
    pub gives: Option<String>,
    /// What a log says that it does, where the verb does not tell.
    #[serde(default)]
    pub log: Option<String>,
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

/// A body that is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Takes {
    /// Text as it is, whatever media type it is announced as.
    Text,
    /// A form with a file in it, `multipart/form-data`; whatever else is announced is refused.
    File,
}

/// What stands in the way of a delete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unless {
    /// Others point at the record.
    Referenced,
}

/// A refusal that no tenant escapes: under status 403.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    /// The machine-readable word.
    pub code: String,
    /// The text for people.
    pub message: String,
    /// Where it comes from: seen, documented, client: …, guessed.
    pub evidence: String,
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

/// How many records one call of a bulk verb may list when the catalogue does not say (guessed): every other write waits for it.
const MOST: usize = 1000;

impl Operation {
    /// How many records one call may list.
    pub fn at_most(&self) -> usize {
        self.most.unwrap_or(MOST)
    }

    /// Whether a successful call may change anything.
    pub fn writes(&self) -> bool {
        self.method != Method::Get && !self.reads
    }

    /// What the log says that was done.
    pub fn action(&self) -> &str {
        if let Some(word) = &self.log {
            return word;
        }
        match self.verb {
            Verb::Create | Verb::BulkCreate => "Create",
            Verb::Update => "Update",
            Verb::Patch => "Patch",
            Verb::Delete | Verb::BulkDelete | Verb::DeleteAll => "Delete",
            Verb::List | Verb::Read | Verb::Count | Verb::Act => match self.method {
                Method::Get => "Read",
                Method::Post => "Create",
                Method::Put => "Update",
                Method::Patch => "Patch",
                Method::Delete => "Delete",
            },
        }
    }

    /// The names of the path's parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.path.split('{').skip(1).filter_map(|rest| rest.split('}').next())
    }
}
