//! `service-protocol`: services can be listed by the protocol that they are of (documented).
//!
//! A service with ports of TCP or UDP is of those; the vendor's without ports are of the protocol that their name begins with,
//! and what is of none of these is of `OTHER` (guessed). Parameters: `query`; `tcp` and `udp`, the lists of ports; `name`.

use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Fix, Id, Kind, Record};

/// Protocols without ports.
const BARE: [&str; 3] = ["ICMP", "GRE", "ESP"];

/// All that can be asked for.
const KNOWN: [&str; 6] = ["TCP", "UDP", "OTHER", BARE[0], BARE[1], BARE[2]];

/// The guarantee for one resource.
struct ServiceProtocol {
    kind: Kind,
    query: String,
    tcp: Vec<String>,
    udp: Vec<String>,
    name: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(ServiceProtocol {
        kind: Kind(params.kind()),
        query: params.text("query")?,
        tcp: params.fields("tcp")?,
        udp: params.fields("udp")?,
        name: params.field("name")?,
    }))
}

impl ServiceProtocol {
    fn is_of(&self, service: &Record, protocol: &str) -> bool {
        let name = service.text(&self.name).unwrap_or_default();
        // A pair of lists that is there and empty is any port.
        let has = |lists: &[String]| lists.iter().any(|list| service.contains_key(list));
        let bare = |protocol: &str| name == protocol || name.starts_with(&format!("{protocol}_"));
        match protocol {
            "TCP" => has(&self.tcp),
            "UDP" => has(&self.udp),
            "OTHER" => !has(&self.tcp) && !has(&self.udp) && !BARE.into_iter().any(bare),
            other => bare(other),
        }
    }
}

impl Behaviour for ServiceProtocol {
    fn chooses(&self, cx: &Context<'_>) -> bool {
        cx.query(&self.query).is_some_and(|wanted| !wanted.is_empty())
    }

    fn accepts(&self, cx: &Context<'_>, _: &Id, service: &Record) -> Result<bool, Fault> {
        let wanted = cx.query_all(&self.query).flat_map(|wanted| wanted.split(','));
        let wanted: Vec<String> = wanted.map(|wanted| wanted.trim().to_ascii_uppercase()).collect();
        // A word that is none is refused whatever stands before it.
        if wanted.iter().any(|wanted| !KNOWN.contains(&wanted.as_str())) {
            let fix = Fix::Enum(KNOWN.map(str::to_owned).to_vec());
            return Err(Fault::Invalid { kind: self.kind.clone(), field: self.query.clone(), fix });
        }
        Ok(wanted.iter().any(|wanted| self.is_of(service, wanted)))
    }
}
