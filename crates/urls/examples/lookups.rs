//! Measures lookups in the base and resolutions against 25,000 entries: `cargo run --release -p zuno-urls --example lookups`.

use std::hint::black_box;
use std::time::Instant;

use zuno_urls::{Address, Base, CustomCategories, CustomCategory};

fn per_second(what: &str, count: usize, mut run: impl FnMut()) {
    run();
    let began = Instant::now();
    run();
    println!("{what}: {:.0} per second", count as f64 / began.elapsed().as_secs_f64());
}

fn main() {
    let base = Base::built_in();
    println!("{} domains in the base", base.domains());
    let known =
        ["https://www.google.com/search?q=x", "facebook.com", "news.bbc.com/world", "a.b.c.d.github.com"];
    let unknown =
        ["https://www.example.com/x", "viruses.org", "a.b.c.d.example.net", "intranet.corp.example"];
    for (what, urls) in [("known URLs", known), ("unknown URLs", unknown)] {
        per_second(what, 400_000, || {
            for _ in 0..100_000 {
                for url in urls {
                    black_box(base.lookup(black_box(url)));
                }
            }
        });
    }

    let entry = |n: usize| match n % 3 {
        0 => format!(".site-{n}.example.com"),
        1 => format!("www.site-{n}.example.org/path/{n}/"),
        _ => format!(".shared.example.net/docs/{n:0width$}", width = 4 + n % 60),
    };
    let urls: Vec<String> = (0..25_000).map(entry).collect();
    let keywords: Vec<String> = (0..2_048).map(|n| format!("word-{n}-x")).collect();
    let build = || {
        CustomCategories::new([CustomCategory {
            id: "CUSTOM_01",
            val: 128,
            urls: urls.iter().map(String::as_str).collect(),
            keywords: keywords.iter().map(String::as_str).collect(),
            ..CustomCategory::default()
        }])
    };
    let own = build();
    per_second("entries indexed", urls.len(), || drop(black_box(build())));
    let asked: Vec<Address> =
        urls.iter().map(|url| Address::read(&format!("https://{url}/more?x=1"))).collect();
    per_second("URLs resolved by an entry", asked.len(), || {
        for address in &asked {
            black_box(own.resolve(address, None));
        }
    });
    let asked: Vec<Address> = unknown.iter().map(|url| Address::read(url)).collect();
    per_second("URLs resolved by no entry", 400_000, || {
        for _ in 0..100_000 {
            for address in &asked {
                black_box(own.resolve(address, None));
            }
        }
    });
}
