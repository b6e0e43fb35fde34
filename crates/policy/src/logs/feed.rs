//! How lines of a log are written, and which way those of a file are.

use super::field::{Field, Values, Written};
use super::json::Members;
use super::text::{Piece, cells, fixed, pieces, read, record};

/// What says what a request was for.
const SUBJECTS: [Field; 4] = [Field::Url, Field::DestinationName, Field::DestinationIp, Field::ReachedIp];

/// How lines are written.
#[derive(Debug, Clone)]
pub struct Feed(Layout);

#[derive(Debug, Clone)]
enum Layout {
    Text(Vec<Piece>),
    Cells { delimiter: u8, columns: Vec<Option<Written>> },
    Json(Members),
}

impl Feed {
    /// A feed by its text, as `%s{time}\t%s{login}\t%s{eurl}\n`.
    ///
    /// # Errors
    /// It says of no line what the request was for.
    pub fn written(text: &str) -> Result<Feed, String> {
        if let Some(members) = Members::of(text) {
            return Ok(Feed(Layout::Json(members)));
        }
        let pieces = pieces(text);
        if !pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Value(Some(written)) if SUBJECTS.contains(&written.field)))
        {
            return Err("it has neither `%s{url}` nor `%s{cdip}`: what requests were for is not told".into());
        }
        Ok(Feed(Layout::Text(pieces)))
    }

    pub(super) fn read<'l>(&self, line: &'l str) -> Option<Values<'l>> {
        match &self.0 {
            Layout::Text(pieces) => read(pieces, line),
            Layout::Cells { delimiter, columns } => cells(columns, *delimiter, line),
            Layout::Json(members) => members.read(line),
        }
    }
}

/// The feeds that lines are compared with.
#[derive(Debug, Clone, Default)]
pub struct Feeds {
    known: Vec<(String, Feed)>,
    /// What members and columns are called, by all of them.
    names: Members,
}

/// What a file's first line shows.
#[derive(Debug, Clone)]
pub struct Recognised {
    /// What the feed is called.
    pub name: String,
    /// How lines are written.
    pub feed: Feed,
    /// Whether that line names the columns, and is no entry.
    pub is_header: bool,
}

impl Feeds {
    /// Feeds by name, with their texts; those that say of no line what the request was for are left out.
    pub fn new<'f>(texts: impl IntoIterator<Item = (&'f str, &'f str)>) -> Feeds {
        let mut feeds = Feeds::default();
        for (name, text) in texts {
            let Ok(feed) = Feed::written(text) else { continue };
            if let Layout::Json(members) = &feed.0 {
                feeds.names = std::mem::take(&mut feeds.names).or(members);
            }
            feeds.known.push((name.to_owned(), feed));
        }
        // What has more text of its own is told from what has less.
        feeds.known.sort_by_key(|(_, feed)| match &feed.0 {
            Layout::Text(pieces) => std::cmp::Reverse(fixed(pieces)),
            _ => std::cmp::Reverse(0),
        });
        feeds
    }

    /// A feed by its name, ignoring case.
    pub fn named(&self, name: &str) -> Option<&Feed> {
        let found = self.known.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, feed)| feed)
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.known.iter().map(|(name, _)| name.as_str())
    }

    /// How a file's lines are written, by its first one that is not empty.
    pub fn recognise(&self, line: &str) -> Option<Recognised> {
        let told =
            |name: &str, feed: Feed, is_header| Some(Recognised { name: name.to_owned(), feed, is_header });
        let json = Feed(Layout::Json(self.names.clone()));
        if json.read(line).is_some_and(|values| tells(&values)) {
            return told("json", json, false);
        }
        for (name, delimiter) in [("csv", b','), ("tsv", b'\t')] {
            if let Some(columns) = self.header(delimiter, line) {
                return told(name, Feed(Layout::Cells { delimiter, columns }), true);
            }
        }
        let fits = |(_, feed): &&(String, Feed)| feed.read(line).is_some_and(|values| tells(&values));
        let (name, feed) = self.known.iter().find(fits)?;
        told(name, feed.clone(), false)
    }

    /// The columns that a first line names, if it does.
    fn header(&self, delimiter: u8, line: &str) -> Option<Vec<Option<Written>>> {
        let record = record(delimiter, line.trim_start_matches('\u{feff}'))?;
        let columns: Vec<Option<Written>> = record.iter().map(|name| self.names.named(name.trim())).collect();
        let mut known = columns.iter().flatten();
        let several = known.clone().count() > 1;
        (several && known.any(|written| SUBJECTS.contains(&written.field))).then_some(columns)
    }
}

/// Whether a line says what the request was for.
fn tells(values: &Values<'_>) -> bool {
    SUBJECTS.iter().any(|subject| values.get(*subject).is_some())
}
