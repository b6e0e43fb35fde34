//! The worked cases of Internet Access on applications, inspection and files, under their numbers.

use serde_json::{Value, json};
use zuno_policy::Policy;

use crate::tenant::{question, reason, tenant, verdict};

fn urls(name: &str, action: &str, categories: &[&str]) -> Value {
    json!({"id": 10, "name": name, "order": 1, "action": action, "state": "ENABLED", "urlCategories": categories})
}

fn applications() -> Value {
    json!([
        {"id": 1, "name": "Facebook", "app": "FACEBOOK", "parent": "SOCIAL_NETWORKING"},
        {"id": 2, "name": "eBay", "app": "EBAY", "parent": "CONSUMER"},
        {"id": 3, "name": "Gmail", "app": "GOOGLE_WEBMAIL", "parent": "WEB_MAIL"},
        {"id": 4, "name": "Box", "app": "BOXNET", "parent": "FILE_SHARE"},
        {"id": 5, "name": "ChatGPT", "app": "CHATGPT_AI", "parent": "AI_ML"},
        {"id": 6, "name": "OneDrive", "app": "ONEDRIVE", "parent": "FILE_SHARE"},
    ])
}

fn app_rule(name: &str, of: &str, action: &str, application: &str) -> Value {
    json!({
        "id": 20, "name": name, "type": of, "order": 1, "state": "ENABLED",
        "actions": [action], "applications": [application],
    })
}

fn with_apps(more: Value) -> Policy {
    let mut all = json!({"zia.cloud_application": applications()});
    if let (Value::Object(all), Value::Object(more)) = (&mut all, more) {
        all.extend(more);
    }
    tenant(all)
}

#[test]
fn applications_come_before_urls_44_to_48() {
    let facebook = |action: &str, url_action: &str, cascade: bool| {
        with_apps(json!({
            "zia.advanced_settings": [{"cascadeUrlFiltering": cascade}],
            "zia.web_application_rule": [app_rule("C#1", "SOCIAL_NETWORKING", action, "FACEBOOK")],
            "zia.url_filtering_rule": [urls("U#1", url_action, &["SOCIAL_NETWORKING"])],
        }))
    };
    let asked = json!({"url": "http://www.facebook.com/"});
    let allow = "ALLOW_SOCIAL_NETWORKING_VIEW";
    assert_eq!(verdict(&facebook(allow, "BLOCK", false), asked.clone()), "ALLOW C#1", "case 44");
    assert_eq!(verdict(&facebook(allow, "BLOCK", true), asked.clone()), "BLOCK U#1", "case 45");
    for cascade in [false, true] {
        let policy = facebook("BLOCK_SOCIAL_NETWORKING_VIEW", "ALLOW", cascade);
        assert_eq!(verdict(&policy, asked.clone()), "BLOCK C#1", "case 46");
        let words = "Not allowed the use of this Social Network/Blogging site";
        assert_eq!(reason(&policy, asked.clone()), words, "case 46");
    }
    let auctions = with_apps(json!({
        "zia.web_application_rule": [app_rule("C#1", "SOCIAL_NETWORKING", allow, "FACEBOOK")],
        "zia.url_category": [{"id": "ONLINE_AUCTIONS", "urls": [".ebay.com"]}],
        "zia.url_filtering_rule": [urls("U#1", "BLOCK", &["ONLINE_AUCTIONS"])],
    }));
    assert_eq!(verdict(&auctions, json!({"url": "http://www.ebay.com/"})), "BLOCK U#1", "case 47");
    let mail = with_apps(json!({
        "zia.web_application_rule": [app_rule("C#1", "WEBMAIL", "BLOCK_WEBMAIL_SEND", "GOOGLE_WEBMAIL")],
    }));
    let sends = json!({
        "url": "http://mail.google.com/send", "method": "POST",
        "applications": ["GOOGLE_WEBMAIL"], "activity": "WEBMAIL_SEND",
    });
    assert_eq!(verdict(&mail, sends.clone()), "BLOCK C#1", "case 48");
    assert_eq!(reason(&mail, sends), "Not allowed to send webmail", "case 48");
}

#[test]
fn the_firewall_comes_first_49_50() {
    let boxes = |action: &str| {
        with_apps(json!({
            "zia.firewall_filtering_rule": [
                {"id": 31, "name": "F#1", "order": 1, "action": action, "destAddresses": ["*.box.com"]},
                {"id": 32, "name": "default", "order": -1, "action": "ALLOW", "defaultRule": true},
            ],
            "zia.web_application_rule": [app_rule("C#1", "FILE_SHARE", "BLOCK_FILE_SHARE_VIEW", "BOXNET")],
        }))
    };
    let asked = json!({"url": "https://app.box.com/", "applications": ["BOXNET"]});
    assert_eq!(verdict(&boxes("BLOCK_DROP"), asked.clone()), "DROP F#1", "case 49");
    assert_eq!(
        reason(&boxes("BLOCK_DROP"), asked.clone()),
        "Web application is blocked by Firewall rule",
        "case 49"
    );
    assert_eq!(verdict(&boxes("ALLOW"), asked), "BLOCK C#1", "case 50");
}

#[test]
fn what_is_denied_and_what_is_excepted_51_to_53_100() {
    let denied = with_apps(json!({
        "zia.security_advanced": [{"blacklistUrls": ["bad.com"]}],
        "zia.web_application_rule": [app_rule("C#1", "FILE_SHARE", "ALLOW_FILE_SHARE_VIEW", "BOXNET")],
    }));
    let asked = json!({"url": "http://bad.com/", "applications": ["BOXNET"]});
    assert_eq!(verdict(&denied, asked.clone()), "BLOCK", "case 51");
    assert_eq!(reason(&denied, asked), "Custom reputation block outbound request malicious URL", "case 51");
    let excepted = |rules: Value| {
        tenant(json!({
            "zia.security": [{"whitelistUrls": ["x.com"]}],
            "zia.url_category": [{"id": "X", "urls": ["x.com"]}],
            "zia.advanced_threat_settings": [{"blockedCountries": ["COUNTRY_XX"]}],
            "zia.url_filtering_rule": rules,
        }))
    };
    let blocked = excepted(json!([urls("U#1", "BLOCK", &["X"])]));
    assert_eq!(verdict(&blocked, json!({"url": "http://x.com/"})), "BLOCK U#1", "case 52");
    let open = excepted(json!([]));
    assert_eq!(verdict(&open, json!({"url": "http://x.com/", "malware": true})), "ALLOW", "case 53");
    assert_eq!(verdict(&open, json!({"url": "http://y.com/", "malware": true})), "BLOCK", "case 53");
    assert_eq!(
        verdict(&open, json!({"url": "http://x.com/", "destination_country": "XX"})),
        "ALLOW",
        "case 100"
    );
    assert_eq!(
        verdict(&open, json!({"url": "http://y.com/", "destination_country": "XX"})),
        "BLOCK",
        "case 100"
    );
}

#[test]
fn files_and_data_54_55_82_to_84_95_96() {
    let engines = json!([
        {"id": 1, "name": "SSN", "engineExpression": "D1.S > 0"},
        {"id": 2, "name": "PCI", "engineExpression": "(D63.S > 5 AND D62.S > 5)"},
    ]);
    let file = |more: Value| {
        let mut rule = json!({"id": 40, "name": "FT#1", "order": 1, "filteringAction": "BLOCK"});
        if let (Value::Object(rule), Value::Object(more)) = (&mut rule, more) {
            rule.extend(more);
        }
        rule
    };
    let dlp = |name: &str, order: i64, action: &str, engine: i64| json!({"id": 50 + order, "name": name, "order": order, "action": action, "dlpEngines": [engine], "state": "ENABLED"});
    let both = tenant(json!({
        "zia.dlp_engine": engines,
        "zia.file_type_rule": [file(json!({"fileTypes": ["FTCATEGORY_PDF_DOCUMENT"], "operation": "UPLOAD"}))],
        "zia.web_dlp_rule": [dlp("DL#1", 1, "BLOCK", 1)],
    }));
    let pdf = json!({"url": "http://a.example/x.pdf", "method": "POST", "dlp_scores": {"1": 3}});
    assert_eq!(verdict(&both, pdf.clone()), "BLOCK FT#1", "case 54");
    let told = both.trace(&question(pdf)).expect("an answer");
    assert!(
        told.path.iter().all(|step| step.module != zuno_policy::Module::Dlp),
        "case 54: it is never asked"
    );
    let cards = tenant(json!({"zia.dlp_engine": engines, "zia.web_dlp_rule": [dlp("DL#1", 1, "BLOCK", 2)]}));
    let scored = json!({"url": "http://a.example/", "method": "POST", "dlp_scores": {"63": 6, "62": 2}});
    assert_eq!(verdict(&cards, scored), "ALLOW", "case 55");
    let sized = tenant(json!({
        "zia.file_type_rule": [file(json!({"fileTypes": ["FTCATEGORY_WINDOWS_EXECUTABLES"], "minSize": 1024}))],
    }));
    let exe = |size: u64| json!({"url": "http://a.example/setup.exe", "file_size_kb": size});
    assert_eq!(verdict(&sized, exe(500)), "ALLOW", "case 82");
    assert_eq!(verdict(&sized, exe(1024)), "BLOCK FT#1", "case 82");
    let sandbox = |more: Value| {
        let mut rule = json!({"id": 60, "name": "B#1", "order": 1, "baRuleAction": "BLOCK"});
        if let (Value::Object(rule), Value::Object(more)) = (&mut rule, more) {
            rule.extend(more);
        }
        tenant(json!({"zia.sandbox_rule": [rule]}))
    };
    let held = sandbox(json!({"firstTimeEnable": true, "firstTimeOperation": "QUARANTINE"}));
    let file = |score: Value| json!({"url": "http://a.example/setup.exe", "threat_score": score});
    assert_eq!(verdict(&held, file(Value::Null)), "QUARANTINE B#1", "case 83");
    assert_eq!(verdict(&held, file(json!(0))), "ALLOW", "case 83: found to be harmless");
    assert_eq!(verdict(&held, file(json!(90))), "BLOCK B#1", "case 83: found to be bad");
    assert_eq!(reason(&held, file(json!(90))), "Sandbox block inbound response: malicious file", "case 83");
    let scored = sandbox(json!({"baPolicyCategories": ["ADWARE_BLOCK"], "byThreatScore": 40}));
    assert_eq!(verdict(&scored, file(json!(35))), "ALLOW", "case 84");
    let audit = |all: bool| {
        tenant(json!({
            "zia.dlp_engine": engines,
            "zia.web_dlp_global_option": [{"enableEvaluateAllDlpRules": all}],
            "zia.web_dlp_rule": [dlp("DL#1", 1, "ALLOW", 1), dlp("DL#2", 2, "BLOCK", 2)],
        }))
    };
    let hits = json!({"url": "http://a.example/", "method": "POST", "dlp_engines": ["SSN", "PCI"]});
    assert_eq!(verdict(&audit(false), hits.clone()), "ALLOW DL#1", "case 95");
    assert_eq!(verdict(&audit(true), hits), "BLOCK DL#2", "case 96");
}

fn inspection(kind: &str, exempt: bool, more: Value) -> Value {
    let mut action = json!({"type": kind});
    if kind == "DO_NOT_DECRYPT" {
        action["doNotDecryptSubActions"] = json!({"bypassOtherPolicies": exempt});
    }
    let mut rule = json!({"id": 7, "name": "S#1", "order": 1, "action": action});
    if let (Value::Object(rule), Value::Object(more)) = (&mut rule, more) {
        rule.extend(more);
    }
    rule
}

#[test]
fn inspection_57_to_63_66_to_68() {
    let bank = |rule: Value| {
        tenant(json!({
            "zia.url_category": [{"id": "FINANCE", "urls": ["bank.example"]}],
            "zia.ssl_inspection_rule": [rule],
            "zia.url_filtering_rule": [urls("U#1", "BLOCK", &["FINANCE"])],
        }))
    };
    let finance = json!({"urlCategories": ["FINANCE"]});
    let asked = json!({"url": "https://bank.example/"});
    let exempt = bank(inspection("DO_NOT_DECRYPT", true, finance.clone()));
    assert_eq!(verdict(&exempt, asked.clone()), "ALLOW S#1", "case 57");
    let path = exempt.decide(&question(asked.clone())).expect("an answer").path;
    assert!(path.iter().all(|step| step.module != zuno_policy::Module::UrlFiltering), "case 57");
    let passes = bank(inspection("DO_NOT_DECRYPT", false, finance));
    assert_eq!(verdict(&passes, asked.clone()), "BLOCK U#1", "case 58");
    assert_eq!(
        verdict(&passes, json!({"url": "https://bank.example/", "via": "explicit"})),
        "BLOCK U#1",
        "case 59"
    );
    let by_path = |rule: Value| {
        tenant(json!({
            "zia.url_category": [{"id": "P", "urls": ["example.com/private/"]}],
            "zia.ssl_inspection_rule": [rule],
            "zia.url_filtering_rule": [urls("U#1", "BLOCK", &["P"])],
        }))
    };
    let private = json!({"url": "https://example.com/private/x"});
    assert_eq!(
        verdict(&by_path(inspection("DECRYPT", false, json!({}))), private.clone()),
        "BLOCK U#1",
        "case 60"
    );
    assert_eq!(
        verdict(&by_path(inspection("DO_NOT_DECRYPT", false, json!({}))), private),
        "ALLOW",
        "case 61"
    );
    let refused = tenant(json!({"zia.ssl_inspection_rule": [inspection("BLOCK", false, json!({}))]}));
    assert_eq!(verdict(&refused, asked.clone()), "BLOCK S#1", "case 62");
    assert_eq!(
        reason(&refused, asked.clone()),
        "Not allowed to establish SSL connection due to policy",
        "case 62"
    );
    let mut rule = inspection("DECRYPT", false, json!({}));
    rule["action"]["decryptSubActions"] = json!({"minServerTLSVersion": "SERVER_TLS_1_2"});
    let old = tenant(json!({"zia.ssl_inspection_rule": [rule]}));
    let spoken = json!({"url": "https://bank.example/", "server_tls": "1.0"});
    assert_eq!(verdict(&old, spoken.clone()), "BLOCK S#1", "case 63");
    assert_eq!(reason(&old, spoken), "Access denied due to low TLS version", "case 63");
    let agents = tenant(json!({
        "zia.ssl_inspection_rule": [inspection("BLOCK", false, json!({"userAgentTypes": ["CHROME"]}))],
    }));
    let chrome = json!({"url": "https://bank.example/", "browser": "CHROME"});
    assert_eq!(verdict(&agents, chrome), "ALLOW", "case 66");
    let explicit = json!({"url": "https://bank.example/", "browser": "CHROME", "via": "explicit"});
    assert_eq!(verdict(&agents, explicit), "BLOCK S#1", "case 66");
    let page = bank(inspection("DECRYPT", false, json!({})));
    assert_eq!(verdict(&page, asked), "BLOCK U#1", "case 67");
    let threat = json!({"url": "https://evil.example/", "threats": ["BOTNET"]});
    assert_eq!(verdict(&page, threat), "BLOCK", "case 68");
}

#[test]
fn nobody_signed_in_64_65() {
    let sign_in = |held: bool| {
        tenant(json!({
            "zia.location": [{"id": 100, "name": "HQ", "tz": "GMT", "authRequired": true}],
            "zia.advanced_settings": [{"enablePolicyForUnauthenticatedTraffic": held}],
            "zia.url_category": [{"id": "FINANCE", "urls": ["bank.example"]}],
            "zia.ssl_inspection_rule": [inspection("DO_NOT_DECRYPT", false, json!({}))],
            "zia.url_filtering_rule": [urls("U#1", "BLOCK", &["FINANCE"])],
        }))
    };
    let asked = json!({"url": "https://bank.example/"});
    assert_eq!(verdict(&sign_in(false), asked.clone()), "ALLOW", "case 64");
    assert_eq!(verdict(&sign_in(true), asked), "BLOCK U#1", "case 65");
}

#[test]
fn more_modules_56_89_90_97_to_99_101_to_104() {
    let risk = with_apps(json!({
        "zia.risk_profile": [{"id": 9, "profileName": "bad", "riskIndex": [4, 5]}],
        "zia.web_application_rule": [{
            "id": 20, "name": "C#1", "type": "AI_ML", "order": 1, "state": "ENABLED",
            "actions": ["DENY_AI_ML_WEB_USE"], "cloudAppRiskProfile": {"id": 9},
        }],
    }));
    let chat = |index: u8| json!({"url": "http://chatgpt.com/", "applications": ["CHATGPT_AI"], "application_risk": index});
    assert_eq!(verdict(&risk, chat(3)), "ALLOW", "case 56");
    assert_eq!(verdict(&risk, chat(4)), "BLOCK C#1", "case 56");
    let one_click = with_apps(json!({
        "zia.url_category": [{"id": "FILES", "urls": [".onedrive.example"]}],
        "zia.ssl_inspection_rule": [inspection("DO_NOT_DECRYPT", true, json!({"urlCategories": ["GLOBAL_INT_OFC_SSL_BYPASS"]}))],
        "zia.url_filtering_rule": [urls("U#1", "BLOCK", &["FILES"])],
    }));
    let drive = |lists: Value| json!({"url": "https://my.onedrive.example/", "vendor_lists": lists});
    assert_eq!(verdict(&one_click, drive(json!(["GLOBAL_INT_OFC_SSL_BYPASS"]))), "ALLOW S#1", "case 89");
    assert_eq!(verdict(&one_click, drive(Value::Null)), "BLOCK U#1", "case 89: the list is not known");
    let mut predefined = app_rule("O365", "FILE_SHARE", "ALLOW_FILE_SHARE_VIEW", "ONEDRIVE");
    predefined["predefined"] = json!(true);
    let office = with_apps(json!({
        "zia.advanced_settings": [{"cascadeUrlFiltering": true}],
        "zia.url_category": [{"id": "FILES", "urls": [".onedrive.example"]}],
        "zia.web_application_rule": [predefined],
        "zia.url_filtering_rule": [urls("U#1", "BLOCK", &["FILES"])],
    }));
    let drive = json!({"url": "https://my.onedrive.example/", "applications": ["ONEDRIVE"]});
    assert_eq!(verdict(&office, drive), "ALLOW O365", "case 90");
    let mut fourth = app_rule("C#4", "SOCIAL_NETWORKING", "ALLOW_SOCIAL_NETWORKING_VIEW", "FACEBOOK");
    fourth["order"] = json!(4);
    let mut fifth = app_rule("C#5", "SOCIAL_NETWORKING", "BLOCK_SOCIAL_NETWORKING_VIEW", "FACEBOOK");
    fifth["order"] = json!(5);
    let sharing = app_rule("C#file", "FILE_SHARE", "BLOCK_FILE_SHARE_VIEW", "BOXNET");
    let lists = with_apps(json!({"zia.web_application_rule": [fifth, fourth, sharing]}));
    assert_eq!(verdict(&lists, json!({"url": "http://www.facebook.com/"})), "ALLOW C#4", "cases 97 and 98");
    let browser = tenant(json!({"zia.browser_control_settings": [{"blockedFirefoxVersions": ["MF145"]}]}));
    let old = json!({"url": "http://a.example/", "browser": "FIREFOX", "browser_version": "MF145"});
    assert_eq!(verdict(&browser, old.clone()), "BLOCK", "case 99");
    assert_eq!(reason(&browser, old), "Not allowed to use this browser", "case 99");
    let dynamic = |on: bool| {
        tenant(json!({
            "zia.advanced_url_filter_settings": [{"enableDynamicContentCat": on}],
            "zia.url_filtering_rule": [urls("U#1", "BLOCK", &["GAMBLING"])],
        }))
    };
    let found = json!({"url": "http://new.example/", "content_category": "GAMBLING"});
    assert_eq!(verdict(&dynamic(true), found.clone()), "BLOCK U#1", "case 101");
    assert_eq!(verdict(&dynamic(false), found), "ALLOW", "case 102");
    let fronting = tenant(json!({"zia.advanced_settings": [{"blockDomainFrontingOnHostHeader": true}]}));
    let other = json!({"url": "https://a.com/", "host_header": "b.com"});
    assert_eq!(verdict(&fronting, other.clone()), "BLOCK", "case 104");
    assert_eq!(reason(&fronting, other), "Access denied due to Domain Fronting", "case 104");
    let ftp = |over_http: bool| {
        tenant(json!({
            "zia.ftp_settings": [{"ftpOverHttpEnabled": over_http, "ftpEnabled": true}],
            "zia.url_category": [{"id": "X", "urls": ["files.example"]}],
            "zia.url_filtering_rule": [urls("U#1", "BLOCK", &["X"])],
        }))
    };
    assert_eq!(verdict(&ftp(false), json!({"url": "ftp://other.example/"})), "BLOCK", "case 80");
    assert_eq!(
        reason(&ftp(false), json!({"url": "ftp://other.example/"})),
        "Not allowed to access to FTP sites",
        "case 80"
    );
    assert_eq!(verdict(&ftp(true), json!({"url": "ftp://files.example/"})), "BLOCK U#1", "case 81");
}

#[test]
fn bandwidth_counts_only_while_a_link_is_full_85() {
    let policy = with_apps(json!({
        "zia.location": [{"id": 100, "name": "HQ", "tz": "GMT", "ofwEnabled": true, "dnBandwidth": 10_000}],
        "zia.bandwidth_class": [{"id": 7, "name": "MEDIA", "urls": [".video.example"]}],
        "zia.bandwidth_control_rule": [
            {"id": 70, "name": "BW#1", "order": 1, "state": "ENABLED", "maxBandwidth": 20, "bandwidthClasses": [{"id": 7}]},
        ],
    }));
    let asked = question(json!({"url": "http://www.video.example/"}));
    let told = policy.trace(&asked).expect("an answer");
    assert_eq!(told.action, zuno_policy::Action::Allow, "case 85");
    let step = told.path.iter().find(|step| step.module == zuno_policy::Module::Bandwidth).expect("a step");
    assert_eq!(
        (step.outcome, step.note),
        (zuno_policy::Outcome::Noted, Some("only while the link is full")),
        "case 85"
    );
    assert!(told.assumed.contains(&zuno_policy::Assumption::NoContention), "case 85");
}

#[test]
fn an_application_is_told_by_its_word_or_its_name() {
    let blocks = with_apps(json!({
        "zia.web_application_rule": [app_rule("C#1", "FILE_SHARE", "BLOCK_FILE_SHARE_VIEW", "BOXNET")],
    }));
    for told in ["BOXNET", "Box", "box"] {
        let asked = json!({"url": "http://x.example/", "applications": [told]});
        assert_eq!(verdict(&blocks, asked), "BLOCK C#1", "{told}");
    }
    assert_eq!(verdict(&blocks, json!({"url": "http://x.example/", "applications": ["Nothing"]})), "ALLOW");
}
