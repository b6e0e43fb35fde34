//! What the answers look like: plain structs whose members carry the wire's names, in the wire's order.
//!
//! Their shapes are those of the vendor's clients (client); no recorded exchange exists. Members that are absent
//! when there is nothing to say are optional; everything else is always written.

use serde::{Serialize, Serializer};
use zuno_model::Time;

/// Writes whole values without a fraction: several clients decode them into whole numbers.
fn number<S: Serializer>(value: &f64, to: S) -> Result<S::Ok, S::Error> {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        to.serialize_i64(*value as i64)
    } else {
        to.serialize_f64(*value)
    }
}

macro_rules! wire {
    ($($(#[$meta:meta])* $name:ident { $($body:tt)* })*) => {
        $($(#[$meta])* #[derive(Clone, Debug, PartialEq, Serialize)] pub struct $name { $($body)* })*
    };
}

wire! {
    /// One measurement.
    Datapoint {
        /// When, epoch seconds.
        pub timestamp: Time,
        /// How much, in the series' unit.
        #[serde(serialize_with = "number")]
        pub value: f64,
    }

    /// Measurements in order of time; an instant without one is left out.
    Series {
        /// What is measured.
        pub metric: &'static str,
        /// In which unit; empty for scores and counts.
        pub unit: &'static str,
        /// The measurements.
        pub datapoints: Vec<Datapoint>,
    }

    /// Something with an id and a name.
    NamedRef {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: String,
    }

    /// The place that fares worst.
    Region {
        /// Id of the city.
        pub id: String,
        /// Its name.
        pub city: String,
        /// Its state; the same text as `state`, since clients differ in which they read (client).
        pub region: String,
        /// Its state.
        pub state: String,
        /// Its country.
        pub country: String,
        /// Always `city`.
        pub geo_type: &'static str,
    }

    /// An application in the list of applications.
    App {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: String,
        /// Mean of its users' lowest scores, 0 to 100.
        pub score: i64,
        /// Where it fares worst.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub most_impacted_region: Option<Region>,
        /// Users with a device that reported.
        pub total_users: usize,
    }

    /// An application by itself.
    AppDetail {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: String,
        /// Mean of its users' lowest scores, 0 to 100; absent when nobody has one.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub score: Option<i64>,
        /// Where it fares worst.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub most_impacted_region: Option<Region>,
        /// How many fare how.
        pub stats: AppStats,
    }

    /// How many users fare how; the four bands add up to the active users.
    AppStats {
        /// Users with a device that reported.
        pub active_users: usize,
        /// Devices that reported.
        pub active_devices: usize,
        /// Users at 0 to 33.
        pub num_poor: usize,
        /// Users at 34 to 65.
        pub num_okay: usize,
        /// Users at 66 to 100.
        pub num_good: usize,
        /// Users without a score.
        pub num_na: usize,
    }

    /// A user of an application.
    AppUser {
        /// Its id.
        pub id: i64,
        /// Display name.
        pub name: String,
        /// Address.
        pub email: String,
        /// Lowest score, 0 to 100; absent without one.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub score: Option<i64>,
    }

    /// A user of an application with the devices behind it.
    AppUserDetail {
        /// The user.
        #[serde(flatten)]
        pub user: AppUser,
        /// Devices that reported.
        pub devices: Vec<UserDevice>,
    }

    /// A user with devices.
    UserDetail {
        /// Its id.
        pub id: i64,
        /// Display name.
        pub name: String,
        /// Address.
        pub email: String,
        /// Devices that reported.
        pub devices: Vec<UserDevice>,
    }

    /// A device as one of a user's.
    UserDevice {
        /// Its id.
        pub id: i64,
        /// Host name, make and system.
        pub name: String,
        /// Where on earth it was.
        pub geo_loc: Vec<GeoLoc>,
        /// Which of the company's sites it was at.
        pub zs_loc: Vec<NamedRef>,
    }

    /// A place on earth.
    GeoLoc {
        /// Id of the city.
        pub id: String,
        /// Its name.
        pub city: String,
        /// Its state.
        pub state: String,
        /// Its country.
        pub country: String,
        /// Degrees north, as text (client).
        pub geo_lat: String,
        /// Degrees east, as text (client).
        pub geo_long: String,
        /// How the place was found.
        pub geo_detection: &'static str,
    }

    /// A device in the list of devices.
    DeviceItem {
        /// Its id.
        pub id: i64,
        /// Host name, make and system.
        pub name: String,
        /// Its owner.
        pub userid: i64,
    }

    /// A device by itself.
    DeviceDetail {
        /// Its id.
        pub id: i64,
        /// Host name, make and system.
        pub name: String,
        /// What it is made of.
        pub hardware: Hardware,
        /// Its network adapters.
        pub network: Vec<Network>,
        /// What runs on it.
        pub software: Software,
    }

    /// What a device is made of.
    Hardware {
        /// Model.
        pub hw_model: String,
        /// Maker.
        pub hw_mfg: String,
        /// `Laptop` or `Desktop`.
        pub hw_type: &'static str,
        /// Serial number.
        pub hw_serial: String,
        /// Memory in MB.
        pub tot_mem: i64,
        /// Graphics.
        pub gpu: &'static str,
        /// Disk in GB.
        pub disk_size: i64,
        /// Disk model.
        pub disk_model: &'static str,
        /// Kind of disk.
        pub disk_type: &'static str,
        /// Maker of the processor.
        pub cpu_mfg: &'static str,
        /// Model of the processor.
        pub cpu_model: &'static str,
        /// Its clock in GHz.
        #[serde(serialize_with = "number")]
        pub speed_ghz: f64,
        /// Threads.
        pub logical_proc: i64,
        /// Cores.
        pub num_cores: i64,
    }

    /// A network adapter.
    Network {
        /// `WiFi` or `Ethernet`.
        pub net_type: &'static str,
        /// Whether it is in use.
        pub status: &'static str,
        /// Address.
        pub ipv4: String,
        /// Address.
        pub ipv6: String,
        /// Name servers, separated by commas in one text (client).
        pub dns_srvs: String,
        /// Domain of short names.
        pub dns_suffix: String,
        /// Next hop.
        pub gateway: String,
        /// Hardware address.
        pub mac: String,
        /// The system's name of it.
        pub guid: String,
        /// Wi-Fi card.
        pub wifi_adapter: &'static str,
        /// Wi-Fi standard.
        pub wifi_type: &'static str,
        /// Wi-Fi network.
        pub ssid: String,
        /// Wi-Fi channel, as text (client).
        pub channel: String,
        /// Hardware address of the access point.
        pub bssid: String,
    }

    /// What runs on a device.
    Software {
        /// Operating system.
        pub os_name: String,
        /// Its version.
        pub os_ver: String,
        /// Its build.
        pub os_build: String,
        /// Host name.
        pub hostname: String,
        /// Short host name, at most 15 letters.
        pub netbios: String,
        /// Who is signed in.
        pub user: String,
        /// Version of the client.
        pub client_conn_ver: String,
        /// Version of its measuring part.
        pub zdx_ver: String,
    }

    /// An application as one device sees it.
    DeviceApp {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: String,
        /// Lowest score, 0 to 100; absent without one.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub score: Option<i64>,
    }

    /// One application of one device: both the summary that one client reads and the series that others do (client).
    DeviceAppTrend {
        /// The summary.
        #[serde(flatten)]
        pub app: DeviceApp,
        /// The scores of each hour.
        #[serde(flatten)]
        pub series: Series,
    }

    /// A page probe.
    WebProbe {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: String,
        /// Pages fetched: the points of its series.
        pub num_probes: usize,
        /// Mean score, 0 to 100; absent without one. Failed fetches count as 0.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub avg_score: Option<i64>,
        /// Mean page fetch time in milliseconds; absent when no page was fetched.
        #[serde(skip_serializing_if = "Option::is_none", serialize_with = "maybe_number")]
        pub avg_pft: Option<f64>,
    }

    /// A path probe.
    PathProbe {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: String,
        /// Traces run.
        pub num_probes: usize,
        /// Mean latency of each leg.
        pub avg_latencies: Vec<LegLatency>,
    }

    /// The mean latency of one leg.
    LegLatency {
        /// Where it starts.
        pub leg_src: &'static str,
        /// Where it ends.
        pub leg_dst: &'static str,
        /// Milliseconds.
        #[serde(serialize_with = "number")]
        pub latency: f64,
    }

    /// The series of one leg.
    LegStats {
        /// Where it starts.
        pub leg_src: &'static str,
        /// Where it ends.
        pub leg_dst: &'static str,
        /// Latency and loss.
        pub stats: Vec<Series>,
    }

    /// One trace of the way to an application.
    PathTrace {
        /// When, epoch seconds.
        pub timestamp: Time,
        /// Its legs, from the device on.
        pub cloudpath: Vec<PathLeg>,
    }

    /// One leg of a trace.
    PathLeg {
        /// Where it starts.
        pub src: &'static str,
        /// Where it ends.
        pub dst: &'static str,
        /// How many hops.
        pub num_hops: usize,
        /// Milliseconds to its end.
        pub latency: i64,
        /// Percent of packets lost.
        #[serde(serialize_with = "number")]
        pub loss: f64,
        /// Hops that did not answer.
        pub num_unresp_hops: usize,
        /// Kind of tunnel; the numbers' meaning is guessed.
        pub tunnel_type: i64,
        /// The hops.
        pub hops: Vec<Hop>,
    }

    /// One hop of a leg.
    Hop {
        /// Address; empty when it did not answer.
        pub ip: String,
        /// Hardware address of the gateway; the first hop only.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub gw_mac: Option<String>,
        /// Who made the gateway; the first hop only.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub gw_mac_vendor: Option<&'static str>,
        /// Packets sent.
        pub pkt_sent: i64,
        /// Packets answered.
        pub pkt_rcvd: i64,
        /// What it measured, when it answered.
        #[serde(flatten)]
        pub latency: Option<HopLatency>,
    }

    /// The latency to one hop, in milliseconds.
    HopLatency {
        /// Shortest.
        pub latency_min: i64,
        /// Longest.
        pub latency_max: i64,
        /// Mean.
        pub latency_avg: i64,
        /// Mean less that of the previous hop that answered.
        pub latency_diff: i64,
    }

    /// One meeting's quality.
    Meeting {
        /// Its id.
        pub meet_id: String,
        /// Id of this attendance.
        pub meet_session_id: String,
        /// What it was about.
        pub meet_subject: &'static str,
        /// Opinion score, latency, jitter and loss.
        pub metrics: Vec<Series>,
    }

    /// A kind of health metrics.
    Health {
        /// Which kind.
        pub category: &'static str,
        /// The parts measured.
        pub instances: Vec<HealthInstance>,
    }

    /// One part whose health is measured.
    HealthInstance {
        /// Which.
        pub name: String,
        /// Its series.
        pub metrics: Vec<Series>,
    }

    /// What changed on a device at one instant.
    EventsAt {
        /// When, epoch seconds.
        pub timestamp: Time,
        /// What.
        pub events: Vec<Event>,
    }

    /// One change.
    Event {
        /// `Zscaler`, `Hardware`, `Software` or `Network`.
        pub category: &'static str,
        /// Which setting, as in `tunType`.
        pub name: &'static str,
        /// Its title, as in `Tunnel Change`.
        pub display_name: &'static str,
        /// Value before, as text.
        pub prev: String,
        /// Value after, as text.
        pub curr: String,
    }

    /// The busiest processes at one instant.
    ProcessesAt {
        /// When, epoch seconds.
        pub timestamp: Time,
        /// Busiest by each resource.
        pub top_processes: Vec<TopProcesses>,
    }

    /// The busiest processes by one resource.
    TopProcesses {
        /// Which resource.
        pub category: &'static str,
        /// The busiest first.
        pub processes: Vec<Process>,
    }

    /// A process.
    Process {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: &'static str,
    }

    /// A country or state in which devices reported.
    ActiveGeo {
        /// Its id.
        pub id: String,
        /// Its name.
        pub name: String,
        /// `country` or `state`.
        pub geo_type: &'static str,
        /// The states or cities in it; only the United States have any (documented).
        pub children: Vec<GeoChild>,
    }

    /// A state or city in which devices reported.
    GeoChild {
        /// Its id.
        pub id: String,
        /// Its name; this member is called `description` here and `name` one level up (client).
        pub description: String,
        /// `state` or `city`.
        pub geo_type: &'static str,
    }

    /// What a new trace, or one whose state is asked for, answers.
    TraceState {
        /// Its id.
        pub trace_id: i64,
        /// How far it is.
        pub status: &'static str,
        /// Seconds left; 0 before it starts and after it ends (guessed: the examples say only 0 and 7200).
        pub expected_time: i64,
    }

    /// The times of a trace, for the wider answer that also repeats what was asked.
    TraceTimes {
        /// How far it is.
        pub status: &'static str,
        /// When it was asked for, epoch seconds.
        pub created_at: Time,
        /// When the device took it up; absent before.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub started_at: Option<Time>,
        /// When it ended; absent before.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub ended_at: Option<Time>,
        /// Minutes left, rounded up (guessed).
        pub expected_time_minutes: i64,
    }

    /// An alert; the parts by place and department stand only in the answer for a single one.
    Alert {
        /// Its id: 19 digits, more than a double can hold (client).
        pub id: i64,
        /// The rule that raised it.
        pub rule_name: String,
        /// `critical` or `warning`.
        pub severity: &'static str,
        /// Always `application`.
        pub alert_type: &'static str,
        /// `ongoing` or `completed` (guessed: the portal's words in lower case).
        pub alert_status: &'static str,
        /// The application that fares badly.
        pub application: NamedRef,
        /// Places concerned.
        pub num_geolocations: usize,
        /// Devices concerned.
        pub num_devices: usize,
        /// When it began, epoch seconds.
        pub started_on: Time,
        /// When it ended; absent while it lasts.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub ended_on: Option<Time>,
    }

    /// An alert with those it concerns.
    AlertDetail {
        /// The alert.
        #[serde(flatten)]
        pub alert: Alert,
        /// Departments concerned.
        pub departments: Vec<AlertPart>,
        /// Sites concerned.
        pub locations: Vec<AlertPart>,
        /// Places concerned.
        pub geolocations: Vec<AlertPlace>,
    }

    /// A department or site and how many of its devices an alert concerns.
    AlertPart {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: String,
        /// Devices concerned.
        pub num_devices: usize,
    }

    /// A place and how many of its devices an alert concerns.
    AlertPlace {
        /// Id of the city.
        pub id: String,
        /// Its name.
        pub city: String,
        /// Its state.
        pub state: String,
        /// Its country.
        pub country: String,
        /// Devices concerned.
        pub num_devices: usize,
    }

    /// A device that an alert concerns; two of its members are in camel case, unlike all others (client).
    AffectedDevice {
        /// Its id.
        pub id: i64,
        /// Host name, make and system.
        pub name: String,
        /// Its owner.
        pub userid: i64,
        /// The owner's name.
        #[serde(rename = "userName")]
        pub user_name: String,
        /// The owner's address.
        #[serde(rename = "userEmail")]
        pub user_email: String,
    }
}

fn maybe_number<S: Serializer>(value: &Option<f64>, to: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => number(value, to),
        None => to.serialize_none(),
    }
}

impl Series {
    pub(crate) fn of(
        metric: &'static str,
        unit: &'static str,
        points: impl IntoIterator<Item = (Time, f64)>,
    ) -> Series {
        let datapoints = points.into_iter().map(|(timestamp, value)| Datapoint { timestamp, value });
        Series { metric, unit, datapoints: datapoints.collect() }
    }

    /// The mean of the values to two decimals; none of none.
    pub fn mean(&self) -> Option<f64> {
        mean(self.datapoints.iter().map(|point| point.value))
    }
}

/// The mean to two decimals; none of none.
pub(crate) fn mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.into_iter().fold((0.0, 0u32), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| hundredths(sum / f64::from(count)))
}

/// Rounded to two decimals.
pub(crate) fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
