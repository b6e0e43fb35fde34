//! What an operator writes: saved lists that firewalls poll, and the status feeds.

use serde_json::Value;

use super::Server;

#[test]
fn a_saved_list_is_polled_by_a_firewall() {
    let server = Server::start(&[]);
    let (status, answer) = server.operate(
        "PUT",
        "/_zuno/lists/emea",
        r#"{"continents":["EMEA"],"format":"paloalto","family":"ipv4","synthetic":true}"#,
    );
    assert_eq!(status, 201, "{answer}");
    let (status, headers, body) = server.get("/lists/emea.txt", &[]);
    let text = String::from_utf8(body).unwrap();
    assert!(status == 200 && text.starts_with("# not for a firewall: built in; facts of 2026"), "{text}");
    assert!(text.contains("\n# list emea: ") && text.lines().count() > 50, "{text}");
    assert!(
        headers["x-zuno-data"].to_str().unwrap().contains("facts of 2026"),
        "nobody takes it for today's"
    );
    let etag = headers["etag"].to_str().unwrap();
    assert_eq!(server.get("/lists/emea.txt", &[("if-none-match", etag)]).0, 304);
    for (wrong, why) in [
        (r#"{"continent":["EMEA"]}"#, "`continent` is not known"),
        (r#"{"continents":["Atlantis"]}"#, "empty"),
        (r#"{"continents":["EMEA"]}"#, "is built in; facts of 2026"),
        (r#"{"clouds":["private.zscaler.com"],"kinds":["zpa"]}"#, "is built in; synthetic"),
        (r#"{"format":"json","synthetic":true}"#, "has no comments"),
        (r#"{"format":"x"}"#, "name one of"),
    ] {
        let (status, answer) = server.operate("PUT", "/_zuno/lists/other", wrong);
        assert!(status == 400 && answer["error"].as_str().unwrap().contains(why), "{answer}");
    }
    assert_eq!(server.operate("DELETE", "/_zuno/lists/emea", "").0, 204);
    assert_eq!(server.get("/lists/emea.txt", &[]).0, 404);
    assert_eq!(server.call("PUT", "/_zuno/lists/emea", &[], "{}").0, 401, "only for the operator");
}

#[test]
fn an_operator_writes_the_status_feeds() {
    let server = Server::start(&[]);
    let post = r#"{"kind":"incidents","title":"Delay in <Oslo>","body":"<p>seen</p>","event_type":"Investigating","published":1787217300}"#;
    let (status, answer) = server.operate("POST", "/_zuno/trust", post);
    assert_eq!((status, &answer["id"]), (201, &"10001".into()));
    let notice = r#"{"kind":"url-category-notification","title":"Change Date: Apr 19th, 2026","published":1787217301}"#;
    assert_eq!(server.operate("POST", "/_zuno/trust", notice).0, 201);
    let feed = |path: &str| String::from_utf8(server.get(path, &[("host", "trust.zscaler.com")]).2).unwrap();
    let all = feed("/blog-feed");
    assert!(
        all.find("Apr 19th").unwrap() < all.find("Delay in &lt;Oslo&gt;").unwrap(),
        "newest first: {all}"
    );
    assert!(
        all.contains("<description>&lt;p&gt;seen&lt;/p&gt;</description>")
            && all.contains("<eventType>Investigating</eventType>")
    );
    assert!(all.contains("<pubDate>Thu, 20 Aug 2026 09:15:00 +0000</pubDate>"), "{all}");
    assert!(!feed("/blog-feed/url-category-notification").contains("Oslo"));
    let items: Value = serde_json::from_str(&feed("/rss-feed/incidents?_format=json")).unwrap();
    assert_eq!(items["items"][0]["url"], "https://trust.zscaler.com/zscaler.net/posts/10001");
    let (_, _, status) = server.call(
        "POST",
        "/api/cloud-status.json?_format=json&a=b",
        &[("host", "trust.zscaler.com")],
        r#"{"cloud":"trust.zscaler.net","dateOffset":0,"requestType":"core_cloud_services"}"#,
    );
    let status: Value = serde_json::from_slice(&status).unwrap();
    assert_eq!(status["data"]["category"][0]["subCategory"][0]["category_status"]["severityTid"], "2");
    assert_eq!(server.operate("DELETE", "/_zuno/trust/10001", "").0, 204);
    assert!(!feed("/blog-feed").contains("Oslo"));
}
