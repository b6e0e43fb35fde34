//! What probes and calls measured.

use serde::Serialize;
use zuno_model::Time;

use super::{Series, maybe_number, number};

wire! {
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
}
