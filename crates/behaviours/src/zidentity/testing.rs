//! A tenant with the sample fleet on a store in memory, called by method and path, and the conversations that the
//! families' rules are tested with.

use std::sync::Arc;

use serde_json::{Value, json};
use zuno_catalogue::{Catalogue, Method, Router, Target};
use zuno_engine::{Access, Call, Context, Engine, Outcome, Scope, Wish};
use zuno_identity::{Access as Right, Authentication};
use zuno_model::{Actor, Fault, Id, Tenant, TenantId};
use zuno_store::{StoreError, read, write};
use zuno_store_sqlite::SqliteStore;

use super::{ensure_pepper, first_client, load_api_client, pepper};

const NOW: i64 = 1_700_000_000;

struct Cloud {
    engine: Arc<Engine>,
    router: Router,
    store: SqliteStore,
    tenant: Arc<Tenant>,
    calls: u128,
}

impl Cloud {
    fn new() -> Cloud {
        let catalogue = Arc::new(Catalogue::compiled());
        let router = Router::new(&catalogue);
        let engine = Engine::new(catalogue, &crate::all()).expect("the catalogue binds");
        let tenant = Tenant {
            id: TenantId(1),
            vanity: "acme".into(),
            customer_id: 216_196_257_331_281_920,
            org_id: 8_061_240,
            cloud: "zscalerthree.net".into(),
            created: NOW,
            sample_fleet: true,
        };
        Cloud {
            engine: Arc::new(engine),
            router,
            store: SqliteStore::in_memory().expect("memory opens"),
            tenant: Arc::new(tenant),
            calls: 0,
        }
    }

    fn call_of(&mut self, method: Method, path: &str, body: Option<Value>) -> Call {
        self.calls += 1;
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let route = self.router.find(method, &format!("/ziam/admin/api/v1{path}")).expect("a known path");
        let Target::Built { resource, operation } = route.target else { panic!("{path} is not built") };
        let described = &self.engine.catalogue().resources()[resource].operations[operation];
        let names = described.parameters().map(str::to_owned);
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        Call {
            tenant: Arc::clone(&self.tenant),
            actor: Arc::new(Actor { client_id: "c".into(), number: 1, name: "c".into() }),
            now: NOW,
            resource,
            operation,
            params: names.zip(route.values.iter().cloned()).collect(),
            query: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body,
            scope: Scope::All,
            wish: Wish { take: Some(100), number: 1, size: 100, ..Wish::default() },
            entropy: self.calls << 64 | 0x1234_5678_9abc,
        }
    }

    fn call(&mut self, method: Method, path: &str, body: Option<Value>) -> Result<Value, Fault> {
        let call = self.call_of(method, path, body);
        let engine = Arc::clone(&self.engine);
        let (tell, told) = std::sync::mpsc::channel();
        let _ = write(&self.store, move |tx| {
            let run = engine.run(&call, Access::Write(tx));
            let refused = run.is_err();
            tell.send(run).expect("the caller waits");
            if refused { Err(StoreError::new("refused")) } else { Ok(()) }
        });
        Ok(match told.recv().expect("the job ran")?.outcome {
            Outcome::One(value) | Outcome::Value(value) => value,
            Outcome::Many(page) => {
                assert!(page.total >= page.items.len() as u64);
                Value::Array(page.items)
            }
            Outcome::Done => Value::Null,
            other => panic!("{other:?}"),
        })
    }

    fn get(&mut self, path: &str) -> Value {
        self.call(Method::Get, path, None).unwrap_or_else(|fault| panic!("GET {path}: {fault}"))
    }

    fn post(&mut self, path: &str, body: Value) -> Value {
        self.call(Method::Post, path, Some(body)).unwrap_or_else(|fault| panic!("POST {path}: {fault}"))
    }

    fn put(&mut self, path: &str, body: Value) -> Value {
        self.call(Method::Put, path, Some(body)).unwrap_or_else(|fault| panic!("PUT {path}: {fault}"))
    }

    fn delete(&mut self, path: &str) {
        self.call(Method::Delete, path, None).unwrap_or_else(|fault| panic!("DELETE {path}: {fault}"));
    }

    fn refusal(&mut self, method: Method, path: &str, body: Option<Value>) -> String {
        self.call(method, path, body).expect_err("it is refused").to_string()
    }

    /// Runs code at a moment of the store as the gateway does.
    fn look<T>(&mut self, code: impl Fn(&Context<'_>) -> T) -> T {
        let call = self.call_of(Method::Get, "/resource-servers", None);
        read(&self.store, |tx| Ok(code(&Context::new(&self.engine, &call, Access::Read(tx)))))
            .expect("the store reads")
    }
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().map(|item| item["id"].as_str().unwrap_or_default()).collect()
}

fn new_user(login: &str) -> Value {
    json!({ "loginName": login, "displayName": "Zoe", "primaryEmail": login, "source": "SCIM" })
}

#[test]
fn the_published_example_answers_as_printed() {
    let mut cloud = Cloud::new();
    let found = cloud.get("/users?limit=100&offset=0&loginname=bbb@bbc.com");
    let printed = r#"[{"loginName":"bbb@bbc.com","displayName":"ad","primaryEmail":"bbb@bbc.com","department":{},"status":true,"customAttrsInfo":{},"id":"ihv1284ang34c","source":"UI","idp":{"id":"h1v0q1nac03tk","name":"okta"}}]"#;
    assert_eq!(found.to_string(), printed);
}

#[test]
fn a_new_user_has_the_recorded_members_in_the_recorded_order() {
    let mut cloud = Cloud::new();
    let user = cloud.post("/users", new_user("zoe@example.net"));
    let names: Vec<&str> = user.as_object().expect("an object").keys().map(String::as_str).collect();
    let recorded = [
        "loginName",
        "displayName",
        "primaryEmail",
        "department",
        "status",
        "customAttrsInfo",
        "id",
        "source",
        "idp",
    ];
    assert_eq!(names, recorded);
    assert_eq!(user["source"], "API");
    assert_eq!(user["idp"], json!({ "id": "h1v0q1nac03tk", "name": "okta" }));
    assert_eq!(user["id"].as_str().map(str::len), Some(13));
    let taken = cloud.refusal(Method::Post, "/users", Some(new_user("ZOE@example.net")));
    assert!(taken.contains("already"), "{taken}");
}

#[test]
fn users_are_found_by_name_domain_and_provider() {
    let mut cloud = Cloud::new();
    assert_eq!(ids(&cloud.get("/users?domainName=BBC.com")), ["ihv1284ang34c"]);
    assert_eq!(ids(&cloud.get("/users?displayName[LIKE]=ADA")), ["ihnod91nkbgp4"]);
    let two = cloud.get("/users?loginName=bbb@bbc.com&loginName=ada.berg@acme.example");
    assert_eq!(ids(&two), ["ihv1284ang34c", "ihnod91nkbgp4"]);
    let all = ids(&cloud.get("/users")).len();
    assert_eq!(ids(&cloud.get("/users?idpname=OKTA")).len(), all);
    assert!(ids(&cloud.get("/users?idpname=other")).is_empty());
    assert_eq!(ids(&cloud.get("/users?search=nobody")).len(), all);
}

#[test]
fn members_join_leave_and_go_with_what_is_deleted() {
    let mut cloud = Cloud::new();
    let group = cloud.post("/groups", json!({ "name": "Ops", "source": "SCIM" }));
    assert_eq!(group["source"], "API");
    let members = format!("/groups/{}/users", group["id"].as_str().expect("an id"));
    let (ada, ben) = ("ihnod91nkbgp4", "ihjkq8s9l9mm3");
    cloud.post(&members, json!([{ "id": ada }, { "id": ben }, { "id": ada }]));
    assert_eq!(ids(&cloud.get(&members)), [ada, ben]);
    assert_eq!(ids(&cloud.get(&format!("{members}?displayname[like]=ben"))), [ben]);
    cloud.put(&members, json!([{ "id": "ihv1284ang34c" }]));
    assert_eq!(ids(&cloud.get(&members)), ["ihv1284ang34c"]);
    cloud.refusal(Method::Post, &members, Some(json!([{ "id": ada }, { "id": "nobody" }])));
    assert_eq!(ids(&cloud.get(&members)), ["ihv1284ang34c"]);
    cloud.post(&format!("{members}/{ada}"), json!({}));
    cloud.delete(&format!("{members}/ihv1284ang34c"));
    cloud.refusal(Method::Delete, &format!("{members}/ihv1284ang34c"), None);
    assert_eq!(ids(&cloud.get(&members)), [ada]);
    let names = |list: Value| -> Vec<String> {
        list.as_array().expect("a list").iter().map(|item| item["name"].to_string()).collect()
    };
    assert_eq!(names(cloud.get(&format!("/users/{ada}/groups"))), ["\"Engineering\"", "\"Ops\""]);
    cloud.delete(&format!("/groups/{}", group["id"].as_str().expect("an id")));
    assert_eq!(names(cloud.get(&format!("/users/{ada}/groups"))), ["\"Engineering\""]);
    cloud.delete(&format!("/users/{ada}"));
    assert_eq!(ids(&cloud.get("/groups/iaujjqncdvilj/users")), [ben, "ih3j6gv6ebijb"]);
}

#[test]
fn a_bulk_change_happens_as_a_whole_or_not_at_all() {
    let mut cloud = Cloud::new();
    let all = ids(&cloud.get("/groups")).len();
    let with_predefined = json!([{ "id": "ia98kca1osn3m" }, { "id": "ia3v771f1223q" }]);
    let refused = cloud.refusal(Method::Post, "/groups:bulkdelete", Some(with_predefined));
    assert!(refused.contains("predefined"), "{refused}");
    assert_eq!(ids(&cloud.get("/groups")).len(), all);
    cloud.post("/groups:bulkdelete", json!([{ "id": "ia98kca1osn3m" }]));
    assert_eq!(ids(&cloud.get("/groups")).len(), all - 1);
    cloud.post("/groups/iaujjqncdvilj/users:bulkremove", json!([{ "id": "ihjkq8s9l9mm3" }]));
    assert_eq!(ids(&cloud.get("/groups/iaujjqncdvilj/users")), ["ihnod91nkbgp4", "ih3j6gv6ebijb"]);
}

#[test]
fn entitlements_follow_from_groups_and_stop_with_their_switch() {
    let mut cloud = Cloud::new();
    let grace = "ihu7ga8qub2cr";
    let administered = cloud.get(&format!("/users/{grace}/admin-entitlements"));
    let services: Vec<&Value> =
        administered.as_array().expect("a list").iter().map(|held| &held["service"]["serviceName"]).collect();
    assert_eq!(services, ["ZCC", "ZDX", "ZIA", "ZPA"]);
    let private = &administered[3];
    assert_eq!(private["roles"][0]["name"], "API Full Access");
    assert_eq!(private["scope"]["name"], "Default");
    assert_eq!(private["service"]["orgId"], "216196257331281920");
    let used = cloud.get(&format!("/users/{grace}/service-entitlements"));
    assert_eq!(used.as_array().map(Vec::len), Some(4));
    let off = json!({ "name": "IT", "adminEntitlementEnabled": false, "serviceEntitlementEnabled": true });
    cloud.put("/groups/iapa01011gik3", off);
    let left = cloud.get(&format!("/users/{grace}/admin-entitlements"));
    assert_eq!(left.as_array().map(Vec::len), Some(2));
    assert_eq!(cloud.get("/users/ihnod91nkbgp4/admin-entitlements"), json!([]));
}

#[test]
fn a_client_takes_one_existing_scope_of_each_service() {
    let mut cloud = Cloud::new();
    let server = cloud.get("/resource-servers")[0].clone();
    assert!(server["serviceScopes"][0]["service"].get("tenant").is_none());
    assert!(server["serviceScopes"][0]["scopes"][0].get("fullName").is_none());
    let private = &server["serviceScopes"][9];
    assert_eq!(private["service"]["orgId"], "216196257331281920");
    let client = |scopes: Vec<&Value>| {
        json!({ "name": "CI", "accessTokenLifeTime": 86400, "clientAuthentication": { "authType": "SECRET" },
            "clientResources": [{ "id": server["id"], "selectedScopes": scopes }] })
    };
    let both = vec![&private["scopes"][0], &private["scopes"][1]];
    assert!(cloud.refusal(Method::Post, "/api-clients", Some(client(both))).contains("only one scope"));
    let unknown = json!({ "id": "x::y" });
    assert!(cloud.refusal(Method::Post, "/api-clients", Some(client(vec![&unknown]))).contains("no scope"));
    let made = cloud.post("/api-clients", client(vec![&private["scopes"][1]]));
    let name = &made["clientResources"][0]["selectedScopes"][0]["name"];
    assert_eq!(
        name,
        "zs:config:zpa.prod.zpath.net:216196257331281920:config:Default:Default:29:API Read Only"
    );
    assert!(made.get("number").is_none());
    let id = Id(made["id"].as_str().expect("an id").to_owned());
    let loaded = cloud.look(|cx| load_api_client(cx, &id)).expect("it is read").expect("it is there");
    assert_eq!(loaded.number, 117_810_312);
    assert_eq!((loaded.grants.len(), loaded.grants[0].access), (1, Right::ReadOnly));
    assert_eq!(loaded.grants[0].tenant, "216196257331281920");
    let mut short = client(vec![]);
    short["accessTokenLifeTime"] = json!(59);
    cloud.refusal(Method::Post, "/api-clients", Some(short));
}

#[test]
fn a_url_in_either_spelling_is_kept_in_one() {
    let mut cloud = Cloud::new();
    for spelling in ["clientJWKsUrl", "clientJwKsUrl"] {
        let made = cloud.post(
            "/api-clients",
            json!({ "name": spelling, "clientAuthentication": { "authType": "JWKS", spelling: "https://k.example/j" } }),
        );
        assert_eq!(made["clientAuthentication"]["clientJWKsUrl"], "https://k.example/j");
    }
}

#[test]
fn a_secret_is_shown_once_and_a_third_replaces_the_newer() {
    let mut cloud = Cloud::new();
    let client =
        cloud.post("/api-clients", json!({ "name": "CI", "clientAuthentication": { "authType": "SECRET" } }));
    let id = Id(client["id"].as_str().expect("an id").to_owned());
    let secrets = format!("/api-clients/{id}/secrets");
    let made: Vec<Value> = (0..3).map(|_| cloud.post(&secrets, json!({}))).collect();
    let listed = cloud.get(&secrets);
    assert_eq!(ids(&listed), [made[0]["id"].as_str().expect("id"), made[2]["id"].as_str().expect("id")]);
    assert!(listed[0]["value"].as_str().is_some_and(|value| value.chars().all(|c| c == '*')));
    let live = |cloud: &mut Cloud| -> Vec<usize> {
        let shown: Vec<String> =
            made.iter().map(|secret| secret["value"].as_str().expect("a value").to_owned()).collect();
        cloud.look(|cx| {
            let client = load_api_client(cx, &id).expect("it is read").expect("it is there");
            let Authentication::Secrets(held) = client.authentication else { panic!("it has secrets") };
            let pepper = pepper(cx.store()).expect("it is read").expect("it was drawn");
            let matches = |value: &String| held.iter().any(|secret| pepper.matches(value, &secret.digest));
            (0..3).filter(|&number| matches(&shown[number])).collect()
        })
    };
    assert_eq!(live(&mut cloud), [0, 2]);
    cloud.delete(&format!("{secrets}/{}", made[0]["id"].as_str().expect("id")));
    assert_eq!(live(&mut cloud), [2]);
    cloud.refusal(Method::Post, &secrets, Some(json!({ "expiresAt": NOW + 86_400 })));
    let keys = cloud.post(
        "/api-clients",
        json!({ "name": "K", "clientAuthentication": { "authType": "JWKS", "clientJWKsUrl": "https://k.example" } }),
    );
    let others = format!("/api-clients/{}/secrets", keys["id"].as_str().expect("an id"));
    assert!(cloud.refusal(Method::Get, &others, None).contains("SECRET"));
    cloud.refusal(
        Method::Delete,
        &format!(
            "/api-clients/{}/secrets/{}",
            keys["id"].as_str().expect("id"),
            made[2]["id"].as_str().expect("id")
        ),
        None,
    );
    cloud.delete(&format!("/api-clients/{id}"));
    cloud.refusal(Method::Get, &secrets, None);
}

#[test]
fn the_first_client_may_do_everything_and_stays_in_the_list() {
    let mut cloud = Cloud::new();
    let call = cloud.call_of(Method::Get, "/resource-servers", None);
    let engine = Arc::clone(&cloud.engine);
    write(&cloud.store, move |tx| {
        let mut cx = Context::new(&engine, &call, Access::Write(tx));
        let digest = ensure_pepper(cx.change().expect("it writes")).expect("drawn").digest("chosen");
        let servers = cx.all("zidentity.resource_server", None).expect("the store reads");
        let servers = servers.iter().map(|stored| &stored.record);
        for (kind, stored) in first_client("replay", digest, NOW, servers).expect("it is made") {
            cx.save(kind, &stored).expect("it is kept");
        }
        Ok(())
    })
    .expect("the store writes");
    let client = cloud.look(|cx| load_api_client(cx, &Id("replay".into()))).expect("read").expect("there");
    let products: Vec<&str> = client.grants.iter().map(|grant| grant.product.as_str()).collect();
    let known = ["BI", "ZRA", "ZGUARD", "ZIAM", "ZCC", "CLOUD_CONNECTOR", "ZDX", "ZINSIGHTS", "ZIA", "ZPA"];
    assert_eq!(products, known);
    let weak: Vec<&str> = client
        .grants
        .iter()
        .filter(|grant| grant.access == Right::ReadOnly)
        .map(|grant| grant.product.as_str())
        .collect();
    assert_eq!(weak, ["ZINSIGHTS"]);
    assert_eq!(ids(&cloud.get("/api-clients")), ["replay"]);
    let again = cloud.get("/api-clients/replay");
    cloud.put("/api-clients/replay", again.clone());
    assert_eq!(cloud.get("/api-clients/replay"), again);
    assert_eq!(ids(&cloud.get("/api-clients/replay/secrets")).len(), 1);
}

#[test]
fn actions_on_people_need_the_person_and_the_members_they_read() {
    let mut cloud = Cloud::new();
    let ada = "/users/ihnod91nkbgp4";
    assert_eq!(cloud.post(&format!("{ada}:resetpassword"), json!({})), Value::Null);
    assert_eq!(cloud.put(&format!("{ada}:updatepassword"), json!({ "password": "x" })), Value::Null);
    assert_eq!(cloud.post(&format!("{ada}:setskipmfa"), json!({ "timestamp": 5 })), Value::Null);
    cloud.refusal(Method::Post, &format!("{ada}:setskipmfa"), Some(json!({})));
    cloud.refusal(Method::Put, &format!("{ada}:updatepassword"), None);
    cloud.refusal(Method::Post, "/users/nobody:resetpassword", None);
    assert_eq!(cloud.get(ada)["loginName"], "ada.berg@acme.example");
}
