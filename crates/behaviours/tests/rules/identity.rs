//! The identity service's people, groups and API clients.

use serde_json::{Value, json};
use zuno_behaviours::keys::pepper;
use zuno_behaviours::zidentity::{ensure_first_client, load_api_client};
use zuno_catalogue::Method;
use zuno_identity::Authentication;
use zuno_model::{Id, Permission};

use crate::cloud::{Cloud, NOW};

fn with_fleet() -> Cloud {
    Cloud::new("/ziam/admin/api/v1", true)
}

/// A client as the operator fixes it at a start of the server.
fn chosen(cloud: &Cloud, id: &'static str, secret: &'static str) {
    cloud.change(move |cx| {
        let digest = pepper(cx)?.digest(secret);
        ensure_first_client(cx, id, digest)
    });
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().map(|item| item["id"].as_str().unwrap_or_default()).collect()
}

fn new_user(login: &str) -> Value {
    json!({ "loginName": login, "displayName": "Zoe", "primaryEmail": login, "source": "SCIM" })
}

#[test]
fn the_published_example_answers_as_printed() {
    let cloud = with_fleet();
    let found = cloud.get("/users?limit=100&offset=0&loginname=bbb@bbc.com");
    let printed = r#"[{"loginName":"bbb@bbc.com","displayName":"ad","primaryEmail":"bbb@bbc.com","department":{},"status":true,"customAttrsInfo":{},"id":"ihv1284ang34c","source":"UI","idp":{"id":"h1v0q1nac03tk","name":"okta"}}]"#;
    assert_eq!(found.to_string(), printed);
}

#[test]
fn a_new_user_has_the_recorded_members_in_the_recorded_order() {
    let cloud = with_fleet();
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
    let cloud = with_fleet();
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
    let cloud = with_fleet();
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
    let cloud = with_fleet();
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
    let cloud = with_fleet();
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
    let cloud = with_fleet();
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
    assert_eq!(loaded.number, 117_810_311);
    let right = &loaded.grants[0].right;
    assert_eq!((loaded.grants.len(), right.to(Some("Application"))), (1, Some(Permission::ReadOnly)));
    assert_eq!((right.to(Some("Unheard of")), &right.within), (None, &None));
    assert_eq!(loaded.grants[0].tenant, "216196257331281920");
    let mut short = client(vec![]);
    short["accessTokenLifeTime"] = json!(59);
    cloud.refusal(Method::Post, "/api-clients", Some(short));
}

#[test]
fn a_url_in_either_spelling_is_kept_in_one() {
    let cloud = with_fleet();
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
    let cloud = with_fleet();
    let client =
        cloud.post("/api-clients", json!({ "name": "CI", "clientAuthentication": { "authType": "SECRET" } }));
    let id = Id(client["id"].as_str().expect("an id").to_owned());
    let secrets = format!("/api-clients/{id}/secrets");
    let made: Vec<Value> = (0..3).map(|_| cloud.post(&secrets, json!({}))).collect();
    let listed = cloud.get(&secrets);
    assert_eq!(ids(&listed), [made[0]["id"].as_str().expect("id"), made[2]["id"].as_str().expect("id")]);
    assert!(listed[0]["value"].as_str().is_some_and(|value| value.chars().all(|c| c == '*')));
    let live = |cloud: &Cloud| -> Vec<usize> {
        let shown: Vec<String> =
            made.iter().map(|secret| secret["value"].as_str().expect("a value").to_owned()).collect();
        cloud.look(|cx| {
            let client = load_api_client(cx, &id).expect("it is read").expect("it is there");
            let Authentication::Secrets(held) = client.authentication else { panic!("it has secrets") };
            let pepper = pepper(cx).expect("it was given");
            let matches = |value: &String| held.iter().any(|secret| pepper.matches(value, &secret.digest));
            (0..3).filter(|&number| matches(&shown[number])).collect()
        })
    };
    assert_eq!(live(&cloud), [0, 2]);
    cloud.delete(&format!("{secrets}/{}", made[0]["id"].as_str().expect("id")));
    assert_eq!(live(&cloud), [2]);
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
    let cloud = with_fleet();
    chosen(&cloud, "replay", "chosen");
    let client = cloud.look(|cx| load_api_client(cx, &Id("replay".into()))).expect("read").expect("there");
    let products: Vec<&str> = client.grants.iter().map(|grant| grant.product.as_str()).collect();
    // What is not served is not granted: a client that reads its token would offer what cannot work.
    assert_eq!(products, ["ZIAM", "ZCC", "CLOUD_CONNECTOR", "ZDX", "ZIA", "ZPA"]);
    let classes = ["API Clients & Resources", "Policy Rule"];
    for (product, class) in ["ZIAM", "ZPA"].into_iter().zip(classes) {
        let grant = client.grants.iter().find(|grant| grant.product == product).expect("it is granted");
        assert_eq!(grant.right.to(Some(class)), Some(Permission::Full));
    }
    assert_eq!(ids(&cloud.get("/api-clients")), ["replay"]);
    let again = cloud.get("/api-clients/replay");
    cloud.put("/api-clients/replay", again.clone());
    assert_eq!(cloud.get("/api-clients/replay"), again);
    assert_eq!(ids(&cloud.get("/api-clients/replay/secrets")).len(), 1);
}

#[test]
fn actions_on_people_need_the_person_and_the_members_they_read() {
    let cloud = with_fleet();
    let ada = "/users/ihnod91nkbgp4";
    assert_eq!(cloud.post(&format!("{ada}:resetpassword"), json!({})), Value::Null);
    assert_eq!(cloud.put(&format!("{ada}:updatepassword"), json!({ "password": "x" })), Value::Null);
    assert_eq!(cloud.post(&format!("{ada}:setskipmfa"), json!({ "timestamp": 5 })), Value::Null);
    cloud.refusal(Method::Post, &format!("{ada}:setskipmfa"), Some(json!({})));
    cloud.refusal(Method::Put, &format!("{ada}:updatepassword"), None);
    cloud.refusal(Method::Post, "/users/nobody:resetpassword", None);
    assert_eq!(cloud.get(ada)["loginName"], "ada.berg@acme.example");
}

#[test]
fn a_client_fixed_by_the_operator_keeps_what_callers_gave_it() {
    let cloud = with_fleet();
    chosen(&cloud, "ci", "one");
    let mut client = cloud.get("/api-clients/ci");
    client["clientResources"][0]["selectedScopes"].as_array_mut().expect("scopes").truncate(2);
    cloud.put("/api-clients/ci", client);
    let narrowed = cloud.get("/api-clients/ci");
    cloud.post("/api-clients/ci/secrets", json!({}));
    chosen(&cloud, "ci", "one");
    chosen(&cloud, "other", "two");
    chosen(&cloud, "ci", "three");
    assert_eq!(cloud.get("/api-clients/ci"), narrowed, "its scopes are its own");
    let opens = |id: &str, secret: &str| {
        cloud.look(|cx| {
            let client = load_api_client(cx, &Id(id.into())).expect("read").expect("there");
            let pepper = pepper(cx).expect("it was given");
            let Authentication::Secrets(secrets) = client.authentication else {
                panic!("{id} has no secrets")
            };
            secrets.iter().any(|held| pepper.matches(secret, &held.digest))
        })
    };
    assert!(opens("ci", "three") && opens("other", "two"), "each has its own");
    assert!(!opens("ci", "one"), "what the operator chose earlier no longer counts");
    assert_eq!(ids(&cloud.get("/api-clients/ci/secrets")).len(), 2, "a caller's secret stays");
}
