//! A device's own health: processor, memory, disk, network, Wi-Fi, battery; and its busiest processes.

use zuno_model::Time;

use crate::{
    fleet::{Device, Fleet},
    signal::Condition,
    trouble::Cause,
    window::Window,
    wire::{Health, HealthInstance, Process, ProcessesAt, Series, TopProcesses, hundredths},
};

/// A metric's name, its unit, and how it is measured.
type Metric = (&'static str, &'static str, fn(&Fleet, &Device, Time, &Condition) -> f64);

/// Category, instance, and the metrics with their units. `cpu` and `total` are seen in a public client, the
/// categories are documented, the other names guessed.
const METRICS: [(&str, &str, &[Metric]); 5] = [
    ("cpu", "CPU", &[("total", "%", |_, _, _, now| now.cpu)]),
    (
        "memory",
        "Memory",
        &[("used", "%", |fleet, device, at, now| {
            40.0 + 18.0 * fleet.seed.drift("memory", &[device.id], at, 7200) + 12.0 * now.load
        })],
    ),
    (
        "disk_io",
        "Disk 0",
        &[
            ("read", "MB/s", |fleet, device, at, now| {
                0.2 + 9.0 * now.load * fleet.seed.draw("read", &[device.id, at]).unit()
            }),
            ("write", "MB/s", |fleet, device, at, now| {
                0.3 + 6.0 * now.load * fleet.seed.draw("write", &[device.id, at]).unit()
            }),
        ],
    ),
    (
        "network_io",
        "Network",
        &[
            ("sent", "Mbps", |fleet, device, at, now| {
                0.05 + 1.6 * now.load * fleet.seed.draw("sent", &[device.id, at]).unit()
            }),
            ("received", "Mbps", |fleet, device, at, now| {
                0.1 + 7.0 * now.load * fleet.seed.draw("received", &[device.id, at]).unit()
            }),
        ],
    ),
    (
        "network_bandwidth",
        "Network",
        &[
            ("download", "Mbps", |fleet, device, at, now| bandwidth(fleet, device, at, now)),
            ("upload", "Mbps", |fleet, device, at, now| 0.3 * bandwidth(fleet, device, at, now)),
        ],
    ),
];

/// What the line carries: less when the signal is weak or the neighbours work too.
fn bandwidth(fleet: &Fleet, device: &Device, at: Time, now: &Condition) -> f64 {
    let line = fleet.seed.draw("line", &[device.network()]).pick(&[100.0, 250.0, 500.0]);
    let share = 0.9 - 0.25 * now.load - 0.1 * fleet.seed.draw("bandwidth", &[device.id, at]).unit();
    line * share * now.wifi_signal.map_or(1.0, |signal| (signal / 70.0).clamp(0.05, 1.0))
}

/// Names of processes on Windows, then elsewhere.
const WINDOWS: [&str; 8] = [
    "chrome.exe",
    "Teams.exe",
    "OUTLOOK.EXE",
    "explorer.exe",
    "MsMpEng.exe",
    "ZSATunnel.exe",
    "EXCEL.EXE",
    "svchost.exe",
];
const OTHERS: [&str; 8] = [
    "Google Chrome",
    "Microsoft Teams",
    "Microsoft Outlook",
    "Finder",
    "mds_stores",
    "ZscalerTunnel",
    "Microsoft Excel",
    "kernel_task",
];
/// What the processor is busy with when it is busy: the scanner of the lists above.
const CULPRIT: usize = 4;

impl Fleet {
    /// Health series of one device.
    pub fn health(&self, device: i64, window: &Window) -> Option<Vec<Health>> {
        let device = self.device(device)?;
        let conditions: Vec<_> = window
            .instants()
            .filter(|at| device.online(self.seed, *at))
            .map(|at| (at, device.condition(self.seed, at)))
            .collect();
        let series = |metric, unit, measure: &dyn Fn(Time, &Condition) -> f64| {
            Series::of(metric, unit, conditions.iter().map(|(at, now)| (*at, hundredths(measure(*at, now)))))
        };
        let mut all: Vec<_> = METRICS
            .iter()
            .map(|(category, name, metrics)| {
                let metrics = metrics.iter().map(|(metric, unit, measure)| {
                    series(metric, unit, &|at, now| measure(self, device, at, now))
                });
                health(category, name, metrics.collect())
            })
            .collect();
        if device.wireless(self.seed) {
            let signal = |_, now: &Condition| now.wifi_signal.unwrap_or_default();
            // Colleagues on the same channel cost repeats, and so does a weak signal.
            let retransmitted =
                |_, now: &Condition| 2.0 * (1.0 + 0.35 * now.load) + (70.0 - signal(0, now)).max(0.0) * 0.3;
            let series = vec![series("signal", "%", &signal), series("retransmission", "%", &retransmitted)];
            all.push(health("wifi", "WiFi", series));
        }
        Some(all)
    }

    /// The busiest processes of one device, as a deep trace shows them.
    pub fn top_processes(&self, device: i64, window: &Window) -> Option<Vec<ProcessesAt>> {
        let device = self.device(device)?;
        let on = window.instants().filter(|at| device.online(self.seed, *at));
        Some(on.map(|at| self.processes_at(device, at)).collect())
    }

    fn processes_at(&self, device: &Device, at: Time) -> ProcessesAt {
        let names = if device.os(self.seed).contains("Windows") { &WINDOWS } else { &OTHERS };
        let busy = device
            .troubles(self.seed, device.geolocation.day(at))
            .any(|trouble| trouble.cause == Cause::BusyProcessor && trouble.at(at));
        let busiest = |category: &'static str, nth: i64| {
            let weight = |process: &usize| {
                let culprit = busy && category == "CPU" && *process == CULPRIT;
                let drift = self.seed.drift("process", &[device.id, nth, *process as i64], at, 600);
                if culprit { 2.0 } else { drift }
            };
            let mut order: Vec<usize> = (0..names.len()).collect();
            order.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
            let process = |which: usize| Process {
                id: 1000 + 4 * self.seed.draw("pid", &[device.id, which as i64]).whole(0, 4000),
                name: names[which],
            };
            TopProcesses { category, processes: order.into_iter().take(5).map(process).collect() }
        };
        ProcessesAt {
            timestamp: at,
            top_processes: vec![busiest("CPU", 0), busiest("Memory", 1), busiest("Network I/O", 2)],
        }
    }
}

fn health(category: &'static str, name: &str, metrics: Vec<Series>) -> Health {
    Health { category, instances: vec![HealthInstance { name: name.to_owned(), metrics }] }
}
