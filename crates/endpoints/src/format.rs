//! Lists in the words of firewalls, clouds and programs: each format is one template under `formats/`.
//!
//! A template begins with a comment of `key: value` lines:
//!
//! | key | says |
//! | --- | --- |
//! | `about` | what it is for, in one line |
//! | `also` | other names for it, separated by commas |
//! | `media` | the media type; `text/plain` without |
//! | `family` | `IPv4` if the target takes no other |
//! | `most` | how many entries of one family the target holds |
//! | `rows` | `yes` if it shows what is known of each prefix: such a list is not merged |
//!
//! The rest is rendered with `name`, `notes` (lines for a comment), `all`, `v4` and `v6` (prefixes in order), `rows`,
//! and `ports`. A prefix has `cidr`, `short` (a host without its length), `address`, `last`, `length`, `mask`,
//! `wildcard`, `host` and `family` (4 or 6). Beside the usual filters there are `lines` (one prefix a line, fast),
//! `quoted` (JSON), `csv`, `padded(digits)`, and `stable_id` (a UUID that is always the same for a name).

mod values;

use std::sync::Arc;

use ipnet::IpNet;
use minijinja::value::Value;
use minijinja::{Environment, UndefinedBehavior, context};
use serde::Serialize;

use self::values::{List, csv, lines, stable_id};
use crate::set::Family;

/// The built-in formats by name.
const BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/formats.rs"));

/// The longest name of a list: some targets hold 31 letters, and formats add to it.
const LONGEST_NAME: usize = 22;

/// What a list says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// What the target calls the list; see [`is_name`].
    pub name: String,
    /// Lines for a comment: where it comes from, when, how many.
    pub notes: Vec<String>,
    /// What nobody who reads the list may miss; it is not written where it has no place.
    pub warning: Option<String>,
    /// The prefixes, sorted: IPv4 first.
    pub prefixes: Vec<IpNet>,
    /// What is known of each prefix, for formats that show it.
    pub rows: Vec<SheetRow>,
    /// Written even when it has no prefix, which takes whoever relies on it offline.
    pub may_be_empty: bool,
    /// Ports that rules are made for, where a format makes rules; 443 without.
    pub ports: Vec<u16>,
}

/// What is known of a prefix. A value that differs within the prefix is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[expect(missing_docs, reason = "the names are those of the documents")]
pub struct SheetRow {
    pub cloud: String,
    pub kind: String,
    pub continent: String,
    pub city: String,
    pub range: String,
    pub family: String,
    pub vpn: String,
    pub gre: String,
    pub ext: String,
    pub hostname: String,
    pub latitude: String,
    pub longitude: String,
}

/// Whether targets accept a name: a letter, then letters, digits, `-` and `_`, 22 characters at most.
pub fn is_name(name: &str) -> bool {
    name.len() <= LONGEST_NAME
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

impl Sheet {
    /// A list with a name and nothing more.
    pub fn new(name: impl Into<String>, prefixes: Vec<IpNet>) -> Sheet {
        Sheet { name: name.into(), prefixes, ..Sheet::default() }
    }
}

/// Why a list cannot be written in a format.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// No format has this name.
    #[error("there is no format `{name}`: name one of {known}")]
    Unknown {
        /// The name.
        name: String,
        /// Those that there are.
        known: String,
    },
    /// The template is wrong.
    #[error("the template `{name}` cannot be used: {why}")]
    Template {
        /// Its name.
        name: String,
        /// What is wrong with it.
        why: String,
    },
    /// The list has no prefix.
    #[error("the list is empty: no firewall should be given it")]
    Empty,
    /// The list means every address.
    #[error("the list holds every {0} address")]
    Everything(Family),
    /// The name would not be taken.
    #[error(
        "`{0}` is no name for a list: begin with a letter, go on with letters, digits, `-` and `_`, 22 characters at most"
    )]
    Name(String),
    /// The target takes no IPv6.
    #[error(
        "the format `{format}` holds IPv4 only, and the list has {count} IPv6 prefixes: select one family"
    )]
    OneFamily {
        /// The format.
        format: String,
        /// How many prefixes have no place.
        count: usize,
    },
    /// A warning has no place in it.
    #[error(
        "the format `{0}` has no comments, so it cannot say `{1}`: choose one that has, such as paloalto"
    )]
    NoComment(String, String),
    /// The target does not hold as many.
    #[error(
        "the format `{format}` holds {most} {family} prefixes, and the list has {count}: widen it to fewer entries"
    )]
    TooMany {
        /// The format.
        format: String,
        /// Which prefixes are too many.
        family: Family,
        /// How many it holds.
        most: usize,
        /// How many there are.
        count: usize,
    },
}

/// A way to write a list down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    /// Its name: that of its file.
    pub name: String,
    /// What it is for.
    pub about: String,
    /// Other names for it.
    pub also: Vec<String>,
    /// The media type of what it writes.
    pub media: String,
    /// Only IPv4 has a place in it.
    pub only_v4: bool,
    /// How many prefixes of one family the target holds.
    pub most: Option<usize>,
    /// It shows what is known of each prefix.
    pub rows: bool,
    template: String,
}

impl Format {
    /// Every built-in format, by name.
    pub fn all() -> impl Iterator<Item = Format> {
        BUILT_IN
            .iter()
            .map(|(name, text)| Format::read(name, text).expect("a test reads every built-in format"))
    }

    /// A built-in format, by one of its names, whatever their case and hyphens.
    ///
    /// # Errors
    /// There is none of this name.
    pub fn named(name: &str) -> Result<Format, FormatError> {
        if let Some((name, text)) = BUILT_IN.iter().find(|(known, _)| *known == name) {
            return Format::read(name, text);
        }
        let wanted = bare(name);
        let is = |format: &Format| {
            bare(&format.name) == wanted || format.also.iter().any(|other| bare(other) == wanted)
        };
        Format::all().find(is).ok_or_else(|| FormatError::Unknown {
            name: name.to_owned(),
            known: BUILT_IN.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "),
        })
    }

    /// A format of one's own, from the text of a template.
    ///
    /// # Errors
    /// It does not begin with a comment that tells of it, or is no template.
    pub fn read(name: &str, text: &str) -> Result<Format, FormatError> {
        let wrong = |why: String| FormatError::Template { name: name.to_owned(), why };
        let header = text.strip_prefix("{#").and_then(|rest| rest.split_once("#}"));
        let (header, template) = header.ok_or_else(|| wrong("it does not begin with `{#`".into()))?;
        let mut format = Format {
            name: name.to_owned(),
            about: String::new(),
            also: Vec::new(),
            media: "text/plain; charset=utf-8".into(),
            only_v4: false,
            most: None,
            rows: false,
            template: template.trim_start_matches(['\r', '\n']).to_owned(),
        };
        for line in header.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (key, value) =
                line.split_once(':').ok_or_else(|| wrong(format!("`{line}` is no `key: value`")))?;
            match (key, value.trim()) {
                ("about", value) => format.about = value.into(),
                ("also", value) => format.also = value.split(',').map(|name| name.trim().into()).collect(),
                ("media", value) => format.media = value.into(),
                ("family", "IPv4") => format.only_v4 = true,
                ("rows", "yes") => format.rows = true,
                ("most", value) => {
                    format.most = Some(value.parse().map_err(|_| wrong(format!("`{value}` is no number")))?);
                }
                (key, value) => return Err(wrong(format!("`{key}: {value}` is not known"))),
            }
        }
        if format.about.is_empty() {
            return Err(wrong("it says nothing `about` itself".into()));
        }
        environment(name, &format.template)?;
        Ok(format)
    }

    /// Writes a list down. Nothing is left out in silence: a list that the target cannot hold is refused.
    ///
    /// # Errors
    /// The list is empty, means everything, or has no place in the target; or the template fails.
    pub fn render(&self, sheet: &Sheet) -> Result<String, FormatError> {
        self.check(sheet)?;
        let (mut notes, mut head) = (sheet.notes.clone(), String::new());
        match &sheet.warning {
            None => {}
            Some(warning) if self.template.contains("notes") => notes.insert(0, warning.clone()),
            // A target that allows no comment refuses the file, as it should.
            Some(warning) if self.media.starts_with("text/plain") => head = format!("# {warning}\n"),
            Some(warning) => return Err(FormatError::NoComment(self.name.clone(), warning.clone())),
        }
        let split = sheet.prefixes.partition_point(|net| Family::of(net) == Family::V4);
        let prefixes: Arc<[IpNet]> = sheet.prefixes.as_slice().into();
        let list = |from: usize, to: usize| Value::from_object(List(Arc::clone(&prefixes), from..to));
        let context = context! {
            name => sheet.name,
            notes,
            all => list(0, sheet.prefixes.len()),
            v4 => list(0, split),
            v6 => list(split, sheet.prefixes.len()),
            rows => Value::from_serialize(&sheet.rows),
            ports => if sheet.ports.is_empty() { vec![443] } else { sheet.ports.clone() },
        };
        let environment = environment(&self.name, &self.template)?;
        let template = environment.get_template("list").map_err(|cause| self.failed(&cause))?;
        template.render(context).map(|list| head + &list).map_err(|cause| self.failed(&cause))
    }

    fn failed(&self, cause: &minijinja::Error) -> FormatError {
        FormatError::Template { name: self.name.clone(), why: cause.to_string() }
    }

    fn check(&self, sheet: &Sheet) -> Result<(), FormatError> {
        if sheet.prefixes.is_empty() && !sheet.may_be_empty {
            return Err(FormatError::Empty);
        }
        if !is_name(&sheet.name) {
            return Err(FormatError::Name(sheet.name.clone()));
        }
        if let Some(all) = sheet.prefixes.iter().find(|net| net.prefix_len() == 0) {
            return Err(FormatError::Everything(Family::of(all)));
        }
        let six = sheet.prefixes.iter().filter(|net| Family::of(net) == Family::V6).count();
        if self.only_v4 && six > 0 {
            return Err(FormatError::OneFamily { format: self.name.clone(), count: six });
        }
        for (family, count) in [(Family::V4, sheet.prefixes.len() - six), (Family::V6, six)] {
            if let Some(most) = self.most.filter(|most| count > *most) {
                return Err(FormatError::TooMany { format: self.name.clone(), family, most, count });
            }
        }
        Ok(())
    }
}

/// A name in small letters, without what stands between its words.
fn bare(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

fn environment<'t>(name: &str, template: &'t str) -> Result<Environment<'t>, FormatError> {
    let mut environment = Environment::new();
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.set_keep_trailing_newline(true);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.add_filter("lines", lines);
    environment.add_filter("quoted", |text: &str| Value::from(serde_json::Value::from(text).to_string()));
    environment.add_filter("padded", |number: usize, digits: usize| format!("{number:0digits$}"));
    environment.add_filter("csv", csv);
    environment.add_filter("stable_id", stable_id);
    let wrong =
        |cause: minijinja::Error| FormatError::Template { name: name.to_owned(), why: cause.to_string() };
    environment.add_template("list", template).map_err(wrong)?;
    Ok(environment)
}

#[cfg(test)]
#[path = "format_tests.rs"]
mod tests;
