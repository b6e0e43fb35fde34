//! How a database is reached: over TLS as the URL asks for it, with a password, and in plain words where it cannot be.

use std::process::id;

use zuno_store_postgres::local::{self, PASSWORD, USER};
use zuno_store_postgres::{Address, PostgresStore};

fn open(url: &str) -> Result<PostgresStore, String> {
    let opened = Address::read(url, None).and_then(PostgresStore::open);
    opened.map_err(|failed| {
        format!("{failed}: {}", failed.cause.as_ref().map(ToString::to_string).unwrap_or_default())
    })
}

#[test]
fn it_is_reached_as_the_url_says_and_what_is_wrong_is_told_without_the_password() {
    let Some(server) = local::server() else { return };
    let database = server.database();
    let name = database.url().rsplit('/').next().expect("a name").to_owned();
    let secret = PASSWORD.replace(' ', "%20");
    let url = |user: &str, host: &str, query: &str| {
        format!("postgres://{user}:{secret}@{host}:{}/{name}?{query}", server.port())
    };
    let refused = |url: &str, words: &str| {
        let why = open(url).err().unwrap_or_else(|| panic!("{url} opens"));
        assert!(why.contains(words) && !why.contains(PASSWORD) && !why.contains(&secret), "{why}");
    };

    open(&url(USER, "127.0.0.1", "sslmode=disable")).expect("a password lets in");
    open(&url(USER, "127.0.0.1", "")).expect("no TLS is needed where there is none");
    refused(&url(USER, "127.0.0.1", "sslmode=require"), "cannot connect");
    refused(&url("nobody", "127.0.0.1", ""), "does not let this user in");
    let nowhere = format!("postgres://{USER}@127.0.0.1:1/{name}");
    refused(&nowhere, "at 127.0.0.1:1 cannot be reached; see that it runs");
    refused(&server.url("absent"), "absent at ");
    refused(&server.url("absent"), "does not exist; create it");

    let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    server.put("server.crt", &signed.cert.pem()).expect("it is written");
    server.put("server.key", &signed.signing_key.serialize_pem()).expect("it is written");
    server.command("postgres", "ALTER SYSTEM SET ssl = on".into());
    server.command("postgres", "SELECT pg_reload_conf()".into());
    let authority = std::env::temp_dir().join(format!("zuno-authority-{}.pem", id()));
    std::fs::write(&authority, signed.cert.pem()).expect("it is written");
    let named = format!("sslrootcert={}", authority.display());
    // The server may not have read its configuration yet.
    while let Err(why) = open(&url(USER, "localhost", "sslmode=require")) {
        assert!(why.contains("cannot connect"), "{why}");
    }
    open(&url(USER, "localhost", &format!("sslmode=verify-full&{named}")))
        .expect("authority and host are right");
    open(&url(USER, "127.0.0.1", &format!("sslmode=verify-ca&{named}"))).expect("the host is not looked at");
    refused(&url(USER, "127.0.0.1", &format!("sslmode=verify-full&{named}")), "certificate is not trusted");
    refused(&url(USER, "localhost", "sslmode=verify-full"), "certificate is not trusted");
    refused(
        &url(USER, "localhost", "sslmode=verify-full&sslrootcert=/absent.pem"),
        "cannot read the authorities",
    );
    std::fs::remove_file(&authority).expect("it was there");
}
