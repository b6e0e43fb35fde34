use proptest::prelude::*;
use serde_json::json;

use super::{Filter, Path, Unread};

#[test]
fn clauses_combine_and_compare_whatever_the_case() {
    let user = json!({
        "userName": "Ada@acme.example", "active": true, "name": { "familyName": "Berg and Tal" },
        "emails": [{ "type": "work", "value": "a@w" }, { "type": "home", "value": "a@h" }],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "department": "IT" },
    });
    for (filter, holds) in [
        (r#"userName eq "ada@ACME.example""#, true),
        (r#"USERNAME sw "ada" and active eq true"#, true),
        (r#"userName eq "x" or name.familyName co "and Tal""#, true),
        (r#"userName eq "x" and (active eq true or active eq false)"#, false),
        (r#"emails[type eq "home"].value ew "@h""#, true),
        (r#"emails[type eq "home" and value eq "a@w"] pr"#, false),
        (r#"emails.value eq "a@w""#, true),
        (r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "it""#, true),
        (r#"urn:ietf:params:scim:schemas:core:2.0:User:userName ne "x""#, true),
        ("nickName pr", false),
    ] {
        assert_eq!(Filter::read(filter).expect(filter).accepts(&user), holds, "{filter}");
    }
}

#[test]
fn what_is_no_filter_is_told_apart() {
    for text in ["", "userName", r#"userName is "x""#, "userName eq x", r#" eq "x""#, r#"a[b eq "c" eq "d""#]
    {
        assert_eq!(Filter::read(text), Err(Unread::Malformed), "{text}");
    }
}

#[test]
fn a_path_names_an_extension_or_something_in_it() {
    let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let whole = Path::read(urn).expect("a path");
    assert_eq!((whole.schema, whole.attribute.as_str()), (None, urn));
    let inner = Path::read(&format!("{urn}:manager.value")).expect("a path");
    assert_eq!((inner.schema.as_deref(), inner.part.as_deref()), (Some(urn), Some("value")));
    for text in ["emails[", "", "a.", "a[b pr].", "a b", ".a"] {
        assert_eq!(Path::read(text), Err(Unread::Malformed), "{text}");
    }
}

#[test]
fn deep_and_long_texts_are_refused_for_what_they_are() {
    let deep = |levels: usize, inner: &str| format!("{}{inner}{}", "(".repeat(levels), ")".repeat(levels));
    assert_eq!(Filter::read(&deep(16, "a pr")), Filter::read("a pr"));
    assert_eq!(Filter::read(&deep(17, "a pr")), Err(Unread::Deep));
    assert_eq!(Filter::read(&"(".repeat(5_625)), Err(Unread::Deep));
    assert_eq!(Filter::read(&deep(3_000, &format!(r#"a eq "{}""#, "x".repeat(200_000)))), Err(Unread::Long));
    let nested = |levels: usize| format!("{}b pr{}", "a[".repeat(levels), "] pr".repeat(levels));
    assert!(Filter::read(&nested(16)).is_ok_and(|filter| filter.clauses() == 17));
    assert_eq!(Filter::read(&nested(17)), Err(Unread::Deep));
    let path = |levels: usize| nested(levels).strip_suffix(" pr").map(Path::read);
    assert!(path(16).is_some_and(|read| read.is_ok()) && path(1_000) == Some(Err(Unread::Deep)));
}

/// Filters as deep as the recursion of the generator goes, and a good deal beyond what is read.
fn nested() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("a pr".to_owned()),
        Just(r#"urn:x:2.0:User:b.c eq "or \" and ("#.to_owned() + "\""),
        "[a-z .\"\\[\\]()]{0,12}",
    ];
    leaf.prop_recursive(64, 256, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| format!("({inner})")),
            inner.clone().prop_map(|inner| format!("a[{inner}].b pr")),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("{one} or {other}")),
            (inner.clone(), inner).prop_map(|(one, other)| format!("({one} AND {other})")),
        ]
    })
}

proptest! {
    #[test]
    fn any_nesting_is_read_or_refused(text in nested()) {
        if let Ok(filter) = Filter::read(&text) {
            filter.accepts(&json!({ "a": [{ "b": 1 }] }));
        }
        let _ = Path::read(&text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".*") {
        let _ = (Filter::read(&text), Path::read(&text));
    }
}
