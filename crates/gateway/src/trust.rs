//! The status feeds of `trust.zscaler.com`: posts that an operator writes, as RSS and as the JSON of the newer feeds.

use std::time::{Duration, UNIX_EPOCH};

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use zuno_store::{Store, StoreError, read, write};

use crate::Cloud;
use crate::cloud::SERVER;
use crate::own::json as in_json;
use crate::request::Request;
use crate::respond::{Whole, whole};

/// The note that holds the posts.
const NOTE: &str = "trust:posts";
/// What a post may be about; a feed of its own each (client).
const KINDS: [&str; 5] = ["incidents", "maintenance", "advisories", "url-category-notification", "cloud-app"];
/// Words by which dashboards tell that something is over (client).
const OVER: [&str; 4] = ["resolved", "closed", "completed", "restored"];
const SITE: &str = "https://trust.zscaler.com";

/// A post.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Post {
    #[serde(default)]
    id: u64,
    /// One of [`KINDS`].
    kind: String,
    title: String,
    /// HTML.
    #[serde(default)]
    body: String,
    #[serde(default = "default_cloud")]
    cloud: String,
    #[serde(default)]
    categories: Vec<String>,
    /// The feed's own element, such as `Resolved`.
    #[serde(default)]
    event_type: String,
    /// Seconds since the Unix epoch; the server's time without.
    #[serde(default)]
    published: u64,
}

fn default_cloud() -> String {
    "zscaler.net".into()
}

impl Post {
    fn link(&self) -> String {
        match self.kind.as_str() {
            "url-category-notification" => format!("{SITE}/notification/{}", self.id),
            _ => format!("{SITE}/{}/posts/{}", self.cloud, self.id),
        }
    }

    /// As RSS has it: with digits for the zone, which every reader takes.
    fn date(&self) -> String {
        let date = UNIX_EPOCH + Duration::from_secs(self.published.min(253_402_300_799));
        httpdate::fmt_http_date(date).replace("GMT", "+0000")
    }

    fn is_over(&self) -> bool {
        let state = self.event_type.to_lowercase();
        OVER.iter().any(|word| state.contains(word))
    }
}

/// The posts, newest first.
fn kept(store: &dyn Store) -> Result<Vec<Post>, StoreError> {
    let note = read(store, |tx| tx.note(SERVER, NOTE))?;
    let Some(bytes) = note else { return Ok(Vec::new()) };
    let mut posts: Vec<Post> = serde_json::from_slice(&bytes)
        .map_err(|cause| StoreError::because("the posts cannot be read", cause))?;
    posts.sort_by_key(|post| std::cmp::Reverse((post.published, post.id)));
    Ok(posts)
}

/// Answers for `trust.zscaler.com`.
pub fn answer(cloud: &Cloud, request: &Request) -> Whole {
    let posts = match kept(cloud.store.as_ref()) {
        Ok(posts) => posts,
        Err(cause) => {
            tracing::error!(%cause, "the status feeds");
            return whole(500, Some("text/plain; charset=utf-8"), "the posts cannot be read\n");
        }
    };
    let path = request.path.trim_end_matches('/');
    let as_json = request.query.iter().any(|(name, value)| name == "_format" && value == "json");
    let (feed, newer) = match path.strip_prefix("/rss-feed") {
        Some(rest) => (rest, true),
        None => (path.strip_prefix("/blog-feed").unwrap_or("?"), false),
    };
    match (&request.head.method, feed.strip_prefix('/').unwrap_or(feed)) {
        (&Method::POST, _) if path == "/api/cloud-status.json" => in_json(200, &status(&posts)),
        (&Method::GET, "") => rss(&posts, "posts"),
        (&Method::GET, kind) if KINDS.contains(&kind) && (newer || kind == "url-category-notification") => {
            let posts: Vec<Post> = posts.into_iter().filter(|post| post.kind == kind).collect();
            if newer && as_json { in_json(200, &items(&posts)) } else { rss(&posts, kind) }
        }
        _ => whole(404, Some("text/plain; charset=utf-8"), "not found\n"),
    }
}

fn items(posts: &[Post]) -> Value {
    let items = posts.iter().map(|post| {
        json!({"id": post.id.to_string(), "title": post.title, "body": post.body, "url": post.link(), "pubdate": post.date()})
    });
    json!({"items": items.collect::<Vec<Value>>()})
}

fn rss(posts: &[Post], what: &str) -> Whole {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" xml:base=\"{SITE}/\">\n  <channel>\n    \
         <title>Trust portal: {}</title>\n    <link>{SITE}/</link>\n    <description>Written by the operator of this \
         server</description>\n    <language>en</language>\n",
        escaped(what)
    );
    for post in posts {
        xml.push_str("    <item>\n");
        let mut element = |name: &str, with: &str, text: &str| {
            xml.push_str(&format!("      <{name}{with}>{}</{name}>\n", escaped(text)));
        };
        element("title", "", &post.title);
        element("link", "", &post.link());
        element("description", "", &post.body);
        element("category", "", &post.cloud);
        post.categories.iter().for_each(|category| element("category", "", category));
        if !post.event_type.is_empty() {
            element("eventType", "", &post.event_type);
        }
        element("pubDate", "", &post.date());
        element("guid", " isPermaLink=\"false\"", &post.id.to_string());
        xml.push_str("    </item>\n");
    }
    xml.push_str("  </channel>\n</rss>\n");
    whole(200, Some("application/rss+xml; charset=utf-8"), xml)
}

fn escaped(text: &str) -> String {
    let text: String = text.chars().filter(|letter| !letter.is_control() || *letter == '\n').collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The page's own status: a service without a status is healthy (client).
fn status(posts: &[Post]) -> Value {
    let open: Vec<&Post> = posts.iter().filter(|post| post.kind == "incidents" && !post.is_over()).collect();
    let services = [("ZIA", "zscaler"), ("ZPA", "private"), ("ZDX", "zdx")];
    let categories = services.map(|(name, mark)| {
        let hit = open
            .iter()
            .find(|post| post.cloud.contains(mark) || post.categories.iter().any(|one| one == name));
        let mut service = json!({"name": "Data Centers"});
        if let Some(post) = hit {
            service["category_status"] = json!({"severityTid": "2", "short_description": post.title});
        }
        json!({"name": name, "subCategory": [service]})
    });
    json!({"data": {
        "severity": [{"tid": "1", "name": "Available"}, {"tid": "2", "name": "Service Degradation"}],
        "category": categories,
    }})
}

/// What the operator may do with the posts: see, write and remove them.
pub fn administer(cloud: &Cloud, request: &Request, parts: &[&str], body: &Value) -> Whole {
    let _alone = cloud.published.writing.lock();
    let failed = |cause: StoreError| in_json(500, &json!({"error": cause.to_string()}));
    let mut posts = match kept(cloud.store.as_ref()) {
        Ok(posts) => posts,
        Err(cause) => return failed(cause),
    };
    let answer = match (&request.head.method, parts) {
        (&Method::GET, []) => return in_json(200, &json!(posts)),
        (&Method::POST, []) => {
            let mut post: Post = match serde_json::from_value(body.clone()) {
                Ok(post) => post,
                Err(wrong) => {
                    let text = format!(
                        "{wrong}: give `kind` and `title`, and where you like `body`, `cloud`, \
                                        `categories`, `event_type`, `published`"
                    );
                    return in_json(400, &json!({"error": text}));
                }
            };
            if !KINDS.contains(&post.kind.as_str()) {
                return in_json(400, &json!({"error": format!("`kind` is one of {}", KINDS.join(", "))}));
            }
            post.id = posts.iter().map(|post| post.id).max().unwrap_or(10_000) + 1;
            if post.published == 0 {
                post.published = u64::try_from(cloud.clock().now()).unwrap_or(0);
            }
            let answer = in_json(201, &json!(post));
            posts.push(post);
            answer
        }
        (&Method::DELETE, [id]) => {
            let before = posts.len();
            posts.retain(|post| post.id.to_string() != *id);
            if posts.len() == before {
                return in_json(404, &json!({"error": format!("there is no post {id}")}));
            }
            whole(204, None, "")
        }
        _ => return in_json(405, &json!({"error": "GET or POST /_zuno/trust, or DELETE /_zuno/trust/ID"})),
    };
    let bytes = json!(posts).to_string().into_bytes();
    match write(cloud.store.as_ref(), move |tx| tx.set_note(SERVER, NOTE, Some(&bytes))) {
        Ok(()) => answer,
        Err(cause) => failed(cause),
    }
}
