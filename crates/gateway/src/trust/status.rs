//! The status that the portal's page asks for: one cloud, its services, and what is wrong with them on a day.

use quick_xml::escape::partial_escape;
use serde::Deserialize;
use serde_json::{Value, json};
use zuno_endpoints::{Cloud as NamedCloud, Product};

use super::posts::{Post, default_service};
use crate::respond::{Response, in_json};

const DAY: u64 = 86_400;
/// The only one that clients ask for.
const CORE: &str = "core_cloud_services";

/// What a client asks; further members do not count.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Question {
    /// The cloud's own name for its portal, such as `trust.zscaler.net` (client).
    cloud: String,
    /// Taken for days back from today (guessed: clients send 0).
    #[serde(default)]
    date_offset: u32,
    request_type: Option<String>,
}

/// Answers; `knows` tells whether a cloud is known. The refusals are the server's own: the real ones are not known.
pub fn answer(body: &[u8], posts: &[Post], now: u64, knows: impl Fn(&str) -> bool) -> Response {
    let refused = |why: String| in_json(400, &json!({"error": why}));
    let question: Question = match serde_json::from_slice(body) {
        Ok(question) => question,
        Err(wrong) => {
            let form = r#"{"cloud":"trust.zscaler.net","dateOffset":0,"requestType":"core_cloud_services"}"#;
            return refused(format!("{wrong}: send {form}"));
        }
    };
    let name = question.cloud.to_ascii_lowercase();
    let cloud = name.strip_prefix("trust.").unwrap_or(&name);
    if !knows(cloud) {
        return refused(format!("`cloud` is `{}`: send one such as trust.zscaler.net", question.cloud));
    }
    if let Some(other) = question.request_type.filter(|one| one != CORE) {
        return refused(format!("`requestType` is `{other}`: only `{CORE}` is known"));
    }
    in_json(200, &status(cloud, posts, now.saturating_sub(u64::from(question.date_offset) * DAY)))
}

/// Whether an incident was open at a moment. Only its latest state is kept: it counts as open until it was written last.
fn was_open(post: &Post, at: u64) -> bool {
    post.kind == "incidents" && post.published <= at && !(post.is_over() && post.updated() <= at)
}

/// A service without a status is healthy, and clients read the first category only (client).
fn status(cloud: &str, posts: &[Post], at: u64) -> Value {
    let incidents: Vec<&Post> =
        posts.iter().filter(|post| post.kind == "incidents" && post.cloud == cloud).collect();
    let mut services = vec![default_service()];
    for post in &incidents {
        if !services.contains(&post.service) {
            services.push(post.service.clone());
        }
    }
    let service = |name: &String| {
        let mut service = json!({"name": name});
        if let Some(post) = incidents.iter().find(|post| post.service == *name && was_open(post, at)) {
            // A text of HTML (client).
            let text = partial_escape(post.title.as_str());
            service["category_status"] = json!({"severityTid": "2", "short_description": text});
        }
        service
    };
    let product = match NamedCloud::named(cloud).map(|known| known.product) {
        Some(Product::PrivateAccess) => "ZPA",
        Some(Product::DigitalExperience) => "ZDX",
        Some(Product::InternetAccess) | None => "ZIA",
    };
    json!({"data": {
        "severity": [{"tid": "1", "name": "Available"}, {"tid": "2", "name": "Service Degradation"}],
        "category": [{"name": product, "subCategory": services.iter().map(service).collect::<Vec<Value>>()}],
    }})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_incident_is_open_from_its_day_until_it_is_told_to_be_over() {
        let open =
            Post { kind: "incidents".into(), published: 10 * DAY, updated: 10 * DAY, ..Post::default() };
        assert!(!was_open(&open, 10 * DAY - 1) && was_open(&open, 10 * DAY) && was_open(&open, 20 * DAY));
        let over = Post { event_type: "Resolved".into(), updated: 12 * DAY, ..open.clone() };
        assert!(was_open(&over, 12 * DAY - 1) && !was_open(&over, 12 * DAY));
        let work = Post { kind: "maintenance".into(), ..open };
        assert!(!was_open(&work, 20 * DAY), "planned work is no incident");
    }
}
