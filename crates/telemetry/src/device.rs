//! What a device is: hardware, network, software; and the lists of devices and users.

use crate::{
    fleet::{Device, Fleet, Scope},
    random::Seed,
    window::Window,
    wire::{DeviceDetail, DeviceItem, GeoLoc, Hardware, NamedRef, Network, Software, UserDetail, UserDevice},
};

/// A make of computer; all are sold with what stands here.
struct Make {
    maker: &'static str,
    model: &'static str,
    laptop: bool,
    os: &'static str,
    cpu: (&'static str, &'static str, f64, i64, i64),
    gpu: &'static str,
    disk: &'static str,
    wifi: &'static str,
}

const MAKES: [Make; 5] = [
    Make {
        maker: "LENOVO",
        model: "20WNS1HM01",
        laptop: true,
        os: "Microsoft Windows 10 Pro;64 bit",
        cpu: ("Intel", "11th Gen Intel(R) Core(TM) i7-1165G7", 2.8, 4, 8),
        gpu: "Intel(R) Iris(R) Xe Graphics",
        disk: "SAMSUNG MZVLB512HBJQ-000L7",
        wifi: "Intel(R) Wi-Fi 6 AX201 160MHz",
    },
    Make {
        maker: "Dell Inc.",
        model: "Latitude 5440",
        laptop: true,
        os: "Microsoft Windows 11 Enterprise;64 bit",
        cpu: ("Intel", "13th Gen Intel(R) Core(TM) i5-1345U", 1.6, 10, 12),
        gpu: "Intel(R) Iris(R) Xe Graphics",
        disk: "KIOXIA KBG50ZNS512G",
        wifi: "Intel(R) Wi-Fi 6E AX211 160MHz",
    },
    Make {
        maker: "HP",
        model: "HP EliteDesk 800 G6",
        laptop: false,
        os: "Microsoft Windows 11 Pro;64 bit",
        cpu: ("Intel", "Intel(R) Core(TM) i5-10500", 3.1, 6, 12),
        gpu: "Intel(R) UHD Graphics 630",
        disk: "WDC PC SN530 SDBPNPZ-512G",
        wifi: "Intel(R) Wi-Fi 6 AX201 160MHz",
    },
    Make {
        maker: "Apple Inc.",
        model: "MacBookPro18,3",
        laptop: true,
        os: "macOS 14.5",
        cpu: ("Apple", "Apple M1 Pro", 3.2, 8, 8),
        gpu: "Apple M1 Pro",
        disk: "APPLE SSD AP0512R",
        wifi: "AirPort Extreme",
    },
    Make {
        maker: "Microsoft Corporation",
        model: "Surface Laptop 5",
        laptop: true,
        os: "Microsoft Windows 11 Pro;64 bit",
        cpu: ("Intel", "12th Gen Intel(R) Core(TM) i7-1255U", 1.7, 10, 12),
        gpu: "Intel(R) Iris(R) Xe Graphics",
        disk: "KIOXIA KBG40ZNS256G",
        wifi: "Intel(R) Wi-Fi 6 AX201 160MHz",
    },
];

impl Device {
    /// What the device is made of where nothing is known: the make that is known in part, or any.
    fn make(&self, seed: Seed) -> &'static Make {
        let known = &self.known;
        let fits = |make: &&Make| {
            let apple =
                |text: &str| text.to_lowercase().contains("mac") || text.to_lowercase().contains("apple");
            known.maker.as_deref().is_none_or(|maker| maker.eq_ignore_ascii_case(make.maker))
                && known.os.as_deref().is_none_or(|os| apple(os) == apple(make.os))
        };
        let fitting: Vec<&Make> = MAKES.iter().filter(fits).collect();
        let draw = seed.draw("make", &[self.id]);
        if fitting.is_empty() { draw.pick(&MAKES.each_ref()) } else { draw.pick(&fitting) }
    }

    fn maker(&self, seed: Seed) -> &str {
        self.known.maker.as_deref().unwrap_or(self.make(seed).maker)
    }

    fn model(&self, seed: Seed) -> &str {
        self.known.model.as_deref().unwrap_or(self.make(seed).model)
    }

    /// Its operating system.
    pub(crate) fn os(&self, seed: Seed) -> &str {
        self.known.os.as_deref().unwrap_or(self.make(seed).os)
    }

    /// Host name, then maker, model and system in brackets (documented).
    pub fn display_name(&self, seed: Seed) -> String {
        format!("{} ({} {} {})", self.hostname, self.maker(seed), self.model(seed), self.os(seed))
    }

    /// Which network it is in: that of its site, or else its own at home.
    pub(crate) fn network(&self) -> i64 {
        self.location.as_ref().map_or(-self.id - 1, |site| site.id)
    }

    /// The address of its next hop.
    pub(crate) fn gateway(&self, seed: Seed) -> String {
        let [a, b, c] = self.subnet(seed);
        self.known.gateway.clone().unwrap_or_else(|| format!("{a}.{b}.{c}.1"))
    }

    fn subnet(&self, seed: Seed) -> [u8; 3] {
        let [a, b, ..] = seed.draw("subnet", &[self.network()]).bytes();
        if self.location.is_some() { [10, a, b] } else { [192, 168, a % 4] }
    }

    /// The address of the access point it uses, near or (when its signal is weak) far.
    pub(crate) fn bssid(&self, seed: Seed, far: bool) -> String {
        let near = self.known.access_point.as_ref().filter(|_| !far);
        let [a, b, c, d, e, ..] = seed.draw("access point", &[self.network(), i64::from(far)]).bytes();
        near.cloned().unwrap_or_else(|| format!("06:{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}"))
    }

    fn adapter(&self, seed: Seed) -> Network {
        let draw = seed.draw("adapter", &[self.id]);
        let [a, b, c, d, e, f, ..] = draw.bytes();
        let [x, y, z] = self.subnet(seed);
        let wireless = self.wireless(seed);
        let only = |text: String| if wireless { text } else { String::new() };
        let (gateway, guid) = (self.gateway(seed), draw.then(1).bytes());
        Network {
            net_type: if wireless { "WiFi" } else { "Ethernet" },
            status: "Connected",
            ipv4: format!("{x}.{y}.{z}.{}", 20 + draw.then(2).whole(0, 220)),
            ipv6: format!("fe80::{a:x}{b:02x}:{c:x}{d:02x}:{e:x}{f:02x}"),
            dns_srvs: gateway.clone(),
            dns_suffix: self.owner.email.split('@').nth(1).unwrap_or_default().to_owned(),
            gateway,
            mac: (self.known.mac.clone())
                .unwrap_or_else(|| format!("02:{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}")),
            guid: format!(
                "{{{:08X}-{a:02X}{b:02X}-4{:03X}-A{:03X}-{c:02X}{d:02X}{e:02X}{f:02X}{:02X}{:02X}}}",
                u32::from_le_bytes([guid[0], guid[1], guid[2], guid[3]]),
                u16::from(guid[4]),
                u16::from(guid[5]),
                guid[6],
                guid[7],
            ),
            wifi_adapter: if wireless { self.make(seed).wifi } else { "" },
            wifi_type: if wireless { "802.11ax" } else { "" },
            ssid: only(self.location.as_ref().map_or("Home".to_owned(), |_| "Corp".to_owned())),
            channel: only(
                seed.draw("channel", &[self.network()]).pick(&["1", "6", "11", "36", "44"]).to_string(),
            ),
            bssid: only(self.bssid(seed, false)),
        }
    }
}

impl Fleet {
    /// The devices in scope that reported.
    pub fn device_list(&self, scope: &Scope, window: &Window) -> Vec<DeviceItem> {
        self.reporting(scope, window).into_iter().map(|device| self.device_item(device)).collect()
    }

    /// The devices in scope that reported, in the order of the fleet.
    pub fn reporting(&self, scope: &Scope, window: &Window) -> Vec<&Device> {
        let asked = |device: &&Device| scope.takes(device) && self.reported(device, window);
        self.devices.iter().filter(asked).collect()
    }

    /// A device as a list shows it.
    pub fn device_item(&self, device: &Device) -> DeviceItem {
        DeviceItem { id: device.id, name: device.display_name(self.seed), userid: device.owner.id }
    }

    /// What one device is, whether it reported or not.
    pub fn device_detail(&self, device: i64) -> Option<DeviceDetail> {
        let (device, seed) = (self.device(device)?, self.seed);
        let make = device.make(seed);
        let draw = seed.draw("hardware", &[device.id]);
        let (cpu_mfg, cpu_model, speed_ghz, num_cores, logical_proc) = make.cpu;
        let [a, b, c, d, ..] = draw.then(1).bytes();
        let os = device.os(seed);
        let client = device.known.client_version.clone().unwrap_or_else(|| "4.4.0.324".to_owned());
        Some(DeviceDetail {
            id: device.id,
            name: device.display_name(seed),
            hardware: Hardware {
                hw_model: device.model(seed).to_owned(),
                hw_mfg: device.maker(seed).to_owned(),
                hw_type: if make.laptop { "Laptop" } else { "Desktop" },
                hw_serial: device
                    .known
                    .serial
                    .clone()
                    .unwrap_or_else(|| format!("PF{a:02X}{b:02X}{c:02X}{d:02X}")),
                tot_mem: draw.pick(&[8_192, 16_384, 16_384, 32_768]),
                gpu: make.gpu,
                disk_size: if make.disk.contains("256") { 256 } else { 512 },
                disk_model: make.disk,
                disk_type: "SSD",
                cpu_mfg,
                cpu_model,
                speed_ghz,
                logical_proc,
                num_cores,
            },
            network: vec![device.adapter(seed)],
            software: Software {
                os_name: os.to_owned(),
                os_ver: version(os).to_owned(),
                os_build: build(os).to_owned(),
                hostname: device.hostname.clone(),
                netbios: device.hostname.chars().take(15).collect::<String>().to_uppercase(),
                user: device.owner.email.split('@').next().unwrap_or_default().to_owned(),
                zdx_ver: client.clone(),
                client_conn_ver: client,
            },
        })
    }

    /// The users in scope with a device that reported.
    pub fn user_list(&self, scope: &Scope, window: &Window) -> Vec<UserDetail> {
        self.users(scope, window).iter().map(|devices| self.user_detail(devices)).collect()
    }

    /// The devices in scope that reported, of each user with one, in the order of their first device.
    pub fn users(&self, scope: &Scope, window: &Window) -> Vec<Vec<&Device>> {
        let sight = self.look(scope, window);
        let devices = |member: crate::sight::Member<'_>| {
            member.devices.iter().map(|nth| &self.devices[*nth as usize]).collect()
        };
        sight.present().into_iter().map(devices).collect()
    }

    /// A user as its devices tell it, of which there is one at least.
    pub fn user_detail(&self, devices: &[&Device]) -> UserDetail {
        // INVARIANT: callers pass the devices of one user who has any.
        let owner = &devices[0].owner;
        UserDetail {
            id: owner.id,
            name: owner.name.clone(),
            email: owner.email.clone(),
            devices: devices.iter().map(|device| self.user_device(device)).collect(),
        }
    }

    /// One user with those devices that reported; none who has no device at all.
    pub fn user(&self, user: i64, window: &Window) -> Option<UserDetail> {
        let mut devices = self.devices.iter().filter(|device| device.owner.id == user).peekable();
        let owner = &devices.peek()?.owner;
        Some(UserDetail {
            id: owner.id,
            name: owner.name.clone(),
            email: owner.email.clone(),
            devices: devices
                .filter(|device| self.reported(device, window))
                .map(|device| self.user_device(device))
                .collect(),
        })
    }

    /// A device as one of its owner's.
    pub(crate) fn user_device(&self, device: &Device) -> UserDevice {
        let place = &device.geolocation;
        UserDevice {
            id: device.id,
            name: device.display_name(self.seed),
            geo_loc: vec![GeoLoc {
                id: place.id.clone(),
                city: place.city.clone(),
                state: place.state.clone(),
                country: place.country.clone(),
                geo_lat: place.latitude,
                geo_long: place.longitude,
                geo_detection: "geoip",
            }],
            zs_loc: device
                .location
                .iter()
                .map(|site| NamedRef { id: site.id, name: site.name.clone() })
                .collect(),
        }
    }
}

fn version(os: &str) -> &'static str {
    match os {
        _ if os.contains("Windows 11") => "10.0.22631",
        _ if os.contains("Windows") => "10.0.19045",
        _ => "14.5",
    }
}

fn build(os: &str) -> &'static str {
    match os {
        _ if os.contains("Windows 11") => "22631",
        _ if os.contains("Windows") => "19045",
        _ => "23F79",
    }
}
