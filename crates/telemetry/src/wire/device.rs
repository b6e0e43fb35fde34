//! Devices and users, and where they are.

use serde::Serialize;

use super::{NamedRef, number};

wire! {
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
        /// Degrees north.
        #[serde(serialize_with = "number")]
        pub geo_lat: f64,
        /// Degrees east.
        #[serde(serialize_with = "number")]
        pub geo_long: f64,
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
}
