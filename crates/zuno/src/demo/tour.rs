//! The calls of the tour: every example of the vendor's introductions, each needing what the ones before it have made.

use anyhow::{Context as _, Result};
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use zuno_client::{Method, signed_assertion};

use super::step::{Body, Caller, Step, text};
use crate::folder::Credentials;

/// The audience of token requests (documented).
const AUDIENCE: &str = "https://api.zscaler.com";
/// The host that fronts the products.
const GATEWAY: &str = "api.zsapi.net";
/// The older private-access host.
const LEGACY: &str = "config.private.zscaler.com";
/// The host of the published service endpoints.
const PUBLISHED: &str = "config.zscaler.com";

/// Where the tour takes place.
pub trait Scene {
    /// Sends a call; null when the answer is no JSON.
    fn play(&mut self, step: &Step<'_>) -> Result<Value>;

    /// Does what only an operator may, below `/_zuno`.
    fn operate(&mut self, method: &Method, path: &str, body: &Value) -> Result<()>;
}

/// The tour, by an API client of the first tenant.
pub struct Tour<S> {
    /// Where it takes place.
    pub scene: S,
    /// The client.
    pub kept: Credentials,
}

impl<S: Scene> Tour<S> {
    /// Sends every example.
    pub fn take(&mut self) -> Result<()> {
        let token = self.tokens()?;
        self.internet_access(&token)?;
        self.private_access(&token)?;
        self.client_connector(&token)?;
        self.cloud_connector(&token)?;
        self.digital_experience(&token)?;
        self.identity(&token)?;
        self.older_private_access()?;
        self.service_endpoints()
    }

    fn token_host(&self) -> String {
        format!("{}.zslogin.net", self.kept.vanity)
    }

    fn token_step<'a>(
        &self,
        why: &'a str,
        caller: Caller<'a>,
        form: Vec<(&'static str, String)>,
    ) -> Step<'a> {
        let mut pairs = vec![("grant_type", "client_credentials".to_owned())];
        pairs.extend(form);
        pairs.push(("audience", AUDIENCE.to_owned()));
        Step {
            why,
            method: Method::POST,
            host: self.token_host(),
            path: "/oauth2/v1/token".into(),
            caller,
            body: Body::Form(pairs),
            status: 200,
            holds: vec![
                ("/access_token", Value::Null),
                ("/token_type", "Bearer".into()),
                ("/expires_in", Value::Null),
            ],
        }
    }

    /// The three ways to a token; hands back one.
    fn tokens(&mut self) -> Result<String> {
        let (id, secret) = (self.kept.client_id.clone(), self.kept.client_secret.clone());
        let why = "A token, with the API client's id and secret in a Basic header";
        let answer = self.scene.play(&self.token_step(why, Caller::Basic(&id, &secret), Vec::new()))?;
        let token = text(&answer, "/access_token")?;

        let form = vec![("client_id", id.clone()), ("client_secret", secret)];
        let why = "The same, with id and secret in the body";
        self.scene.play(&self.token_step(why, Caller::None, form))?;

        let (private, public) = key_pair()?;
        let own = get(GATEWAY, format!("/ziam/admin/api/v1/api-clients/{id}"), &token);
        let own = self
            .scene
            .play(&Step { why: "What this API client may reach, as the admin API tells it", ..own })?;
        let made = self.scene.play(&Step {
            why: "A new API client that proves itself with a private key: its public half is uploaded",
            method: Method::POST,
            status: 201,
            holds: vec![("/id", Value::Null)],
            body: Body::Json(json!({
                "name": "Private key JWT",
                "clientAuthentication": {
                    "authType": "PUBKEYCERT",
                    "publicKeys": [{"keyName": "demo", "keyValue": public}],
                },
                "clientResources": own["clientResources"],
            })),
            ..get(GATEWAY, "/ziam/admin/api/v1/api-clients".into(), &token)
        })?;
        if let Ok(id) = text(&made, "/id") {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
            let audience = format!("https://{}", self.token_host());
            let form = vec![
                ("client_id", id.clone()),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".into()),
                ("client_assertion", signed_assertion(&id, &private, &audience, now)?),
            ];
            let why = "A token, with a JWT signed by that private key";
            self.scene.play(&self.token_step(why, Caller::None, form))?;
        }
        let form = vec![("client_id", id), ("client_secret", "wrong".to_owned())];
        let why = "A wrong secret is refused with 400";
        let step = self.token_step(why, Caller::None, form);
        self.scene.play(&Step { status: 400, holds: vec![("/error", Value::Null)], ..step })?;
        Ok(token)
    }

    fn internet_access(&mut self, token: &str) -> Result<()> {
        let categories = |place: &'static str, category: &str| (place, json!([category]));
        self.scene.play(&Step {
            why: "Internet Access: the categories of three URLs",
            method: Method::POST,
            body: Body::Json(json!(["viruses.org", "facebook.com", "bbc.com"])),
            holds: vec![
                categories("/0/urlClassifications", "MISCELLANEOUS_OR_UNKNOWN"),
                categories("/1/urlClassifications", "SOCIAL_NETWORKING"),
                categories("/2/urlClassifications", "NEWS_AND_MEDIA"),
            ],
            ..get(GATEWAY, "/zia/api/v1/urlLookup".into(), token)
        })?;
        let users = get("api.beta.zsapi.net", "/zia/api/v1/users".into(), token);
        self.scene.play(&Step { why: "The beta endpoint has the same paths", ..users })?;
        let status = get(GATEWAY, "/zia/api/v1/status".into(), token);
        self.scene.play(&Step {
            why: "Whether changes wait",
            holds: vec![("/status", Value::Null)],
            ..status
        })?;
        let activate = || Step {
            why: "Makes all changes that wait take effect",
            method: Method::POST,
            holds: vec![("/status", "ACTIVE".into())],
            ..get(GATEWAY, "/zia/api/v1/status/activate".into(), token)
        };
        self.scene.play(&activate())?;
        let mode = format!("/tenants/{}/modes/zia/read-only", self.kept.vanity);
        self.scene.operate(&Method::PUT, &mode, &json!({"on": true}))?;
        self.scene.play(&Step {
            why: "During a scheduled upgrade, here switched on by the operator, writes are refused",
            status: 403,
            holds: vec![("/code", "STATE_READONLY".into())],
            ..activate()
        })?;
        self.scene.operate(&Method::PUT, &mode, &json!({"on": false}))
    }

    fn private_access(&mut self, token: &str) -> Result<()> {
        let path = format!("/zpa/mgmtconfig/v1/admin/customers/{}/application", self.kept.customer_id);
        self.scene.play(&Step {
            why: "Private Access: the application segments; the customer id stands in the path",
            holds: vec![("/totalPages", Value::Null), ("/list", Value::Null)],
            ..get(GATEWAY, format!("{path}?page=1&pagesize=100"), token)
        })?;
        self.scene.play(&Step {
            why: "The same of one microtenant: 0 is the default one",
            holds: vec![("/totalPages", Value::Null)],
            ..get(GATEWAY, format!("{path}?microtenantId=0"), token)
        })?;
        Ok(())
    }

    fn client_connector(&mut self, token: &str) -> Result<()> {
        let devices = self.scene.play(&Step {
            why: "Client Connector: the enrolled devices, each with its unique device identifier",
            holds: vec![("/0/udid", Value::Null)],
            ..get(GATEWAY, "/zcc/papi/public/v1/getDevices".into(), token)
        })?;
        if let Ok(udid) = text(&devices, "/0/udid") {
            self.scene.play(&Step {
                why: "A one-time password for one of them",
                holds: vec![("/otp", Value::Null)],
                ..get(GATEWAY, format!("/zcc/papi/public/v1/getOtp?udid={udid}"), token)
            })?;
        }
        Ok(())
    }

    fn cloud_connector(&mut self, token: &str) -> Result<()> {
        self.scene.play(&Step {
            why: "Cloud & Branch Connector: the groups with their virtual machines",
            holds: vec![
                ("/0/name", "zs-cc-vpc-02de960b4c73a7275-us-west-2a".into()),
                ("/1/ecVMs/0/id", Value::Null),
            ],
            ..get(GATEWAY, "/ztw/api/v1/ecgroup".into(), token)
        })?;
        self.scene.play(&Step {
            why: "Its changes are activated too",
            method: Method::POST,
            ..get(GATEWAY, "/ztw/api/v1/ecAdminActivateStatus/activate".into(), token)
        })?;
        Ok(())
    }

    fn digital_experience(&mut self, token: &str) -> Result<()> {
        let devices = self.scene.play(&Step {
            why: "Digital Experience: the devices that report",
            holds: vec![("/devices/0/id", Value::Null)],
            ..get(GATEWAY, "/zdx/v1/devices".into(), token)
        })?;
        let Ok(device) = text(&devices, "/devices/0/id") else { return Ok(()) };
        let path = format!("/zdx/v1/devices/{device}/deeptraces");
        let trace = self.scene.play(&Step {
            why: "A deep tracing session on one of them, five minutes long",
            method: Method::POST,
            body: Body::Json(
                json!({"session_name": "demo", "session_length_minutes": 5, "probe_device": true}),
            ),
            holds: vec![("/trace_id", Value::Null), ("/status", "not_started".into())],
            ..get(GATEWAY, path.clone(), token)
        })?;
        if let Ok(trace) = text(&trace, "/trace_id") {
            let step = get(GATEWAY, format!("{path}/{trace}"), token);
            self.scene.play(&Step { why: "How far it is", holds: vec![("/status", Value::Null)], ..step })?;
        }
        Ok(())
    }

    fn identity(&mut self, token: &str) -> Result<()> {
        let query = "limit=100&offset=0&loginname=bbb@bbc.com";
        self.scene.play(&Step {
            why: "ZIdentity: a user by login name",
            holds: vec![
                ("/records/0/loginName", "bbb@bbc.com".into()),
                ("/records/0/idp/name", "okta".into()),
                ("/results_total", 1.into()),
            ],
            ..get(GATEWAY, format!("/ziam/admin/api/v1/users?{query}"), token)
        })?;
        Ok(())
    }

    fn older_private_access(&mut self) -> Result<()> {
        let form = vec![
            ("client_id", self.kept.client_id.clone()),
            ("client_secret", self.kept.client_secret.clone()),
        ];
        let answer = self.scene.play(&Step {
            why: "The older Private Access API: sign in with an API key",
            method: Method::POST,
            caller: Caller::None,
            body: Body::Form(form),
            holds: vec![("/access_token", Value::Null), ("/expires_in", Value::Null)],
            ..get(LEGACY, "/signin".into(), "")
        })?;
        let token = text(&answer, "/access_token")?;
        let path = format!("/mgmtconfig/v1/admin/customers/{}/application", self.kept.customer_id);
        let list = |why, status| Step {
            why,
            status,
            holds: Vec::new(),
            ..get(LEGACY, format!("{path}?page=1&pagesize=20&search="), &token)
        };
        self.scene.play(&list("The application segments, without the product's prefix", 200))?;
        self.scene.play(&Step {
            why: "Signs out",
            method: Method::POST,
            body: Body::Json(json!({})),
            ..get(LEGACY, "/signout".into(), &token)
        })?;
        self.scene.play(&list("After that the token is refused", 401))?;
        Ok(())
    }

    fn service_endpoints(&mut self) -> Result<()> {
        for (why, path) in [
            (
                "Service endpoints: the data centers of one cloud, for allowlists",
                "/api/zscaler.net/cenr/json",
            ),
            ("The central authority's addresses", "/api/zscaler.net/hubs/cidr/json/required"),
            ("The recommended ones beside them", "/api/zscaler.net/hubs/cidr/json/recommended"),
            ("What Client Connector connects to", "/api/zscaler.net/svpn/json"),
            ("Data centers to come", "/api/zscaler.net/future/json"),
        ] {
            let step = get(PUBLISHED, path.into(), "");
            self.scene.play(&Step { why, caller: Caller::None, ..step })?;
        }
        Ok(())
    }
}

/// A GET that must be answered with 200.
fn get<'a>(host: &str, path: String, token: &'a str) -> Step<'a> {
    Step {
        why: "",
        method: Method::GET,
        host: host.to_owned(),
        path,
        caller: Caller::Bearer(token),
        body: Body::None,
        status: 200,
        holds: Vec::new(),
    }
}

/// An RSA key of 2,048 bits: the private half and the public half, both in PEM.
fn key_pair() -> Result<(String, String)> {
    let failed = "no key can be made";
    let made = KeyPair::generate(KeySize::Rsa2048).ok().context(failed)?;
    let private: Pkcs8V1Der<'_> = made.as_der().ok().context(failed)?;
    let public: PublicKeyX509Der<'_> = made.public_key().as_der().ok().context(failed)?;
    Ok((pem("PRIVATE KEY", private.as_ref()), pem("PUBLIC KEY", public.as_ref())))
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut lines = format!("-----BEGIN {label}-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(64));
        lines.push_str(line);
        lines.push('\n');
        rest = more;
    }
    lines + &format!("-----END {label}-----\n")
}
