//! A set of documents to publish: the built-in one, or an operator's own.

mod built_in;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use crate::document::{Document, ReadError, Text};
use crate::{Kind, Site};

/// Where a published document comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Facts of a day, which nobody keeps current.
    Facts(&'static str),
    /// Made up, in the published layout and of a real size.
    Synthetic,
    /// The operator's own.
    Operator,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Facts(date) => write!(f, "built in; facts of {date}"),
            Origin::Synthetic => f.write_str("built in; synthetic"),
            Origin::Operator => f.write_str("operator"),
        }
    }
}

/// A document as it is answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Publication {
    /// The bytes.
    pub body: Vec<u8>,
    /// The entity tag: the same for documents that differ in nothing but their order, and therefore a weak one.
    pub etag: String,
    /// When it last changed, in seconds since the Unix epoch.
    pub modified: u64,
    /// Where it comes from.
    pub origin: Origin,
    /// What it says.
    pub document: Document,
}

impl Publication {
    fn new(body: Vec<u8>, document: Document, modified: u64, origin: Origin) -> Publication {
        let etag = format!("W/\"{:032x}\"", hash(canonical(&document).as_bytes()));
        Publication { body, etag, modified, origin, document }
    }
}

/// Text that is the same for documents that mean the same.
fn canonical(document: &Document) -> String {
    match document.clone() {
        Document::Cenr(cenr) => Document::Cenr(cenr.in_canonical_order()).to_text(),
        Document::Svpn(mut svpn) => {
            svpn.addresses.sort_by_key(Text::get);
            Document::Svpn(svpn).to_text()
        }
        Document::Listing(mut listing) => {
            listing.prefixes.sort_by_key(Text::get);
            Document::Listing(listing).to_text()
        }
        other => other.to_text(),
    }
}

/// FNV-1a, 128 bits: tells documents apart, and guards against nobody.
pub(crate) fn hash(bytes: &[u8]) -> u128 {
    bytes.iter().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |hash, byte| {
        (hash ^ u128::from(*byte)).wrapping_mul(0x0100_0000_0000_0000_0000_013b)
    })
}

/// Why a file cannot be published.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditionError {
    /// Its name does not say what it is.
    #[error("the name of `{0}` is not CLOUD.KIND.json, such as zscaler.net.cenr.json")]
    Name(String),
    /// It cannot be read.
    #[error("`{name}` cannot be published")]
    Unreadable {
        /// The file.
        name: String,
        /// Why.
        #[source]
        why: ReadError,
    },
    /// It is something else than its name says.
    #[error("`{name}` holds a document of the kind `{found}`")]
    OtherKind {
        /// The file.
        name: String,
        /// What it holds.
        found: Kind,
    },
}

/// Documents by cloud and kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edition {
    publications: BTreeMap<(String, Kind), Publication>,
}

impl Edition {
    /// The built-in documents: facts of a day for the clouds that they are known of, synthetic ones for the others.
    pub fn built_in() -> &'static Edition {
        static EDITION: LazyLock<Edition> = LazyLock::new(built_in::edition);
        &EDITION
    }

    /// Takes a file in, under its name `CLOUD.KIND.json` (or `.txt` for private access' plain text); a later one takes
    /// the place of an earlier one. `modified` is in seconds since the Unix epoch.
    ///
    /// # Errors
    /// The name or the content is wrong; nothing is taken in.
    pub fn add(&mut self, name: &str, body: Vec<u8>, modified: u64) -> Result<(), EditionError> {
        let (cloud, kind) = named(name).ok_or_else(|| EditionError::Name(name.to_owned()))?;
        let document =
            Document::read(&body).map_err(|why| EditionError::Unreadable { name: name.to_owned(), why })?;
        let found = document.kind();
        if found != kind && !(kind == Kind::ZpaPlaintext && found == Kind::List) {
            return Err(EditionError::OtherKind { name: name.to_owned(), found });
        }
        let publication = Publication::new(body, document, modified, Origin::Operator);
        self.publications.insert((cloud.to_ascii_lowercase(), kind), publication);
        Ok(())
    }

    fn publish(&mut self, cloud: &str, kind: Kind, document: Document, modified: u64, origin: Origin) {
        let publication = Publication::new(document.to_text().into_bytes(), document, modified, origin);
        self.publications.insert((cloud.to_owned(), kind), publication);
    }

    /// A document; none if it is not published.
    pub fn get(&self, cloud: &str, kind: Kind) -> Option<&Publication> {
        self.publications.get(&(cloud.to_ascii_lowercase(), kind))
    }

    /// The sites of a cloud, by name: its data centres in service, with the addresses of its other documents.
    pub fn sites(&self, cloud: &str) -> Vec<Site> {
        let Some(Publication { document: Document::Cenr(cenr), .. }) = self.get(cloud, Kind::Cenr) else {
            return Vec::new();
        };
        let svpn = match self.get(cloud, Kind::Svpn).map(|found| &found.document) {
            Some(Document::Svpn(svpn)) => svpn.addresses.iter().filter_map(|text| text.get()).collect(),
            _ => Vec::new(),
        };
        cenr.sites(&svpn)
    }

    /// Every document with its cloud and kind.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Kind, &Publication)> {
        self.publications.iter().map(|((cloud, kind), publication)| (cloud.as_str(), *kind, publication))
    }
}

/// The cloud and kind that a file's name says.
fn named(name: &str) -> Option<(&str, Kind)> {
    let stem = name.strip_suffix(".json").or_else(|| name.strip_suffix(".txt"))?;
    let (cloud, kind) = stem.rsplit_once('.')?;
    let kind: Kind = kind.parse().ok().filter(|kind| *kind != Kind::List)?;
    let proper =
        !cloud.is_empty() && cloud.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
    proper.then_some((cloud, kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cloud, Family, Product, Role};

    #[test]
    fn the_built_in_documents_are_real_in_size() {
        let edition = Edition::built_in();
        let cenr = edition.get("zscaler.net", Kind::Cenr).unwrap();
        let prefixes: std::collections::BTreeSet<_> =
            cenr.document.listed().filter(|one| one.role == Role::Range).map(|one| one.net).collect();
        let set = cenr.document.set();
        // As counted on the published document of that day.
        assert_eq!(
            (prefixes.len(), set.only(Family::V4).entries(), set.only(Family::V6).entries()),
            (673, 244, 48)
        );
        let Document::Cenr(document) = &cenr.document else { panic!("no cenr") };
        assert_eq!((document.cities().count(), document.entries().count()), (103, 935));
        assert_eq!(
            document.continents.iter().map(|one| one.name()).collect::<Vec<_>>(),
            ["EMEA", "Americas", "APAC"]
        );
        assert_eq!(document.svpn.as_ref().unwrap().len(), 170);
        assert_eq!(cenr.origin, Origin::Facts("2026-08-21"));
        let future = edition.get("zscaler.net", Kind::Future).unwrap().document.set();
        assert!(set.minus(&future).is_empty(), "the future holds the present (seen)");
        let hubs = |kind| edition.get("zscaler.net", kind).unwrap().document.set();
        assert!(hubs(Kind::HubsRequired).minus(&hubs(Kind::HubsRecommended)).is_empty());
    }

    #[test]
    fn every_document_of_a_known_cloud_is_there_and_reads_back() {
        let edition = Edition::built_in();
        for cloud in Cloud::ALL {
            for kind in Kind::PUBLISHED {
                let published = kind.is_published_for(cloud.name) == Some(true);
                let older = matches!(kind, Kind::Ca | Kind::Pac) && cloud.product == Product::InternetAccess;
                let found = edition.get(cloud.name, kind);
                assert!(found.is_some() == published || older, "{} {kind}", cloud.name);
                let Some(found) = found else { continue };
                let read = Document::read(&found.body)
                    .unwrap_or_else(|wrong| panic!("{} {kind}: {wrong}", cloud.name));
                assert_eq!(read, found.document, "{} {kind}", cloud.name);
                assert!(
                    !read.set().is_empty() && !found.body.contains(&b'\n') | (kind == Kind::ZpaPlaintext)
                );
            }
        }
        assert!(edition.get("zscalerone.net", Kind::Svpn).is_none(), "yet to be published (seed)");
    }

    #[test]
    fn a_tag_is_the_same_for_another_order_and_differs_for_another_meaning() {
        let mut edition = Edition::default();
        let tag = |edition: &mut Edition, body: &str| {
            edition.add("a.net.svpn.json", body.as_bytes().to_vec(), 0).unwrap();
            edition.get("A.net", Kind::Svpn).unwrap().etag.clone()
        };
        let first = tag(&mut edition, r#"{"svpnIPs":["192.0.2.1","192.0.2.2"]}"#);
        assert_eq!(tag(&mut edition, r#"{"svpnIPs":["192.0.2.2","192.0.2.1"]}"#), first);
        assert_ne!(tag(&mut edition, r#"{"svpnIPs":["192.0.2.2"]}"#), first);
    }

    #[test]
    fn a_file_that_is_not_what_it_says_is_refused() {
        let mut edition = Edition::default();
        let mut told =
            |name: &str, body: &str| edition.add(name, body.as_bytes().to_vec(), 0).unwrap_err().to_string();
        assert!(told("cenr.json", "{}").contains("CLOUD.KIND.json"));
        assert!(told("../x.net.cenr.json", "{}").contains("CLOUD.KIND.json"));
        assert!(told("x.net.cenr.json", "{").contains("cannot be published"));
        assert!(told("x.net.cenr.json", r#"{"svpnIPs":[]}"#).contains("of the kind `svpn`"));
    }
}
