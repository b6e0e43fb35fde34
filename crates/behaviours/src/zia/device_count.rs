//! `device-count`: with `includeDeviceInfo`, a group tells how many devices of its platform there are (documented).
//! Parameters: `kind`, the devices; `count`, the member.

use serde_json::Value;
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
struct DeviceCount {
    kind: String,
    count: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(DeviceCount { kind: params.other("kind")?, count: params.field("count")? }))
}

/// Whether a device's platform, `WINDOWS_OS`, is a group's, `Windows`.
fn is_platform(device: &str, group: &str) -> bool {
    device.strip_suffix("_OS").unwrap_or(device).eq_ignore_ascii_case(group)
}

impl Behaviour for DeviceCount {
    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        if !cx.flag("includeDeviceInfo") {
            return Ok(());
        }
        let platforms = cx.once("device-count", || {
            let all = cx.all(&self.kind, None)?;
            Ok(all.into_iter().filter_map(|stored| stored.record.get("osType").cloned()).collect())
        })?;
        let group = record.text("osType").unwrap_or_default();
        let of_group = |device: &&Value| device.as_str().is_some_and(|device| is_platform(device, group));
        let count = platforms.as_array().into_iter().flatten().filter(of_group).count();
        record.insert(self.count.clone(), Value::from(count));
        Ok(())
    }

    fn on_read_members(&self, _: Verb) -> Option<Vec<&str>> {
        Some(vec![&self.count, "osType"])
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_platform_is_told_by_either_spelling() {
        assert!(super::is_platform("WINDOWS_OS", "Windows") && super::is_platform("IOS", "IOS"));
        assert!(!super::is_platform("MAC_OS", "Windows") && !super::is_platform("MAC_OS", ""));
    }
}
