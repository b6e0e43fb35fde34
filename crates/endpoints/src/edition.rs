//! A set of documents to publish: the built-in one, or an operator's own.

mod built_in;
mod derived;

use std::collections::BTreeMap;
use std::fmt;

use zuno_model::fingerprint;

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
    /// Made of the operator's other documents of the cloud, so that they agree.
    Derived,
}

impl Origin {
    /// How the word for an origin begins when it comes with the crate.
    pub const BUILT_IN: &str = "built in";

    /// The origin of what is made of these documents: built in as soon as one of them is.
    pub fn of_what_is_made_of(sources: &[&Publication]) -> Origin {
        let built_in = sources.iter().find(|found| found.origin.is_built_in());
        built_in.map_or(Origin::Derived, |found| found.origin.clone())
    }

    /// Whether it comes with the crate, and no firewall should be configured from it.
    pub fn is_built_in(&self) -> bool {
        matches!(self, Origin::Facts(_) | Origin::Synthetic)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Facts(date) => write!(f, "{}; facts of {date}", Origin::BUILT_IN),
            Origin::Synthetic => write!(f, "{}; synthetic", Origin::BUILT_IN),
            Origin::Operator => f.write_str("operator"),
            Origin::Derived => f.write_str("made of the operator's other documents"),
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
        let etag = format!("W/\"{:032x}\"", fingerprint(canonical(&document).as_bytes()));
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
        let cloud = cloud.to_ascii_lowercase();
        self.publications.insert((cloud.clone(), kind), publication);
        if kind == Kind::Cenr {
            self.derive_page(&cloud);
        }
        Ok(())
    }

    /// Makes a cloud's page of its data centres, unless the operator has one of his own.
    fn derive_page(&mut self, cloud: &str) {
        let own = self.get(cloud, Kind::Page).is_some_and(|page| page.origin == Origin::Operator);
        let Some(Publication { document: Document::Cenr(cenr), modified, .. }) = self.get(cloud, Kind::Cenr)
        else {
            return;
        };
        if !own {
            let (page, modified) = (derived::page(cenr), *modified);
            self.publish(cloud, Kind::Page, Document::Page(page), modified, Origin::Derived);
        }
    }

    /// The back end of the page of firewall requirements, made of the cloud's hubs; none if no hubs are published.
    pub fn firewall_page(&self, cloud: &str) -> Option<Publication> {
        let hubs = |kind| self.get(cloud, kind);
        let (required, recommended) = (hubs(Kind::HubsRequired), hubs(Kind::HubsRecommended));
        let sources: Vec<&Publication> = required.into_iter().chain(recommended).collect();
        let modified = sources.iter().map(|found| found.modified).max()?;
        let page = derived::firewall_page(
            required.map(|found| &found.document),
            recommended.map(|found| &found.document),
        );
        let origin = Origin::of_what_is_made_of(&sources);
        let document = Document::Page(page);
        Some(Publication::new(document.to_text().into_bytes(), document, modified, origin))
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
    fn addresses_that_no_firewall_would_take_are_labelled_as_made_up() {
        // Benchmarks (RFC 2544), and what documentation uses (RFC 5737, RFC 3849).
        let nobodys: crate::PrefixSet =
            ["198.18.0.0/15", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"]
                .iter()
                .map(|text| text.parse::<crate::IpNet>().unwrap())
                .collect();
        let mut made_up = 0;
        for (cloud, kind, found) in Edition::built_in().iter() {
            let set = found.document.set();
            if set.minus(&nobodys) != set {
                assert_eq!(found.origin, Origin::Synthetic, "{cloud} {kind}");
                made_up += 1;
            }
            assert!(found.origin.is_built_in(), "{cloud} {kind}");
        }
        assert!(made_up > 20);
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

    const CENR: &str = r#"{"a.net":{"continent : EMEA":{"city : Oslo III":[
        {"range":"192.0.2.0/25","vpn":"","gre":"","ext":"","hostname":"","latitude":"59.9","longitude":"10.7"}]}}}"#;
    const PAGE: &str = r#"{"status":"success","data":[{"id":"current_dc_body","body":{"json":{"rows":[{"cols":[{"data":[
        {"ip_address":"192.0.2.0/25","region":"EMEA","location":"Oslo III","notes":[{"id":3,"title":"Not Ready for Use"}]}
        ]}]}]}}}]}"#;

    #[test]
    fn a_page_is_made_of_the_data_centres_unless_the_operator_has_his_own() {
        for files in [["cenr", "page"], ["page", "cenr"]] {
            let mut edition = Edition::default();
            for file in files {
                let body = if file == "cenr" { CENR } else { PAGE };
                edition.add(&format!("A.net.{file}.json"), body.into(), 7).unwrap();
            }
            let page = edition.get("a.net", Kind::Page).unwrap();
            assert_eq!(
                (page.body.as_slice(), &page.origin),
                (PAGE.as_bytes(), &Origin::Operator),
                "{files:?}"
            );
        }
        let mut edition = Edition::default();
        let mut ranges = |body: String| {
            edition.add("a.net.cenr.json", body.into(), 7).unwrap();
            let page = edition.get("a.net", Kind::Page).unwrap();
            assert_eq!((&page.origin, page.modified), (&Origin::Derived, 7));
            assert_eq!(Document::read(&page.body).as_ref(), Ok(&page.document));
            page.document.set()
        };
        assert_eq!(ranges(CENR.into()), Document::read(CENR.as_bytes()).unwrap().set());
        let moved = CENR.replace("192.0.2.0/25", "198.51.100.0/24");
        assert_eq!(ranges(moved.clone()), Document::read(moved.as_bytes()).unwrap().set(), "it follows");
    }

    #[test]
    fn the_page_of_firewall_requirements_is_made_of_the_hubs() {
        let edition = Edition::built_in();
        let page = edition.firewall_page("zscaler.net").unwrap();
        let whole: serde_json::Value = serde_json::from_slice(&page.body).unwrap();
        let table = &whole["data"][9];
        let by_id = whole["data"].as_array().unwrap().iter().find(|one| one["id"] == derived::HUBS);
        assert_eq!(by_id, Some(table), "by place or by id");
        for (column, kind) in [("required", Kind::HubsRequired), ("recommended", Kind::HubsRecommended)] {
            let cells = table["body"]["json"]["rows"][0]["cols"].as_array().unwrap();
            let listed: Vec<&str> = cells
                .iter()
                .map(|cell| cell[column].as_str().unwrap())
                .filter(|text| !text.is_empty())
                .collect();
            let Document::Listing(hubs) = &edition.get("zscaler.net", kind).unwrap().document else {
                panic!()
            };
            assert_eq!(listed, hubs.prefixes.iter().map(Text::as_str).collect::<Vec<_>>(), "{kind}");
        }
        assert!(edition.firewall_page("zdxcloud.net").is_some(), "recommended only");
        let mut edition = edition.clone();
        let hubs = r#"{"cloudName":"zscaler.net","type":"required","hubPrefixes":["192.0.2.0/24"]}"#;
        edition.add("zscaler.net.hubs-required.json", hubs.into(), 7).unwrap();
        assert!(edition.firewall_page("zscaler.net").unwrap().origin.is_built_in(), "half of it is");
        let hubs = hubs.replace("required", "recommended");
        edition.add("zscaler.net.hubs-recommended.json", hubs.into(), 9).unwrap();
        let page = edition.firewall_page("zscaler.net").unwrap();
        assert_eq!((page.origin, page.modified), (Origin::Derived, 9));
        assert!(edition.firewall_page("private.zscaler.com").is_none(), "no hubs");
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
