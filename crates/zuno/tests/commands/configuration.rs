//! The configuration file, as the program finds and reads it.

use crate::common::{complained, said, zuno};

#[test]
fn flags_win_over_variables_and_variables_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("zuno.toml");
    std::fs::write(
        &file,
        "server = \"http://127.0.0.1:1\"\n[token]\nclient-id = \"c\"\nclient-secret = \"s\"\n",
    )
    .unwrap();
    let asked = |with: &dyn Fn(&mut std::process::Command)| {
        let mut command = zuno(&["token"]);
        command.env("ZUNO_CONFIG", &file);
        with(&mut command);
        complained(&command.output().unwrap())
    };
    let filed = asked(&|_| ());
    assert!(filed.contains("127.0.0.1"), "{filed}");
    assert!(
        asked(&|command| {
            command.env("ZUNO_SERVER", "http://127.0.0.2:1");
        })
        .contains("127.0.0.2")
    );
    let flagged = asked(&|command| {
        command.env("ZUNO_SERVER", "http://127.0.0.2:1").args(["--server", "http://127.0.0.3:1"]);
    });
    assert!(flagged.contains("127.0.0.3"), "{flagged}");
}

#[test]
fn the_users_own_file_counts_unless_another_is_named() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".config/zuno");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("config.toml"), "[serve]\nlisen = \"x\"\n").unwrap();
    let run = |name: Option<&str>| {
        let mut command = zuno(&["openapi", "--help"]);
        command.env("HOME", home.path()).env_remove("XDG_CONFIG_HOME").env_remove("ZUNO_CONFIG");
        if let Some(name) = name {
            command.env("ZUNO_CONFIG", name);
        }
        command.output().unwrap()
    };
    if cfg!(target_os = "linux") {
        let output = run(None);
        assert_eq!(output.status.code(), Some(2));
        assert!(
            complained(&output).contains("config.toml: `zuno serve` has no option `lisen`"),
            "{output:?}"
        );
    }
    let output = run(Some("/dev/null"));
    assert!(said(&output).contains("OpenAPI"), "{output:?}");
    let missing = run(Some("/nowhere/zuno.toml"));
    assert!(missing.status.code() == Some(2) && complained(&missing).contains("/nowhere/zuno.toml"));
}

#[test]
fn memory_is_kept_to_whatever_the_variable_for_the_folder_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    let mut command = zuno(&["serve", "--memory", "--listen", "nowhere"]);
    let output = command.env("ZUNO_DATA", &path).output().unwrap();
    assert!(complained(&output).contains("--listen"), "{output:?}");
    let mut server = zuno(&["serve", "--memory", "--listen", "127.0.0.1:0"]);
    let mut server = server.env("ZUNO_DATA", &path).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut told = std::io::BufReader::new(server.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut told, &mut line).unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(line.starts_with("listening on") && !path.exists(), "{line}");
}
