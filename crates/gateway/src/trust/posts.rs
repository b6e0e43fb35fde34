//! The posts of the trust portal: what an operator wrote, checked, and changed until it is over.

use std::time::{Duration, UNIX_EPOCH};

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use zuno_model::TenantId;
use zuno_store::{Store, StoreError};

use crate::Cloud;
use crate::notes::{Changed, Note};
use crate::request::Request;
use crate::respond::{Response, in_json, respond};

static POSTS: Note<Vec<Post>> = Note::named("trust:posts", "the posts of the trust portal");

/// A notice about URL categories: it has feeds and an address of its own (seed).
pub const NOTICE: &str = "url-category-notification";
/// What a post may be about; a feed of its own each (client).
pub const KINDS: [&str; 5] = ["incidents", "maintenance", "advisories", NOTICE, "cloud-app"];
/// Words by which dashboards tell that something is over (client).
const OVER: [&str; 4] = ["resolved", "closed", "completed", "restored"];
/// The end of the year 9999, the last that a date of RSS can tell.
const LAST: u64 = 253_402_300_799;
/// The number before the first post's.
const BEFORE: u64 = 10_000;

/// A post.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Post {
    /// Its number, the same for as long as it is there.
    #[serde(default)]
    pub id: u64,
    /// One of [`KINDS`].
    pub kind: String,
    /// Plain text.
    pub title: String,
    /// HTML.
    #[serde(default)]
    pub body: String,
    /// Such as `zscaler.net`.
    #[serde(default = "default_cloud")]
    pub cloud: String,
    /// What readers may sort by, beside the cloud.
    #[serde(default)]
    pub categories: Vec<String>,
    /// The feed's own element, such as `Resolved`.
    #[serde(default)]
    pub event_type: String,
    /// The part of the cloud that an incident is about, as the status names it.
    #[serde(default = "default_service")]
    pub service: String,
    /// Seconds since the Unix epoch.
    #[serde(default)]
    pub published: u64,
    /// When it was last written, in seconds since the Unix epoch.
    #[serde(default)]
    pub updated: u64,
}

fn default_cloud() -> String {
    "zscaler.net".into()
}

/// The one that every cloud of the status has (client).
pub fn default_service() -> String {
    "Data Centers".into()
}

/// What an operator may write of a post. A member that is not known is an error: most likely it is misspelt.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    kind: Option<String>,
    title: Option<String>,
    body: Option<String>,
    cloud: Option<String>,
    categories: Option<Vec<String>>,
    event_type: Option<String>,
    service: Option<String>,
    published: Option<u64>,
}

impl Draft {
    /// Reads what was sent; the error says what to change. `knows` tells whether a cloud is known.
    fn read(body: &Value, knows: impl Fn(&str) -> bool) -> Result<Draft, String> {
        if !body.is_object() {
            return Err("send the post as a JSON object with `kind` and `title`".into());
        }
        let draft = Draft::deserialize(body).map_err(|wrong| {
            format!(
                "{wrong}: a post has the texts `kind`, `title`, `body` (HTML), `cloud`, `event_type` and `service`, the \
                 list of texts `categories`, and `published` in seconds since 1970"
            )
        })?;
        if let Some(cloud) = draft.cloud.as_ref().filter(|cloud| !knows(cloud)) {
            return Err(format!(
                "`cloud` is `{cloud}`, and no such cloud is known: write one such as zscaler.net, private.zscaler.com or \
                 zdxcloud.net"
            ));
        }
        if draft.published.is_some_and(|published| published > LAST) {
            return Err(format!("`published` is in seconds, not milliseconds, and at most {LAST}"));
        }
        Ok(draft)
    }

    /// The post with what is written here; the error says what to change.
    fn onto(self, post: Post) -> Result<Post, String> {
        let post = Post {
            kind: self.kind.unwrap_or(post.kind),
            title: self.title.unwrap_or(post.title),
            body: self.body.unwrap_or(post.body),
            cloud: self.cloud.unwrap_or(post.cloud).to_ascii_lowercase(),
            categories: self.categories.unwrap_or(post.categories),
            event_type: self.event_type.unwrap_or(post.event_type),
            service: self.service.unwrap_or(post.service),
            published: self.published.unwrap_or(post.published),
            ..post
        };
        if !KINDS.contains(&post.kind.as_str()) {
            let given =
                if post.kind.is_empty() { "is missing".into() } else { format!("is `{}`", post.kind) };
            return Err(format!("`kind` {given}: write one of {}", KINDS.join(", ")));
        }
        if post.title.trim().is_empty() {
            return Err("`title` is missing: write one line of plain text".into());
        }
        if post.service.trim().is_empty() || post.categories.iter().any(|one| one.trim().is_empty()) {
            return Err("`service` and `categories` hold no empty text: leave them out instead".into());
        }
        Ok(post)
    }
}

impl Post {
    /// What a new post is before anything is written.
    fn blank(now: u64) -> Post {
        Post { cloud: default_cloud(), service: default_service(), published: now, ..Post::default() }
    }

    /// Its path on the portal.
    pub fn path(&self) -> String {
        match self.kind == NOTICE {
            true => format!("/notification/{}", self.id),
            false => format!("/{}/posts/{}", self.cloud, self.id),
        }
    }

    /// Whether it tells of something that has ended.
    pub fn is_over(&self) -> bool {
        let state = self.event_type.to_lowercase();
        OVER.iter().any(|word| state.contains(word))
    }

    /// When it was last written; posts of older versions do not say.
    pub fn updated(&self) -> u64 {
        self.updated.max(self.published)
    }
}

/// A moment as HTTP and RSS write it, in GMT.
pub fn date(seconds: u64) -> String {
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds.min(LAST)))
}

/// The posts, newest first.
///
/// # Errors
/// The store failed.
pub fn kept(store: &dyn Store) -> Result<Vec<Post>, StoreError> {
    let mut posts = POSTS.read(store)?;
    posts.sort_by_key(|post| std::cmp::Reverse((post.published, post.id)));
    Ok(posts)
}

/// A post as its operator is told of it: an id is text, as every id is.
fn told(post: &Post) -> Value {
    let mut told = json!(post);
    told["id"] = json!(post.id.to_string());
    told
}

fn refused(why: String) -> Response {
    in_json(400, &json!({"error": why}))
}

fn missing(id: &str) -> Response {
    in_json(404, &json!({"error": format!("there is no post {id}: GET /_zuno/trust lists them")}))
}

/// What the operator may do with the posts: see, write, change and remove them.
pub fn administer(cloud: &Cloud, request: &Request, parts: &[&str], body: &Value) -> Response {
    let store = cloud.store.as_ref();
    let now = cloud.now(TenantId::SERVER).ok().and_then(|now| u64::try_from(now).ok()).unwrap_or(0);
    let draft = || Draft::read(body, |name| cloud.published.knows(name));
    match (&request.head.method, parts) {
        (&Method::GET, [] | [_]) => match kept(store) {
            Err(cause) => in_json(500, &json!({"error": cause.to_string()})),
            Ok(posts) => match parts.first() {
                None => in_json(200, &posts.iter().map(told).collect()),
                Some(id) => match posts.iter().find(|post| post.id.to_string() == *id) {
                    Some(post) => in_json(200, &told(post)),
                    None => missing(id),
                },
            },
        },
        (&Method::POST, []) => match draft().and_then(|draft| draft.onto(Post::blank(now))) {
            Err(why) => refused(why),
            Ok(post) => POSTS.change(store, move |posts| {
                let id = posts.iter().map(|post| post.id).max().unwrap_or(BEFORE) + 1;
                let post = Post { id, updated: post.published, ..post.clone() };
                let answer = in_json(201, &told(&post));
                posts.push(post);
                Changed::Kept(answer)
            }),
        },
        (method @ (&Method::PUT | &Method::PATCH), [id]) => match draft() {
            Err(why) => refused(why),
            Ok(draft) => {
                let (id, anew) = ((*id).to_owned(), *method == Method::PUT);
                POSTS.change(store, move |posts| {
                    let Some(post) = posts.iter_mut().find(|post| post.id.to_string() == id) else {
                        return Changed::Refused(missing(&id));
                    };
                    // A post that is written anew stays where it was among the others.
                    let start = match anew {
                        true => Post { id: post.id, ..Post::blank(post.published) },
                        false => post.clone(),
                    };
                    match draft.clone().onto(start) {
                        Err(why) => Changed::Refused(refused(why)),
                        Ok(written) => {
                            *post = Post { updated: now.max(written.published), ..written };
                            Changed::Kept(in_json(200, &told(post)))
                        }
                    }
                })
            }
        },
        (&Method::DELETE, [id]) => {
            let id = (*id).to_owned();
            POSTS.change(store, move |posts| match posts.iter().position(|post| post.id.to_string() == id) {
                Some(at) => {
                    posts.remove(at);
                    Changed::Kept(respond(204, None, ""))
                }
                None => Changed::Refused(missing(&id)),
            })
        }
        _ => {
            let text = "GET or POST /_zuno/trust, or GET, PUT, PATCH or DELETE /_zuno/trust/ID";
            in_json(405, &json!({"error": text}))
        }
    }
}
