//! Which of the listed prefixes a command is about, as options.

use anyhow::Result;
use clap::{Args, ValueEnum};
use zuno_endpoints::{Document, Family, Selection, Use};

use super::source::Source;
use crate::usage::Usage;

/// A selection.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Which prefixes")]
pub struct Wanted {
    /// Continents, separated by commas: EMEA, Americas, APAC.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    continent: Vec<String>,
    /// Cities, separated by commas; `Amsterdam` means `Amsterdam II` and `Amsterdam III`.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    city: Vec<String>,
    /// Cities to leave out; a range that they share with others stays while another city that is wanted has it.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    without_city: Vec<String>,
    /// One family only.
    #[arg(long, value_enum)]
    family: Option<WhichFamily>,
    /// What the list is for, separated by commas: gre, svpn and ext are virtual addresses; ipsec and proxy are the
    /// ranges of instances with such a host. All ranges otherwise.
    #[arg(long = "use", value_name = "USES", value_delimiter = ',')]
    uses: Vec<Use>,
    /// Only services on these ports; only the private-access list names ports.
    #[arg(long, value_name = "PORTS", value_delimiter = ',')]
    port: Vec<u16>,
    /// Also what is marked as not ready for use; only the kind `page` marks any.
    #[arg(long)]
    unready: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum WhichFamily {
    /// IPv4.
    #[value(name = "ipv4")]
    V4,
    /// IPv6.
    #[value(name = "ipv6")]
    V6,
}

impl Wanted {
    /// The selection that these options mean, checked against the documents: a misspelt city must not give an empty list.
    pub fn selection(&self, source: &Source, documents: &[Document]) -> Result<Selection> {
        let selection = Selection {
            clouds: source.cloud.clone(),
            // A plain list has no kind to select by.
            kinds: if source.file.is_empty() { Vec::new() } else { source.kind.clone() },
            continents: self.continent.clone(),
            cities: self.city.clone(),
            without_cities: self.without_city.clone(),
            family: self.family.map(|family| match family {
                WhichFamily::V4 => Family::V4,
                WhichFamily::V6 => Family::V6,
            }),
            uses: self.uses.clone(),
            ports: self.port.clone(),
            unready: self.unready,
        };
        selection.check(documents).map_err(|wrong| Usage(wrong.to_string()))?;
        Ok(selection)
    }

    /// The ports that rules are made for.
    pub fn ports(&self) -> &[u16] {
        &self.port
    }
}
