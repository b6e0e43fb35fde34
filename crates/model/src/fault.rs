//! What can go wrong, in the domain's words. Statuses and spellings belong to the dialects.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::{Id, Kind, Time};

/// Something that points at a record and so keeps it from being deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The kind of the record that points.
    pub kind: Kind,
    /// Its id.
    pub id: Id,
    /// What people call its kind, capitalised as the product prints it: `Application`.
    pub noun: String,
    /// Its name.
    pub name: String,
}

/// What is wrong with one value, and so what the caller can do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fix {
    /// It must be given.
    Missing,
    /// It is of the wrong JSON type; holds the type wanted.
    Type(&'static str),
    /// It is not one of the known words.
    Enum(Vec<String>),
    /// It is below the least or above the greatest allowed value.
    Range {
        /// The least allowed value.
        min: Option<i64>,
        /// The greatest allowed value.
        max: Option<i64>,
    },
    /// It is longer than allowed; holds the limit in characters.
    Length(usize),
    /// It names an object that does not exist.
    Unresolved(Kind),
    /// It is no member of this object.
    Unknown,
    /// Anything else, in the product's own words where they are known.
    Said(String),
}

impl fmt::Display for Fix {
    /// What the caller is to do, to be read behind the member's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fix::Missing => f.write_str("must be given"),
            Fix::Type(wanted) => write!(f, "must be of the type {wanted}"),
            Fix::Enum(words) => write!(f, "must be one of {}", words.join(", ")),
            Fix::Range { min: Some(min), max: Some(max) } => write!(f, "must be between {min} and {max}"),
            Fix::Range { min: Some(min), max: None } => write!(f, "must be at least {min}"),
            Fix::Range { min: None, max: Some(max) } => write!(f, "must be at most {max}"),
            Fix::Range { min: None, max: None } => f.write_str("is out of range"),
            Fix::Length(limit) => write!(f, "must not be longer than {limit}"),
            Fix::Unresolved(kind) => write!(f, "names no {} that exists", kind.noun()),
            Fix::Unknown => f.write_str("is no known member"),
            Fix::Said(words) => write!(f, "is not valid: {words}"),
        }
    }
}

/// Why rules cannot stand as it is wished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misplacement {
    /// A stronger rule would come after it, or a weaker one before it.
    Rank {
        /// The rule's.
        rank: i64,
        /// The place wished for, counted from 1.
        order: i64,
    },
    /// There is no such place; holds the one wished for, counted from 1.
    Beyond(i64),
    /// It is the last one and stays so.
    Last(Id),
    /// The vendor put it where it stands.
    Restricted(Id),
    /// More or fewer rules are named than there are.
    Length,
    /// A rule is named that is not of the list.
    Foreign(Id),
    /// Rules that are not named; others are named twice.
    Missing(Vec<Id>),
}

impl fmt::Display for Misplacement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Misplacement::Rank { rank, order } => {
                write!(f, "one of the rank {rank} cannot stand at {order} among those of other ranks")
            }
            Misplacement::Beyond(order) => write!(f, "there is no place {order}"),
            Misplacement::Last(id) => write!(f, "`{id}` stays last"),
            Misplacement::Restricted(id) => write!(f, "`{id}` stays where it is"),
            Misplacement::Length => f.write_str("each of them must be named once"),
            Misplacement::Foreign(id) => write!(f, "`{id}` is not one of them"),
            Misplacement::Missing(ids) => {
                let ids: Vec<&str> = ids.iter().map(Id::as_str).collect();
                write!(f, "not named: {}", ids.join(", "))
            }
        }
    }
}

/// The outcome of a call that was refused. Holds no status code and no product's wording.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// No such object.
    #[error("no {} has the id `{id}`", kind.noun())]
    NotFound {
        /// What was looked for.
        kind: Kind,
        /// Which one.
        id: Id,
    },
    /// A value that must be unique is taken.
    #[error("another {} already has the {field} `{value}`", kind.noun())]
    Duplicate {
        /// The kind within which it must be unique.
        kind: Kind,
        /// The member.
        field: String,
        /// The value asked for.
        value: String,
    },
    /// Others still point at it.
    #[error("the {} `{id}` is in use by {} other object(s)", kind.noun(), by.len())]
    InUse {
        /// What was to be deleted.
        kind: Kind,
        /// Which one.
        id: Id,
        /// Who points at it; never empty.
        by: Vec<Link>,
    },
    /// One value is wrong.
    #[error("`{field}` of the {} {fix}", kind.noun())]
    Invalid {
        /// The kind written.
        kind: Kind,
        /// The member, dotted when nested.
        field: String,
        /// What is wrong with it.
        fix: Fix,
    },
    /// The body is not what the operation reads: no JSON, or not of the expected shape.
    #[error("the request body cannot be read: {0}")]
    Unreadable(String),
    /// A rule of the product forbids it; `code` and `message` are the product's own words, from the catalogue
    /// or a named behaviour, with the evidence at the place that raises it.
    #[error("{message}")]
    Refused {
        /// Which class of refusal; the dialect picks the status.
        class: Refusal,
        /// The machine-readable word.
        code: String,
        /// The text for people.
        message: String,
        /// Values the text speaks of, where the product lists them.
        params: Vec<String>,
    },
    /// The object cannot be changed by anyone: predefined or managed by the vendor.
    #[error("the {} `{id}` is predefined and cannot be {verb}", kind.noun())]
    Predefined {
        /// The kind.
        kind: Kind,
        /// Which one.
        id: Id,
        /// `changed` or `deleted`.
        verb: &'static str,
    },
    /// A rule cannot stand where it is wished, or a list of rules cannot have the order that is wished for.
    #[error("the order of the {}s does not allow it: {why}", kind.noun())]
    Misplaced {
        /// The kind.
        kind: Kind,
        /// The list that is meant, by the id or the word that tells it from others; empty where there is but one.
        list: String,
        /// Why not.
        why: Misplacement,
    },
    /// A quota of objects is used up.
    #[error("no more than {limit} objects of the kind {} are allowed", kind.noun())]
    Quota {
        /// The kind.
        kind: Kind,
        /// How many may exist.
        limit: u64,
        /// The product's own words, where known.
        message: Option<String>,
    },
    /// Another writer holds the lock.
    #[error("another change is being made; retry in {} s", retry_after.as_secs())]
    Locked {
        /// When to try again.
        retry_after: Duration,
    },
    /// The record has changed since the caller read what it sends back.
    #[error("the {} `{id}` was changed {}: read it again and repeat the change", kind.noun(), match at {
        Some(at) => format!("at {at}"),
        None => "meanwhile".to_owned(),
    })]
    Stale {
        /// The kind.
        kind: Kind,
        /// Which one.
        id: Id,
        /// When it was changed, where that is known.
        at: Option<Time>,
    },
    /// The product cannot answer for the moment.
    #[error("the service cannot answer for the moment; retry in {} s", retry_after.as_secs())]
    Unavailable {
        /// When to try again.
        retry_after: Duration,
    },
    /// The product serves reads only, for maintenance.
    #[error("the service is in read-only mode")]
    ReadOnly,
    /// The tenant has not what the vendor sells for it.
    #[error("the tenant has no subscription to `{feature}`")]
    NotSubscribed {
        /// What would have to be bought, as people call it.
        feature: String,
        /// The tenant's customer id.
        customer: i64,
    },
    /// The caller's role does not reach this.
    #[error("the API client may not do this: {0}")]
    Forbidden(String),
    /// Known, and not built yet. The text is the operation's id.
    #[error("this Zuno does not have `{0}` yet")]
    NotBuilt(String),
    /// Ours; the caller sees a request id and no more.
    #[error("internal failure")]
    Broken(#[source] Box<dyn Error + Send + Sync>),
}

/// Which class of refusal a [`Fault::Refused`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The request is wrong in itself.
    BadRequest,
    /// It clashes with the state of the tenant.
    Conflict,
    /// The caller or tenant is not entitled to it.
    Forbidden,
    /// What it speaks of is not there.
    NotFound,
    /// The product itself is known to fail at it.
    Failure,
    /// It is right in itself, and does not agree with others that it must be changed together with.
    Together,
}

impl Fault {
    /// Wraps a failure of our own.
    pub fn broken(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Fault {
        Fault::Broken(cause.into())
    }

    /// A rule of the product that forbids it, in the product's own words.
    pub fn refused(class: Refusal, code: impl Into<String>, message: impl Into<String>) -> Fault {
        Fault::Refused { class, code: code.into(), message: message.into(), params: Vec::new() }
    }

    /// One wrong value, said in free words.
    pub fn said(kind: &Kind, field: &str, words: impl Into<String>) -> Fault {
        Fault::Invalid { kind: kind.clone(), field: field.to_owned(), fix: Fix::Said(words.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Fix};

    #[test]
    fn a_wrong_value_is_told_in_words() {
        let told =
            |fix| Fault::Invalid { kind: "zidentity.user".into(), field: "a.b".into(), fix }.to_string();
        assert_eq!(told(Fix::Missing), "`a.b` of the user must be given");
        let range = Fix::Range { min: Some(60), max: Some(86_400) };
        assert_eq!(told(range), "`a.b` of the user must be between 60 and 86400");
        assert_eq!(told(Fix::Said("no PEM".into())), "`a.b` of the user is not valid: no PEM");
    }
}
