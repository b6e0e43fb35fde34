//! The published service endpoints: documents by cloud and kind, exactly as the site has them.

pub mod lists;
pub mod pages;

use http::Method;
use zuno_endpoints::{Kind, Origin};

use crate::Cloud;
use crate::conditional::conditional;
use crate::request::Request;
use crate::respond::{Response, respond, set};

/// Answers for `config.zscaler.com`. What is not published is a 404, as for a cloud whose document is yet to be
/// published (the status is guessed).
pub fn answer(cloud: &Cloud, request: &Request) -> Response {
    let head = request.head.method == Method::HEAD;
    // The real site refuses HEAD (client), and tools that probe with it are to find out here.
    if request.head.method == Method::GET || head && cloud.options.answers_head {
        return get(cloud, request);
    }
    let mut refused = respond(405, Some("text/plain; charset=utf-8"), "method not allowed\n");
    set(refused.headers_mut(), "allow", if cloud.options.answers_head { "GET, HEAD" } else { "GET" });
    refused
}

fn get(cloud: &Cloud, request: &Request) -> Response {
    if let Some(name) = request.path.strip_prefix("/lists/").and_then(|file| file.strip_suffix(".txt")) {
        return lists::answer(cloud, request, name);
    }
    let found = Kind::at(&request.path);
    let page = pages::SitePage::at(&request.path);
    cloud.published.with(|edition| {
        if let Some(answer) = page.and_then(|(cloud, page)| page.answer(request, edition, cloud)) {
            return answer;
        }
        let Some((found, kind)) = found.and_then(|(name, kind)| Some((edition.get(name, kind)?, kind)))
        else {
            return respond(404, Some("text/plain; charset=utf-8"), "not found\n");
        };
        let media = match kind {
            Kind::ZpaPlaintext => "text/plain; charset=utf-8",
            _ => "application/json; charset=utf-8",
        };
        let mut answer = conditional(request, &found.etag, Some(found.modified), media, &found.body);
        let origin = match &found.origin {
            Origin::Operator => return answer,
            built_in => built_in.to_string(),
        };
        // Whoever takes this for the real list should be able to see that it is not.
        set(answer.headers_mut(), "x-zuno-data", &origin);
        answer
    })
}
