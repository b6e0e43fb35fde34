//! The documents as a server publishes them.

use serde_json::Value;

use super::{Folder, OLD, Server, told};
use crate::common::{complained, zuno};

#[test]
fn the_documents_are_published_on_both_hosts_and_conditionally() {
    let server = Server::start(&[]);
    let (status, headers, body) = server.get("/api/zscaler.net/cenr/json", &[("host", "config.zscaler.com")]);
    assert!(status == 200 && body.starts_with(br#"{"zscaler.net":{"continent : EMEA":{"city : "#));
    assert!(
        headers["x-zuno-data"].to_str().unwrap().contains("facts of 2026"),
        "the built-in set is labelled"
    );
    let older = server.get("/zscaler.net/cenr/json", &[("host", "api.config.zscaler.com")]);
    assert_eq!((older.0, &older.2), (200, &body));
    assert_eq!(server.get("/api/zscaler.net/cenr/json", &[]).2, body, "by the path alone");
    let etag = headers["etag"].to_str().unwrap();
    assert_eq!(server.get("/api/zscaler.net/cenr/json", &[("if-none-match", etag)]).0, 304);
    assert_eq!(server.get("/api/zscaler.net/cenr/json", &[("if-none-match", "\"x\"")]).0, 200);
    let since = headers["last-modified"].to_str().unwrap();
    assert_eq!(server.get("/api/zscaler.net/cenr/json", &[("if-modified-since", since)]).0, 304);
    let (_, headers, packed) = server.get("/api/zscaler.net/cenr/json", &[("accept-encoding", "gzip")]);
    assert!(headers["content-encoding"] == "gzip" && packed.len() < body.len() / 3);
    for (path, status) in [
        ("/api/zscalerone.net/svpn/json", 404),
        ("/api/zscalertwo.net/svpn/json", 200),
        ("/api/nowhere.net/cenr/json", 404),
        ("/api/zscalerone.net/hubs/cidr/json/recommended", 200),
        ("/api/private.zscaler.com/zpa/plaintext", 200),
        ("/api/getdata/zscaler.net/all/cenr?site=config.zscaler.com", 200),
    ] {
        assert_eq!(server.get(path, &[("host", "config.zscaler.com")]).0, status, "{path}");
    }
    assert_eq!(
        server.call("HEAD", "/api/zscaler.net/cenr/json", &[], "").0,
        405,
        "as the site does (client)"
    );
}

#[test]
fn a_folder_is_published_and_read_again() {
    let folder = Folder::new();
    let path = folder.0.path().display().to_string();
    let output =
        zuno(&["serve", "--memory", "--listen", "127.0.0.1:0", "--endpoints", &path]).output().unwrap();
    assert!(output.status.code() == Some(1) && output.stdout.is_empty(), "an empty folder publishes nothing");
    assert!(complained(&output).contains("holds no file named CLOUD.KIND.json"), "{output:?}");
    folder.file("zscaler.net.cenr.json", OLD);
    let server = Server::start(&["--endpoints", &path]);
    assert_eq!(server.get("/api/zscaler.net/cenr/json", &[]).2, OLD.as_bytes(), "byte for byte");
    assert_eq!(server.get("/api/zscaler.net/future/json", &[]).0, 404, "only what the operator has");
    let (status, list, _) =
        told(&["allowlist", "--server", &server.origin, "--city", "Oslo", "--family", "ipv4"]);
    assert_eq!((status, list.as_str()), (0, "192.0.2.0/24\n"));
}

#[test]
fn an_unmodified_client_of_the_real_site_is_led_here() {
    let script = format!(
        "{} endpoints list --live --cloud zscaler.net --json",
        assert_cmd::cargo::cargo_bin!("zuno").display()
    );
    let output = zuno(&["run", "--", "sh", "-c", &script]).output().unwrap();
    let cities: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", complained(&output)));
    assert_eq!(cities.as_array().unwrap().len(), 103);
}

#[test]
fn head_is_answered_as_get_where_the_operator_wants_it() {
    let server = Server::start(&["--endpoints-head", "answer"]);
    let path = "/api/zscaler.net/cenr/json";
    for headers in [&[][..], &[("accept-encoding", "gzip")], &[("if-none-match", "*")]] {
        let (status, told, body) = server.get(path, headers);
        let (same, without, nothing) = server.call("HEAD", path, headers, "");
        assert_eq!((same, nothing.len()), (status, 0), "{headers:?}");
        for name in ["content-type", "etag", "last-modified", "x-zuno-data", "vary", "content-encoding"] {
            assert_eq!(without.get(name), told.get(name), "{headers:?} {name}");
        }
        if status == 200 && headers.is_empty() {
            assert_eq!(without["content-length"], body.len().to_string().as_str());
        }
    }
    assert_eq!(server.call("HEAD", "/api/zscalerone.net/svpn/json", &[], "").0, 404);
    assert_eq!(server.call("DELETE", path, &[], "").1["allow"], "GET, HEAD");
}
