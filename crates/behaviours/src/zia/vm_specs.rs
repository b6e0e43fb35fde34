//! `vm-specs`: which virtual machine carries so much log traffic: the smallest of a few sizes that does.
//!
//! Sizes and what each carries are ours (guessed): the vendor's calculator is not public. Parameters: `name`, what the machine
//! is called by operation.

use std::collections::BTreeMap;

use serde_json::json;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Fix, Kind};

/// A size of machine, and the most users, and transactions or sessions an hour, that it carries.
struct Size {
    users: u64,
    per_hour: u64,
    cores: u32,
    ram_gb: u32,
    disk_gb: u32,
}

/// From the smallest on; the last one carries whatever comes.
const SIZES: [Size; 4] = [
    Size { users: 15_000, per_hour: 10_000_000, cores: 2, ram_gb: 8, disk_gb: 500 },
    Size { users: 40_000, per_hour: 40_000_000, cores: 4, ram_gb: 16, disk_gb: 1_000 },
    Size { users: 100_000, per_hour: 100_000_000, cores: 8, ram_gb: 32, disk_gb: 1_500 },
    Size { users: u64::MAX, per_hour: u64::MAX, cores: 16, ram_gb: 64, disk_gb: 2_000 },
];

/// How many bytes a line of a log takes on the way.
const LINE: u64 = 200;

/// The guarantee for log servers.
struct VmSpecs {
    kind: Kind,
    name: BTreeMap<String, String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(VmSpecs { kind: Kind(params.kind()), name: params.part("name").read()? }))
}

/// The smallest size that carries so much.
fn size(users: u64, per_hour: u64) -> &'static Size {
    let carries = |size: &&Size| size.users >= users && size.per_hour >= per_hour;
    SIZES.iter().find(carries).unwrap_or(&SIZES[SIZES.len() - 1])
}

impl VmSpecs {
    fn number(&self, call: &Call, name: &str) -> Result<u64, Fault> {
        let Some(text) = call.query(name).filter(|text| !text.is_empty()) else { return Ok(0) };
        text.parse().map_err(|_| Fault::Invalid {
            kind: self.kind.clone(),
            field: name.to_owned(),
            fix: Fix::Said("must be a number that is not negative".into()),
        })
    }
}

impl Behaviour for VmSpecs {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let users = self.number(call, "users")?;
        let mut lines = 0u64;
        for name in ["transactions", "sessions", "dns"] {
            lines = lines.saturating_add(self.number(call, name)?);
        }
        let found = size(users, lines);
        let megabits = lines.saturating_mul(LINE * 8) / 3_600 / 1_000_000;
        Ok(Outcome::Value(json!({
            "vmName": self.name.get(&cx.operation()?.name),
            "cores": found.cores.to_string(),
            "cpu": format!("{} GHz", found.cores * 2),
            "ram": format!("{} GB", found.ram_gb),
            "disk": format!("{} GB", found.disk_gb),
            "bandwidth": format!("{} Mbps", megabits.max(1)),
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::{SIZES, size};

    #[test]
    fn more_traffic_never_needs_less() {
        let mut last = 0;
        for users in [0, 15_000, 15_001, 40_001, 100_001, u64::MAX] {
            let cores = size(users, 0).cores;
            assert!(cores >= last, "{users}");
            last = cores;
        }
        assert_eq!(size(0, u64::MAX).cores, SIZES[3].cores);
    }
}
