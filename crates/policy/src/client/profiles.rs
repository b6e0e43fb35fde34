//! Application profiles and forwarding profiles, as they are read.

use ipnet::IpNet;
use serde_json::Value;

use super::entries::{lists, net};
use super::traffic::Carried;
use crate::matching::RuleRef;
use crate::record::{Record, id, on, reference, text, whole, words};
use crate::snapshot::Snapshot;
use crate::spelling;

/// What the agent does on one platform, for whom.
#[derive(Debug)]
pub(super) struct Profile {
    pub rule: RuleRef,
    pub platform: i64,
    default: bool,
    everyone: bool,
    /// Logins of users and names of groups, in small letters.
    users: Vec<String>,
    groups: Vec<String>,
    /// It names more of them by numbers of the client's own, which no question tells.
    more: bool,
    /// It is for groups of devices.
    pub by_device: bool,
    pub forwarding: Box<str>,
    pub has_pac: bool,
    /// Addresses that stay outside, and those that go inside where only some do.
    pub outside: Vec<IpNet>,
    pub inside: Vec<IpNet>,
    /// Names that are asked for outside, and inside.
    pub names_outside: Vec<String>,
    pub names_inside: Vec<String>,
    /// Gateways of VPNs, by name or address.
    pub gateways: Vec<String>,
    /// Applications by address that stay outside.
    pub apps: Vec<String>,
    /// There are bypasses that no question can tell.
    pub by_process: bool,
}

/// Whether a profile is somebody's.
pub(super) enum Audience {
    Within,
    Without,
    Unknown,
}

/// What a forwarding profile does on each of four networks: none that is trusted, a trusted one, a VPN's, a split VPN's.
#[derive(Debug)]
pub(super) struct Forwarding {
    pub rule: RuleRef,
    /// How internet traffic goes; nothing where no document tells what the number means.
    pub internet: [Option<Carried>; 4],
    /// Whether private applications are asked for.
    pub private: [Option<bool>; 4],
    pub has_pac: [bool; 4],
    /// The trusted networks that it names.
    pub networks: Vec<String>,
}

/// The number of a platform (seen: 1 iOS, 2 Android, 3 Windows, 4 macOS, 5 Linux).
pub(super) fn platform(name: &str) -> Option<i64> {
    match &*spelling::platform(name) {
        "ios" => Some(1),
        "android" => Some(2),
        "windows" => Some(3),
        "mac" => Some(4),
        "linux" => Some(5),
        _ => None,
    }
}

/// The profiles that are in force, in the order in which they are tried (seen: by `ruleOrder`, the default one last).
pub(super) fn in_order(snapshot: &Snapshot) -> Vec<Profile> {
    let records = snapshot.records("zcc.application_profile").iter();
    let mut profiles: Vec<Profile> =
        records.filter(|record| whole(record, "active") == Some(1)).filter_map(Profile::read).collect();
    profiles.sort_by_key(|profile| (profile.default, profile.rule.order));
    profiles
}

impl Profile {
    fn read(record: &Record) -> Option<Profile> {
        let number = whole(record, "deviceType")
            .or_else(|| platform(text(record, "deviceType")?.strip_prefix("DEVICE_TYPE_")?))?;
        let own = id(record, "id").unwrap_or_default();
        let empty = Record::new();
        let more = record.get("policyExtension").and_then(Value::as_object).unwrap_or(&empty);
        let each = |member: &str, names: &[&str]| -> Vec<String> {
            let listed = record.get(member).and_then(Value::as_array).into_iter().flatten();
            let told = listed.filter_map(Value::as_object).flat_map(|one| {
                names
                    .iter()
                    .filter_map(|name| id(one, name))
                    .map(|name| name.to_lowercase())
                    .collect::<Vec<_>>()
            });
            told.collect()
        };
        let (outside, inside) =
            (lists(more, "packetTunnelExcludeList"), lists(more, "packetTunnelIncludeList"));
        let nets = |entries: &[String]| entries.iter().filter_map(|entry| net(entry)).collect::<Vec<IpNet>>();
        let unread = outside.iter().chain(&inside).any(|entry| net(entry).is_none());
        let process = ["bypassAppIds", "bypassApps"].iter().any(|member| !words(record, member).is_empty());
        let apps = ["bypassCustomAppIds", "appServiceIds"].iter().flat_map(|member| words(record, member));
        let (users, groups) = (each("users", &["loginName"]), each("groups", &["name"]));
        let numbered = |member: &str| words(record, member).len();
        let beyond = numbered("userIds") > users.len() || numbered("groupIds") > groups.len();
        Some(Profile {
            rule: reference(record, "ruleOrder"),
            platform: number,
            default: own == "0" || platform(&own).is_some(),
            everyone: on(record, "groupAll"),
            users,
            groups,
            more: beyond,
            by_device: on(record, "enableDeviceGroups")
                && ["deviceGroups", "deviceGroupIds"].iter().any(|member| !words(record, member).is_empty()),
            // One that names none has the default one (guessed; the default profiles name none, seen).
            forwarding: ["onNetPolicy", "forwardingProfileId"]
                .iter()
                .find_map(|member| id(record, member))
                .unwrap_or_else(|| "0".to_owned())
                .into(),
            has_pac: text(record, "pac_url").is_some(),
            outside: nets(&outside),
            inside: nets(&inside),
            names_outside: lists(more, "packetTunnelDnsExcludeList"),
            names_inside: lists(more, "packetTunnelDnsIncludeList"),
            gateways: lists(more, "vpnGateways"),
            apps: apps.collect(),
            by_process: process || unread || text(more, "sourcePortBasedBypasses").is_some(),
        })
    }

    /// Whether it is for a user, with these groups as far as they are known.
    pub fn audience(&self, user: Option<&str>, groups: Option<&[&String]>) -> Audience {
        if self.default || self.everyone {
            return Audience::Within;
        }
        let named = user.is_some_and(|user| self.users.iter().any(|own| own == user));
        let within = groups.is_some_and(|groups| groups.iter().any(|group| self.groups.contains(group)));
        let told = (user.is_some() || self.users.is_empty())
            && (groups.is_some() || self.groups.is_empty())
            && !self.more;
        match (named || within, told) {
            (true, _) => Audience::Within,
            (false, true) => Audience::Without,
            (false, false) => Audience::Unknown,
        }
    }
}

impl Forwarding {
    pub fn read(record: &Record) -> Forwarding {
        let mut read = Forwarding {
            rule: reference(record, "order"),
            internet: [None; 4],
            private: [None; 4],
            has_pac: [false; 4],
            networks: words(record, "trustedNetworkIds"),
        };
        let actions = |member: &str| {
            let listed = record.get(member).and_then(Value::as_array).into_iter().flatten();
            let read = |action: &Value| {
                let action = action.as_object()?.clone();
                let network =
                    usize::try_from(whole(&action, "networkType")?).ok().filter(|network| *network < 4)?;
                Some((network, action))
            };
            listed.filter_map(read).collect::<Vec<(usize, Record)>>()
        };
        for (network, action) in actions("forwardingProfileActions") {
            // Of the numbers, none and tunnel are known; packets are tunnelled where everything is.
            read.internet[network] = match (whole(&action, "actionType"), on(&action, "enablePacketTunnel")) {
                (Some(0), _) => Some(Carried::Not),
                (Some(1), true) => Some(Carried::Everything),
                (Some(1), false) => Some(Carried::Web),
                _ => None,
            };
            let proxy = action.get("systemProxyData").and_then(Value::as_object);
            read.has_pac[network] = text(&action, "customPac").is_some()
                || proxy.is_some_and(|proxy| on(proxy, "enablePAC") || text(proxy, "pacURL").is_some());
        }
        for (network, action) in actions("forwardingProfileZpaActions") {
            read.private[network] = match whole(&action, "actionType") {
                Some(0) => Some(false),
                Some(1) => Some(true),
                _ => None,
            };
        }
        read
    }

    /// All that it does on a network.
    pub fn treats(&self, network: usize) -> (Option<Carried>, Option<bool>) {
        (self.internet[network], self.private[network])
    }
}
