//! The site's pages for people, and the back ends they are drawn from, made of the documents that are published.

use std::collections::HashSet;

use minijinja::{Value, context};
use serde_json::json;
use zuno_catalogue::Members;
use zuno_endpoints::{
    Cenr, Cloud as NamedCloud, Continent, Document, Edition, Kind, Listing, Origin, Publication, Zpa,
};

use crate::conditional::{conditional, entity_tag};
use crate::html;
use crate::request::Request;
use crate::respond::{Response, set};

/// A page, or the back end of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SitePage {
    /// `/CLOUD/cenr`
    DataCentres,
    /// `/CLOUD/hubs`
    Hubs,
    /// `/CLOUD/fcr`: what a firewall must let through.
    Firewall,
    /// `/CLOUD/zpa`
    PrivateAccess,
    /// `/api/getdata/CLOUD/all/fcr`
    FirewallData,
    /// `/api/getpagedata/CLOUD/all/zpa`, the only page whose text is known to be asked for (client).
    PrivateAccessData,
}

impl SitePage {
    /// Which page a path asks for, on either host.
    pub fn at(path: &str) -> Option<(&str, SitePage)> {
        let path = path.strip_prefix('/')?.trim_end_matches('/');
        let parts: Vec<&str> = path.strip_prefix("api/").unwrap_or(path).split('/').collect();
        Some(match parts.as_slice() {
            ["getdata", cloud, "all", "fcr"] => (cloud, SitePage::FirewallData),
            ["getpagedata", cloud, "all", "zpa"] => (cloud, SitePage::PrivateAccessData),
            [cloud, "cenr"] => (cloud, SitePage::DataCentres),
            [cloud, "hubs"] => (cloud, SitePage::Hubs),
            [cloud, "fcr"] => (cloud, SitePage::Firewall),
            [cloud, "zpa"] => (cloud, SitePage::PrivateAccess),
            _ => return None,
        })
    }

    /// Whether a path can only mean a page, whatever the host.
    pub fn is_at(path: &str) -> bool {
        SitePage::at(path).is_some_and(|(cloud, _)| NamedCloud::named(cloud).is_some())
    }

    /// Answers with it; none if the cloud's documents do not give one.
    pub(super) fn answer(self, request: &Request, edition: &Edition, cloud: &str) -> Option<Response> {
        let media = "application/json; charset=utf-8";
        let (mut answer, origin) = match self {
            SitePage::FirewallData => {
                let made = edition.firewall_page(cloud)?;
                let answer = conditional(request, &made.etag, Some(made.modified), media, &made.body);
                (answer, made.origin)
            }
            SitePage::PrivateAccessData => {
                let (zpa, found) = private_access(edition, cloud)?;
                let text = html::filled("services.html", services(zpa, &site(request)));
                let body = json!({"status": "success", "data": {
                    "name": "Zscaler Private Access (ZPA)", "alias": "zpa", "body": text, "modules": [],
                }});
                let body = body.to_string();
                let etag = entity_tag(body.as_bytes());
                let answer = conditional(request, &etag, Some(found.modified), media, body.as_bytes());
                (answer, Origin::of_what_is_made_of(&[found]))
            }
            SitePage::DataCentres => {
                let found = edition.get(cloud, Kind::Cenr)?;
                let Document::Cenr(cenr) = &found.document else { return None };
                shown("cenr.html", &[found], data_centres(cenr, edition.get(cloud, Kind::Page)))
            }
            SitePage::Hubs => hubs(edition, cloud, "Hubs")?,
            SitePage::Firewall => hubs(edition, cloud, "Firewall requirements")?,
            SitePage::PrivateAccess => {
                let (zpa, found) = private_access(edition, cloud)?;
                shown("zpa.html", &[found], services(zpa, &site(request)))
            }
        };
        set(answer.headers_mut(), "x-zuno-data", &origin.to_string());
        Some(answer)
    }
}

/// What stands before paths in a page's text: the site's own name, or where the caller found this server.
fn site(request: &Request) -> String {
    match zuno_intercept::Host::of(request.host()) {
        zuno_intercept::Host::Endpoints => format!("https://{}", zuno_endpoints::HOST),
        _ => request.origin(),
    }
}

fn shown(template: &str, made_of: &[&Publication], with: Value) -> (Response, Origin) {
    let origin = Origin::of_what_is_made_of(made_of);
    let with = context! { built_in => origin.is_built_in(), origin => origin.to_string(), ..with };
    (html::page(200, template, with), origin)
}

/// The data centres by continent, with the notes of the page's back end.
fn data_centres(cenr: &Cenr, page: Option<&Publication>) -> Value {
    let rows = match page.map(|page| &page.document) {
        Some(Document::Page(page)) => page.rows.as_slice(),
        _ => &[],
    };
    let unready: HashSet<(&str, &str)> = rows
        .iter()
        .filter(|row| !row.ready)
        .map(|row| (row.location.as_str(), row.prefix.as_str()))
        .collect();
    let cities = |continent: &Continent| {
        let cities = continent.cities.iter().map(|city| {
            let rows = city.entries.iter().map(|entry| {
                let waits = unready.contains(&(city.name(), entry.range.as_str()));
                context! {
                    range => entry.range.as_str(), hostname => entry.hostname, gre => entry.gre.as_str(),
                    vpn => entry.vpn, note => if waits { "Not Ready for Use" } else { "" },
                }
            });
            context! { name => city.name(), rows => rows.collect::<Vec<Value>>() }
        });
        context! { name => continent.name(), cities => cities.collect::<Vec<Value>>() }
    };
    let continents: Vec<Value> = cenr.continents.iter().map(cities).collect();
    context! { cloud => cenr.cloud, count => cenr.entries().count(), continents }
}

fn hubs(edition: &Edition, cloud: &str, heading: &str) -> Option<(Response, Origin)> {
    let lists: Vec<(&str, &Publication, &Listing)> =
        [("required", Kind::HubsRequired), ("recommended", Kind::HubsRecommended)]
            .into_iter()
            .filter_map(|(name, kind)| {
                let found = edition.get(cloud, kind)?;
                match &found.document {
                    Document::Listing(listing) => Some((name, found, listing)),
                    _ => None,
                }
            })
            .collect();
    let longest = lists.iter().map(|(_, _, list)| list.prefixes.len()).max()?;
    let cell = |list: &Listing, at: usize| {
        list.prefixes.get(at).map(|one| one.as_str().to_owned()).unwrap_or_default()
    };
    let row = |at| lists.iter().map(|(_, _, list)| cell(list, at)).collect::<Vec<String>>();
    let rows: Vec<Vec<String>> = (0..longest).map(row).collect();
    let told = lists.iter().map(|(name, _, list)| context! { name, count => list.prefixes.len() });
    let with = context! { cloud => cloud.to_ascii_lowercase(), heading, lists => told.collect::<Vec<Value>>(), rows };
    let made_of: Vec<&Publication> = lists.iter().map(|(_, found, _)| *found).collect();
    Some(shown("hubs.html", &made_of, with))
}

fn private_access<'e>(edition: &'e Edition, cloud: &str) -> Option<(&'e Zpa, &'e Publication)> {
    let found = edition.get(cloud, Kind::Zpa)?;
    match &found.document {
        Document::Zpa(zpa) => Some((zpa, found)),
        _ => None,
    }
}

fn services(zpa: &Zpa, site: &str) -> Value {
    let services = zpa.services.iter().map(|service| {
        let prefixes: Vec<&str> = service.prefixes.iter().map(|one| one.as_str()).collect();
        let domains: Vec<&str> = service.domains.split(',').map(str::trim).collect();
        context! {
            protocol => service.protocol, port => service.port, source => service.source, domains, prefixes,
            added => service.other.text("Date Added"),
        }
    });
    context! { cloud => zpa.cloud, site, services => services.collect::<Vec<Value>>() }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http_body_util::BodyExt as _;

    use super::*;

    fn text(edition: &Edition, path: &str) -> String {
        let (cloud, page) = SitePage::at(path).expect("a page is there");
        let request = http::Request::get(path).header("host", zuno_endpoints::HOST).body(());
        let (head, ()) = request.expect("a valid target").into_parts();
        let answer = page.answer(&Request::new(head, Bytes::new()), edition, cloud).expect("it is made");
        let body = ready(answer.into_body().collect());
        String::from_utf8(body.to_bytes().to_vec()).expect("UTF-8")
    }

    /// What a future gives that never waits.
    fn ready<T, E: std::fmt::Debug>(future: impl Future<Output = Result<T, E>>) -> T {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match std::pin::pin!(future).poll(&mut context) {
            std::task::Poll::Ready(outcome) => outcome.expect("it is whole"),
            std::task::Poll::Pending => panic!("it waits"),
        }
    }

    #[test]
    fn a_page_is_found_by_its_path_and_no_product_is_taken_for_one() {
        assert_eq!(SitePage::at("/zscaler.net/cenr"), Some(("zscaler.net", SitePage::DataCentres)));
        assert_eq!(
            SitePage::at("/api/getdata/zscaler.net/all/fcr"),
            Some(("zscaler.net", SitePage::FirewallData))
        );
        assert_eq!(
            SitePage::at("/getpagedata/zpatwo.net/all/zpa/"),
            Some(("zpatwo.net", SitePage::PrivateAccessData))
        );
        assert_eq!(SitePage::at("/zscaler.net/nss"), None);
        assert!(
            SitePage::is_at("/private.zscaler.com/zpa")
                && !SitePage::is_at("/ziam/zpa")
                && !SitePage::is_at("/cenr")
        );
    }

    #[test]
    fn the_text_of_private_access_agrees_with_its_list() {
        let edition = Edition::built_in();
        let (zpa, _) = private_access(edition, "private.zscaler.com").expect("it is published");
        let data = text(edition, "/api/getpagedata/private.zscaler.com/all/zpa");
        let data: serde_json::Value = serde_json::from_str(&data).expect("JSON");
        let body = data["data"]["body"].as_str().expect("a text");
        // A client unescapes the text, and looks for these (client).
        let seen = quick_xml::escape::unescape(body).expect("known entities only");
        for path in ["json", "plaintext"] {
            assert!(seen.contains(&format!("https://config.zscaler.com/api/private.zscaler.com/zpa/{path}")));
        }
        for service in &zpa.services {
            assert!(
                seen.contains(&service.source) && seen.contains(&service.protocol) && seen.contains("443")
            );
            assert!(service.domains.split(',').all(|domain| seen.contains(domain)));
            assert!(service.prefixes.iter().all(|prefix| seen.contains(prefix.as_str())));
        }
    }

    #[test]
    fn an_operators_documents_are_shown_escaped_and_with_the_notes_of_his_page() {
        let mut edition = Edition::default();
        let cenr = r#"{"a.net":{"continent : EMEA":{"city : <Oslo>":[{"range":"192.0.2.0/25","vpn":"<v>","gre":"",
            "ext":"","hostname":"","latitude":"59.9","longitude":"10.7"}]}}}"#;
        edition.add("a.net.cenr.json", cenr.into(), 0).expect("it is read");
        let shown = text(&edition, "/a.net/cenr");
        assert!(
            shown.contains("&lt;Oslo&gt;") && !shown.contains("<v>") && shown.contains("operator"),
            "{shown}"
        );
        assert!(!shown.contains("Do not configure") && !shown.contains("Not Ready"), "{shown}");
        let page = r#"{"status":"success","data":[{"id":"current_dc_body","body":{"json":{"rows":[{"cols":[{"data":[
            {"ip_address":"192.0.2.0/25","region":"EMEA","location":"<Oslo>","notes":[{"id":3,"title":""}]}]}]}]}}}]}"#;
        edition.add("a.net.page.json", page.into(), 0).expect("it is read");
        assert!(text(&edition, "/a.net/cenr").contains("Not Ready for Use"));
    }
}
