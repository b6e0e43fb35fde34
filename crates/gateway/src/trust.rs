//! The trust portal, `trust.zscaler.com`: posts that an operator writes, as feeds, as pages, and as the clouds' status.

mod feeds;
mod posts;
mod status;

use http::Method;
use minijinja::{Value, context};

use zuno_model::TenantId;

use crate::Cloud;
use crate::conditional::{conditional, entity_tag};
use crate::html;
use crate::request::Request;
use crate::respond::{Response, in_json, respond, set};
use posts::{KINDS, NOTICE, Post, date};

pub use posts::administer;

/// How many posts a page lists.
const LISTED: usize = 50;
const PLAIN: Option<&str> = Some("text/plain; charset=utf-8");

/// What is asked of the portal.
enum Wanted<'p> {
    /// A feed, of all posts or of one kind.
    Feed { kind: Option<&'static str>, newer: bool },
    /// One post; a notice has no cloud in its path.
    Post { cloud: Option<&'p str>, id: &'p str },
    /// The newest posts, of all clouds or of one.
    Newest { cloud: Option<&'p str> },
    /// The status of a cloud.
    Status,
}

impl Wanted<'_> {
    fn at(path: &str) -> Option<Wanted<'_>> {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let kind = |name: &str| KINDS.into_iter().find(|kind| *kind == name);
        Some(match parts.as_slice() {
            [] => Wanted::Newest { cloud: None },
            ["api", "cloud-status.json"] => Wanted::Status,
            ["blog-feed"] => Wanted::Feed { kind: None, newer: false },
            ["blog-feed", name] if *name == NOTICE => Wanted::Feed { kind: Some(NOTICE), newer: false },
            ["rss-feed"] => Wanted::Feed { kind: None, newer: true },
            ["rss-feed", name] => Wanted::Feed { kind: Some(kind(name)?), newer: true },
            ["notification", id] => Wanted::Post { cloud: None, id },
            [cloud, "posts", id] => Wanted::Post { cloud: Some(cloud), id },
            [cloud] => Wanted::Newest { cloud: Some(cloud) },
            _ => return None,
        })
    }
}

/// Whether a path can only mean the portal, whatever the host.
pub fn is_at(path: &str) -> bool {
    let known = |cloud: &str| zuno_endpoints::Cloud::named(cloud).is_some();
    match Wanted::at(path) {
        Some(Wanted::Feed { .. } | Wanted::Post { cloud: None, .. } | Wanted::Status) => true,
        Some(Wanted::Post { cloud: Some(cloud), .. } | Wanted::Newest { cloud: Some(cloud) }) => known(cloud),
        Some(Wanted::Newest { cloud: None }) | None => false,
    }
}

/// Whether the caller came by the portal's own name.
fn is_portal(request: &Request) -> bool {
    matches!(zuno_intercept::Host::of(request.host()), zuno_intercept::Host::Trust)
}

/// What stands before paths in the feeds: the portal's own name, or where the caller found this server.
fn site(request: &Request) -> String {
    if is_portal(request) { "https://trust.zscaler.com".into() } else { request.origin() }
}

/// Answers for `trust.zscaler.com`.
pub fn answer(cloud: &Cloud, request: &Request) -> Response {
    let Some(wanted) = Wanted::at(&request.path) else { return respond(404, PLAIN, "not found\n") };
    let allowed = if matches!(wanted, Wanted::Status) { Method::POST } else { Method::GET };
    if request.head.method != allowed {
        let mut refused = respond(405, PLAIN, "method not allowed\n");
        set(refused.headers_mut(), "allow", allowed.as_str());
        return refused;
    }
    let posts = match posts::kept(cloud.store.as_ref()) {
        Ok(posts) => posts,
        Err(cause) => {
            tracing::error!(%cause, "the trust portal");
            return respond(500, PLAIN, "the posts cannot be read\n");
        }
    };
    match wanted {
        Wanted::Status => {
            let now = cloud.now(TenantId::SERVER).ok().and_then(|now| u64::try_from(now).ok()).unwrap_or(0);
            status::answer(&request.body, &posts, now, |name| cloud.published.knows(name))
        }
        Wanted::Feed { kind, newer } => feed(request, &posts, kind, newer),
        Wanted::Post { cloud, id } => {
            let meant = |post: &&Post| {
                post.id.to_string() == id
                    && match cloud {
                        Some(cloud) => post.kind != NOTICE && post.cloud.eq_ignore_ascii_case(cloud),
                        None => post.kind == NOTICE,
                    }
            };
            match posts.iter().find(meant) {
                Some(post) => html::page(200, "post.html", context! { body => post.body, ..told(post) }),
                None => html::missing("There is no such post: it may have been removed."),
            }
        }
        Wanted::Newest { cloud: name } => {
            if name.is_some_and(|name| !cloud.published.knows(name)) {
                return html::missing("No such cloud is known.");
            }
            newest(request, &posts, name)
        }
    }
}

fn feed(request: &Request, posts: &[Post], kind: Option<&'static str>, newer: bool) -> Response {
    let posts: Vec<&Post> = posts.iter().filter(|post| kind.is_none_or(|kind| post.kind == kind)).collect();
    let site = site(request);
    let as_json = request.query.iter().any(|(name, value)| name == "_format" && value == "json");
    if newer && kind.is_some() && as_json {
        return in_json(200, &feeds::items(&posts, &site));
    }
    let xml = feeds::rss(&posts, kind.unwrap_or("posts"), &site);
    let mut answer =
        conditional(request, &entity_tag(&xml), None, "application/rss+xml; charset=utf-8", &xml);
    set(answer.headers_mut(), "x-content-type-options", "nosniff");
    answer
}

/// What a page shows of a post beside its body.
fn told(post: &Post) -> Value {
    let updated = post.updated();
    context! {
        title => post.title, cloud => post.cloud, path => post.path(), kind => post.kind.replace('-', " "),
        event => post.event_type, over => post.is_over(), categories => post.categories,
        published => date(post.published), updated => (updated > post.published).then(|| date(updated)),
    }
}

fn newest(request: &Request, posts: &[Post], cloud: Option<&str>) -> Response {
    let mut clouds: Vec<&str> = posts.iter().map(|post| post.cloud.as_str()).collect();
    clouds.sort_unstable();
    clouds.dedup();
    let meant = |post: &&Post| cloud.is_none_or(|cloud| post.cloud.eq_ignore_ascii_case(cloud));
    let posts: Vec<Value> = posts.iter().filter(meant).take(LISTED).map(told).collect();
    html::page(200, "posts.html", context! { posts, clouds, cloud, portal => is_portal(request) })
}
