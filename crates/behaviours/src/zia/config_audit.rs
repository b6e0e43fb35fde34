//! `config-audit`: operations grade the tenant's configuration, each part from A to C by what is configured, and say what
//! would be better.
//!
//! What makes a grade is guessed, and the words are ours; nothing is graded that only traffic would tell. Parameters: the
//! operations `tunnels`, `visibility`, `scripts` and `export`; the whole report is any other. `large`, the bytes from which a
//! script is large.

use std::collections::{HashMap, HashSet};
use std::net::Ipv4Addr;

use serde_json::{Value, json};
use zuno_catalogue::Members;
use zuno_catalogue::handles::zia::{
    advanced_url_filter_settings, auth_settings, gre_tunnel, location, pac_file, pac_file_version,
};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params, Stored, at_path};
use zuno_model::{Fault, Id, Record};

use crate::shared::csv::line;

/// The guarantee for the tenant.
struct ConfigAudit {
    tunnels: String,
    visibility: String,
    scripts: String,
    export: String,
    large: usize,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(ConfigAudit {
        tunnels: params.text("tunnels")?,
        visibility: params.text("visibility")?,
        scripts: params.text("scripts")?,
        export: params.text("export")?,
        large: params.needed_number("large")?,
    }))
}

fn text<'r>(record: &'r Record, path: &str) -> &'r str {
    at_path(record, path).and_then(Value::as_str).unwrap_or_default()
}

/// A for nothing that is wrong, C where all of it is, B between them.
fn grade(wrong: usize, all: usize) -> &'static str {
    match wrong {
        0 => "A",
        wrong if wrong < all => "B",
        _ => "C",
    }
}

/// The worst of some grades.
fn worst<'g>(grades: impl IntoIterator<Item = &'g str>) -> &'g str {
    grades.into_iter().max().unwrap_or("A")
}

/// The addresses of proxies that a script names, each once.
fn addresses(script: &str) -> Vec<Ipv4Addr> {
    let words: Vec<&str> = script
        .split(|letter: char| letter.is_whitespace() || "\"';".contains(letter))
        .filter(|word| !word.is_empty())
        .collect();
    let named = words
        .windows(2)
        .filter(|pair| ["PROXY", "HTTP", "HTTPS", "SOCKS", "SOCKS4", "SOCKS5"].contains(&pair[0]));
    let mut found: Vec<Ipv4Addr> = named.filter_map(|pair| pair[1].split(':').next()?.parse().ok()).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Tunnels, and the locations whose traffic comes through them.
struct Tunnels {
    tunnels: Vec<Stored>,
    /// The locations with tunnels, and their places among the tunnels.
    used: Vec<(Stored, Vec<usize>)>,
    /// How many tunnels are no location's.
    unused: usize,
}

impl Tunnels {
    fn of(cx: &Context<'_>) -> Result<Tunnels, Fault> {
        Ok(Tunnels::between(cx.all(gre_tunnel::KIND, None)?, cx.all(location::KIND, None)?))
    }

    fn between(tunnels: Vec<Stored>, locations: Vec<Stored>) -> Tunnels {
        let mut by_source = HashMap::new();
        for (place, tunnel) in tunnels.iter().enumerate() {
            by_source.entry(text(&tunnel.record, gre_tunnel::SOURCE_IP.name)).or_insert(place);
        }
        let tunnels_of = |location: &Stored| -> Vec<usize> {
            let held = location.record.texts(location::IP_ADDRESSES.name);
            held.filter_map(|address| by_source.get(address).copied()).collect()
        };
        let used = locations.into_iter().map(|place| (tunnels_of(&place), place));
        let used: Vec<(Stored, Vec<usize>)> =
            used.filter(|(own, _)| !own.is_empty()).map(|(own, place)| (place, own)).collect();
        let taken: HashSet<usize> = used.iter().flat_map(|(_, tunnels)| tunnels).copied().collect();
        let unused = tunnels.len() - taken.len();
        Tunnels { tunnels, used, unused }
    }

    /// The locations with a tunnel that has one data centre alone, and that tunnel.
    fn at_issue(&self) -> Vec<(&Stored, &Stored)> {
        let site = |tunnel: &Stored, vip: &str| text(&tunnel.record, &format!("{vip}.datacenter")).to_owned();
        let alone = |tunnel: &Stored| {
            let second = site(tunnel, gre_tunnel::SECONDARY_DEST_VIP.name);
            second.is_empty() || second == site(tunnel, gre_tunnel::PRIMARY_DEST_VIP.name)
        };
        let used = self
            .used
            .iter()
            .flat_map(|(place, tunnels)| tunnels.iter().map(move |tunnel| (place, &self.tunnels[*tunnel])));
        used.filter(|(_, tunnel)| alone(tunnel)).collect()
    }

    fn grade(&self, at_issue: usize) -> &'static str {
        grade(self.unused + at_issue, self.tunnels.len())
    }

    fn told(&self) -> Value {
        let at_issue = self.at_issue();
        let issues: Vec<Value> = at_issue
            .iter()
            .map(|(place, tunnel)| {
                json!({
                    "locationId": place.id.as_str().parse::<i64>().ok(),
                    "locationName": text(&place.record, location::NAME.name),
                    "tunnelIp": text(&tunnel.record, gre_tunnel::SOURCE_IP.name),
                    "primaryDatacenter": text(&tunnel.record, "primaryDestVip.datacenter"),
                    "secondaryDatacenter": text(&tunnel.record, "secondaryDestVip.datacenter"),
                })
            })
            .collect();
        json!({
            "totalGreTunnels": self.tunnels.len(),
            "totalGreLocations": self.used.len(),
            "greTunnelsWithoutLocation": self.unused > 0,
            "details": "A location's tunnel ends at two data centres, and every tunnel is some location's.",
            "recommendation": recommended(self.grade(at_issue.len()), "Let each tunnel end at two data centres and belong to a location."),
            "locationsWithIssues": issues,
        })
    }
}

/// What would be better, unless nothing would.
fn recommended<'w>(grade: &str, words: &'w str) -> &'w str {
    if grade == "A" { "" } else { words }
}

/// A PAC file with what it says.
struct Script {
    name: String,
    /// In bytes.
    size: usize,
    /// The addresses of proxies that it names.
    fixed: Vec<Ipv4Addr>,
}

fn scripts(cx: &Context<'_>) -> Result<Vec<Script>, Fault> {
    let mut found = Vec::new();
    for file in cx.all(pac_file::KIND, None)? {
        let version = file.record.get(pac_file::DEPLOYED.name).and_then(Id::from_value);
        let version = version.map(|id| cx.get(pac_file_version::KIND, &id)).transpose()?.flatten();
        let content =
            version.as_ref().map(|version| text(&version.record, pac_file_version::PAC_CONTENT.name));
        let content = content.unwrap_or_default();
        let name = text(&file.record, pac_file::NAME.name).to_owned();
        found.push(Script { name, size: content.len(), fixed: addresses(content) });
    }
    Ok(found)
}

impl ConfigAudit {
    fn large<'s>(&self, scripts: &'s [Script]) -> Vec<&'s Script> {
        scripts.iter().filter(|script| script.size > self.large).collect()
    }

    fn scripts(&self, scripts: &[Script]) -> Value {
        let fixed: Vec<&Script> = scripts.iter().filter(|script| !script.fixed.is_empty()).collect();
        let large = self.large(scripts);
        let of_addresses = grade(fixed.len(), scripts.len());
        let of_size = grade(large.len(), scripts.len());
        json!({
            "totalPacFiles": scripts.len(),
            "pacFileDetails": "A script that names addresses does not follow the cloud's.",
            "pacFileRecommendation": recommended(of_addresses, "Name proxies by their variables, not by addresses."),
            "pacFileSizeDetails": format!("A script is large from {} bytes on.", self.large),
            "pacFileSizeRecommendation": recommended(of_size, "Split large scripts."),
            "pacWithStaticIPs": fixed.iter().map(|script| json!({
                "pacFileName": script.name,
                "staticServiceIps": script.fixed.iter().map(Ipv4Addr::to_string).collect::<Vec<_>>(),
                "staticVirtualIps": [],
            })).collect::<Vec<_>>(),
            "pacWithLargeSize": large.iter().map(|script| json!({
                "pacFileName": script.name, "pacFileSize": script.size,
            })).collect::<Vec<_>>(),
        })
    }

    /// The addresses that scripts name as a table, of the one that the query names or of all.
    fn table(scripts: &[Script], name: Option<&str>) -> String {
        let mut table = line([Some("PAC File"), Some("Static IP")]);
        for script in scripts.iter().filter(|script| name.is_none_or(|name| name == script.name)) {
            for address in &script.fixed {
                table.push_str(&line([Some(script.name.as_str()), Some(address.to_string().as_str())]));
            }
        }
        table
    }

    fn whole(&self, cx: &Context<'_>) -> Result<Value, Fault> {
        let tunnels = Tunnels::of(cx)?;
        let scripts = scripts(cx)?;
        let fixed = scripts.iter().filter(|script| !script.fixed.is_empty()).count();
        let url = cx.only(advanced_url_filter_settings::KIND)?.record;
        let on = |name: &str| url.flag(name);
        let office = on(advanced_url_filter_settings::ENABLE_OFFICE365.name)
            || on(advanced_url_filter_settings::ENABLE_MSFT_O365.name);
        let sign_in = cx.only(auth_settings::KIND)?.record;
        let frequency = text(&sign_in, auth_settings::AUTH_FREQUENCY.name);
        let custom = auth_settings::AUTH_CUSTOM_FREQUENCY.of(&sign_in).unwrap_or(0);
        let at_issue = tunnels.at_issue().len();
        let of_tunnels = tunnels.grade(at_issue);
        let of_scripts = grade(fixed, scripts.len());
        let of_size = grade(self.large(&scripts).len(), scripts.len());
        let of_office = if office { "A" } else { "C" };
        let of_frequency = match frequency {
            "PERMANENT_COOKIE" => "A",
            "SESSION_COOKIE" | "DAILY_COOKIE" => "C",
            _ => "B",
        };
        let available = grade(at_issue, tunnels.used.len());
        let performance = worst([of_office, of_frequency, of_size]);
        Ok(json!({
            "overallGrade": worst([of_tunnels, of_scripts, available, performance]),
            "highAvailabilityGrade": available,
            "userPerformanceGrade": performance,
            "otherGrade": of_scripts,
            "greTunnelGrade": of_tunnels,
            "greTunnelRecommendedConfiguration":
                recommended(of_tunnels, "Let each tunnel end at two data centres and belong to a location."),
            "pacFileGrade": of_scripts,
            "pacFileRecommendedConfiguration":
                recommended(of_scripts, "Name proxies by their variables, not by addresses."),
            "pacfileSizeGrade": of_size,
            "pacFileSizeRecommendedConfiguration": recommended(of_size, "Split large scripts."),
            "ipVisibilityGrade": "A",
            "ipVisibilityRecommendedConfiguration": "",
            "office365Flag": office,
            "office365Grade": of_office,
            "office365RecommendedConfiguration": recommended(of_office, "Switch the bypass for Microsoft 365 on."),
            "authFrequency": { "authFrequency": frequency, "authCustomFrequency": custom },
            "authFrequencyGrade": of_frequency,
            "authFrequencyRecommendedConfiguration":
                recommended(of_frequency, "Let people sign in once."),
            "dataPresent": true,
            "reportTimestamp": cx.now(),
        }))
    }
}

impl Behaviour for ConfigAudit {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let name = &cx.operation()?.name;
        Ok(Outcome::Value(if *name == self.tunnels {
            Tunnels::of(cx)?.told()
        } else if *name == self.visibility {
            // Who hides addresses behind one is seen in traffic alone.
            json!({
                "totalGreLocations": Tunnels::of(cx)?.used.len(),
                "locationsWithNat": [],
                "details": "A location that hides its addresses behind one cannot be told apart by them.",
                "recommendation": "",
            })
        } else if *name == self.scripts {
            self.scripts(&scripts(cx)?)
        } else if *name == self.export {
            let name = call.query("name").filter(|name| !name.is_empty());
            let table = Self::table(&scripts(cx)?, name);
            return Ok(Outcome::Text("text/csv;charset=UTF-8", table, Some("pacFileStaticIps.csv".into())));
        } else {
            self.whole(cx)?
        }))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use zuno_engine::Stored;
    use zuno_model::{Id, Record};

    use super::{Tunnels, addresses, grade, worst};

    fn stored(id: &str, record: serde_json::Value) -> Stored {
        let record: Record = serde_json::from_value(record).expect("a record is an object");
        Stored { id: Id(id.into()), scope: "0".into(), sort: String::new(), record }
    }

    #[test]
    fn every_tunnel_of_a_location_is_used_and_can_be_at_issue() {
        let tunnel = |id: &str, source: &str, second: &str| {
            stored(
                id,
                json!({
                    "sourceIp": source,
                    "primaryDestVip": { "datacenter": "FRA4" },
                    "secondaryDestVip": { "datacenter": second },
                }),
            )
        };
        let (good, bad) = (tunnel("1", "192.0.2.1", "AMS2"), tunnel("2", "192.0.2.2", "FRA4"));
        let unused = tunnel("3", "192.0.2.3", "AMS2");
        let place = |addresses: &[&str]| stored("9", json!({ "name": "Köln", "ipAddresses": addresses }));
        let both = place(&["192.0.2.1", "192.0.2.2", "198.51.100.7"]);
        let found = Tunnels::between(vec![good, bad, unused], vec![both, place(&["198.51.100.8"])]);
        assert_eq!((found.used.len(), found.unused), (1, 1));
        let at_issue: Vec<&str> = found.at_issue().iter().map(|(_, tunnel)| tunnel.id.as_str()).collect();
        assert_eq!(at_issue, ["2"]);
    }

    #[test]
    fn a_grade_falls_with_what_is_wrong() {
        assert_eq!((grade(0, 0), grade(0, 3), grade(1, 3), grade(3, 3)), ("A", "A", "B", "C"));
        assert_eq!(worst(["A", "C", "B"]), "C");
        assert_eq!(worst([]), "A");
    }

    #[test]
    fn a_script_names_the_addresses_of_proxies() {
        let script = r#"if (isInNet(host, "10.0.0.0", "255.0.0.0")) return "DIRECT";
            return "PROXY 165.225.80.40:80; PROXY ${GATEWAY}:80; SOCKS 165.225.80.40:9400";"#;
        let found: Vec<String> = addresses(script).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["165.225.80.40"]);
    }
}
