//! What is installed: packages, and on which devices in which version. All of it is guessed, and stays as it was drawn.

use crate::{
    fleet::{Device, Fleet, Scope},
    random::key,
    spans::DAY,
    wire::{Installed, Package},
};

/// A package that devices may have.
struct Sold {
    name: &'static str,
    vendor: &'static str,
    group: &'static str,
    /// On Windows, on macOS, on anything else.
    on: [bool; 3],
    /// Of how many devices that can have it.
    share: f64,
    versions: &'static [&'static str],
}

const WORK: &str = "Productivity";
const TALK: &str = "Collaboration";
const BROWSER: &str = "Browser";
const SECURITY: &str = "Security";
const CODE: &str = "Development";
const TOOL: &str = "Utility";

const fn sold(
    (name, vendor, group): (&'static str, &'static str, &'static str),
    on: [bool; 3],
    share: f64,
    versions: &'static [&'static str],
) -> Sold {
    Sold { name, vendor, group, on, share, versions }
}

const ALL: [bool; 3] = [true, true, true];
const DESKTOP: [bool; 3] = [true, true, false];
const WINDOWS: [bool; 3] = [true, false, false];

const SHELF: [Sold; 16] = [
    sold(("Zscaler", "Zscaler Inc.", SECURITY), ALL, 1.0, &["4.4.0.383", "4.5.0.296", "4.5.2.73"]),
    sold(("Google Chrome", "Google LLC", BROWSER), ALL, 0.9, &["137.0.7151.104", "139.0.7258.67"]),
    sold(
        ("Microsoft Edge", "Microsoft Corporation", BROWSER),
        WINDOWS,
        1.0,
        &["138.0.3351.95", "139.0.3405.86"],
    ),
    sold(("Mozilla Firefox", "Mozilla", BROWSER), ALL, 0.4, &["128.13.0", "141.0"]),
    sold(
        ("Microsoft 365 Apps for enterprise", "Microsoft Corporation", WORK),
        DESKTOP,
        0.95,
        &["16.0.18730.20142", "16.0.19029.20156"],
    ),
    sold(
        ("Microsoft Teams", "Microsoft Corporation", TALK),
        DESKTOP,
        0.95,
        &["25153.1010.3727.5483", "25198.1112.3855.2900"],
    ),
    sold(
        ("Zoom Workplace", "Zoom Video Communications, Inc.", TALK),
        ALL,
        0.8,
        &["6.4.12", "6.5.3", "6.5.7"],
    ),
    sold(("Slack", "Slack Technologies Inc.", TALK), ALL, 0.35, &["4.44.65", "4.45.64"]),
    sold(
        ("OneDrive", "Microsoft Corporation", WORK),
        DESKTOP,
        0.9,
        &["25.115.0615.0002", "25.137.0715.0001"],
    ),
    sold(("Adobe Acrobat", "Adobe", WORK), DESKTOP, 0.6, &["25.001.20531", "25.001.20577"]),
    sold(("Visual Studio Code", "Microsoft Corporation", CODE), ALL, 0.3, &["1.101.2", "1.102.3", "1.103.1"]),
    sold(("Git", "The Git Development Community", CODE), ALL, 0.3, &["2.49.0", "2.50.1"]),
    sold(("Python", "Python Software Foundation", CODE), ALL, 0.25, &["3.12.10", "3.13.5"]),
    sold(("7-Zip", "Igor Pavlov", TOOL), WINDOWS, 0.5, &["24.09", "25.00"]),
    sold(("Notepad++", "Notepad++ Team", TOOL), WINDOWS, 0.4, &["8.7.9", "8.8.3"]),
    sold(("VLC media player", "VideoLAN", TOOL), ALL, 0.2, &["3.0.20", "3.0.21"]),
];

impl Sold {
    /// Sixteen hexadecimal digits that stay the same wherever it is installed.
    fn key(&self) -> String {
        format!("{:016x}", key(self.name))
    }
}

impl Fleet {
    /// The packages that a device in scope has, with how many have them.
    pub fn software(&self, scope: &Scope) -> Vec<Package> {
        let asked = self.devices.iter().filter(|device| scope.takes(device));
        let devices: Vec<(&Device, usize)> = asked.map(|device| (device, self.sort(device))).collect();
        let counted = SHELF.iter().filter_map(|sold| {
            let having: Vec<&Device> = devices
                .iter()
                .filter(|(device, sort)| self.has_of(device, *sort, sold))
                .map(|(device, _)| *device)
                .collect();
            let mut users: Vec<i64> = having.iter().map(|device| device.owner.id).collect();
            users.sort_unstable();
            users.dedup();
            (!having.is_empty()).then(|| Package {
                software_key: sold.key(),
                software_name: sold.name,
                vendor: sold.vendor,
                software_group: sold.group,
                sw_install_type: "Application",
                software_install_type: "Application",
                user_total: users.len(),
                device_total: having.len(),
            })
        });
        counted.collect()
    }

    /// Where in scope a package is installed; none where there is no such package.
    pub fn installed(&self, software_key: &str, scope: &Scope) -> Option<Vec<Installed>> {
        let sold = SHELF.iter().find(|sold| sold.key() == software_key)?;
        let having = self.devices.iter().filter(|device| scope.takes(device) && self.has(device, sold));
        let installed = having.map(|device| Installed {
            software_key: sold.key(),
            software_name: sold.name,
            software_version: self.version(device, sold).to_owned(),
            software_group: sold.group,
            os: device.os(self.seed).to_owned(),
            vendor: sold.vendor,
            user_id: device.owner.id,
            device_id: device.id,
            hostname: device.hostname.clone(),
            username: device.owner.name.clone(),
            install_date: date(self.installed_on(device, sold)),
        });
        Some(installed.collect())
    }

    fn has(&self, device: &Device, sold: &Sold) -> bool {
        self.has_of(device, self.sort(device), sold)
    }

    fn has_of(&self, device: &Device, sort: usize, sold: &Sold) -> bool {
        sold.on[sort] && self.draw_of(device, sold).chance(sold.share)
    }

    /// Which sort of system a device has, as what is sold counts them.
    fn sort(&self, device: &Device) -> usize {
        let os = device.os(self.seed);
        match os {
            _ if os.contains("Windows") => 0,
            _ if os.to_lowercase().contains("mac") => 1,
            _ => 2,
        }
    }

    fn draw_of(&self, device: &Device, sold: &Sold) -> crate::random::Draw {
        self.seed.draw("software", &[device.id, key(sold.name)])
    }

    /// The client is of the version that is known of the device.
    fn version<'a>(&self, device: &'a Device, sold: &Sold) -> &'a str {
        let known = device.known.client_version.as_deref().filter(|_| sold.name == "Zscaler");
        known.unwrap_or(self.draw_of(device, sold).then(1).pick(sold.versions))
    }

    /// The day, counted from the epoch's, in the year before the device enrolled.
    fn installed_on(&self, device: &Device, sold: &Sold) -> i64 {
        device.enrolled.div_euclid(DAY) - self.draw_of(device, sold).then(2).whole(0, 365)
    }
}

/// A day as `2024-01-15`.
fn date(day: i64) -> String {
    // Days of the civil calendar, counted in years that begin in March, in eras of 400 years.
    let shifted = day + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let (month, day) = (if month < 10 { month + 3 } else { month - 9 }, of_year - (153 * month + 2) / 5 + 1);
    format!("{:04}-{month:02}-{day:02}", year + era * 400 + i64::from(month <= 2))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{SHELF, date};

    #[test]
    fn days_have_dates() {
        assert_eq!(
            [-1, 0, 59, 11_016, 19_737].map(date),
            ["1969-12-31", "1970-01-01", "1970-03-01", "2000-02-29", "2024-01-15"]
        );
    }

    #[test]
    fn every_package_has_a_key_of_its_own() {
        assert_eq!(SHELF.iter().map(|sold| sold.key()).collect::<BTreeSet<_>>().len(), SHELF.len());
    }
}
