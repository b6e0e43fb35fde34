//! Documents watched.

use std::fs;

use serde_json::Value;

use super::{Folder, OLD, Server, told};

#[test]
fn a_watcher_keeps_tells_and_runs() {
    let (folder, kept) = (Folder::new(), Folder::new());
    folder.file("zscaler.net.cenr.json", OLD);
    let server = Server::start(&["--endpoints", &folder.0.path().display().to_string()]);
    let dir = kept.0.path().display().to_string();
    let command = format!("cat > '{dir}/told'");
    let watch = || told(&["watch", "--server", &server.origin, "--keep", &dir, "--once", "--run", &command]);
    let (status, _, said) = watch();
    assert!(status == 0 && said.contains("is kept from now on"), "{said}");
    assert_eq!(kept.text("zscaler.net.cenr.json"), OLD);
    assert_eq!(watch().0, 0, "the second time the server says that nothing changed");
    // A kept document that is older than what is published: as if the site had moved on.
    kept.file("zscaler.net.cenr.json", &OLD.replace("198.51.100.0/24", "198.51.100.0/25"));
    fs::remove_file(kept.path("zscaler.net.cenr.state")).unwrap();
    let (status, text, said) = watch();
    assert_eq!(status, 1, "{said}");
    assert!(text.contains("198.51.100.0/24"), "{text}");
    let told: Value = serde_json::from_str(&kept.text("told")).unwrap();
    assert_eq!(told["change"]["prefixes_removed"], serde_json::json!(["198.51.100.0/25"]));
    assert_eq!(kept.text("zscaler.net.cenr.json"), OLD);
    let (status, _, said) = watch_an_unknown_cloud(&server.origin, &dir);
    assert!(status == 2 && said.contains("no cloud is known"), "{said}");
}

fn watch_an_unknown_cloud(origin: &str, dir: &str) -> (i32, String, String) {
    told(&["watch", "--server", origin, "--keep", dir, "--once", "--cloud", "zscaler.example"])
}
