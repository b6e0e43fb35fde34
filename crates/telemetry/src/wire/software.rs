//! Installed packages.

use serde::Serialize;

wire! {
    /// A package and how many have it.
    Package {
        /// What names it.
        pub software_key: String,
        /// Its name.
        pub software_name: &'static str,
        /// Who makes it.
        pub vendor: &'static str,
        /// What it is for.
        pub software_group: &'static str,
        /// How it came there (client: go).
        pub sw_install_type: &'static str,
        /// The same (client: python).
        pub software_install_type: &'static str,
        /// Users who have it.
        pub user_total: usize,
        /// Devices that have it.
        pub device_total: usize,
    }

    /// A package on one device.
    Installed {
        /// What names it.
        pub software_key: String,
        /// Its name.
        pub software_name: &'static str,
        /// In which version.
        pub software_version: String,
        /// What it is for.
        pub software_group: &'static str,
        /// The device's operating system.
        pub os: String,
        /// Who makes it.
        pub vendor: &'static str,
        /// Whose device it is.
        pub user_id: i64,
        /// The device.
        pub device_id: i64,
        /// Its host name.
        pub hostname: String,
        /// The owner's name.
        pub username: String,
        /// When it was installed, as `2024-01-15`.
        pub install_date: String,
    }
}
