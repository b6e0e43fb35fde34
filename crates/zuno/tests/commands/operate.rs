//! Who may operate a server, by what name and from where; and docs/operate.md, carried out as written.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::common::{OPERATOR, SECRET, Server, complained, said, zuno};

/// What a server answers to these bytes, until it closes.
fn exchange(address: &str, request: &str) -> String {
    let mut io = TcpStream::connect(address).unwrap();
    io.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    io.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let _ = io.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn asked(address: &str, host: &str, token: Option<&str>) -> String {
    let token = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    let request = format!("GET /_zuno/tenants HTTP/1.1\r\nHost: {host}\r\n{token}Connection: close\r\n\r\n");
    exchange(address, &request)
}

fn address(server: &Server) -> &str {
    server.origin.strip_prefix("http://").unwrap()
}

#[test]
fn only_who_shows_the_token_operates_and_only_by_a_name_of_the_servers() {
    let server = Server::start(&["--memory", "--host", "zuno.example", "--open-proxy"]);
    let address = address(&server);
    for (host, token, status) in [
        (address, Some(OPERATOR), 200),
        ("localhost", Some(OPERATOR), 200),
        ("zuno.example:1234", Some(OPERATOR), 200),
        // Another user of the machine; a guess; the header that once was enough.
        (address, None, 401),
        (address, Some("tests-operatoR"), 401),
        (address, Some(""), 401),
        // A page whose name was pointed here, and the cloud's own hosts.
        ("evil.example", Some(OPERATOR), 403),
        ("evil.example", None, 403),
        ("api.zsapi.net", Some(OPERATOR), 401),
        ("trust.zscaler.com", Some(OPERATOR), 404),
    ] {
        let answer = asked(address, host, token);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{host} {token:?}: {answer}");
    }
    let once_enough = format!(
        "GET /_zuno/tenants HTTP/1.1\r\nHost: {address}\r\nx-zuno-operator: 1\r\nConnection: close\r\n\r\n"
    );
    assert!(exchange(address, &once_enough).starts_with("HTTP/1.1 401 "));
    // By the proxy it is the same server with the same question.
    let through = format!(
        "CONNECT {address} HTTP/1.1\r\nHost: {address}\r\n\r\n\
         GET /_zuno/tenants HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    );
    let through = exchange(address, &through);
    assert!(through.contains(" 200 ") && through.contains("HTTP/1.1 401 "), "{through}");
    let cloud = format!(
        "CONNECT api.zsapi.net:80 HTTP/1.1\r\nHost: api.zsapi.net\r\n\r\n\
         GET /_zuno/tenants HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {OPERATOR}\r\nConnection: close\r\n\r\n"
    );
    assert!(exchange(address, &cloud).contains("HTTP/1.1 403 "), "not even inside a tunnel to the cloud");
    let cloud_name = zuno(&["serve", "--memory", "--host", "api.zsapi.net"]).output().unwrap();
    assert!(complained(&cloud_name).contains("--host"), "{}", complained(&cloud_name));
}

#[test]
fn the_commands_find_the_token_in_the_folder_or_are_told_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cloud");
    // Made by the server itself: the tests' own token is not told here.
    let mut command = zuno(&["serve", "--listen", "127.0.0.1:0"]);
    let mut process = command.env("ZUNO_DATA", &path).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
    let origin = lines.next().unwrap().strip_prefix("listening on ").unwrap().to_owned();
    let told: Vec<String> = lines.take_while(|line| !line.starts_with("stop it")).collect();
    let server = Server { process, origin };
    let file = path.join("operator-token");
    assert!(
        told.iter().any(|line| line.contains("operator's token") && line.contains(file.to_str().unwrap()))
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    let token = std::fs::read_to_string(&file).unwrap();
    assert!(asked(address(&server), "localhost", Some(token.trim())).starts_with("HTTP/1.1 200 "));
    assert!(!told.join("\n").contains(token.trim()), "a secret in a file is not printed");

    let found = zuno(&["tenant", "list", "--json"]).env("ZUNO_DATA", &path).output().unwrap();
    assert!(said(&found).contains("\"customer_id\": \"216196257331281920\""), "{}", complained(&found));
    let env = zuno(&["env", "--json"]).env("ZUNO_DATA", &path).output().unwrap();
    let env: serde_json::Value = serde_json::from_slice(&env.stdout).unwrap();
    assert_eq!(env["ZUNO_OPERATOR_TOKEN"], token.trim());
    let stranger = zuno(&["tenant", "list", "--server", &server.origin]).output().unwrap();
    assert_eq!(stranger.status.code(), Some(1));
    assert!(complained(&stranger).contains("ZUNO_OPERATOR_TOKEN"), "{}", complained(&stranger));
    let by_file =
        ["tenant", "list", "--server", &server.origin, "--operator-token-file", file.to_str().unwrap()];
    assert!(zuno(&by_file).status().unwrap().success());
}

#[test]
fn the_last_tenant_goes_only_when_that_is_said() {
    let server = Server::in_memory();
    let asked = server.zuno(&["tenant", "delete", "acme"]).output().unwrap();
    assert_eq!(asked.status.code(), Some(2), "nobody can be asked here");
    assert!(complained(&asked).contains("--yes"), "{}", complained(&asked));
    assert_eq!(server.json(&["tenant", "list"])[0]["vanity"], "acme");
    assert!(server.zuno(&["tenant", "delete", "acme", "--yes"]).status().unwrap().success());
    assert_eq!(server.json(&["tenant", "list"]), serde_json::json!([]));
}

#[test]
fn secrets_come_from_files_and_short_ones_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, format!("{SECRET}\n")).unwrap();
    let file = file.to_str().unwrap();
    let server = Server::start(&["--memory", "--client-id", "a", "--client-secret-file", file]);
    let token =
        zuno(&["token", "--server", &server.origin, "--client-id", "a", "--client-secret-file", file]);
    let token = { token }.output().unwrap();
    assert!(token.status.success(), "{}", complained(&token));
    let other = server.json(&[
        "tenant",
        "create",
        "other",
        "--bare",
        "--with-client",
        "b",
        "--with-secret-file",
        file,
    ]);
    assert_eq!(other["client_secret"], SECRET);
    for short in [
        &["serve", "--memory", "--client-id", "a", "--client-secret", "seven77"][..],
        &["serve", "--memory", "--operator-token", "seven77"],
    ] {
        let refused = zuno(short).output().unwrap();
        assert!(!refused.status.success() && complained(&refused).contains("8 characters"), "{short:?}");
    }
}

#[test]
fn an_assertion_counts_for_the_servers_own_names_and_not_for_what_host_says() {
    let server =
        Server::start(&["--memory", "--client-id", "a", "--client-secret", SECRET, "--host", "zuno.example"]);
    let folder = tempfile::tempdir().unwrap();
    let (private, public) = (folder.path().join("private.pem"), folder.path().join("public.pem"));
    let (private, public) = (private.to_str().unwrap(), public.to_str().unwrap());
    let openssl = |arguments: &[&str]| Command::new("openssl").args(arguments).stderr(Stdio::null()).status();
    openssl(&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", private]).unwrap();
    openssl(&["pkey", "-in", private, "-pubout", "-out", public]).unwrap();
    let made = server.json(&["client", "create", "robot", "--key", public]);
    let id = made["client_id"].as_str().unwrap();
    let key = std::fs::read_to_string(private).unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let asked = |host: &str, audience: &str| {
        let assertion = zuno_client::signed_assertion(id, &key, audience, now).unwrap();
        let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        let form = format!(
            "grant_type=client_credentials&audience=https://api.zscaler.com&client_id={id}&client_assertion_type={kind}&client_assertion={assertion}"
        );
        let length = form.len();
        let answer = exchange(
            address(&server),
            &format!(
                "POST /oauth2/v1/token HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                 Content-Length: {length}\r\nConnection: close\r\n\r\n{form}"
            ),
        );
        answer.split(' ').nth(1).unwrap_or_default().to_owned()
    };
    for host in [address(&server), "localhost:1", "zuno.example", "acme.zsloginbeta.net", "evil.example"] {
        let own = asked(host, &format!("http://{host}/oauth2/v1/token"));
        assert_eq!(own == "200", host != "evil.example", "{host}: {own}");
        assert_eq!(
            asked(host, "https://acme.zslogin.net"),
            "200",
            "{host}: the issuer counts by whatever name"
        );
    }
}

/// Half-sent bodies, and no more descriptors than a shell has by default.
#[cfg(unix)]
#[test]
fn health_is_told_while_more_half_bodies_are_held_than_there_are_descriptors() {
    // The half that sends needs its own; where it may not have them there is nothing to see.
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    let raised = rustix::process::Rlimit { current: limit.maximum, ..limit };
    if limit.maximum.is_some_and(|most| most < 2000)
        || rustix::process::setrlimit(rustix::process::Resource::Nofile, raised).is_err()
    {
        eprintln!("too few descriptors: nothing tested");
        return;
    }
    let program = assert_cmd::cargo::cargo_bin!("zuno").display().to_string();
    let script = format!("ulimit -n 1024; exec '{program}' serve --memory --es256 --listen 127.0.0.1:0");
    let mut command = Command::new("sh");
    command.args(["-c", &script]).env("ZUNO_CONFIG", "/dev/null").env_remove("ZUNO_DATA");
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let origin = lines.next().unwrap().unwrap().strip_prefix("listening on ").unwrap().to_owned();
    let log = process.stderr.take().unwrap();
    let mut server = Server { process, origin };
    let address: SocketAddr = address(&server).parse().unwrap();
    let half =
        "POST /oauth2/v1/token HTTP/1.1\r\nHost: acme.zslogin.net\r\nContent-Length: 1000\r\n\r\ngrant_type=";
    let mut held = Vec::new();
    for _ in 0..1100 {
        let mut io = TcpStream::connect(address).unwrap();
        io.write_all(half.as_bytes()).unwrap();
        held.push(io);
    }
    let health = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    for _ in 0..3 {
        let answer = exchange(&address.to_string(), health);
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
    server.process.kill().unwrap();
    server.process.wait().unwrap();
    let log: Vec<String> = BufReader::new(log).lines().map(Result::unwrap).collect();
    let told = log.iter().filter(|line| line.contains("connections are open")).count();
    assert_eq!(told, 1, "it is said, and not said again and again: {log:?}");
}

/// The blocks of shell in a page, one script.
fn shell_of(page: &str) -> String {
    let mut script = String::new();
    let mut inside = false;
    for line in page.lines() {
        match line.trim() {
            "```sh" => inside = true,
            "```" => inside = false,
            _ if inside => script += &format!("{line}\n"),
            _ => {}
        }
    }
    script
}

/// Carries out what a page tells its readers to type, against a server of its own, in a home of its own. Pages name the
/// folder that Linux has for data.
#[cfg(target_os = "linux")]
pub fn carried_out(page: &str) -> (tempfile::TempDir, String, String) {
    let home = tempfile::tempdir().unwrap();
    let mut command = zuno(&["serve", "--listen", "127.0.0.1:0"]);
    command.env_remove("ZUNO_DATA").env_remove("XDG_DATA_HOME").env("HOME", home.path());
    let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let origin = line.trim().strip_prefix("listening on ").unwrap().to_owned();
    let server = Server { process, origin };
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(page);
    let script = shell_of(&std::fs::read_to_string(page).unwrap());
    let script = format!("set -ex\n{}", script.replace("http://127.0.0.1:8080", &server.origin));
    let mut shell = Command::new("sh");
    shell.args(["-c", &script]).env("HOME", home.path()).current_dir(home.path());
    // Where a reader has put `zuno` on the path.
    let built = Path::new(env!("CARGO_BIN_EXE_zuno")).parent().unwrap();
    let path = std::env::join_paths(
        [built.to_owned()]
            .into_iter()
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    shell.env("PATH", path.unwrap()).env_remove("XDG_DATA_HOME").env_remove("ZUNO_DATA");
    let output = shell.output().unwrap();
    assert!(output.status.success(), "{}\n{}", said(&output), complained(&output));
    (home, script, said(&output))
}

#[cfg(target_os = "linux")]
#[test]
fn the_page_on_operating_a_server_is_carried_out_as_written() {
    let (home, script, said) = carried_out("operate.md");
    let calls = script.matches("curl").count() + script.matches("operate -").count();
    assert!(calls >= 9, "{script}");
    assert!(said.contains("\"client_secret\""), "{said}");
    let ca = std::fs::read_to_string(home.path().join("zuno-ca.pem")).unwrap();
    assert!(ca.contains("BEGIN CERTIFICATE"));
}
