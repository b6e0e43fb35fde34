//! `published-vips`: the virtual addresses that a tenant is told of are those that the service endpoints publish, and
//! the nearest ones are recommended.

use std::net::Ipv4Addr;

use serde_json::{Value, json};
use zuno_catalogue::handles::zia::vip;
use zuno_engine::{Behaviour, Call, Context, Outcome, Stored};
use zuno_model::{Fault, Id, Record};

use super::nearby::{FEWEST, Nearby};
use super::sites::{Centre, centres};
use super::subcloud;
use crate::shared::cities::country_name;

/// The guarantee.
#[derive(Default)]
pub struct PublishedVips;

impl Behaviour for PublishedVips {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let all = centres(cx)?;
        let name = cx.operation()?.name.clone();
        if name == "list" {
            return list(cx, call, all);
        }
        let near = Nearby::of(cx, call)?.choose(cx, &all)?;
        let shown = match name.as_str() {
            "recommended_list" => recommended(&near),
            _ => near.iter().map(grouped).collect(),
        };
        Ok(Outcome::Value(Value::Array(shown)))
    }
}

/// One address of each site, and more of them where there are too few sites.
fn recommended(near: &[Centre]) -> Vec<Value> {
    let firsts = near.iter().filter_map(|centre| centre.vips().next());
    let others = near.iter().flat_map(|centre| centre.vips().skip(1));
    let wanted = firsts.clone().count().max(FEWEST);
    firsts.chain(others).take(wanted).map(|vip| vip.shown()).collect()
}

fn list(cx: &Context<'_>, call: &Call, mut all: Vec<Centre>) -> Result<Outcome, Fault> {
    if call.query("include").is_some_and(|text| text.eq_ignore_ascii_case("private")) {
        all.clear();
    }
    if let Some(name) = call.query("subcloud").filter(|name| !name.is_empty()) {
        let members = subcloud::members_of(cx, name)?;
        all.retain(|centre| members.contains(&centre.id));
    }
    let cloud = &cx.tenant().cloud;
    let rows = all.iter().map(|centre| Stored {
        id: Id(centre.name.clone()),
        scope: "0".into(),
        sort: centre.name.clone(),
        record: row(cloud, centre),
    });
    let rows = rows.collect();
    cx.list(cx.resource(vip::KIND)?, None, rows)
}

fn row(cloud: &str, centre: &Centre) -> Record {
    let site = &centre.site;
    let texts = |list: Vec<Ipv4Addr>| list.iter().map(ToString::to_string).collect::<Vec<_>>();
    let beside: Vec<Beside> = site.gre.iter().map(|gre| Beside::of(*gre)).collect();
    let stem = centre.name.to_lowercase();
    let host = |part: &str, there: bool| match there {
        true => format!("{stem}.{part}.{cloud}"),
        false => String::new(),
    };
    let members = json!({
        "cloudName": cloud,
        "region": centre.region,
        "country": country_name(centre.country()),
        "city": centre.city,
        "dataCenter": centre.name,
        "location": centre.place(),
        "vpnIps": texts(beside.iter().flat_map(|beside| beside.vpn).collect()),
        "vpnDomainName": site.vpn,
        "greIps": texts(site.gre.clone()),
        "greDomainName": host("gre", !site.gre.is_empty()),
        "pacIps": texts(beside.iter().flat_map(|beside| beside.pac).collect()),
        "pacDomainName": site.proxy,
        "svpnIps": site.svpn.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "svpnDomainName": host("svpn", !site.svpn.is_empty()),
    });
    let Value::Object(members) = members else { unreachable!("made as an object") };
    members
}

fn grouped(centre: &Centre) -> Value {
    let vips = centre.vips().map(|vip| json!({"id": vip.id(), "virtualIp": vip.address.to_string()}));
    json!({
        "datacenter": {
            "datacenter": centre.name, "city": centre.city, "countryCode": centre.country(),
            "latitude": centre.latitude as f64, "longitude": centre.longitude as f64, "region": centre.region,
        },
        "greVips": vips.collect::<Vec<Value>>(),
    })
}

/// The addresses of an instance that are not published. They lie beside the one for GRE, in one of two ways (seen at
/// eight of ten sites): all behind it, or in the network of 256 that follows.
#[derive(Debug, PartialEq)]
struct Beside {
    vpn: [Ipv4Addr; 4],
    pac: [Ipv4Addr; 4],
}

impl Beside {
    fn of(gre: Ipv4Addr) -> Beside {
        let four = |first: u32| {
            [0, 1, 2, 3].map(|more| Ipv4Addr::from_bits(gre.to_bits().wrapping_add(first + more)))
        };
        match gre.octets()[3] {
            // Instances of several clouds share such a network, 64 addresses each.
            129 | 193 => Beside { vpn: four(1), pac: four(256) },
            _ => Beside { pac: four(2), vpn: four(6) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_beside_the_one_for_gre_are_as_seen() {
        let told = |gre: &str| {
            let Beside { vpn, pac } = Beside::of(gre.parse().unwrap());
            (vpn[0].to_string(), vpn[3].to_string(), pac[0].to_string(), pac[3].to_string())
        };
        let seen = |all: [&str; 4]| {
            let [a, b, c, d] = all.map(str::to_owned);
            (a, b, c, d)
        };
        for (gre, beside) in [
            ("147.161.216.34", ["147.161.216.40", "147.161.216.43", "147.161.216.36", "147.161.216.39"]),
            ("98.98.186.28", ["98.98.186.34", "98.98.186.37", "98.98.186.30", "98.98.186.33"]),
            ("87.58.118.129", ["87.58.118.130", "87.58.118.133", "87.58.119.129", "87.58.119.132"]),
        ] {
            assert_eq!(told(gre), seen(beside), "{gre}");
        }
    }
}
