//! A tenant is told of the sites that the operator's own documents name, and of no others.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::sync::Arc;

use serde_json::json;
use zuno_gateway::Options;
use zuno_store_sqlite::SqliteStore;

use crate::client::Client;

const DOCUMENT: &str = r#"{"zscalerthree.net":{"continent : EMEA":{"city : Oslo IX":[
  {"range":"192.0.2.0/25","vpn":"osl9-vpn.zscalerthree.net","gre":"192.0.2.20","ext":"","hostname":"osl9.sme.zscalerthree.net","latitude":"59.913868","longitude":"10.752245"}]}},
 "svpnIPs":["192.0.2.56","198.51.100.1"]}"#;

async fn start(name: &str) -> (tempfile::TempDir, Client) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join(name),
        DOCUMENT.replace("zscalerthree.net", name.trim_end_matches(".cenr.json")),
    )
    .unwrap();
    let options = Options {
        endpoints: zuno_gateway::Endpoints::Folder(folder.path().to_owned()),
        ..Options::default()
    };
    let client = Client::start(Arc::new(SqliteStore::in_memory().unwrap()), options).await;
    (folder, client)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operators_document_is_what_a_tenant_is_told() {
    let (_folder, client) = start("zscalerthree.net.cenr.json").await;
    let (_, _, vips) = client.call("GET", "/zia/api/v1/vips", None).await;
    assert_eq!(vips.as_array().map(Vec::len), Some(1), "{vips}");
    let told = &vips[0];
    assert_eq!(
        (&told["dataCenter"], &told["city"], &told["country"]),
        (&json!("OSL9"), &json!("Oslo"), &json!("Norway"))
    );
    assert_eq!((&told["greIps"], &told["svpnIps"]), (&json!(["192.0.2.20"]), &json!(["192.0.2.56"])));
    let (_, _, all) = client.call("GET", "/zia/api/v1/datacenters?search=OSL9", None).await;
    assert_eq!(all[0]["region"]["name"], "Europe", "{all}");
    let (status, _, refused) =
        client.call("POST", "/zia/api/v1/greTunnels", Some(&json!({"sourceIp": "198.51.100.17"}))).await;
    // A tunnel ends at two addresses, and one is published.
    assert_eq!((status, &refused["message"]), (400, &json!("Invalid secondary data center VIP")));
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_of_another_cloud_leave_the_tenants_own_as_built_in() {
    let (_folder, client) = start("zscaler.net.cenr.json").await;
    let (_, _, vips) = client.call("GET", "/zia/api/v1/vips?dc=AMS3", None).await;
    assert_eq!(vips[0]["cloudName"], "zscalerthree.net", "{vips}");
}
