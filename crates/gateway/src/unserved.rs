//! Products that the gateway of the cloud publishes and this server does not: it says so in words, under a status that no
//! client asks again after. A 404 would tell a client that an object is gone, and it would forget it.

use crate::request::Request;
use crate::respond::{Whole, gateway_headers, refusal, whole};

/// The first labels of their paths (seen or client), and what people call them.
const KNOWN: [(&str, &str); 8] = [
    ("/bi", "Business Insights"),
    ("/zins", "Z-Insights"),
    ("/zms", "Microsegmentation"),
    ("/easm", "External Attack Surface Management"),
    ("/aiguard", "AI Guard"),
    ("/zcell", "ZCell"),
    ("/zwa", "Workflow Automation"),
    ("/ztb", "Zero Trust Branch"),
];

/// Whether a path is below a prefix, label by label.
pub fn is_below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The answer under a path that is no served product's: in words where the cloud has one there, and else the gateway's
/// 404, which is no JSON (seen).
pub fn answer(request: &Request, path: &str) -> Whole {
    let mut response = match KNOWN.iter().find(|(prefix, _)| is_below(path, prefix)) {
        Some((prefix, title)) => {
            let words =
                format!("{title} ({prefix}) is not built in this Zuno: no call below {prefix} works here");
            whole(405, Some("application/json"), refusal(&words))
        }
        None => whole(404, Some("application/json"), "404 Not Found"),
    };
    gateway_headers(response.headers_mut(), request);
    response
}
