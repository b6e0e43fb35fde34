//! Clients that are led here by more than variables, and networks that are left by a proxy alone.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver, channel};

use crate::common::{complained, is_installed, said, zuno};

/// A proxy that answers every CONNECT itself, in plain text, and tells what it was asked.
fn company() -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (tell, told) = channel();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).is_ok_and(|read| read > 0) {}
            let _ = { stream }.write_all(b"HTTP/1.1 403 Not today\r\nContent-Length: 0\r\n\r\n");
            if tell.send(head).is_err() {
                return;
            }
        }
    });
    (address, told)
}

#[test]
fn run_goes_on_by_the_proxy_of_the_environment() {
    if !is_installed("curl") {
        return;
    }
    let (proxy, told) = company();
    let mut command = zuno(&["run", "--", "curl", "-sS", "-o", "/dev/null", "https://registry.invalid/x"]);
    let output = command.env("https_proxy", format!("http://user:word@{proxy}")).output().unwrap();
    let head = told.recv_timeout(std::time::Duration::from_secs(20)).unwrap();
    assert!(head.starts_with("CONNECT registry.invalid:443 HTTP/1.1\r\n"), "{head}");
    assert!(head.to_lowercase().contains("proxy-authorization: basic dxnlcjp3b3jk"), "{head}");
    assert!(!complained(&output).contains("word"), "{}", complained(&output));
    // Nested: not by itself, and not twice.
    let program = assert_cmd::cargo::cargo_bin!("zuno");
    let inner =
        ["run", "--", program.to_str().unwrap(), "run", "--", "curl", "-sS", "https://registry.invalid/y"];
    let output = zuno(&inner).env("https_proxy", format!("http://{proxy}")).output().unwrap();
    let head = told.recv_timeout(std::time::Duration::from_secs(20)).unwrap();
    assert!(head.starts_with("CONNECT registry.invalid:443"), "{head} {}", complained(&output));
    assert!(told.try_recv().is_err());
}

#[test]
fn run_keeps_a_companys_ca_for_every_client() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("company.pem");
    // Nothing checks more of it than its frame, before a client does.
    let body = "AQIDBAUGBwgJCgsMDQ4P";
    std::fs::write(&file, format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"))
        .unwrap();
    for name in
        ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR"]
    {
        let script = format!(
            "for file in \"$REQUESTS_CA_BUNDLE\" \"$CURL_CA_BUNDLE\" \"$NODE_EXTRA_CA_CERTS\" \"$SSL_CERT_FILE\"; do\n\
             grep -c {body} \"$file\"; done"
        );
        let value = if name == "SSL_CERT_DIR" { folder.path() } else { file.as_path() };
        let mut command = zuno(&["run", "--", "sh", "-c", &script]);
        for other in
            ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR"]
        {
            command.env_remove(other);
        }
        let output = command.env(name, value).output().unwrap();
        assert_eq!(said(&output), "1\n1\n1\n1\n", "{name}: {}", complained(&output));
    }
}

#[test]
fn node_asks_here_by_its_modules_and_by_fetch() {
    if !is_installed("node") {
        return;
    }
    let script = r#"
        const https = require("node:https");
        const url = "https://" + process.env.ZSCALER_VANITY_DOMAIN + ".zslogin.net/oauth2/v1/token";
        const body = new URLSearchParams({
            grant_type: "client_credentials", audience: "https://api.zscaler.com",
            client_id: process.env.ZSCALER_CLIENT_ID, client_secret: process.env.ZSCALER_CLIENT_SECRET,
        }).toString();
        const headers = { "content-type": "application/x-www-form-urlencoded", "content-length": body.length };
        const asked = (options) => new Promise((done, failed) => {
            const request = https.request(url, { method: "POST", headers, ...options }, (answer) => {
                let text = "";
                answer.on("data", (part) => { text += part; });
                answer.on("end", () => done(JSON.parse(text).access_token));
            });
            request.on("error", failed);
            request.end(body);
        });
        const status = (token) => fetch("https://api.zsapi.net/zia/api/v1/status",
            { headers: { authorization: `Bearer ${token}` } }).then((answer) => answer.json());
        (async () => {
            const tokens = [
                await asked({}),
                await asked({ agent: new https.Agent({ keepAlive: true }) }),
                await asked({ agent: false }),
                (await (await fetch(url, { method: "POST", body, headers: { "content-type": headers["content-type"] } })).json()).access_token,
            ];
            const kept = new https.Agent({ keepAlive: true });
            await asked({ agent: kept });
            await asked({ agent: kept });
            kept.destroy();
            console.log(tokens.every((token) => token.length > 100), (await status(tokens[3])).status);
            const plain = require("node:http").createServer((_, answer) => answer.end("here"));
            plain.listen(0, "127.0.0.1", async () => {
                console.log(await (await fetch(`http://127.0.0.1:${plain.address().port}/`)).text());
                plain.close();
                plain.closeAllConnections();
            });
        })();
    "#;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("client.js");
    std::fs::write(&file, script).unwrap();
    let mut command = zuno(&["run", "--", "node", "--trace-uncaught", file.to_str().unwrap()]);
    // A folder with a blank in its name, which Node's options are split at.
    let temporary = folder.path().join("a \"folder\"");
    std::fs::create_dir(&temporary).unwrap();
    let output = command.env("TMPDIR", &temporary).env("NODE_OPTIONS", "--no-deprecation").output().unwrap();
    assert_eq!(said(&output), "true ACTIVE\nhere\n", "{}", complained(&output));
}
