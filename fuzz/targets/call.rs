//! A whole request to a product, with a good token: path, query, body; the last two nested too.
#![no_main]

mod deep;

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use deep::{Grammar, JSON};
use http::Request;
use libfuzzer_sys::fuzz_target;
use tokio::runtime::Runtime;
use zuno_catalogue::Catalogue;
use zuno_gateway::{Cloud, FirstTenant, Options};
use zuno_identity::{KeysInMemory, Secret};
use zuno_store_sqlite::SqliteStore;

struct Server {
    runtime: Runtime,
    cloud: Arc<Cloud>,
    token: String,
}

fn send(
    runtime: &Runtime,
    cloud: &Arc<Cloud>,
    request: http::request::Builder,
    body: Bytes,
) -> Option<(u16, String)> {
    let (head, ()) = request.body(()).ok()?.into_parts();
    runtime.block_on(async {
        let cloud = Arc::clone(cloud);
        // On a worker: reads of many records step aside for other calls there.
        let answer = tokio::spawn(async move { cloud.answer(head, body).await }).await.expect("an answer");
        let status = answer.status().as_u16();
        let body = format!("{:?}", answer.body());
        Some((status, body))
    })
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().expect("a runtime");
        let first = FirstTenant {
            client_id: Some("fuzz".into()),
            client_secret: Some(Secret::chosen("fuzz-secret")),
            ..FirstTenant::default()
        };
        let options = Options { first, es256: true, ..Options::default() };
        let store = Arc::new(SqliteStore::in_memory().expect("a store"));
        let cloud = Cloud::open(store, Arc::new(KeysInMemory::default()), Catalogue::compiled(), options).expect("a cloud");
        cloud.first_tenant(|_| Ok(())).expect("a tenant");
        let form = "grant_type=client_credentials&client_id=fuzz&client_secret=fuzz-secret&audience=https://api.zscaler.com";
        let request = Request::post("/oauth2/v1/token").header("content-type", "application/x-www-form-urlencoded");
        let (_, body) = send(&runtime, &cloud, request, form.into()).expect("a good request");
        let token = body.split("access_token").nth(1).expect("a token came");
        let token = token.trim_start_matches(|c: char| !c.is_alphanumeric());
        let token = token.split(['"', '\\']).next().unwrap_or_default().to_owned();
        Server { runtime, cloud, token }
    })
}

const QUERY: Grammar = Grammar {
    levels: &[("search=", "&"), ("filter=(", ")"), ("%28", "%29"), ("a[", "]"), ("ids=1,", "&"), ("id=1&", ""), ("+AND+", "x")],
    leaves: &["page=1", "pageSize=9999999999", "sortBy=name", "name+EQ+x", "microtenantId=0"],
    joins: &["&", "=", "+", ","],
};

deep!(Query, QUERY);
deep!(Json, JSON);

fuzz_target!(|input: (u8, &str, Query, Json, Option<&[u8]>)| {
    let (method, path, Query(query), Json(json), raw) = input;
    let query = &query[..query.floor_char_boundary(60_000)];
    let named = format!(r#"{{"name":"x","urls":{json},"conditions":{json},"operands":{json},"domainNames":{json}}}"#);
    let body = raw.unwrap_or(named.as_bytes());
    let server = server();
    let method = ["GET", "POST", "PUT", "PATCH", "DELETE"][usize::from(method) % 5];
    // Half of the paths are the ledger's own, with made-up values for their parameters.
    let ledger = server.cloud.catalogue();
    let target = match path.strip_prefix('#') {
        Some(rest) => format!("/{rest}"),
        None => {
            let lines = ledger.ledger();
            let place = path.bytes().fold(0_usize, |sum, byte| sum * 31 % 1_000_003 + usize::from(byte));
            let mut known = lines[place % lines.len()].path.clone();
            if let Some(customer) = server.cloud.tenants().ok().and_then(|all| all.first().cloned()) {
                for name in ["{customerId}", "{customer}"] {
                    known = known.replace(name, &customer.customer_id.to_string());
                }
            }
            known.replace(['{', '}'], "")
        }
    };
    let request = Request::builder()
        .method(method)
        .uri(format!("{target}?{query}"))
        .header("content-type", if raw.is_some() { "multipart/form-data; boundary=b" } else { "application/json" })
        .header("authorization", format!("Bearer {}", server.token));
    if let Some((status, body)) = send(&server.runtime, &server.cloud, request, Bytes::copy_from_slice(body))
    {
        // The cloud is known to fail so at some words; a failure of ours has a text beside the code.
        let is_the_clouds = status == 500
            && (body == "Full { data: None }" || body.contains(r#"{\"code\":\"UNEXPECTED_ERROR\"}"#));
        assert!(status < 500 || is_the_clouds, "{method} {target}?{query}: {status} {body}");
    }
});
