//! Pages for people: templates under `pages/` that escape what they are given, under a policy that lets nothing run.

use std::sync::LazyLock;

use minijinja::{Environment, Value, context};

use crate::respond::{Response, respond, set};

/// No script, no form, no image, nothing from elsewhere, and an origin of its own: the body of a post is whatever its
/// writer made it, and this server's console and API are on the same port.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'; sandbox";

const TEMPLATES: [(&str, &str); 9] = [
    ("layout.html", include_str!("../pages/layout.html")),
    ("missing.html", include_str!("../pages/missing.html")),
    ("post.html", include_str!("../pages/post.html")),
    ("posts.html", include_str!("../pages/posts.html")),
    ("cenr.html", include_str!("../pages/cenr.html")),
    ("hubs.html", include_str!("../pages/hubs.html")),
    ("zpa.html", include_str!("../pages/zpa.html")),
    ("from.html", include_str!("../pages/from.html")),
    ("services.html", include_str!("../pages/services.html")),
];

static PAGES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut pages = Environment::new();
    pages.set_trim_blocks(true);
    pages.set_lstrip_blocks(true);
    for (name, text) in TEMPLATES {
        pages.add_template(name, text).expect("the built-in templates are well-formed");
    }
    pages
});

/// The text of a template, filled.
pub fn filled(template: &str, with: Value) -> String {
    let made = PAGES.get_template(template).and_then(|template| template.render(with));
    made.expect("the built-in templates use what they are given")
}

/// A page.
pub fn page(status: u16, template: &str, with: Value) -> Response {
    let mut page = respond(status, Some("text/html; charset=utf-8"), filled(template, with));
    let headers = page.headers_mut();
    set(headers, "content-security-policy", POLICY);
    set(headers, "x-content-type-options", "nosniff");
    set(headers, "referrer-policy", "no-referrer");
    set(headers, "cache-control", "no-cache");
    page
}

/// A page that says what is not there.
pub fn missing(text: &str) -> Response {
    page(404, "missing.html", context! { text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_is_given_is_escaped() {
        let page = filled("missing.html", context! { text => "<b>&" });
        assert!(page.contains("&lt;b&gt;&amp;") && !page.contains("<b>"), "{page}");
    }
}
