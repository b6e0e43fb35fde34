//! A line of a log as a question, with what was done about it then.

use std::net::IpAddr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::feed::Feed;
use super::field::{Field, Values};
use crate::hosts::scheme_of;
use crate::question::{At, Question, Via};

/// What remote users' location is called in logs.
const ROAD_WARRIOR: &str = "Road Warrior";
/// What applications are called where there is none.
const NO_APPLICATION: &str = "General Browsing";

/// Which log a line is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Log {
    /// Requests of the web.
    Web,
    /// Connections.
    Firewall,
}

/// What a line says.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Of which log it is.
    pub log: Log,
    /// What was asked.
    pub question: Question,
    /// What was done, in the log's word; empty where it does not say.
    pub action: String,
    /// The rule that did it, by its label.
    pub rule: Option<String>,
}

/// Reads lines.
#[derive(Debug, Clone)]
pub struct Reader {
    /// How they are written.
    pub feed: Feed,
    /// The zone of moments that do not tell theirs.
    pub zone: TimeZone,
}

impl Reader {
    /// What a line says.
    ///
    /// # Errors
    /// It is written another way, or does not tell what the request was for.
    pub fn entry(&self, line: &str) -> Result<Entry, &'static str> {
        let values = self.feed.read(line).ok_or("it is written another way than the log's other lines")?;
        let mut question = Question {
            at: moment(&values, &self.zone).map(At::Seconds),
            from: values.get(Field::Location).filter(|name| *name != ROAD_WARRIOR).map(str::to_owned),
            ..Question::default()
        };
        // Where nobody was signed in, the location stands in the place of the user (documented samples).
        let login = values.get(Field::Login).filter(|login| Some(*login) != values.get(Field::Location));
        question.user = login.map(str::to_owned);
        let log = match values.get(Field::Url) {
            Some(url) => {
                web(&mut question, url, &values);
                Log::Web
            }
            None => {
                connection(&mut question, &values)?;
                Log::Firewall
            }
        };
        Ok(Entry {
            log,
            question,
            action: values.get(Field::Action).unwrap_or_default().to_owned(),
            rule: values.get(Field::Rule).map(str::to_owned),
        })
    }
}

impl Entry {
    /// Whether it was let through, where the log says one or the other: `Allowed`, or `Blocked` and, of connections, the
    /// word of the rule's action such as `Drop` (documented samples).
    pub fn allowed(&self) -> Option<bool> {
        let starts =
            |word: &str| self.action.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        match () {
            () if starts("allow") => Some(true),
            () if ["block", "drop", "reset"].into_iter().any(starts) => Some(false),
            () => None,
        }
    }
}

fn address(text: Option<&str>) -> Option<IpAddr> {
    // Of what was refused there is no address (documented).
    text?.parse().ok().filter(|address: &IpAddr| !address.is_unspecified())
}

/// A web request. Logs tell URLs without their scheme (documented); the protocol says it.
fn web(question: &mut Question, url: &str, values: &Values<'_>) {
    let protocol = values.get(Field::Protocol).or_else(|| values.get(Field::IpProtocol)).unwrap_or_default();
    let scheme = match protocol.to_ascii_uppercase().as_str() {
        "HTTP" => "http",
        "WEBSOCKET" => "ws",
        "FTP" | "FTPOVERHTTP" | "FTP OVER HTTP" => "ftp",
        _ => "https",
    };
    question.url = Some(match scheme_of(url) {
        Some(_) => url.to_owned(),
        None => format!("{scheme}://{url}"),
    });
    match values.get(Field::Method).map(str::to_ascii_uppercase).as_deref() {
        // The browser names the host to the proxy, and asks for nothing yet.
        Some("CONNECT") => question.via = Some(Via::Explicit),
        None | Some("INVALID") => {}
        Some(method) => question.method = Some(method.to_owned()),
    }
    question.source = address(values.get(Field::ClientIp));
    question.destination_ip = address(values.get(Field::ServerIp));
    question.applications = values.get(Field::Application).map(|name| match name {
        NO_APPLICATION => Vec::new(),
        name => vec![name.to_owned()],
    });
    question.dlp_engines =
        values.get(Field::Engines).map(|names| names.split('|').map(|name| name.trim().to_owned()).collect());
}

/// A connection.
fn connection(question: &mut Question, values: &Values<'_>) -> Result<(), &'static str> {
    let reached = address(values.get(Field::DestinationIp)).or_else(|| address(values.get(Field::ReachedIp)));
    let name = values.get(Field::DestinationName).map(str::to_owned);
    let host = match (name, reached) {
        (Some(name), _) => name,
        (None, Some(IpAddr::V6(address))) => format!("[{address}]"),
        (None, Some(address)) => address.to_string(),
        (None, None) => return Err("it tells neither a URL nor a destination"),
    };
    let protocol =
        values.get(Field::IpProtocol).or_else(|| values.get(Field::Protocol)).map(str::to_ascii_lowercase);
    let is_icmp = protocol.as_deref().is_some_and(|protocol| protocol.starts_with("icmp"));
    let port = values.get(Field::DestinationPort).or_else(|| values.get(Field::ReachedPort));
    question.destination = Some(match port.filter(|_| !is_icmp) {
        Some(port) => format!("{host}:{port}"),
        None => host,
    });
    question.protocol = if is_icmp { Some("icmp".to_owned()) } else { protocol };
    question.destination_ip = reached;
    question.source = address(values.get(Field::SourceIp));
    if question.from.is_none() {
        // The firewall sees all ports of remote users through this tunnel alone (documented).
        question.via = Some(Via::Tunnel2);
    }
    // Rules name them in capitals; logs do not tell by what words (guessed: the same).
    let word = |name: &str| -> String {
        let sign = |sign: char| if sign.is_ascii_alphanumeric() { sign.to_ascii_uppercase() } else { '_' };
        name.chars().map(sign).collect()
    };
    question.network_application = values.get(Field::NetworkApplication).map(word);
    Ok(())
}

/// When it was, in seconds since 1970, where the line tells all of it.
fn moment(values: &Values<'_>, zone: &TimeZone) -> Option<i64> {
    if let Some(epoch) = values.get(Field::Epoch).and_then(|text| text.parse().ok()) {
        return Some(epoch);
    }
    let local = match values.get(Field::Time) {
        Some(text) => match (text.parse::<i64>(), text.parse::<Timestamp>()) {
            (Ok(epoch), _) => return Some(epoch),
            (_, Ok(moment)) => return Some(moment.as_second()),
            _ => text.parse().ok().or_else(|| spelt(text))?,
        },
        None => parts(values)?,
    };
    let own = values.get(Field::Zone);
    let own = own.and_then(|name| match name {
        "GMT" | "UTC" => Some(TimeZone::UTC),
        name => TimeZone::get(name).ok(),
    });
    let moment = own.as_ref().unwrap_or(zone).to_timestamp(local).ok()?;
    Some(moment.as_second())
}

/// `Mon Oct 16 22:55:48 2023`.
fn spelt(text: &str) -> Option<DateTime> {
    let mut words = text.split_ascii_whitespace();
    let (_, month, day, time, year) =
        (words.next()?, words.next()?, words.next()?, words.next()?, words.next()?);
    let mut clock = time.split(':').map(|part| part.parse::<i8>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    date(year, month, day, [hour, minute, second])
}

/// The parts that a feed writes one by one.
fn parts(values: &Values<'_>) -> Option<DateTime> {
    let number = |field| values.get(field).and_then(|text| text.parse::<i8>().ok());
    let clock = [number(Field::Hour)?, number(Field::Minute)?, number(Field::Second)?];
    let month = values.get(Field::Month).or_else(|| values.get(Field::MonthName))?;
    date(values.get(Field::Year)?, month, values.get(Field::Day)?, clock)
}

fn date(year: &str, month: &str, day: &str, [hour, minute, second]: [i8; 3]) -> Option<DateTime> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let year: i16 = year.parse().ok()?;
    let named = MONTHS.iter().position(|name| *name == month).and_then(|place| i8::try_from(place + 1).ok());
    let month = named.or_else(|| month.parse().ok())?;
    let year = if (0..100).contains(&year) { year + 2000 } else { year };
    DateTime::new(year, month, day.parse().ok()?, hour, minute, second, 0).ok()
}
