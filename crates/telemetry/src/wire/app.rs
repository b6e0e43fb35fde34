//! Applications: in the list, by themselves, by user and by device.

use serde::Serialize;

use super::{Series, UserDevice};

wire! {
    /// The place that fares worst.
    Region {
        /// Id of the city.
        pub id: String,
        /// Its name.
        pub city: String,
        /// Its state; the same text as `state`, since clients differ in which they read (client).
        pub region: String,
        /// Its state.
        pub state: String,
        /// Its country.
        pub country: String,
        /// Always `city`.
        pub geo_type: &'static str,
    }

    /// An application in the list of applications.
    App {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: String,
        /// Mean of its users' lowest scores, 0 to 100.
        pub score: i64,
        /// Where it fares worst.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub most_impacted_region: Option<Region>,
        /// Users with a device that reported.
        pub total_users: usize,
    }

    /// An application by itself.
    AppDetail {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: String,
        /// Mean of its users' lowest scores, 0 to 100; absent when nobody has one.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub score: Option<i64>,
        /// Where it fares worst.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub most_impacted_region: Option<Region>,
        /// How many fare how.
        pub stats: AppStats,
    }

    /// How many users fare how; the four bands add up to the active users.
    AppStats {
        /// Users with a device that reported.
        pub active_users: usize,
        /// Devices that reported.
        pub active_devices: usize,
        /// Users at 0 to 33.
        pub num_poor: usize,
        /// Users at 34 to 65.
        pub num_okay: usize,
        /// Users at 66 to 100.
        pub num_good: usize,
        /// Users without a score.
        pub num_na: usize,
    }

    /// A user of an application.
    AppUser {
        /// Its id.
        pub id: i64,
        /// Display name.
        pub name: String,
        /// Address.
        pub email: String,
        /// Lowest score, 0 to 100; absent without one.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub score: Option<i64>,
    }

    /// A user of an application with the devices behind it.
    AppUserDetail {
        /// The user.
        #[serde(flatten)]
        pub user: AppUser,
        /// Devices that reported.
        pub devices: Vec<UserDevice>,
    }

    /// An application as one device sees it.
    DeviceApp {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: String,
        /// Lowest score, 0 to 100; absent without one.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub score: Option<i64>,
    }

    /// One application of one device: both the summary that one client reads and the series that others do (client).
    DeviceAppTrend {
        /// The summary.
        #[serde(flatten)]
        pub app: DeviceApp,
        /// The scores of each hour.
        #[serde(flatten)]
        pub series: Series,
    }
}
