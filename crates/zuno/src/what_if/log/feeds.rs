//! The feeds that lines are compared with: the cloud's own for web logs, which the catalogue has; and, for firewall logs,
//! the order of the documented sample and the members that receivers of such logs are told to ask for.

use serde_json::{Map, Value};
use zuno_catalogue::Catalogue;
use zuno_policy::logs::Feeds;

/// What the catalogue calls the cloud's own.
const WEB: &str = "zia.nss_feed_format";

/// The fields of the documented sample of a firewall log, in its order (documented: NSS feed output format, firewall logs).
const FIREWALL: &str = "time login dept location cdport csport sdport ssport csip cdip ssip sdip tsip tsport ttype action \
    dnat stateful aggregate nwsvc nwapp ipproto ipcat destcountry avgduration rulelabel inbytes outbytes duration \
    durationms numsessions ipsrulelabel threatcat threatname deviceowner devicehostname";

/// Those whose members are called otherwise than the fields (documented: the same text in the guides of several receivers).
const MEMBERS: [(&str, &str); 7] = [
    ("datetime", "time"),
    ("user", "elogin"),
    ("locationname", "elocation"),
    ("proto", "ipproto"),
    ("rulelabel", "erulelabel"),
    ("action", "action"),
    ("nwapp", "nwapp"),
];

/// All of them.
pub fn known() -> Feeds {
    let catalogue = Catalogue::compiled();
    let web: Vec<Map<String, Value>> =
        catalogue.fresh(WEB).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let mut feeds: Vec<(String, String)> = Vec::new();
    for (name, text) in web.into_iter().flatten() {
        if let Value::String(text) = text {
            feeds.push((name, text));
        }
    }
    let fields: Vec<String> = FIREWALL.split_whitespace().map(|field| format!("%s{{{field}}}")).collect();
    feeds.push(("FIREWALL_CSV".to_owned(), format!("\"{}\"", fields.join("\",\""))));
    feeds.push(("FIREWALL_TAB_SEPARATED".to_owned(), fields.join("\t")));
    let own = ["cdip", "cdport", "sdip", "sdport", "csip"].map(|field| (field, field));
    let members = MEMBERS.into_iter().chain(own).map(|(name, field)| format!("\"{name}\":\"%s{{{field}}}\""));
    let members: Vec<String> = members.collect();
    feeds.push(("FIREWALL_JSON".to_owned(), format!("\\{{{}\\}}", members.join(","))));
    Feeds::new(feeds.iter().map(|(name, text)| (name.as_str(), text.as_str())))
}

#[cfg(test)]
mod tests {
    use super::known;

    #[test]
    fn each_feed_is_told_from_the_others_by_one_of_its_lines() {
        let feeds = known();
        assert!(feeds.names().count() >= 14, "{:?}", feeds.names().collect::<Vec<_>>());
        let catalogue = zuno_catalogue::Catalogue::compiled();
        let texts: Vec<serde_json::Map<String, serde_json::Value>> =
            serde_json::from_str(catalogue.fresh(super::WEB).unwrap()).unwrap();
        for (name, text) in &texts[0] {
            let line = line(text.as_str().unwrap());
            let found = feeds.recognise(&line).unwrap_or_else(|| panic!("{name} is not recognised: {line}"));
            assert!(found.name.eq_ignore_ascii_case(name), "{name} is taken for {}: {line}", found.name);
        }
        let sample = r#""Mon Jun 20 15:35:48 2022","new-gre","Default Department","new-gre","80","36084","80","0","172.17.3.49","216.113.179.53","0.0.0.0","216.113.179.53","10.66.89.115","0","GRE","Drop","No","Yes","No","HTTP","ebay","TCP","Online Shopping","United States","21","Firewall_1","14693","548","0","21","1","None","None","None","NA","NA""#;
        assert_eq!(feeds.recognise(sample).map(|found| found.name).as_deref(), Some("FIREWALL_CSV"));
        let tabs = sample.replace("\",\"", "\t").replace('"', "");
        assert_eq!(feeds.recognise(&tabs).map(|found| found.name).as_deref(), Some("FIREWALL_TAB_SEPARATED"));
        assert!(feeds.recognise("a line of something else").is_none());
    }

    /// A line as a feed writes it, each field's value its name and a digit.
    fn line(text: &str) -> String {
        let text = text.replace("\\{", "{").replace("\\}", "}");
        let mut line = String::new();
        let mut rest = text.trim_end();
        while let Some((before, behind)) = rest.split_once('%') {
            let (name, after) =
                behind.split_once('{').and_then(|(_, behind)| behind.split_once('}')).unwrap();
            line += before;
            line += name;
            line.push('1');
            rest = after;
        }
        line + rest
    }
}
