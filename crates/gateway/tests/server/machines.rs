//! Simulated machines enrol as real ones do, and then the API shows them, counts them and lets them go.

use std::sync::Arc;

use serde_json::{Value, json};
use zuno_gateway::Options;
use zuno_model::TenantId;
use zuno_store_sqlite::SqliteStore;

use crate::client::Client;

const ROOT: &str = "/zpa/mgmtconfig/v1/admin/customers/216196257331281920";

async fn start() -> Client {
    Client::start(Arc::new(SqliteStore::in_memory().expect("memory opens")), Options::default()).await
}

async fn done(client: &Client, method: &str, path: &str, body: Option<Value>) -> Value {
    let (status, _, answer) = client.call(method, &format!("{ROOT}{path}"), body.as_ref()).await;
    assert!((200..300).contains(&status), "{method} {path}: {status} {answer}");
    answer
}

async fn refused(client: &Client, method: &str, path: &str) -> Value {
    let (status, _, answer) = client.call(method, &format!("{ROOT}{path}"), None).await;
    assert_eq!(status, 400, "{method} {path}: {answer}");
    answer
}

/// A connector group, its id, and a key of so many uses.
async fn group_with_key(client: &Client, uses: u32) -> (String, Value) {
    let group = json!({
        "name": "Lab", "enabled": true, "latitude": "48.137", "longitude": "11.575", "location": "Munich",
    });
    let group = done(client, "POST", "/appConnectorGroup", Some(group)).await;
    let id = group["id"].as_str().expect("an id").to_owned();
    let key =
        json!({ "name": "lab", "maxUsage": uses, "enrollmentCertId": "6573", "zcomponentId": id.clone() });
    let key = done(client, "POST", "/associationType/CONNECTOR_GRP/provisioningKey", Some(key)).await;
    (id, key)
}

async fn enrol(client: &Client, key: &Value, count: u32) -> (u16, Value) {
    client.operate("POST", "/machines", &json!({ "key": key["provisioningKey"], "count": count })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_that_enrols_stands_in_its_group_and_counts_as_a_use_of_the_key() {
    let client = start().await;
    let (group, key) = group_with_key(&client, 3).await;
    let (status, joined) = enrol(&client, &key, 2).await;
    assert_eq!(
        (status, joined[1]["name"].as_str(), joined[1]["group"].as_str()),
        (201, Some("lab-2"), Some("Lab"))
    );

    let group = done(&client, "GET", &format!("/appConnectorGroup/{group}"), None).await;
    assert_eq!(group["connectors"].as_array().map(Vec::len), Some(2), "{group}");
    let id = joined[0]["id"].as_str().expect("an id");
    let one = done(&client, "GET", &format!("/connector/{id}"), None).await;
    for (member, wanted) in [
        ("name", "lab-1"),
        ("controlChannelStatus", "ZPN_STATUS_AUTHENTICATED"),
        ("currentVersion", "26.52.3"),
        ("appConnectorGroupName", "Lab"),
        ("provisioningKeyName", "lab"),
        ("location", "Munich"),
    ] {
        assert_eq!(one[member], wanted, "{one}");
    }
    assert_eq!(one["fingerprint"].as_str().map(str::len), Some(44));
    assert_ne!(
        one["issuedCertId"],
        done(&client, "GET", "/connector?search=name+EQ+lab-2", None).await["list"][0]["issuedCertId"]
    );

    let path =
        format!("/associationType/CONNECTOR_GRP/provisioningKey/{}", key["id"].as_str().expect("an id"));
    assert_eq!(done(&client, "GET", &path, None).await["usageCount"], "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_does_not_suffice_enrols_nobody() {
    let client = start().await;
    let (group, key) = group_with_key(&client, 2).await;
    let (status, answer) = enrol(&client, &key, 3).await;
    assert_eq!(status, 400);
    assert_eq!(answer["id"], "nonce.usage.exceeded");
    assert_eq!(answer["params"], json!(["nonce.maxUsage"]));
    assert_eq!(answer["reason"], "nonce usage count reached the limit nonce.maxUsage");
    assert_eq!(answer["hostname"], "localhost");
    let group = done(&client, "GET", &format!("/appConnectorGroup/{group}"), None).await;
    assert_eq!(group.get("connectors"), None);

    assert_eq!(enrol(&client, &key, 2).await.0, 201);
    assert_eq!(enrol(&client, &key, 1).await.1["id"], "nonce.usage.exceeded");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_off_or_unknown_enrols_nobody_and_is_not_repeated() {
    let client = start().await;
    let (_, key) = group_with_key(&client, 2).await;
    let path =
        format!("/associationType/CONNECTOR_GRP/provisioningKey/{}", key["id"].as_str().expect("an id"));
    // A key that may not be exported still enrols: whoever was given its text has it.
    done(&client, "PUT", &path, Some(json!({ "name": "lab", "exportable": false }))).await;
    assert_eq!(enrol(&client, &key, 1).await.0, 201);
    done(&client, "PUT", &path, Some(json!({ "name": "lab", "enabled": false }))).await;
    let (status, answer) = enrol(&client, &key, 1).await;
    assert_eq!((status, &answer["params"]), (400, &json!(["enabled"])));

    let text = key["provisioningKey"].as_str().expect("a text");
    let forged = json!({ "provisioningKey": text.replacen('|', "|x", 2) });
    let (status, answer) = enrol(&client, &forged, 1).await;
    assert_eq!((status, &answer["id"]), (400, &json!("resource.not.found")));
    assert!(answer.to_string().len() < 400, "{answer}");
    assert_eq!(enrol(&client, &json!({ "provisioningKey": "3|api|x-1" }), 1).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn machines_outlive_their_key_and_go_one_by_one_or_together() {
    let client = start().await;
    let (group, key) = group_with_key(&client, 5).await;
    let (_, joined) = enrol(&client, &key, 3).await;
    let path =
        format!("/associationType/CONNECTOR_GRP/provisioningKey/{}", key["id"].as_str().expect("an id"));
    done(&client, "DELETE", &path, None).await;
    let group = format!("/appConnectorGroup/{group}");
    assert_eq!(done(&client, "GET", &group, None).await["connectors"].as_array().map(Vec::len), Some(3));
    assert_eq!(refused(&client, "DELETE", &group).await["id"], "resource.referenced");

    let first = joined[0]["id"].as_str().expect("an id");
    done(&client, "DELETE", &format!("/connector/{first}"), None).await;
    let ids = json!({ "ids": [joined[1]["id"], joined[2]["id"]] });
    done(&client, "POST", "/connector/bulkDelete", Some(ids)).await;
    done(&client, "DELETE", &group, None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keys_of_every_sort_enrol_its_machines() {
    let client = start().await;
    for (word, path, members) in [
        ("SERVICE_EDGE_GRP", "/serviceEdgeGroup", "serviceEdges"),
        ("SITE_CONTROLLER_GRP", "/privateCloudControllerGroup", "privateCloudControllers"),
        ("EXPORTER_GRP", "/browserAccessGroups", "privateExporters"),
        ("CONNECTOR_GRP", "/appConnectorGroup", "connectors"),
    ] {
        let keys = done(&client, "GET", &format!("/associationType/{word}/provisioningKey"), None).await;
        let before = done(&client, "GET", path, None).await["list"][0][members].as_array().map(Vec::len);
        let (status, answer) = enrol(&client, &keys["list"][0], 1).await;
        assert_eq!(status, 201, "{word}: {answer}");
        let after = done(&client, "GET", path, None).await["list"][0][members].clone();
        assert_eq!(after.as_array().map(Vec::len), before.map(|count| count + 1), "{word}");
        assert!(after.to_string().contains("ZPN_STATUS_AUTHENTICATED"), "{word}: {after}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_enrols_in_its_own_tenant_and_microtenant() {
    let client = start().await;
    let micro =
        done(&client, "POST", "/microtenants", Some(json!({ "name": "Works", "enabled": true }))).await;
    let scope = format!("?microtenantId={}", micro["id"].as_str().expect("an id"));
    let group = json!({ "name": "Works", "location": "Lyon" });
    let group = done(&client, "POST", &format!("/appConnectorGroup{scope}"), Some(group)).await;
    let key = json!({ "name": "w", "maxUsage": 1, "enrollmentCertId": "6573", "zcomponentId": group["id"] });
    let path = format!("/associationType/CONNECTOR_GRP/provisioningKey{scope}");
    let key = done(&client, "POST", &path, Some(key)).await;
    client.operate("POST", "/tenants", &json!({ "vanity": "other" })).await;

    assert_eq!(enrol(&client, &key, 1).await.0, 201);
    let listed = done(&client, "GET", &format!("/connector{scope}"), None).await;
    assert_eq!((&listed["totalCount"], &listed["list"][0]["name"]), (&json!("1"), &json!("w-1")));
    let (_, here) = client.operate("GET", "/tenants/acme/machines", &Value::Null).await;
    let (_, there) = client.operate("GET", "/tenants/other/machines", &Value::Null).await;
    assert!(here.to_string().contains("w-1") && !there.to_string().contains("w-1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_that_stops_says_so_until_it_starts_again() {
    let client = start().await;
    for (name, path, status) in [
        ("sjc-connector-1", "/connector?search=name+EQ+sjc-connector-1", "/list/0/controlChannelStatus"),
        ("ber-edge-1", "/serviceEdge", "/list/0/privateBrokerVersion/ctrlChannelStatus"),
        ("ber-controller-1", "/privateCloudController", "/list/0/controlChannelStatus"),
    ] {
        for (on, word) in [(false, "ZPN_STATUS_DISCONNECTED"), (true, "ZPN_STATUS_AUTHENTICATED")] {
            let turn = json!({ "named": name, "connected": on });
            let (code, told) = client.operate("PUT", "/tenants/acme/machines", &turn).await;
            assert_eq!((code, &told["status"]), (200, &json!(word)), "{name}");
            assert_eq!(done(&client, "GET", path, None).await.pointer(status), Some(&json!(word)), "{name}");
        }
    }
    let nobody = json!({ "named": "nobody", "connected": false });
    assert_eq!(client.operate("PUT", "/tenants/acme/machines", &nobody).await.0, 400);
    assert_eq!(client.operate("PUT", "/tenants/nobody/machines", &nobody).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_lets_its_machine_in_once_and_not_for_long() {
    let client = start().await;
    let groups = done(&client, "GET", "/appConnectorGroup", None).await;
    let group = groups["list"][0]["id"].clone();
    let shown = async || {
        let (status, code) =
            client.operate("PUT", "/tenants/acme/machines", &json!({ "waits": "CONNECTOR_GRP" })).await;
        assert_eq!(status, 201);
        code["code"].clone()
    };
    let confirm = async |code: &Value| {
        let body = json!({ "userCodes": [code], "componentGroupId": group });
        done(&client, "POST", "/CONNECTOR_GRP/usercodes", Some(body)).await["userCodes"][0]["status"].clone()
    };
    let count = async || done(&client, "GET", "/connector", None).await["totalCount"].clone();
    let code = shown().await;
    let status = json!({ "userCodes": [code] });
    let pending = done(&client, "POST", "/CONNECTOR_GRP/usercodes/status", Some(status.clone())).await;
    assert_eq!(pending["userCodes"][0]["status"], "PENDING");
    let elsewhere = done(&client, "POST", "/SERVICE_EDGE_GRP/usercodes/status", Some(status)).await;
    assert_eq!(elsewhere["userCodes"][0]["status"], "INVALID");
    assert_eq!((confirm(&code).await, count().await), (json!("VERIFIED"), json!("3")));
    // Once more changes nothing.
    assert_eq!((confirm(&code).await, count().await), (json!("VERIFIED"), json!("3")));

    let late = shown().await;
    client.cloud.move_clock(TenantId::SERVER, 601).expect("the clock is set");
    assert_eq!((confirm(&late).await, count().await), (json!("EXPIRED"), json!("3")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_has_a_hundred_connectors_at_most() {
    let client = start().await;
    let (_, key) = group_with_key(&client, 200).await;
    assert_eq!(enrol(&client, &key, 98).await.0, 201, "two are of the sample fleet");
    let (status, answer) = enrol(&client, &key, 1).await;
    assert_eq!((status, &answer["id"]), (400, &json!("max.limit.reached")));
    assert_eq!(enrol(&client, &key, 101).await.0, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_that_stays_cut_off_is_deleted_once_its_schedule_is_on_and_the_interval_is_over() {
    let client = start().await;
    for name in ["sjc-connector-1", "ber-edge-1"] {
        let turn = json!({ "named": name, "connected": false });
        assert_eq!(client.operate("PUT", "/tenants/acme/machines", &turn).await.0, 200);
    }
    let on = json!({ "frequencyInterval": "5", "enabled": true });
    done(&client, "PUT", "/connectorSchedule/9", Some(on)).await;
    for (seconds, left) in [(5 * 86_400 - 60, "2"), (5 * 86_400 + 60, "1")] {
        let (status, _) = client.operate("PUT", "/clock", &json!({ "offset": seconds })).await;
        assert_eq!(status, 200);
        let listed = client.signed_in("first", "first-secret").await;
        let connectors = done(&listed, "GET", "/connector", None).await;
        assert_eq!(connectors["totalCount"], left, "{seconds}: {connectors}");
        // The edges' schedule is off.
        assert_eq!(done(&listed, "GET", "/serviceEdge", None).await["totalCount"], "1");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_finds_the_machines_that_have_been_cut_off_for_long() {
    let client = start().await;
    for name in ["sjc-connector-2", "ber-edge-1"] {
        let turn = json!({ "named": name, "connected": false });
        client.operate("PUT", "/tenants/acme/machines", &turn).await;
    }
    let search =
        "search=controlChannelStatus+EQ+ZPN_STATUS_DISCONNECTED+AND+lastBrokerDisconnectTimeDuration+GT+15d";
    let edges = "search=lastBrokerDisconnectTimeDuration+LT+15d";
    let count =
        async |client: &Client, path: &str| done(client, "GET", path, None).await["totalCount"].clone();
    assert_eq!(count(&client, &format!("/connector?{search}")).await, "0");
    assert_eq!(count(&client, &format!("/serviceEdge?{edges}")).await, "1");
    client.operate("PUT", "/clock", &json!({ "offset": 16 * 86_400 })).await;
    let later = client.signed_in("first", "first-secret").await;
    assert_eq!(count(&later, &format!("/connector?{search}")).await, "1");
    assert_eq!(count(&later, &format!("/serviceEdge?{edges}")).await, "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connector_enrols_with_a_provisioning_url_and_takes_traffic_some_minutes_later() {
    let client = start().await;
    let (status, _, template) = client
        .call("POST", "/ztw/api/v1/provUrl", Some(&json!({ "name": "AWS east/1", "provUrlType": "CLOUD" })))
        .await;
    assert_eq!((status, template["status"].as_str()), (200, Some("READY")), "{template}");
    let enrol = json!({ "key": template["provUrl"], "count": 17, "name": "lab" });
    let (status, joined) = client.operate("POST", "/machines", &enrol).await;
    assert_eq!((status, joined.as_array().map(Vec::len)), (201, Some(17)), "{joined}");
    assert_eq!((joined[0]["name"].as_str(), joined[0]["status"].as_str()), (Some("lab-1"), Some("INACTIVE")));
    let groups = [&joined[0], &joined[15], &joined[16]]
        .map(|one| one["group"].as_str().unwrap_or_default().to_owned());
    assert!(groups[0] == groups[1] && groups[1] != groups[2], "a group holds sixteen: {groups:?}");

    let of = |answer: &Value| -> Value {
        let mut found = answer.as_array().into_iter().flatten();
        found.find(|group| group["name"] == groups[0]).cloned().unwrap_or_default()
    };
    let (_, _, before) = client.call("GET", "/ztw/api/v1/ecgroup", None).await;
    let group = of(&before);
    let machine = &group["ecVMs"][0];
    assert_eq!(machine["status"], json!(["REGISTERED"]), "{group}");
    assert_eq!(machine["ecInstances"].as_array().map(Vec::len), Some(1), "{machine}");
    let place = group["location"]["id"].to_string();
    let (status, _, location) = client.call("GET", &format!("/zia/api/v1/locations/{place}"), None).await;
    assert_eq!((status, location["ecLocation"].as_bool()), (200, Some(true)), "{location}");
    let (_, _, template) = client.call("GET", &format!("/ztw/api/v1/provUrl/{}", template["id"]), None).await;
    assert_eq!(template["status"], "DEPLOYED");

    assert_eq!(client.operate("PUT", "/clock", &json!({ "offset": 240 })).await.0, 200);
    let (_, _, after) = client.call("GET", "/ztw/api/v1/ecgroup", None).await;
    let machine = &of(&after)["ecVMs"][0];
    assert_eq!(machine["status"], json!(["REGISTERED", "PKG_REPO_REGISTERED"]), "{machine}");
    assert_eq!(machine["operationalStatus"], "ACTIVE");

    let cut = json!({ "named": "lab-1", "connected": false });
    let (status, told) = client.operate("PUT", "/tenants/acme/machines", &cut).await;
    assert_eq!((status, told["status"].as_str()), (200, Some("INACTIVE")), "{told}");
    let (_, all) = client.operate("GET", "/tenants/acme/machines", &json!({})).await;
    let connectors =
        all.as_array().into_iter().flatten().filter(|one| one["kind"] == "cloud or branch connector");
    assert_eq!(connectors.count(), 19, "two of the sample fleet among them");

    let (status, refused) =
        client.operate("POST", "/machines", &json!({ "key": "x/api/v1/provUrl?name=none" })).await;
    assert_eq!(status, 404, "{refused}");
}
