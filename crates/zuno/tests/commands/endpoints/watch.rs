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

#[test]
fn a_change_is_told_until_the_command_has_done_its_work() {
    let (folder, kept) = (Folder::new(), Folder::new());
    // A change as large as IPv6 makes them.
    folder.file("zscaler.net.cenr.json", &OLD.replace("2001:db8::/40", "2001:db8::/32"));
    let server = Server::start(&["--endpoints", &folder.0.path().display().to_string()]);
    let dir = kept.0.path().display().to_string();
    kept.file("zscaler.net.cenr.json", OLD);
    let watch = |command: &str| {
        told(&["watch", "--server", &server.origin, "--keep", &dir, "--once", "--run", command])
    };
    for _ in 0..2 {
        let (status, text, said) = watch("exit 7");
        assert!(status == 2 && said.contains("told again") && text.contains("2001:db8::/32"), "{said}");
        assert_eq!(kept.text("zscaler.net.cenr.json"), OLD, "a command that failed has seen nothing");
    }
    let (status, _, said) = watch(&format!("cat > '{dir}/told'; cp \"$ZUNO_ENDPOINTS\"/*.json '{dir}/seen'"));
    assert_eq!(status, 1, "{said}");
    let change: Value = serde_json::from_str(&kept.text("told")).unwrap();
    let gained = (1_u128 << 96) - (1 << 88);
    assert_eq!(change["change"]["space"]["gained_v6"], gained.to_string());
    assert!(kept.text("seen").contains("2001:db8::/32"), "the command finds the new document");
    assert!(kept.text("zscaler.net.cenr.json").contains("2001:db8::/32"), "and then it is kept");
    assert!(!kept.path(".next").exists());
    assert_eq!(watch("exit 7").0, 0, "told once and for all");
}

#[test]
fn what_a_zuno_has_built_in_is_not_watched_by_mistake() {
    let (server, kept) = (Server::start(&[]), Folder::new());
    let dir = kept.0.path().display().to_string();
    let watch = |more: &[&str]| {
        told(&[&["watch", "--server", &server.origin, "--keep", &dir, "--once"], more].concat())
    };
    let (status, _, said) = watch(&[]);
    assert!(status == 2 && said.contains("built in; facts of"), "{said}");
    assert_eq!(watch(&["--synthetic"]).0, 0);
}

fn watch_an_unknown_cloud(origin: &str, dir: &str) -> (i32, String, String) {
    told(&["watch", "--server", origin, "--keep", dir, "--once", "--cloud", "zscaler.example"])
}
