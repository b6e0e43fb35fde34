//! Devices as CSV files: every value that is there in quotes, a missing one empty without (seen).

use serde_json::Value;
use time::OffsetDateTime;
use zuno_catalogue::Member;
use zuno_catalogue::handles::zcc::device as handle;
use zuno_engine::{Behaviour, Call, Context, Outcome, Stored};
use zuno_model::{Fault, Fix, Record, Time};

use super::device::{self, State};

const MEDIA_TYPE: &str = "application/octet-stream;charset=UTF-8";
const DEVICES: &str = "User,Device type,Device model,External Device ID,UDID,Mac Address,Company Name,OS Version,\
    Zscaler Client Connector Version,Zscaler Digital Experience Version,Policy Name,Last Seen Connected to ZIA,\
    VPN State,Device State,Owner,Hostname,Manufacturer,Config Download Count,Registration TimeStamp,\
    Last Deregistration TimeStamp,Config Download TimeStamp,Last Seen with Client Connector Active,\
    Device Hardware Fingerprint,Tunnel Version,Log TS,Log Ack TS,Log Url,ZCC Revert Status,Device Trust Level,\
    Zscaler Data Protection Version,Active Tunnel SDK version,Imprivata User,SerialNumber,Installation Type,\
    Last Seen Connected to ZPA";
/// The rows lack the last of these (seen).
const SERVICES: &str = "User,UDID,ZIA Enabled,ZIA Health,Last Seen Connected to ZIA,ZPA Enabled,ZPA Health,\
    Last Seen Connected to ZPA,ZDX Enabled,ZDX Health,Last Seen Connected to ZDX,ZDX Version,ZDP Enabled,ZDP Health,\
    Last Seen Connected to ZDP,ZDP Version,Keep Alive Timestamp,Device type,Device Hardware Fingerprint,\
    Zscaler Client Connector Version,Registration State,Hostname,DC Location Method";
const REASONS: &str = "User,UDID,Platform,Service,Disable Time,Disable Reason";
const NOT_APPLICABLE: &str = "Not Applicable";
const WINDOWS: i64 = 3;

/// The guarantee for one resource.
#[derive(Default)]
pub struct DeviceExports;

/// One cell; `None` is a value that is not there.
type Cell = Option<String>;

fn line(cells: impl IntoIterator<Item = Cell>) -> String {
    let quoted = |cell: Cell| cell.map_or(String::new(), |text| format!("\"{}\"", text.replace('"', "\"\"")));
    let cells: Vec<String> = cells.into_iter().map(quoted).collect();
    cells.join(",") + "\n"
}

fn header(columns: &str) -> String {
    line(columns.split(',').map(|column| Some(column.to_owned())))
}

/// `2025-10-07 15:52:01 GMT`.
fn date(at: Time) -> String {
    let at = OffsetDateTime::from_unix_timestamp(at).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (hour, minute, second) = at.to_hms();
    format!("{} {hour:02}:{minute:02}:{second:02} GMT", day(at))
}

fn day(at: OffsetDateTime) -> String {
    format!("{:04}-{:02}-{:02}", at.year(), u8::from(at.month()), at.day())
}

fn file_name(now: Time) -> String {
    let now = OffsetDateTime::from_unix_timestamp(now).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    format!("export_{}_{:02}_{:02}.csv", day(now), now.hour(), now.minute())
}

fn platform(system: i64) -> &'static str {
    match system {
        1 => "IOS",
        2 => "ANDROID",
        WINDOWS => "WINDOWS",
        4 => "MAC",
        5 => "LINUX",
        _ => "UNKNOWN",
    }
}

fn tunnel(version: &str) -> &'static str {
    match version {
        "20:1" => "Tunnel 2.0 with DTLS Protocol",
        "10:0" => "Tunnel 1.0 with Connect Protocol",
        _ => "",
    }
}

/// A text member; a member that is not there is a missing cell.
fn plain(record: &Record, member: &str) -> Cell {
    match record.get(member) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    }
}

/// A member that holds epoch seconds as text; one that is not a time, or never, is a missing cell.
fn moment(record: &Record, member: Member<str>) -> Cell {
    member.of(record)?.parse().ok().filter(|at| *at > 0).map(date)
}

/// Whether the query's two lists take a device. Without a list of states, or with 0 in it, all but removed ones
/// (documented).
fn asked(call: &Call, record: &Record) -> bool {
    let numbers = |name: &str| -> Vec<i64> {
        call.query_all(name)
            .flat_map(|list| list.split(','))
            .filter_map(|part| part.trim().parse().ok())
            .collect()
    };
    let (systems, states, own) = (numbers("osTypes"), numbers("registrationTypes"), device::state(record));
    let state = match states.is_empty() || states.contains(&0) {
        true => own != State::Removed || states.contains(&State::Removed.registration_type()),
        false => states.contains(&own.registration_type()),
    };
    state && (systems.is_empty() || systems.contains(&0) || systems.contains(&device::system(record)))
}

fn device_row(record: &Record) -> String {
    let text = |member: Member<str>| plain(record, &member);
    let said = |words: &str| Some(words.to_owned());
    let system = device::system(record);
    let enforced = handle::STRICT_ENFORCEMENT.of(record) == Some("1");
    line([
        text(handle::USER),
        said(platform(system)),
        text(handle::DETAIL),
        text(handle::EXTERNAL_DEVICE_ID),
        text(handle::UDID),
        text(handle::MAC_ADDRESS),
        text(handle::COMPANY_NAME),
        text(handle::OS_VERSION),
        text(handle::AGENT_VERSION),
        text(handle::UPM_VERSION),
        text(handle::POLICY_NAME),
        moment(record, handle::LAST_SEEN_TIME),
        said("Unknown"),
        text(handle::REGISTRATION_STATE),
        text(handle::OWNER),
        text(handle::MACHINE_HOSTNAME),
        text(handle::MANUFACTURER),
        plain(record, &handle::DOWNLOAD_COUNT),
        moment(record, handle::REGISTRATION_TIME),
        moment(record, handle::DEREGISTRATION_TIMESTAMP),
        moment(record, handle::CONFIG_DOWNLOAD_TIME),
        moment(record, handle::KEEP_ALIVE_TIME),
        text(handle::HARDWARE_FINGERPRINT),
        said(tunnel(handle::TUNNEL_VERSION.of(record).unwrap_or_default())),
        said(""),
        said(""),
        None,
        said(NOT_APPLICABLE),
        said(NOT_APPLICABLE),
        text(handle::ZDP_VERSION).filter(|version| !version.is_empty()),
        text(handle::ZCC_TUNNEL_VERSION),
        said(if system == WINDOWS { "No" } else { NOT_APPLICABLE }),
        text(handle::SERIAL_NUMBER),
        said(if enforced { "Strict Enforcement" } else { "General Deployment" }),
        moment(record, handle::ZPA_LAST_SEEN_TIME),
    ])
}

/// Versions are spelt otherwise than in the other file: `(64 bit)`, and none for the measuring part (seen).
fn service_row(record: &Record) -> String {
    let text = |member: Member<str>| plain(record, &member);
    let bare = |version: String| version.split(" (").next().unwrap_or_default().to_owned();
    line([
        text(handle::USER),
        text(handle::UDID),
        text(handle::ZIA_ENABLED),
        text(handle::ZIA_HEALTH),
        moment(record, handle::LAST_SEEN_TIME),
        text(handle::ZPA_ENABLED),
        text(handle::ZPA_HEALTH),
        moment(record, handle::ZPA_LAST_SEEN_TIME),
        text(handle::ZDX_ENABLED),
        text(handle::ZDX_HEALTH),
        moment(record, handle::ZDX_LAST_SEEN_TIME),
        text(handle::UPM_VERSION).map(bare),
        text(handle::ZDP_ENABLED),
        text(handle::ZDP_HEALTH),
        moment(record, handle::ZDP_LAST_SEEN_TIME),
        text(handle::ZDP_VERSION),
        moment(record, handle::KEEP_ALIVE_TIME),
        Some(platform(device::system(record)).to_owned()),
        text(handle::HARDWARE_FINGERPRINT),
        text(handle::AGENT_VERSION).map(|version| version.replace("-bit)", " bit)")),
        text(handle::REGISTRATION_STATE),
        text(handle::MACHINE_HOSTNAME),
    ])
}

fn rows(cx: &Context<'_>, call: &Call, row: fn(&Record) -> String) -> Result<String, Fault> {
    let chosen = |device: &Stored| asked(call, &device.record).then(|| row(&device.record));
    Ok(device::all(cx)?.iter().filter_map(chosen).collect())
}

impl Behaviour for DeviceExports {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let text = match cx.operation()?.name.as_str() {
            "download" => header(DEVICES) + &rows(cx, call, device_row)?,
            "download_service_status" => header(SERVICES) + &rows(cx, call, service_row)?,
            // Nobody has switched a service off here, which is how the recorded file looks as well.
            _ if call.query("startDate").is_some_and(|date| !date.is_empty()) => header(REASONS),
            _ => {
                let (kind, field) = (handle::KIND.into(), "startDate".to_owned());
                return Err(Fault::Invalid { kind, field, fix: Fix::Missing });
            }
        };
        Ok(Outcome::Text(MEDIA_TYPE, text, Some(file_name(cx.now()))))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{DEVICES, SERVICES, date, device_row, file_name, header, line, service_row};

    #[test]
    fn dates_and_file_names_are_spelt_as_seen() {
        assert_eq!(date(1_759_852_321), "2025-10-07 15:52:01 GMT");
        assert_eq!(file_name(1_759_852_321), "export_2025-10-07_15_52.csv");
    }

    #[test]
    fn what_is_missing_is_empty_without_quotes() {
        assert_eq!(line([Some("a \"b\"".into()), None, Some(String::new())]), "\"a \"\"b\"\"\",,\"\"\n");
    }

    #[test]
    fn device_rows_are_as_long_as_their_header_and_service_rows_one_shorter() {
        let record = json!({"user": "a", "type": 3, "agentVersion": "4.7.0.88 (64-bit)", "upmVersion": "4.5.0.33 (32-bit)"});
        let record = record.as_object().cloned().unwrap_or_default();
        let cells = |line: &str| line.trim_end().split(',').count();
        assert_eq!(cells(&device_row(&record)), cells(&header(DEVICES)));
        assert_eq!(cells(&service_row(&record)) + 1, cells(&header(SERVICES)));
        assert!(
            service_row(&record).contains("\"4.7.0.88 (64 bit)\"")
                && service_row(&record).contains("\"4.5.0.33\"")
        );
    }
}
