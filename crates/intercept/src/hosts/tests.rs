use super::*;
use proptest::prelude::*;

#[test]
fn every_documented_host_has_its_service() {
    let token = |cloud| Host::Token { vanity: "acme", cloud };
    let admin = |cloud| Host::Admin { vanity: "acme", cloud };
    let gateway = |cloud| Host::Gateway { cloud };
    let zpa = |cloud| Host::LegacyZpa { cloud };
    for (host, service) in [
        ("acme.zslogin.net", token(Cloud::Production)),
        ("acme.zsloginbeta.net", token(Cloud::Beta)),
        ("acme.zsloginlocal.net", token(Cloud::Named("local"))),
        ("acme.zsloginzpatwo.net", token(Cloud::Named("zpatwo"))),
        ("acme.zidentitygov.net", token(Cloud::Gov)),
        ("acme.zidentitygov.us", token(Cloud::GovUs)),
        ("admin.zslogin.net", Host::Token { vanity: "admin", cloud: Cloud::Production }),
        ("acme-admin.zslogin.net", admin(Cloud::Production)),
        ("acme-admin.zsloginbeta.net", admin(Cloud::Beta)),
        ("acme-admin.zslogingov.net", admin(Cloud::Gov)),
        ("acme-admin.zidentitygov.us", admin(Cloud::GovUs)),
        ("api.zsapi.net", gateway(Cloud::Production)),
        ("apiusw2.zsapi.net", gateway(Cloud::Production)),
        ("api.beta.zsapi.net", gateway(Cloud::Beta)),
        ("apiusw2.beta.zsapi.net", gateway(Cloud::Beta)),
        ("api.local.zsapi.net", gateway(Cloud::Named("local"))),
        ("api.zscalergov.net", gateway(Cloud::Gov)),
        ("api.zscalergov.us", gateway(Cloud::GovUs)),
        ("config.private.zscaler.com", zpa("PRODUCTION")),
        ("config.zpabeta.net", zpa("BETA")),
        ("config.zpatwo.net", zpa("ZPATWO")),
        ("config.zpagov.net", zpa("GOV")),
        ("config.zpagov.us", zpa("GOVUS")),
        ("config.zpapreview.net", zpa("PREVIEW")),
        ("zsapi.zscalerthree.net", Host::LegacyZia { cloud: "zscalerthree" }),
        ("zsapi.local.net", Host::LegacyZia { cloud: "local" }),
        ("admin.zspreview.net", Host::LegacyZia { cloud: "zspreview" }),
        ("connector.zscaler.net", Host::LegacyConnector { cloud: "zscaler" }),
        ("api-mobile.zscalerbeta.net", Host::LegacyMobile { cloud: "zscalerbeta" }),
        ("mobile6.zscalerten.net", Host::LegacyMobile { cloud: "zscalerten" }),
        ("api.zdxcloud.net", Host::LegacyZdx { cloud: "zdxcloud" }),
        ("api.us1.zsworkflow.net", Host::LegacyWorkflow { cloud: "us1" }),
        ("api.us1.zseclipse.net", Host::LegacyAiGuard { cloud: "us1" }),
        ("csbapi.zscloud.net", Host::Sandbox { cloud: "zscloud" }),
        ("config.zscaler.com", Host::Endpoints),
        ("api.config.zscaler.com", Host::Endpoints),
        ("config.zscaler.us", Host::Endpoints),
        ("trust.zscaler.com", Host::Trust),
        ("scim1.private.zscaler.com", Host::Provisioning),
    ] {
        assert_eq!(Host::of(host), service, "{host}");
        assert_eq!(Host::of(&format!("{host}:443")), service, "{host} with a port");
        assert_eq!(Host::of(&format!("{host}.")), service, "{host} with the root's dot");
        assert!(Host::of(&host.to_uppercase()).is_cloud(), "{host} in upper case");
    }
}

#[test]
fn neighbours_and_lookalikes_are_foreign() {
    for host in [
        "",
        ".",
        "net",
        "zslogin.net",
        "zsapi.net",
        "-admin.zslogin.net",
        "a.b.zslogin.net",
        "acme.zslogin.net.evil.example",
        "acme.zslogin-x.net",
        "xzslogin.net",
        "acme.zslogin.com",
        "acme.zslogin.net:443x",
        "acme..zslogin.net",
        "ac me.zslogin.net",
        "api.x.y.zsapi.net",
        "web.zsapi.net",
        "api.zsapi.net/x",
        "admin.example.net",
        "connector.example.net",
        "api.example.net",
        "help.zscaler.com",
        "www.zscaler.com",
        "registry.terraform.io",
        "localhost:8080",
        "127.0.0.1",
        "[::1]:8080",
    ] {
        assert_eq!(Host::of(host), Host::Foreign, "{host}");
    }
}

proptest! {
    #[test]
    fn any_bytes_have_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let _ = Host::of_bytes(&bytes);
    }

    #[test]
    fn any_text_near_the_domains_has_an_answer(
        start in "\\PC{0,12}", domain in "(\\.?(zslogin|zsapi|zidentitygov|zscaler|é)[a-z-]{0,3})?", top in "\\.?(net|com|us|)(:[0-9a]{0,3})?",
    ) {
        let _ = Host::of(&format!("{start}{domain}{top}"));
    }

    #[test]
    fn a_vanity_label_is_found_again(
        vanity in "[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", cloud in "[a-z][a-z0-9]{0,8}", admin in any::<bool>(),
    ) {
        prop_assume!(!vanity.ends_with("-admin"));
        let host = format!("{vanity}{}.zslogin{cloud}.net", if admin { "-admin" } else { "" });
        let (found, of) = match Host::of(&host) {
            Host::Admin { vanity, cloud } if admin => (vanity, cloud),
            Host::Token { vanity, cloud } if !admin => (vanity, cloud),
            other => return Err(TestCaseError::fail(format!("{host}: {other:?}"))),
        };
        prop_assert_eq!(found, vanity);
        prop_assert_eq!(of, named(&cloud));
    }

    #[test]
    fn case_never_changes_the_kind(host in "(api|acme|acme-admin|config|zsapi)\\.(zsapi|zslogin|zsloginx|zscaler|beta\\.zsapi)\\.(net|com)", flips in any::<u64>()) {
        let mixed: String = host.char_indices()
            .map(|(i, c)| if flips >> (i % 64) & 1 == 1 { c.to_ascii_uppercase() } else { c })
            .collect();
        prop_assert_eq!(
            std::mem::discriminant(&Host::of(&host)),
            std::mem::discriminant(&Host::of(&mixed))
        );
    }
}
