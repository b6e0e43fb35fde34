//! The data folder: whose it is, what it must not be asked, what it shows to whoever copies it.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::common::{Server, complained, said, zuno};

fn start(path: &Path, more: &[&str]) -> Server {
    let own =
        ["--data", path.to_str().unwrap(), "--client-id", "a", "--client-secret", "of-the-first", "--es256"];
    Server::start(&[&own, more].concat())
}

fn refused(path: &Path, more: &[&str]) -> String {
    let own = ["serve", "--listen", "127.0.0.1:0", "--data", path.to_str().unwrap()];
    let output = zuno(&[&own, more].concat()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    complained(&output)
}

fn stop(mut server: Server) {
    assert!(Command::new("kill").arg(server.process.id().to_string()).status().unwrap().success());
    assert!(server.process.wait().unwrap().success());
}

#[test]
fn a_folder_has_one_server_and_the_second_is_told_which() {
    let folder = tempfile::tempdir().unwrap();
    let server = start(folder.path(), &[]);
    let note = || fs::read_to_string(folder.path().join("server.json")).unwrap();
    let before = note();
    let process = format!("process {}", server.process.id());
    let told = refused(folder.path(), &[]);
    assert!(told.contains(&process) && told.contains(&server.origin), "{told}");
    let run = zuno(&["run", "--data", folder.path().to_str().unwrap(), "--", "true"]).output().unwrap();
    assert_eq!(run.status.code(), Some(1));
    assert!(complained(&run).contains(&process), "{}", complained(&run));
    assert_eq!(note(), before);
    let found = zuno(&["env", "--json"]).env("ZUNO_DATA", folder.path()).output().unwrap();
    assert!(found.status.success(), "{}", complained(&found));
    stop(server);
    stop(start(folder.path(), &[]));
}

#[test]
fn an_option_of_the_first_start_is_not_passed_over_later() {
    let folder = tempfile::tempdir().unwrap();
    stop(start(folder.path(), &["--vanity", "example"]));
    for (options, words) in [
        (&["--vanity", "other"][..], "`example`"),
        (&["--customer-id", "1234"], "--customer-id 1234"),
        (&["--bare"], "--bare"),
    ] {
        let told = refused(folder.path(), options);
        assert!(told.contains(words) && told.contains("--data"), "{told}");
    }
    stop(start(folder.path(), &["--vanity", "Example", "--customer-id", "216196257331281920"]));

    // A client that is fixed anew works at once, and the folder says so.
    let data = folder.path().to_str().unwrap();
    let server =
        Server::start(&["--data", data, "--client-id", "a", "--client-secret", "of-another", "--es256"]);
    let mut command = zuno(&["token", "--server", &server.origin]);
    assert!(command.env("ZUNO_DATA", data).output().unwrap().status.success());
}

#[test]
fn a_lost_secret_is_made_anew_with_the_server_running_or_not() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let kept = || -> Value {
        serde_json::from_slice(&fs::read(folder.path().join("credentials.json")).unwrap()).unwrap()
    };
    let recover = || {
        let output = zuno(&["client", "recover", "--data", data]).output().unwrap();
        assert!(output.status.success(), "{}", complained(&output));
        serde_json::from_str::<Value>(&said(&output)).unwrap()["client_id"].clone()
    };
    let works = |server: &Server| {
        let mut command = zuno(&["token", "--server", &server.origin]);
        command.env("ZUNO_DATA", data).output().unwrap().status.success()
    };
    let server = Server::start(&["--data", data, "--es256"]);
    let first = kept();
    assert_eq!(recover(), first["client_id"]);
    assert_ne!(kept()["client_secret"], first["client_secret"]);
    assert!(works(&server));
    stop(server);

    fs::remove_file(folder.path().join("credentials.json")).unwrap();
    assert_eq!(recover(), first["client_id"], "the oldest client is the first");
    let server = Server::start(&["--data", data, "--es256"]);
    assert!(works(&server));
    fs::write(folder.path().join("credentials.json"), first.to_string()).unwrap();
    assert!(!works(&server), "the lost secret counts no longer");

    let nothing = tempfile::tempdir().unwrap();
    let output = zuno(&["client", "recover", "--data", nothing.path().to_str().unwrap()]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(complained(&output).contains("no cloud"), "{}", complained(&output));
}

#[test]
fn a_copy_of_the_database_shows_no_secret_and_starts_no_server() {
    let folder = tempfile::tempdir().unwrap();
    let server = start(folder.path(), &[]);
    let call = |arguments: &[&str]| {
        let mut command = server.zuno(arguments);
        let output = command.env("ZUNO_CLIENT_SECRET", "of-the-first").output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", complained(&output));
        said(&output)
    };
    let vpn = json!({"type": "UFQDN", "fqdn": "a@example.com", "preSharedKey": "of-the-tunnel"}).to_string();
    call(&["api", "zia", "vpn-credential", "create", "--body", &vpn]);
    let pra = json!({"name": "Root", "credentialType": "USERNAME_PASSWORD", "userName": "root", "password": "of-the-root"});
    call(&["api", "zpa", "credential", "create", "--body", &pra.to_string()]);
    stop(server);
    let files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    let database: Vec<_> = files
        .iter()
        .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("zuno.db"))
        .collect();
    for path in &database {
        let bytes = fs::read(path).unwrap();
        for secret in ["of-the-first", "of-the-tunnel", "of-the-root", "PRIVATE KEY"] {
            let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!found, "{secret} lies in {}", path.display());
        }
        let keys: Vec<_> = fs::read_dir(folder.path().join("keys")).unwrap().collect();
        assert_eq!(keys.len(), 3, "pepper, sealing, signing");
        for key in keys {
            let key = fs::read(key.unwrap().path()).unwrap();
            assert!(!bytes.windows(key.len()).any(|part| part == key), "a key lies in {}", path.display());
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o077, 0, "{}", path.display());
        }
    }
    let copy = tempfile::tempdir().unwrap();
    for path in &database {
        fs::copy(path, copy.path().join(path.file_name().unwrap())).unwrap();
    }
    let told = refused(copy.path(), &[]);
    assert!(told.contains("missing") && told.contains("back-up"), "{told}");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_used_says_which_permission() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let told = refused(&file.join("below"), &[]);
    assert!(told.contains("is a file") && told.contains("--data"), "{told}");

    // Root may do anything, so that root asks as somebody else; whoever cannot reach the program then is told nothing.
    let mut whose = Command::new("id");
    let id = String::from_utf8(whose.arg("-u").output().unwrap().stdout).unwrap();
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).unwrap();
    let data = closed.join("cloud");
    let mut command = zuno(&["serve", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()]);
    if id.trim() == "0" {
        command.uid(65_534).gid(65_534);
    }
    let Ok(output) = command.output() else {
        eprintln!("skipped: another user cannot run the program here");
        return;
    };
    let told = complained(&output);
    assert!(told.contains("lacks the permission to write") && told.contains("mode 0555"), "{told}");
}
