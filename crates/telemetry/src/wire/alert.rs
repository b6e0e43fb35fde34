//! Alerts and those they concern.

use serde::Serialize;
use zuno_model::Time;

use super::NamedRef;

wire! {
    /// An alert; the parts by place and department stand only in the answer for a single one.
    Alert {
        /// Its id: 19 digits, more than a double can hold (client).
        pub id: i64,
        /// The rule that raised it.
        pub rule_name: String,
        /// `critical` or `warning`.
        pub severity: &'static str,
        /// Always `application`.
        pub alert_type: &'static str,
        /// `ongoing` or `completed` (guessed: the portal's words in lower case).
        pub alert_status: &'static str,
        /// The application that fares badly.
        pub application: NamedRef,
        /// Places concerned.
        pub num_geolocations: usize,
        /// Devices concerned.
        pub num_devices: usize,
        /// When it began, epoch seconds.
        pub started_on: Time,
        /// When it ended; absent while it lasts.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub ended_on: Option<Time>,
    }

    /// An alert with those it concerns.
    AlertDetail {
        /// The alert.
        #[serde(flatten)]
        pub alert: Alert,
        /// Departments concerned.
        pub departments: Vec<AlertPart>,
        /// Sites concerned.
        pub locations: Vec<AlertPart>,
        /// Places concerned.
        pub geolocations: Vec<AlertPlace>,
    }

    /// A department or site and how many of its devices an alert concerns.
    AlertPart {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: String,
        /// Devices concerned.
        pub num_devices: usize,
    }

    /// A place and how many of its devices an alert concerns.
    AlertPlace {
        /// Id of the city.
        pub id: String,
        /// Its name.
        pub city: String,
        /// Its state.
        pub state: String,
        /// Its country.
        pub country: String,
        /// Devices concerned.
        pub num_devices: usize,
    }

    /// A device that an alert concerns; two of its members are in camel case, unlike all others (client).
    AffectedDevice {
        /// Its id.
        pub id: i64,
        /// Host name, make and system.
        pub name: String,
        /// Its owner.
        pub userid: i64,
        /// The owner's name.
        #[serde(rename = "userName")]
        pub user_name: String,
        /// The owner's address.
        #[serde(rename = "userEmail")]
        pub user_email: String,
    }
}
