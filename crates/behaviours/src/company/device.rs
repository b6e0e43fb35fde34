//! One device: its make, its network, when it is on, and what the agent on it tells.

use serde_json::{Map, Value, json};
use zuno_model::Time;

use super::draw::draw;
use super::people::Person;
use super::places::Place;

/// A make: maker, model, processor, system as it names itself, its build, and the agent's number for systems.
struct Make {
    maker: &'static str,
    model: &'static str,
    cpu: (&'static str, &'static str),
    os: &'static str,
    version: &'static str,
    build: &'static str,
    system: i64,
}

const MAKES: [Make; 5] = [
    Make {
        maker: "LENOVO",
        model: "21HM002EUS",
        cpu: ("GenuineIntel", "13th Gen Intel(R) Core(TM) i7-1365U"),
        os: "Microsoft Windows 11 Enterprise;64 bit",
        version: "10.0.22631",
        build: "22631",
        system: 3,
    },
    Make {
        maker: "Dell Inc.",
        model: "Latitude 7440",
        cpu: ("GenuineIntel", "13th Gen Intel(R) Core(TM) i7-1365U"),
        os: "Microsoft Windows 11 Enterprise;64 bit",
        version: "10.0.22631",
        build: "22631",
        system: 3,
    },
    Make {
        maker: "HP",
        model: "HP EliteBook 840 G10",
        cpu: ("GenuineIntel", "13th Gen Intel(R) Core(TM) i5-1345U"),
        os: "Microsoft Windows 11 Pro;64 bit",
        version: "10.0.22631",
        build: "22631",
        system: 3,
    },
    Make {
        maker: "Apple",
        model: "Mac15,6",
        cpu: ("Apple", "Apple M3 Pro"),
        os: "macOS 15.6.1",
        version: "15.6.1",
        build: "24G90",
        system: 4,
    },
    Make {
        maker: "Apple",
        model: "Mac14,2",
        cpu: ("Apple", "Apple M2"),
        os: "macOS 15.6.1",
        version: "15.6.1",
        build: "24G90",
        system: 4,
    },
];

/// What agents of one release tell alike.
const AGENT: &str = r#"{
    "state": 1, "policyName": "Default", "agentVersion": "4.5.2.73", "registrationState": "Registered",
    "download_count": 1, "deregistrationTimestamp": "0", "tunnelVersion": "20:1", "vpnState": 0,
    "upmVersion": "4.4.1.12", "carrier": "", "device_locale": "en-US", "rooted": 0,
    "logFetchInfo": {
        "logTs": 0, "logAckTs": 0, "error": 0, "logFetchPCAPEnabled": false, "logFetchDBEnabled": false,
        "logFetchFromNoOfDays": 0
    },
    "zdpVersion": "", "ziaEnabled": "true", "zpaEnabled": "true", "zdxEnabled": "true",
    "zdEnabled": "Not Applicable", "zdpEnabled": "false", "ziaHealth": "Active", "zpaHealth": "Active",
    "zdxHealth": "Active", "zdHealth": "Not Applicable", "zdpHealth": "Not Applicable",
    "zdLastSeenTime": "Not Applicable", "zdpLastSeenTime": "Not Applicable", "zccLoggedInUserType": "",
    "externalDeviceId": "", "zccForceRevert": "0", "antiTamperingStatus": "", "deviceTrust": 0,
    "zccTunnelVersion": "", "vdi": 0, "strictEnforcement": "0", "expectedZCCVersion": "4.5.2.73",
    "zccUpgradeStatus": "", "lastLocationSourceUsed": "Source IP"
}"#;

/// One device.
pub struct Device {
    seed: u64,
    before: u64,
    nth: u64,
    /// Its place among all devices of companies that the tenant was ever given, from 1 on.
    number: u64,
    make: &'static Make,
}

impl Device {
    /// The one of a number, in a company behind so many people.
    pub fn of(seed: u64, before: u64, nth: u32, number: u64) -> Device {
        let nth = u64::from(nth);
        let make = &MAKES[(draw(seed, "make", before, nth) % MAKES.len() as u64) as usize];
        Device { seed, before, nth, number, make }
    }

    fn draw(&self, word: &str) -> u64 {
        draw(self.seed, word, self.before, self.nth)
    }

    /// Whether it stands at its owner's site; the others are on the road.
    pub fn at_site(&self) -> bool {
        self.draw("site") % 10 < 7
    }

    fn hostname(&self) -> String {
        let number = self.number;
        if self.make.system == 4 { format!("MAC-{number:06}") } else { format!("PC-{number:06}") }
    }

    fn mac(&self) -> String {
        let [a, b, c, d, e, ..] = self.draw("mac").to_le_bytes();
        format!("02:{a:02X}:{b:02X}:{c:02X}:{d:02X}:{e:02X}")
    }

    fn serial(&self) -> String {
        format!("PF{:08X}", self.draw("serial") as u32)
    }

    /// One in ten is on day and night, one in twenty not at all, the others in the hours of their owners.
    fn presence(&self) -> String {
        match self.draw("presence") % 20 {
            0 | 1 => "always".into(),
            2 => "never".into(),
            drawn => format!("{}-{}", 7 + drawn % 3, 16 + drawn % 4),
        }
    }

    /// As it is measured.
    pub fn measured(&self, owner: i64, user: &Person, site: i64, place: &Place) -> Value {
        let (make, wireless) = (self.make, !self.draw("wired").is_multiple_of(4));
        let (geo_loc, rest) = place.measured();
        let [a, b, ..] = self.draw("address").to_le_bytes();
        // A site's devices share its network and its access points; those on the road have their own.
        let net = if site < 0 { self.draw("home") } else { draw(self.seed, "net", site.unsigned_abs(), 0) };
        let [x, y, p, q, r, s, ..] = net.to_le_bytes();
        let gateway = if site < 0 { format!("192.168.{}.1", x % 8) } else { format!("10.{x}.{y}.1") };
        let address = gateway.trim_end_matches('1').to_owned() + &(20 + u32::from(a) % 220).to_string();
        let only = |text: String| if wireless { text } else { String::new() };
        json!({
            "name": format!("{} ({} {} {})", self.hostname(), make.maker, make.model, make.os),
            "userid": owner.to_string(), "geo_loc": geo_loc, "zs_loc": [{ "id": site }],
            "hardware": {
                "hw_model": make.model, "hw_mfg": make.maker, "hw_type": "Laptop", "hw_serial": self.serial(),
                "tot_mem": if b % 2 == 0 { 16_384 } else { 32_768 }, "gpu": "", "disk_size": 512, "disk_model": "",
                "disk_type": "SSD", "cpu_mfg": make.cpu.0, "cpu_model": make.cpu.1, "speed_ghz": 1.8,
                "logical_proc": 12, "num_cores": 10,
            },
            "network": [{
                "net_type": if wireless { "Wi-Fi" } else { "Ethernet" }, "status": "up", "ipv4": address, "ipv6": "",
                "dns_srvs": gateway, "dns_suffix": "", "gateway": gateway, "mac": self.mac(),
                "guid": format!("{:08x}-0000-4000-8000-{:012x}", self.draw("guid") as u32, self.nth),
                "wifi_adapter": only("Intel(R) Wi-Fi 6E AX211".into()), "wifi_type": only("802.11ax".into()),
                "ssid": only(if site < 0 { "Home" } else { "Corp" }.into()), "channel": only("36".into()),
                "bssid": only(format!("06:{p:02X}:{q:02X}:{r:02X}:{s:02X}:01")),
            }],
            "software": {
                "os_name": make.os, "os_ver": make.version, "os_build": make.build, "hostname": self.hostname(),
                "netbios": self.hostname(), "user": user.account, "client_conn_ver": "4.5.2.73",
                "zdx_ver": "4.4.1.12",
            },
            "place": rest, "presence": self.presence(),
        })
    }

    /// As the agent on it tells.
    pub fn agent(&self, company: &str, user: &Person, now: Time) -> Value {
        let (make, now) = (self.make, now.to_string());
        let passwords = |nth: u64| format!("{:010x}", draw(self.seed, "password", self.nth, nth) >> 24);
        let passwords: Vec<String> = (0..10).map(passwords).collect();
        let mut told: Map<String, Value> = serde_json::from_str(AGENT).expect("a constant of ours is JSON");
        let moments = [
            "last_seen_time",
            "registration_time",
            "config_download_time",
            "keepAliveTime",
            "zpaLastSeenTime",
            "zdxLastSeenTime",
            "expectedZCCVersionTimestamp",
        ];
        told.extend(moments.map(|name| (name.to_owned(), Value::from(now.clone()))));
        let own = [
            ("companyName", company.into()),
            ("type", make.system.into()),
            ("udid", format!("{}-{:016X}", self.serial(), self.draw("udid")).into()),
            ("macAddress", self.mac().into()),
            ("user", user.email.as_str().into()),
            ("detail", format!("{} {}", make.maker, make.model).into()),
            ("osVersion", format!("{};{}", make.os, make.version).into()),
            ("owner", user.account.as_str().into()),
            ("machineHostname", self.hostname().into()),
            ("manufacturer", make.maker.into()),
            (
                "hardwareFingerprint",
                format!("{:016x}{:016x}", self.draw("finger"), self.draw("print")).into(),
            ),
            ("internal_model", make.model.into()),
            ("external_model", make.model.into()),
            ("serialNumber", self.serial().into()),
            ("deviceOtpArray", passwords.into()),
        ];
        told.extend(own.map(|(name, value): (&str, Value)| (name.to_owned(), value)));
        Value::Object(told)
    }
}
