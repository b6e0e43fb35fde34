//! The fields of logs that say something of a request, under the names that feeds have for them.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// A field that is read; all others are passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Field {
    Time,
    Epoch,
    Zone,
    Year,
    MonthName,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Login,
    Location,
    Action,
    Rule,
    /// Of web logs from here.
    Url,
    Protocol,
    Method,
    ClientIp,
    ServerIp,
    Application,
    Engines,
    /// Of firewall logs from here.
    SourceIp,
    DestinationIp,
    DestinationName,
    DestinationPort,
    ReachedIp,
    ReachedPort,
    IpProtocol,
    NetworkApplication,
}

const COUNT: usize = Field::NetworkApplication as usize + 1;

/// A field in its place, and how it is written there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    pub field: Field,
    /// Signs are written as `%20` (documented for names that begin with `e`).
    pub encoded: bool,
}

impl Written {
    /// A field by the name that feeds have for it.
    pub fn named(name: &str) -> Option<Written> {
        let (field, encoded) = match name {
            "time" => (Field::Time, false),
            "epochtime" => (Field::Epoch, false),
            "tz" => (Field::Zone, false),
            "yy" | "yyyy" => (Field::Year, false),
            "mon" => (Field::MonthName, false),
            "mth" => (Field::Month, false),
            "dd" => (Field::Day, false),
            "hh" => (Field::Hour, false),
            "mm" => (Field::Minute, false),
            "ss" => (Field::Second, false),
            "login" => (Field::Login, false),
            "elogin" => (Field::Login, true),
            "location" => (Field::Location, false),
            "elocation" => (Field::Location, true),
            "action" => (Field::Action, false),
            "rulelabel" => (Field::Rule, false),
            "erulelabel" => (Field::Rule, true),
            // What is encoded in a URL belongs to it.
            "url" | "eurl" => (Field::Url, false),
            "proto" => (Field::Protocol, false),
            "reqmethod" => (Field::Method, false),
            "cip" => (Field::ClientIp, false),
            "sip" => (Field::ServerIp, false),
            "appname" => (Field::Application, false),
            "dlpeng" => (Field::Engines, false),
            "csip" => (Field::SourceIp, false),
            "cdip" => (Field::DestinationIp, false),
            "cdfqdn" => (Field::DestinationName, false),
            "cdport" => (Field::DestinationPort, false),
            "sdip" => (Field::ReachedIp, false),
            "sdport" => (Field::ReachedPort, false),
            "ipproto" => (Field::IpProtocol, false),
            "nwapp" => (Field::NetworkApplication, false),
            _ => return None,
        };
        Some(Written { field, encoded })
    }

    /// Whether it is a part of a moment.
    pub fn is_of_time(self) -> bool {
        self.field as u8 <= Field::Second as u8
    }
}

/// What a line says of the fields that are read.
#[derive(Debug, Default)]
pub(super) struct Values<'l>([Option<Cow<'l, str>>; COUNT]);

impl<'l> Values<'l> {
    /// Notes a value. What logs write in place of one that there is not (seen in documented samples) is none.
    pub fn set(&mut self, written: Written, value: Cow<'l, str>) {
        if matches!(value.trim(), "" | "None" | "NA" | "N/A") {
            return;
        }
        let value = match value {
            Cow::Borrowed(text) if written.encoded => percent_decode_str(text).decode_utf8_lossy(),
            Cow::Owned(text) if written.encoded => {
                Cow::Owned(percent_decode_str(&text).decode_utf8_lossy().into_owned())
            }
            as_is => as_is,
        };
        self.0[written.field as usize] = Some(value);
    }

    /// The value of a field, if the line has one.
    pub fn get(&self, field: Field) -> Option<&str> {
        self.0[field as usize].as_deref().map(str::trim)
    }
}
