//! The way from a device to an application: three legs, their latencies and losses, and the hops of each.

use zuno_model::Time;

use crate::{
    fleet::{Application, Device, Fleet},
    probe::Probe,
    random::{Seed, key},
    signal::Path,
    window::Window,
    wire::{Hop, HopLatency, LegLatency, LegStats, PathLeg, PathProbe, PathTrace, Series, hundredths},
};

/// A stretch of the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leg {
    /// All of it; what is shown when none is named (documented).
    EndToEnd,
    /// From the device to where it leaves its network.
    ClientToEgress,
    /// From there to the service edge.
    EgressToEdge,
    /// From the service edge to the application.
    EdgeToApplication,
    /// From where the device leaves its network to the application.
    EgressToApplication,
}

impl Leg {
    /// All legs, the default first.
    pub const ALL: [Leg; 5] = [
        Leg::EndToEnd,
        Leg::ClientToEgress,
        Leg::EgressToEdge,
        Leg::EdgeToApplication,
        Leg::EgressToApplication,
    ];

    /// Where it starts and ends, in the wire's words (`application` is guessed, the others are documented).
    pub fn ends(self) -> (&'static str, &'static str) {
        match self {
            Leg::EndToEnd => ("client", "application"),
            Leg::ClientToEgress => ("client", "egress"),
            Leg::EgressToEdge => ("egress", "zen"),
            Leg::EdgeToApplication => ("zen", "application"),
            Leg::EgressToApplication => ("egress", "application"),
        }
    }

    fn parts(self) -> std::ops::Range<usize> {
        match self {
            Leg::EndToEnd => 0..3,
            Leg::ClientToEgress => 0..1,
            Leg::EgressToEdge => 1..2,
            Leg::EdgeToApplication => 2..3,
            Leg::EgressToApplication => 1..3,
        }
    }

    fn latency(self, path: &Path) -> f64 {
        path.legs_ms[self.parts()].iter().sum()
    }

    /// Percent of packets that do not pass every part.
    fn loss(self, path: &Path) -> f64 {
        let passing: f64 = path.losses[self.parts()].iter().map(|loss| 1.0 - loss / 100.0).product();
        hundredths((1.0 - passing) * 100.0)
    }
}

/// The three legs that make up the way.
const PARTS: [Leg; 3] = [Leg::ClientToEgress, Leg::EgressToEdge, Leg::EdgeToApplication];
/// Packets that a trace sends to each hop.
const PACKETS: i64 = 11;

impl Fleet {
    /// The path probes of an application on one device, with the mean latency of each leg.
    pub fn path_probes(&self, device: i64, app: i64, window: &Window) -> Option<Vec<PathProbe>> {
        let (device, app) = self.pair(device, app)?;
        let probes = app.path_probes.iter().map(|probe| PathProbe {
            id: probe.id,
            name: probe.name.clone(),
            num_probes: self.latency(device, app, probe, Leg::EndToEnd, window).datapoints.len(),
            avg_latencies: PARTS
                .into_iter()
                .filter_map(|leg| {
                    let (leg_src, leg_dst) = leg.ends();
                    let latency = self.latency(device, app, probe, leg, window).mean()?;
                    Some(LegLatency { leg_src, leg_dst, latency })
                })
                .collect(),
        });
        Some(probes.collect())
    }

    /// Latency and loss of some legs of one probe.
    pub fn path_probe(
        &self,
        device: i64,
        app: i64,
        probe: i64,
        legs: &[Leg],
        window: &Window,
    ) -> Option<Vec<LegStats>> {
        let (device, app, probe) = self.path_target(device, app, probe)?;
        let stats = legs.iter().map(|leg| {
            let (leg_src, leg_dst) = leg.ends();
            let loss = self.traced(device, app, probe, window).map(|(at, path)| (at, leg.loss(&path)));
            LegStats {
                leg_src,
                leg_dst,
                stats: vec![self.latency(device, app, probe, *leg, window), Series::of("loss", "%", loss)],
            }
        });
        Some(stats.collect())
    }

    /// The traces of one probe, hop by hop.
    pub fn path_traces(&self, device: i64, app: i64, probe: i64, window: &Window) -> Option<Vec<PathTrace>> {
        let (device, app, probe) = self.path_target(device, app, probe)?;
        let traces = self.traced(device, app, probe, window).map(|(at, path)| {
            let cloudpath = PARTS.into_iter().map(|leg| self.hops(device, app, leg, &path, at)).collect();
            PathTrace { timestamp: at, cloudpath }
        });
        Some(traces.collect())
    }

    /// The ways that a probe traced in a window.
    fn traced<'a>(
        &'a self,
        device: &'a Device,
        app: &'a Application,
        probe: &'a Probe,
        window: &Window,
    ) -> impl Iterator<Item = (Time, Path)> + 'a {
        let measured = window.instants().filter(|at| probe.measures(device, *at));
        measured.filter_map(|at| Some((at, self.path(device, app, at)?)))
    }

    fn latency(
        &self,
        device: &Device,
        app: &Application,
        probe: &Probe,
        leg: Leg,
        window: &Window,
    ) -> Series {
        let points = self.traced(device, app, probe, window).map(|(at, path)| (at, leg.latency(&path)));
        Series::of("latency", "ms", points)
    }

    /// One leg at one instant. Which hops there are, and which never answer, does not change with time.
    fn hops(&self, device: &Device, app: &Application, leg: Leg, path: &Path, at: Time) -> PathLeg {
        let (src, dst) = leg.ends();
        let nth = leg.parts().start as i64;
        let route = self.seed.draw("route", &[device.id, app.id, nth]);
        let hops = match leg {
            Leg::ClientToEgress => route.whole(2, 4),
            Leg::EgressToEdge => route.whole(3, 6),
            _ => route.whole(3, 8),
        };
        // The egress leg always has a silent hop, the last one at times: one to three over the whole way. The ends
        // of a leg answer, or nobody would know its latency.
        let silent = match leg {
            Leg::EgressToEdge => Some(route.then(1).whole(1, hops - 2)),
            Leg::EdgeToApplication => Some(route.then(1).whole(0, hops - 2)).filter(|hop| *hop > 0),
            _ => None,
        };
        let (latency, loss) = (leg.latency(path), leg.loss(path));
        let mut before = 0;
        let hops: Vec<_> = (0..hops)
            .map(|hop| {
                let wobble = self.seed.draw("hop", &[device.id, app.id, nth, hop, at]);
                let first = hop == 0 && leg == Leg::ClientToEgress;
                let answers = silent != Some(hop);
                let mean = (latency * (hop + 1) as f64 / hops as f64).round() as i64;
                let measured = answers.then(|| HopLatency {
                    latency_min: mean - wobble.whole(0, mean / 5),
                    latency_max: mean + wobble.then(1).whole(0, mean / 3 + 1),
                    latency_avg: mean,
                    latency_diff: mean - before,
                });
                let lost = if loss > 0.0 { (PACKETS as f64 * loss / 100.0).ceil() as i64 } else { 0 };
                if answers {
                    before = mean;
                }
                Hop {
                    ip: if answers { self.address(device, app, leg, hop) } else { String::new() },
                    gw_mac: first.then(|| gateway_mac(self.seed, device)),
                    gw_mac_vendor: first.then(|| device_gateway(self.seed, device).pick(&VENDORS)),
                    pkt_sent: PACKETS,
                    pkt_rcvd: if answers { PACKETS - lost.min(PACKETS - 1) } else { 0 },
                    latency: measured,
                }
            })
            .collect();
        PathLeg {
            src,
            dst,
            num_hops: hops.len(),
            latency: latency as i64,
            loss,
            num_unresp_hops: hops.iter().filter(|hop| hop.latency.is_none()).count(),
            tunnel_type: path.tunnel,
            hops,
        }
    }

    /// The address of one hop, from the ranges that are set aside for examples once the way leaves the office.
    fn address(&self, device: &Device, app: &Application, leg: Leg, hop: i64) -> String {
        let [a, b, ..] = self.seed.draw("hop address", &[key(&device.geolocation.id), hop]).bytes();
        match leg {
            Leg::ClientToEgress if hop == 0 => device.gateway(self.seed),
            Leg::ClientToEgress => format!("10.{}.{}.1", a, b),
            Leg::EgressToEdge => format!("198.51.100.{}", 1 + a % 254),
            _ => {
                let [c, ..] = self.seed.draw("far address", &[app.id, hop]).bytes();
                format!("203.0.113.{}", 1 + c % 254)
            }
        }
    }

    fn path_target(&self, device: i64, app: i64, probe: i64) -> Option<(&Device, &Application, &Probe)> {
        let (device, app) = self.pair(device, app)?;
        Some((device, app, app.path_probes.iter().find(|own| own.id == probe)?))
    }
}

const VENDORS: [&str; 5] =
    ["Cisco Systems, Inc", "Ubiquiti Inc", "NETGEAR", "TP-LINK", "ASUSTek COMPUTER INC."];

fn device_gateway(seed: Seed, device: &Device) -> crate::random::Draw {
    seed.draw("gateway", &[device.network()])
}

/// The hardware address of a device's gateway; locally administered, so that it is nobody's.
fn gateway_mac(seed: Seed, device: &Device) -> String {
    let [a, b, c, d, e, ..] = device_gateway(seed, device).bytes();
    format!("02:{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}")
}
