//! `zuno endpoints allowlist`: a minimal list of prefixes for a firewall, written so that a bad day on the way to it
//! cannot take anyone offline.

mod kept;

pub use kept::replace;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};
use zuno_endpoints::{
    Allowance, Document, Family, Format, IpNet, Kind, Listed, PrefixSet, Selection, Sheet, SheetRow, guard,
    is_name, read_prefix, widen,
};

use self::kept::Kept;
use super::source::{Loaded, Source, read_file};
use super::wanted::Wanted;
use crate::table::print;
use crate::usage::Usage;

/// Options of `zuno endpoints allowlist`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno endpoints allowlist --live --format nftables --output /etc/nftables.d/zscaler.nft
  zuno endpoints allowlist --file cenr.json --format paloalto --continent EMEA --family ipv4
  zuno endpoints allowlist --live --kind cenr,hubs-required --format aws --max-entries 200
  zuno endpoints allowlist --live --kind svpn --format cisco-asa --name ZS-SVPN
  zuno endpoints allowlist --formats

The list holds exactly the selected addresses in the fewest prefixes, unless --slack or --max-entries lets it hold more;
what was widened is told on standard error. With --output the file is replaced in one step, and only by a list that has
not lost more than --max-shrink of the addresses of the last one.")]
pub struct Allowlist {
    /// The format; --formats lists them.
    #[arg(long, value_name = "NAME", default_value = "text")]
    format: String,
    /// A format of one's own: a template, as docs/endpoints.md describes.
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    template: Option<PathBuf>,
    /// List the formats.
    #[arg(long)]
    formats: bool,
    /// What the target calls the list.
    #[arg(long, value_name = "NAME", default_value = "zscaler")]
    name: String,
    /// The file to write; standard output otherwise.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// `fewest` prefixes, or the distinct ones `as-published`.
    #[arg(long, value_enum, conflicts_with_all = ["slack", "max_entries"])]
    merge: Option<Merge>,
    /// Addresses that may be added to make the list shorter, as a share of each family's: `5%`.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    slack: Option<f64>,
    /// The most entries the list may have, both families together; as many addresses are added as that takes.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_entries: Option<u32>,
    /// A prefix to take out, or a file with prefixes or a document; may be repeated.
    #[arg(long, value_name = "PREFIX|FILE")]
    without: Vec<String>,
    /// The share of the last list's addresses that may be gone from the new one.
    #[arg(long, value_name = "SHARE", default_value = "10%", value_parser = share)]
    max_shrink: f64,
    /// Write the list even if it is empty or has shrunk too much.
    #[arg(long)]
    force: bool,
    /// Write a list of documents that a Zuno has built in, which are old or made up: for tests, and for no firewall. The
    /// list says so.
    #[arg(long)]
    synthetic: bool,
    /// Which prefixes.
    #[command(flatten)]
    wanted: Wanted,
    /// Which documents.
    #[command(flatten)]
    source: Source,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Merge {
    /// The fewest prefixes that hold the same addresses.
    Fewest,
    /// Each distinct prefix as it was published.
    AsPublished,
}

/// `5%` or `0.05`.
fn share(text: &str) -> Result<f64, String> {
    let (number, unit) = text.strip_suffix('%').map_or((text, 1.0), |number| (number, 100.0));
    let share =
        number.trim().parse::<f64>().map_err(|_| format!("`{text}` is no share: write `5%` or `0.05`"))?
            / unit;
    if share.is_finite() && share >= 0.0 { Ok(share) } else { Err(format!("`{text}` is no share")) }
}

/// Runs the command.
pub fn run(options: &Allowlist) -> Result<ExitCode> {
    if options.formats {
        let formats: Vec<Format> = Format::all().collect();
        let wide = formats.iter().map(|format| format.name.len()).max().unwrap_or(0);
        for format in formats {
            let also = format.also.join(", ");
            let also = if also.is_empty() { also } else { format!(" (also: {also})") };
            print(&format!("{:wide$}  {}{also}\n", format.name, format.about))?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let format = match &options.template {
        Some(path) => {
            let text =
                std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            Format::read(&path.display().to_string(), &text)?
        }
        None => Format::named(&options.format).map_err(|wrong| Usage(wrong.to_string()))?,
    };
    if !is_name(&options.name) {
        bail!(Usage(zuno_endpoints::FormatError::Name(options.name.clone()).to_string()));
    }
    let loaded = options.source.load()?;
    let warning = built_in(options, &loaded)?;
    let (sources, documents): (Vec<String>, Vec<Document>) =
        loaded.into_iter().map(|Loaded { from, document, .. }| (from, document)).unzip();
    let selection = options.wanted.selection(&options.source, &documents)?;
    let without = taken_out(&options.without)?;
    let (set, prefixes) = make(options, &format, &documents, &selection, &without)?;
    let last = options.output.as_deref().map(Kept::of).transpose()?.flatten();
    let name = options.output.as_deref().map_or("standard output".into(), |path| path.display().to_string());
    match guard::check(last.as_ref().map(|kept| &kept.set), &set, options.max_shrink) {
        Ok(()) => {}
        Err(why) if options.force => anstream::eprintln!("zuno: {why}; written all the same"),
        Err(why) => bail!(
            "{name} is left as it was: {why}. Look at what changed with `zuno endpoints diff`, check the selection, or \
             say --force"
        ),
    }
    let sheet = Sheet {
        notes: notes(&sources, &documents, &prefixes),
        rows: if format.rows { rows(&documents, &selection, &prefixes) } else { Vec::new() },
        warning,
        may_be_empty: options.force,
        ports: options.wanted.ports().to_vec(),
        ..Sheet::new(options.name.clone(), prefixes)
    };
    let text = format.render(&sheet)?;
    match &options.output {
        None => print(&text)?,
        Some(path) => {
            let changed = kept::replace(path, text.as_bytes())?;
            Kept::keep(path, &set)?;
            let count = sheet.prefixes.len();
            anstream::eprintln!("zuno: {name}: {count} prefixes{}", if changed { "" } else { ", unchanged" });
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What the list must say if some of its documents are built in; an error unless such a list is wanted.
fn built_in(options: &Allowlist, loaded: &[Loaded]) -> Result<Option<String>> {
    let Some((from, label)) = loaded.iter().find_map(|one| Some((&one.from, one.built_in.as_ref()?))) else {
        return Ok(None);
    };
    if !options.synthetic {
        bail!(
            "{from} is {label}, which would open a firewall to addresses that are old or nobody's: take --live, or a \
             Zuno with --mirror-endpoints; a list for tests is written with --synthetic"
        );
    }
    Ok(Some(format!("not for a firewall: {label}")))
}

/// The selected addresses less what is taken out, and the prefixes to write.
fn make(
    options: &Allowlist,
    format: &Format,
    documents: &[Document],
    selection: &Selection,
    without: &PrefixSet,
) -> Result<(PrefixSet, Vec<IpNet>)> {
    let chosen = || documents.iter().flat_map(|document| selection.of(document)).map(|listed| listed.net);
    let set: PrefixSet = match documents {
        // A list of a million is not worth a look at each prefix when all are wanted.
        [only] if only.kind() == Kind::List && selection.is_everything() => only.set(),
        _ => chosen().collect(),
    };
    let set = if without.is_empty() { set } else { set.minus(without) };
    let whole = options.slack.is_none() && options.max_entries.is_none();
    if options.merge.unwrap_or(if format.rows && whole { Merge::AsPublished } else { Merge::Fewest })
        == Merge::AsPublished
    {
        let mut prefixes: Vec<IpNet> = chosen()
            .flat_map(|net| match set.covers(&net) {
                true => vec![net],
                false => PrefixSet::from_iter([net]).minus(without).prefixes().collect(),
            })
            .collect();
        prefixes.sort_unstable();
        prefixes.dedup();
        return Ok((set, prefixes));
    }
    if whole {
        let prefixes = set.prefixes().collect();
        return Ok((set, prefixes));
    }
    let allowance =
        Allowance { slack: options.slack, entries: options.max_entries.map(|most| most as usize) };
    let widened = widen(&set, allowance).map_err(|wrong| Usage(wrong.to_string()))?;
    if !widened.set.minus(&set).minus(without).eq(&widened.set.minus(&set)) {
        bail!(Usage(
            "what --without takes out would be widened over: say less --slack, or more --max-entries".into()
        ));
    }
    for one in &widened.widenings {
        anstream::eprintln!(
            "zuno: {} stands for {} prefixes and adds {} addresses",
            one.prefix,
            one.replaces,
            one.added
        );
    }
    let prefixes = widened.set.prefixes().collect();
    Ok((widened.set, prefixes))
}

fn taken_out(texts: &[String]) -> Result<PrefixSet> {
    let mut set = PrefixSet::default();
    for text in texts {
        let one = match read_prefix(text.as_bytes()) {
            Ok(written) => PrefixSet::from_iter([written.net]),
            Err(wrong) if !Path::new(text).exists() => {
                bail!(Usage(format!("--without: {wrong}, and there is no such file")));
            }
            Err(_) => read_file(Path::new(text))?.document.set(),
        };
        set = set.union(&one);
    }
    Ok(set)
}

/// What a comment tells: nothing that changes while the list does not.
fn notes(sources: &[String], documents: &[Document], prefixes: &[IpNet]) -> Vec<String> {
    let mut notes: Vec<String> = sources
        .iter()
        .zip(documents)
        .map(|(from, document)| {
            let cloud = document.cloud().map(|cloud| format!("{cloud} ")).unwrap_or_default();
            // A name of a file can hold anything; a comment ends with its line.
            let from: String = from.chars().map(|c| if c.is_control() { '?' } else { c }).collect();
            format!("{cloud}{} from {from}", document.kind())
        })
        .collect();
    let four = prefixes.iter().filter(|net| Family::of(net) == Family::V4).count();
    notes.push(format!("{} prefixes: {four} IPv4, {} IPv6", prefixes.len(), prefixes.len() - four));
    notes
}

/// A row for each place that lists a prefix; for a prefix that none lists, one row with what all agree on.
fn rows(documents: &[Document], selection: &Selection, prefixes: &[IpNet]) -> Vec<SheetRow> {
    let listed: Vec<Listed<'_>> = documents.iter().flat_map(|document| selection.of(document)).collect();
    let mut rows = Vec::new();
    for net in prefixes {
        let mut own: Vec<SheetRow> =
            listed.iter().filter(|one| one.net == *net).map(|one| told(one, net)).collect();
        own.sort_unstable();
        own.dedup();
        if own.is_empty() {
            let around = |one: &&Listed<'_>| one.net.contains(net) || net.contains(&one.net);
            let mut all = listed.iter().filter(around).map(|one| told(one, net));
            let mut row = all.next().unwrap_or_default();
            for other in all {
                agree(&mut row, &other);
            }
            own.push(row);
        }
        rows.append(&mut own);
    }
    rows
}

fn told(listed: &Listed<'_>, net: &IpNet) -> SheetRow {
    let entry =
        |value: fn(&zuno_endpoints::Entry) -> &str| listed.entry.map(value).unwrap_or_default().to_owned();
    SheetRow {
        cloud: listed.cloud.into(),
        kind: listed.kind.name().into(),
        continent: listed.continent.into(),
        city: listed.city.into(),
        range: net.to_string(),
        family: Family::of(net).to_string(),
        vpn: entry(|entry| &entry.vpn),
        gre: entry(|entry| entry.gre.as_str()),
        ext: entry(|entry| entry.ext.as_ref().map(|ext| ext.as_str()).unwrap_or_default()),
        hostname: entry(|entry| &entry.hostname),
        latitude: entry(|entry| &entry.latitude),
        longitude: entry(|entry| &entry.longitude),
    }
}

fn agree(row: &mut SheetRow, other: &SheetRow) {
    let pairs = [
        (&mut row.cloud, &other.cloud),
        (&mut row.kind, &other.kind),
        (&mut row.continent, &other.continent),
        (&mut row.city, &other.city),
        (&mut row.vpn, &other.vpn),
        (&mut row.gre, &other.gre),
        (&mut row.ext, &other.ext),
        (&mut row.hostname, &other.hostname),
        (&mut row.latitude, &other.latitude),
        (&mut row.longitude, &other.longitude),
    ];
    for (mine, theirs) in pairs {
        if mine != theirs {
            mine.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn a_share_is_written_in_two_ways() {
        assert_eq!((share("5%"), share("0.05"), share("0")), (Ok(0.05), Ok(0.05), Ok(0.0)));
        for wrong in ["", "%", "-1%", "a", "inf", "NaN"] {
            assert!(share(wrong).is_err(), "{wrong}");
        }
    }
}
