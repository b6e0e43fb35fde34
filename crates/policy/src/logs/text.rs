//! Lines whose fields stand between texts, or between commas or tabs.

use std::cell::RefCell;

use csv_core::ReadRecordResult;

use super::field::{Values, Written};

/// A part of a feed's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// It stands in every line.
    Text(String),
    /// A value stands here; none that is read where the feed has another field.
    Value(Option<Written>),
}

/// Reads the text of a feed: `%s{login}` and the like are fields, signs behind a backslash stand for themselves.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let put = |pieces: &mut Vec<Piece>, sign: char| match pieces.last_mut() {
        Some(Piece::Text(text)) => text.push(sign),
        _ => pieces.push(Piece::Text(sign.to_string())),
    };
    let mut rest = text;
    while let Some(sign) = rest.chars().next() {
        if let Some((name, behind)) = field(rest) {
            pieces.push(Piece::Value(Written::named(name)));
            rest = behind;
            continue;
        }
        rest = &rest[sign.len_utf8()..];
        let escaped = (sign == '\\').then(|| rest.chars().next()).flatten();
        let Some(next) = escaped else {
            put(&mut pieces, sign);
            continue;
        };
        rest = &rest[next.len_utf8()..];
        put(
            &mut pieces,
            match next {
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                other => other,
            },
        );
    }
    if let Some(Piece::Text(last)) = pieces.last_mut() {
        last.truncate(last.trim_end_matches(['\n', '\r']).len());
        if last.is_empty() {
            pieces.pop();
        }
    }
    pieces
}

/// A field at the start of a text, as `%02d{hh}`: its name, and what follows.
fn field(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix('%')?;
    let rest = rest.trim_start_matches(|sign: char| sign.is_ascii_digit());
    let letters = rest.find(|sign: char| !sign.is_ascii_lowercase())?;
    let (name, behind) = rest[letters..].strip_prefix('{')?.split_once('}')?;
    let is_name = letters > 0
        && !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then_some((name, behind))
}

/// How much text of a feed stands in every line.
pub(super) fn fixed(pieces: &[Piece]) -> usize {
    let length = |piece: &Piece| match piece {
        Piece::Text(text) => text.len(),
        Piece::Value(_) => 0,
    };
    pieces.iter().map(length).sum()
}

/// Reads a line by the texts between its values: a value ends where the next text begins. None where the line is another.
pub(super) fn read<'l>(pieces: &[Piece], line: &'l str) -> Option<Values<'l>> {
    let mut values = Values::default();
    let mut rest = line;
    let mut before = "";
    let mut at = 0;
    while at < pieces.len() {
        match &pieces[at] {
            Piece::Text(text) => {
                rest = rest.strip_prefix(text.as_str())?;
                before = text;
                at += 1;
            }
            Piece::Value(written) => {
                let value = match (pieces.get(at + 1), pieces.len() - at) {
                    // The last one holds neither what stands before it nor anything behind its end.
                    (Some(Piece::Text(end)), 2) => rest.strip_suffix(end.as_str())?,
                    (Some(Piece::Text(next)), _) => &rest[..rest.find(next.as_str())?],
                    (None, _) => rest,
                    // Two values without a text between them cannot be told apart.
                    (Some(Piece::Value(_)), _) => return None,
                };
                let is_last = pieces.len() - at <= 2;
                if is_last && !before.is_empty() && value.contains(before) {
                    return None;
                }
                if let Some(written) = written {
                    values.set(*written, value.into());
                }
                rest = &rest[value.len()..];
                at += 1;
            }
        }
    }
    rest.is_empty().then_some(values)
}

thread_local! {
    /// The reader of a thread, with its delimiter: what it goes by takes longer to work out than many lines to read. It is no
    /// member of a feed, since a clone of one reads nothing (csv-core 0.1.13).
    static READER: RefCell<(u8, csv_core::Reader)> = RefCell::new((b',', csv_core::Reader::new()));
}

/// The cells of one line, without their quotes.
pub(super) struct Cells {
    text: String,
    ends: Vec<usize>,
}

impl Cells {
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.text[start..*end])
    }
}

/// Reads a line of cells.
pub(super) fn cells<'l>(columns: &[Option<Written>], delimiter: u8, line: &'l str) -> Option<Values<'l>> {
    let cells = record(delimiter, line).filter(|cells| cells.ends.len() == columns.len())?;
    let mut values = Values::default();
    for (written, cell) in columns.iter().zip(cells.iter()) {
        if let Some(written) = written {
            values.set(*written, cell.to_owned().into());
        }
    }
    Some(values)
}

/// The cells of one line.
pub(super) fn record(delimiter: u8, line: &str) -> Option<Cells> {
    READER.with_borrow_mut(|(own, reader)| {
        if *own != delimiter {
            (*own, *reader) = (delimiter, csv_core::ReaderBuilder::new().delimiter(delimiter).build());
        }
        reader.reset();
        let most = line.bytes().filter(|byte| *byte == delimiter).count() + 1;
        let (mut text, mut ends) = (vec![0; line.len()], vec![0; most]);
        let (mut result, _, wrote, mut ended) = reader.read_record(line.as_bytes(), &mut text, &mut ends);
        if result == ReadRecordResult::InputEmpty {
            let more;
            // The end of what there is ends the line.
            (result, _, _, more) = reader.read_record(&[], &mut [], &mut ends[ended..]);
            ended += more;
        }
        text.truncate(wrote);
        ends.truncate(ended);
        let text = String::from_utf8(text).ok()?;
        (result == ReadRecordResult::Record).then_some(Cells { text, ends })
    })
}

#[cfg(test)]
mod tests {
    use super::super::field::Field;
    use super::*;

    #[test]
    fn values_end_where_the_next_text_begins() {
        let feed = pieces(
            r"%s{mon} %02d{dd} nss: LEEF:1.0|%s{reason}|cat=%s{action}	url=%s{eurl}
",
        );
        let line = "Jun 20 nss: LEEF:1.0|Not allowed|cat=Blocked	url=x.example/a b=c";
        let values = read(&feed, line).expect("it is such a line");
        assert_eq!(
            (values.get(Field::Action), values.get(Field::Url)),
            (Some("Blocked"), Some("x.example/a b=c"))
        );
        assert_eq!((values.get(Field::MonthName), values.get(Field::Day)), (Some("Jun"), Some("20")));
        assert!(read(&feed, "Jun 20 nss: LEEF:1.0|Not allowed|cat=Blocked").is_none());
        assert!(read(&feed, "").is_none());
    }

    #[test]
    fn as_many_values_as_the_feed_has_and_no_more() {
        let feed = pieces("\"%s{login}\",\"%s{eurl}\"\n");
        assert!(read(&feed, r#""a","b""#).is_some());
        assert!(read(&feed, r#""a","b","c""#).is_none() && read(&feed, r#""a""#).is_none());
        let braces = pieces(r"\{%d{yyyy}\}");
        assert_eq!(
            read(&braces, "{2026}").and_then(|values| values.get(Field::Year).map(str::to_owned)).as_deref(),
            Some("2026")
        );
    }

    #[test]
    fn cells_are_read_with_their_quotes() {
        let columns = [Written::named("elogin"), None, Written::named("eurl")];
        let values = cells(&columns, b',', r#"ada%40x.example,1,"x.example/?a=""1"",b""#).expect("cells");
        assert_eq!(values.get(Field::Login), Some("ada@x.example"));
        assert_eq!(values.get(Field::Url), Some(r#"x.example/?a="1",b"#));
        assert!(cells(&columns, b',', "a,b").is_none() && cells(&columns, b',', "").is_none());
        assert!(cells(&columns, b',', "a,b,c,d").is_none() && cells(&columns, b',', "a,\"b,c").is_none());
        let told = |delimiter, line| {
            let cells = record(delimiter, line).expect("cells");
            cells.iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(told(b'\t', "a\t\t\"b\tc\"\r"), ["a", "", "b\tc"]);
        assert_eq!(told(b',', "\u{e9},\"a"), ["\u{e9}", "a"]);
        assert_eq!(told(b',', "\"\","), ["", ""]);
    }
}
