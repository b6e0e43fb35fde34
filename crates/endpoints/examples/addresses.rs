//! How many addresses a second one core looks up in every built-in document of zscaler.net:
//! `cargo run --release -p zuno-endpoints --example addresses`.

use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Instant;

use zuno_endpoints::{Edition, Index, IpNet};

/// How many addresses are looked up in a round.
const MANY: usize = 4_000_000;

fn main() {
    let documents = Edition::built_in().iter().filter(|(cloud, ..)| *cloud == "zscaler.net");
    let index = Index::new(documents.flat_map(|(_, _, found)| found.document.listed()));
    let ranges: Vec<IpNet> = Edition::built_in()
        .get("zscaler.net", zuno_endpoints::Kind::Cenr)
        .map(|found| found.document.listed().map(|one| one.net).collect())
        .unwrap_or_default();
    println!("{} prefixes", index.prefixes());
    // A plain generator of numbers: the same addresses at every run.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut inside = |four: bool| -> IpAddr {
        loop {
            match ranges[next() as usize % ranges.len()] {
                IpNet::V4(net) if four => {
                    return Ipv4Addr::from_bits(
                        net.network().to_bits() | (next() as u32 & net.hostmask().to_bits()),
                    )
                    .into();
                }
                IpNet::V6(net) if !four => {
                    let low = u128::from(next()) << 64 | u128::from(next());
                    return Ipv6Addr::from_bits(net.network().to_bits() | (low & net.hostmask().to_bits()))
                        .into();
                }
                _ => {}
            }
        }
    };
    let four: Vec<IpAddr> = (0..MANY).map(|_| inside(true)).collect();
    let six: Vec<IpAddr> = (0..MANY).map(|_| inside(false)).collect();
    let anywhere: Vec<IpAddr> =
        (0..MANY as u32).map(|at| Ipv4Addr::from_bits(at.wrapping_mul(2_654_435_761)).into()).collect();
    for (what, addresses) in
        [("IPv4 in a range", &four), ("IPv6 in a range", &six), ("IPv4 anywhere", &anywhere)]
    {
        let best = (0..3)
            .map(|_| {
                let start = Instant::now();
                let found = addresses.iter().filter(|address| index.at(**address).next().is_some()).count();
                black_box(found);
                start.elapsed()
            })
            .min()
            .unwrap_or_default();
        println!("{what}: {:.1} million a second", MANY as f64 / best.as_secs_f64() / 1e6);
    }
}
