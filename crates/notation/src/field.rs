//! One member of an object: its type, who may set it, where it shows, what it must satisfy.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{Format, Json, Shape, Verb};

/// The members of an object under their wire names, in wire order.
pub type Fields = IndexMap<String, Field>;

/// One member of a resource or of a value type.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The JSON shape.
    #[serde(rename = "type")]
    pub shape: Shape,
    /// Who may set it.
    #[serde(default)]
    pub access: Access,
    /// The value of a create that leaves it out; also what a reset falls back to.
    #[serde(default)]
    pub default: Option<Json>,
    /// In which answers it appears; everywhere when not said.
    #[serde(default)]
    pub shown: Option<Vec<Verb>>,
    /// When an answer leaves it out, or tells something else in its place.
    #[serde(default)]
    pub absent: Vec<Absent>,
    /// It tells a number: how long the list of this name is, or with `referrers` how many records point at this one.
    #[serde(default)]
    pub counts: Option<String>,
    /// Whether two records of the kind (and scope) may share a value.
    #[serde(default)]
    pub unique: Option<Unique>,
    /// Uniqueness holds among the records that share this member's value.
    #[serde(default)]
    pub within: Option<String>,
    /// The least number, or the least length of a text or list.
    #[serde(default)]
    pub min: Option<i64>,
    /// The greatest number, or the greatest length of a text or list.
    #[serde(default)]
    pub max: Option<i64>,
    /// The words of an enum, in the product's order.
    #[serde(default)]
    pub values: Vec<String>,
    /// Words that an enum once had, each with today's: they are read, and kept as today's.
    #[serde(default)]
    pub was: IndexMap<String, String>,
    /// The form of a text, or of each text in a list.
    #[serde(default)]
    pub format: Option<Format>,
    /// The unit of a number, for people.
    #[serde(default)]
    pub unit: Option<String>,
    /// The product fills the default in by itself, which some clients take for a change: a tenant may do without.
    #[serde(default)]
    pub filled: bool,
    /// The value of an update that leaves it out, where that is not the default of a create.
    #[serde(default)]
    pub cleared: Option<Json>,
    /// What a PUT that leaves it out does, where the product's rule does not hold.
    #[serde(default)]
    pub update: Option<OnUpdate>,
    /// The engine writes it: when, or by whom.
    #[serde(default)]
    pub stamp: Option<Stamp>,
    /// Taken from the record that another member points at: `segmentGroupId.name`; without a dot, another member of the
    /// record itself, or its `id`, told a second time.
    #[serde(default)]
    pub from: Option<String>,
    /// Put together from the tenant's words and other members of the record: `https://pac.{cloud}/{domain}/{name}`.
    #[serde(default)]
    pub made: Option<String>,
    /// The records of the target kind whose member of this name points here.
    #[serde(default)]
    pub inverse: Option<String>,
    /// Which view of the target a link shows when read; `ref` (id and name) when not said.
    #[serde(default)]
    pub view: Option<String>,
    /// Which view a link shows in a list, where it differs.
    #[serde(default)]
    pub list_view: Option<String>,
    /// In which answers a link shows its view; in the others it shows its id, `stub_view` and the stub.
    #[serde(default)]
    pub hydrated: Option<Vec<Verb>>,
    /// Constant members that a link shows where it is not hydrated (seen: a 201 answers with defaulted objects).
    #[serde(default)]
    pub stub: Option<Json>,
    /// Which view of the target a link that is not hydrated shows beside its stub; the id alone when not said.
    #[serde(default)]
    pub stub_view: Option<String>,
    /// Required, and yet this behaviour sees a record without it: which fills it in, or refuses in the product's words.
    #[serde(default)]
    pub left_to: Option<String>,
    /// The record is deleted with the one that it points at.
    #[serde(default)]
    pub follows: bool,
    /// Never refuse: a target that is not known is kept as it is.
    #[serde(default)]
    pub loose: bool,
    /// A list that may be long: kept beside its record, so that a few entries more cost no more than that.
    #[serde(default)]
    pub apart: bool,
    /// A secret: accepted, kept, never in an answer, a log or a snapshot.
    #[serde(default)]
    pub secret: bool,
    /// Encrypted wherever it is kept, though answers may show it. A secret always is.
    #[serde(default)]
    pub sealed: bool,
    /// Where the oddity comes from: seen, documented, client: …, guessed.
    #[serde(default)]
    pub evidence: Option<String>,
    /// What it means, in our words.
    #[serde(default)]
    pub doc: String,
}

impl Field {
    /// Whether it is encrypted wherever it is kept.
    pub fn is_kept_sealed(&self) -> bool {
        self.secret || self.sealed
    }

    /// Whether it stays what it was made with, whatever an update says.
    pub fn is_fixed(&self) -> bool {
        self.access == Access::Once || self.update == Some(OnUpdate::Fixed)
    }

    /// What its `made` speaks of in braces, in order.
    pub fn made_of(&self) -> impl Iterator<Item = &str> {
        let made = self.made.as_deref().unwrap_or_default();
        made.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(word, _)| word)
    }

    /// The word of today that a caller means by this one.
    pub fn word<'f>(&'f self, said: &str) -> Option<&'f str> {
        let known = self.values.iter().find(|word| *word == said);
        known.or_else(|| self.was.get(said)).map(String::as_str)
    }
}

/// Who may set a member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// The caller, or nobody.
    #[default]
    Optional,
    /// The caller must on create.
    Required,
    /// The server alone; ignored in a request.
    Server,
    /// The caller on create; ignored afterwards.
    Once,
    /// The server alone, and never in an answer: what the engine must remember.
    Hidden,
}

/// When an answer leaves a member out: all that is said must hold.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absent {
    /// In the answers of these verbs; in all when not said.
    #[serde(default, rename = "in")]
    pub verbs: Vec<Verb>,
    /// In the answers of these operations; of all when not said.
    #[serde(default)]
    pub of: Vec<String>,
    /// When it has one of these values or none at all; whatever it has when not said.
    #[serde(default)]
    pub when: Option<Vec<Json>>,
    /// Not when other members of the record have these values.
    #[serde(default)]
    pub unless: IndexMap<String, Json>,
    /// Only while the product fills in what it does by itself.
    #[serde(default)]
    pub filled: bool,
    /// When the caller has not sent it.
    #[serde(default)]
    pub unsent: bool,
    /// When this flag of the query is on.
    #[serde(default)]
    pub flag: Option<String>,
    /// What is told in its place.
    #[serde(default, rename = "as")]
    pub instead: Option<Json>,
}

/// How strictly a value is unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unique {
    /// Byte by byte.
    Exact,
    /// Whatever the case of its letters.
    IgnoringCase,
}

/// What an update that leaves a member out does to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnUpdate {
    /// It stays as it was.
    Keep,
    /// It goes, or falls back to its default.
    Clear,
    /// Even a PUT that says otherwise leaves it as it is.
    Fixed,
}

/// What the engine writes into a member by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stamp {
    /// When the record was made.
    Created,
    /// When it was last changed; also set on create.
    Modified,
    /// The number of whoever changed it last.
    Actor,
    /// `{id, name}` of whoever changed it last.
    ActorLink,
    /// `{id, name}` of whoever made it.
    CreatorLink,
    /// The id of the scope it belongs to; absent in the default scope (seen).
    Scope,
    /// The name of the scope it belongs to.
    ScopeName,
    /// The tenant's customer id.
    Customer,
    /// How often the record has been written.
    Writes,
}

impl Stamp {
    /// Whether members of this shape can hold it.
    pub fn fits(self, shape: &Shape) -> bool {
        match self {
            Stamp::Created | Stamp::Modified => matches!(shape, Shape::Time | Shape::Int),
            Stamp::Actor => matches!(shape, Shape::Id | Shape::String | Shape::Int),
            Stamp::ActorLink | Stamp::CreatorLink => matches!(shape, Shape::Named(_) | Shape::Any),
            Stamp::Scope | Stamp::Customer => matches!(shape, Shape::Id | Shape::String),
            Stamp::ScopeName => *shape == Shape::String,
            Stamp::Writes => *shape == Shape::Int,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Field;

    #[test]
    fn an_old_word_means_todays_and_a_strange_one_nothing() {
        let field =
            r#"{ "type": "enum", "values": ["NETHERLANDS"], "was": { "THE_NETHERLANDS": "NETHERLANDS" } }"#;
        let field: Field = serde_json::from_str(field).expect("a field");
        for word in ["NETHERLANDS", "THE_NETHERLANDS"] {
            assert_eq!(field.word(word), Some("NETHERLANDS"));
        }
        assert_eq!(field.word("HOLLAND"), None);
    }
}
