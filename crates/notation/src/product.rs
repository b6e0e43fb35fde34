//! What holds for a whole product: its prefix, its way with numbers and pages, its statuses.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{Field, Fields, Latencies, Limit, LogVocabulary, OnUpdate, Quota, Shape, Verb};

/// One API family, from `_product.toml`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// `zia`, `zpa`, …; filled by the reader from the folder's name.
    #[serde(default)]
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What it is for, in our words.
    pub doc: String,
    /// Which dialect renders faults, pages and headers.
    pub dialect: Family,
    /// The first label on the gateway: `/zia`.
    pub prefix: String,
    /// The product code in an access token's `service-info`.
    pub grant: String,
    /// The member that names the classes its roles give access to, in the records of a kind that every fresh tenant
    /// has: `demo.area.classes.name`, through lists to each of their items. Without it a role gives access to everything.
    #[serde(default)]
    pub classes: Option<String>,
    /// How ids are given out.
    pub ids: Ids,
    /// How values are spelt.
    #[serde(default)]
    pub wire: Wire,
    /// How lists page.
    pub page: Paging,
    /// Statuses of success by verb: `create = 201`.
    pub status: IndexMap<Verb, u16>,
    /// Whether an update that leaves members out keeps or clears them, by shape: `bool = "keep"`, `any = …` the rest.
    pub update: IndexMap<String, OnUpdate>,
    /// The greatest length of what a caller writes, where its field says none: of texts by the member's name, `any` of
    /// the rest, `list` of lists, `record` of all members together, in bytes of JSON.
    pub lengths: IndexMap<String, i64>,
    /// Members of a request that the catalogue does not know.
    #[serde(default)]
    pub unknown: Unknown,
    /// The gateway's quota as its header prints it: `5000, 5000;w=60`.
    pub quota: Quota,
    /// The product's rate limits by class of method: `GET = "2/s 1000/h"`, `write = "1/s 400/h"`.
    #[serde(default)]
    pub limits: Limits,
    /// How long the product takes, for whoever wants to wait as there.
    #[serde(default)]
    pub latency: Option<Latencies>,
    /// The words that its log has; any, where they are not known.
    #[serde(default)]
    pub log: LogVocabulary,
    /// Value types every file of the product may use.
    #[serde(default)]
    pub types: IndexMap<String, Fields>,
}

impl Product {
    /// The greatest length of a text of this name that has no field of its own, such as one in a list.
    pub fn longest_text(&self, name: &str) -> Option<i64> {
        self.lengths.get(name).or_else(|| self.lengths.get("any")).copied()
    }

    /// The most bytes of JSON that a record may take: every list of its kind reads the whole of it.
    pub fn largest_record(&self) -> usize {
        const GUESSED: usize = 1 << 20;
        self.lengths.get("record").map_or(GUESSED, |bytes| bytes.unsigned_abs() as usize)
    }

    /// What an update that leaves a member out does to it: its own rule, else the product's for its shape.
    pub fn on_update(&self, field: &Field) -> OnUpdate {
        let shape = match &field.shape {
            Shape::List(_) => "list",
            Shape::Bool => "bool",
            Shape::Enum => "enum",
            Shape::Int | Shape::Float => "int",
            Shape::Time => "time",
            Shape::String => "string",
            Shape::Id | Shape::Ref(_) | Shape::Link(_) => "ref",
            Shape::Any | Shape::Named(_) => "any",
        };
        let rule = || self.update.get(shape).or_else(|| self.update.get("any")).copied();
        field.update.or_else(rule).unwrap_or(OnUpdate::Clear)
    }
}

/// The families whose spelling is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Internet access.
    Zia,
    /// Connectors in clouds and branches.
    Ztw,
    /// Private access.
    Zpa,
    /// The agent on devices.
    Zcc,
    /// Digital experience.
    Zdx,
    /// Identity.
    Zidentity,
}

impl Family {
    /// All of them.
    pub const ALL: [Family; 6] =
        [Family::Zia, Family::Ztw, Family::Zpa, Family::Zcc, Family::Zdx, Family::Zidentity];
}

/// A product's own limits, where an operation has none of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Of reading.
    #[serde(rename = "GET")]
    pub read: Option<Limit>,
    /// Of every other method.
    pub write: Option<Limit>,
}

/// How ids are given out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ids {
    /// The tenant's customer id plus one counter that all such kinds share (seen).
    TenantSeries,
    /// A counter of the tenant that starts at `start`; kinds that name the same counter share it.
    Counter {
        /// The counter's name.
        name: String,
        /// Its first value.
        start: i64,
    },
    /// The least number that is free, from `from` on: one that was freed is given again (seen).
    Least {
        /// The least of all.
        from: i64,
    },
    /// Thirteen characters of base32hex behind a letter that tells the kind (seen).
    Opaque(String),
    /// A random UUID.
    Uuid,
    /// The caller or a behaviour chooses.
    Chosen,
}

/// How values are spelt on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wire {
    /// Whole numbers and times.
    pub numbers: Numbers,
    /// Ids and references; as `numbers` when not said.
    pub ids: Option<Numbers>,
    /// Empty lists, and objects without members.
    pub empty: Empty,
    /// Members without a value show as `null` instead of being left out (seen).
    pub nulls: bool,
    /// White space.
    pub spacing: Spacing,
    /// `name` and `description` come back with `& < > " '` as entities (seen).
    pub escapes: bool,
}

/// A number as a number, or as a string of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Numbers {
    /// `5`
    #[default]
    Numbers,
    /// `"5"`
    Strings,
}

/// What becomes of an empty list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Empty {
    /// It shows as `[]`.
    #[default]
    Shown,
    /// Its member is left out.
    Absent,
}

/// White space in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Spacing {
    /// None.
    #[default]
    Compact,
    /// Two spaces of indent, `"key" : value`, `[ ]` when empty (seen).
    Jackson,
}

/// How a list pages.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Paging {
    /// The envelope and its parameters.
    pub style: PageStyle,
    /// Records on a page when the caller does not say.
    pub size: u32,
    /// The most records on a page; a larger wish is clamped.
    pub max: u32,
    /// The member that holds the records, for styles with a named one.
    pub items: Option<String>,
    /// The envelope also tells `currentCount` (seen).
    pub current: bool,
    /// The envelope tells a total of zero whatever it holds (seen).
    pub uncounted: bool,
}

/// The envelope of a list and the parameters that walk it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageStyle {
    /// A bare array holding everything; page parameters are ignored.
    #[default]
    Whole,
    /// A bare array; `page` from 1 and `pageSize`.
    Array,
    /// `totalPages`, `totalCount`, `list`; `page` from 1 and `pagesize`.
    Totals,
    /// `totalCount` and a named member; `page` from 1 and `pageSize`.
    Counted,
    /// `pageOffset`, `pageSize`, `totalRecord`, `records`, links; `offset` and `limit`.
    Offset,
    /// A named member and `next_offset`; `limit` and an opaque `offset`.
    Cursor,
    /// `items`, `total`, `offset`, `limit`, `count`; `skip` and `perPage`.
    Skip,
}

/// Members of a request that the catalogue does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unknown {
    /// Dropped without a word (seen).
    #[default]
    Ignore,
    /// The whole body is refused (seen).
    Reject,
}
