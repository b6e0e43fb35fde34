//! An authority over starts, mishaps and time.

use super::*;
use std::{error::Error, fs};

#[test]
fn an_authority_is_made_once_and_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("new/folder");
    let first = LocalCa::open(&home).unwrap();
    assert_eq!(LocalCa::open(&home).unwrap().certificate(), first.certificate());
    assert_ne!(LocalCa::in_memory().unwrap().certificate(), first.certificate());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |name: &str| fs::metadata(home.join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("ca-key.pem"), mode("ca.pem")), (0o600, 0o644));
        fs::set_permissions(home.join("ca-key.pem"), fs::Permissions::from_mode(0o644)).unwrap();
        LocalCa::open(&home).unwrap();
        assert_eq!(mode("ca-key.pem"), 0o600);
    }
    let names: Vec<_> = fs::read_dir(&home).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "no temporary file stays: {names:?}");
}

#[test]
fn starts_at_once_agree_on_one_authority() {
    let folder = tempfile::tempdir().unwrap();
    let made: Vec<_> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..8).map(|_| scope.spawn(|| LocalCa::open(folder.path()).unwrap())).collect();
        starts.into_iter().map(|start| start.join().unwrap().certificate()).collect()
    });
    assert!(made.iter().all(|certificate| *certificate == made[0]));
}

#[test]
fn a_start_cut_short_after_the_key_is_completed() {
    let folder = tempfile::tempdir().unwrap();
    LocalCa::open(folder.path()).unwrap();
    let key = fs::read(folder.path().join("ca-key.pem")).unwrap();
    fs::remove_file(folder.path().join("ca.pem")).unwrap();
    LocalCa::open(folder.path()).unwrap();
    assert_eq!(fs::read(folder.path().join("ca-key.pem")).unwrap(), key);
}

#[test]
fn a_spoilt_file_is_named_and_its_content_is_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    LocalCa::open(folder.path()).unwrap();
    LocalCa::open(other.path()).unwrap();
    let of = |home: &tempfile::TempDir, name: &str| fs::read(home.path().join(name)).unwrap();
    for name in ["ca-key.pem", "ca.pem"] {
        let whole = of(&folder, name);
        let half = whole[..whole.len() / 2].to_vec();
        // Whole PEM around bytes that are nothing.
        let hollow = crate::certificate::pem("CERTIFICATE", b"nothing").into_bytes();
        for spoilt in [half, hollow, Vec::new(), b"\xff\xfe\x00".to_vec(), of(&other, name)] {
            fs::write(folder.path().join(name), &spoilt).unwrap();
            let error = LocalCa::open(folder.path()).unwrap_err();
            let mut text = format!("{error} {error:?}");
            text.extend(error.source().map(|source| source.to_string()));
            assert!(matches!(error, CaError::Spoilt { .. }), "{text}");
            // A key that is whole but another's is as likely the certificate's fault.
            assert!(text.contains(if spoilt == of(&other, name) { "ca.pem" } else { name }), "{text}");
            assert!(!text.contains("BEGIN"), "{text}");
        }
        fs::write(folder.path().join(name), &whole).unwrap();
    }
    LocalCa::open(folder.path()).unwrap();
    fs::remove_file(folder.path().join("ca-key.pem")).unwrap();
    let text = LocalCa::open(folder.path()).unwrap_err().to_string();
    assert!(text.contains("ca-key.pem") && text.contains("missing"), "{text}");
}

#[test]
fn what_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    fs::write(&file, "").unwrap();
    let text = LocalCa::open(&file.join("below")).unwrap_err().to_string();
    assert!(text.contains("a-file"), "{text}");
}
/// What an older version made: any host, twenty years.
fn old(folder: &Path, changed: impl FnOnce(&mut CertificateParams)) -> KeyPair {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let mut params = params(&key);
    params.serial_number = Some(serial().unwrap());
    params.not_before = (SystemTime::now() - DAY).into();
    params.not_after = (SystemTime::now() + LIFETIME).into();
    changed(&mut params);
    fs::write(folder.join("ca-key.pem"), key.serialize_pem()).unwrap();
    fs::write(folder.join("ca.pem"), params.self_signed(&key).unwrap().pem()).unwrap();
    key
}

fn key_of(folder: &Path) -> String {
    fs::read_to_string(folder.join("ca-key.pem")).unwrap()
}

#[test]
fn an_authority_for_any_host_or_for_long_is_replaced_with_its_key() {
    for changed in [
        (|params: &mut CertificateParams| params.name_constraints = None) as fn(&mut CertificateParams),
        |params| params.not_after = (SystemTime::now() + 10 * LIFETIME).into(),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let key = old(folder.path(), changed);
        let ca = LocalCa::open(folder.path()).unwrap();
        assert_eq!(ca.became(), Became::Replaced);
        assert_ne!(key_of(folder.path()), key.serialize_pem());
        let again = LocalCa::open(folder.path()).unwrap();
        assert_eq!((again.became(), again.certificate()), (Became::Kept, ca.certificate()));
    }
}

#[test]
fn an_authority_that_ends_soon_is_renewed_under_its_key() {
    let ends: [fn(&mut CertificateParams); 3] = [
        |params| params.not_after = (SystemTime::now() + AHEAD - DAY).into(),
        |params| params.not_after = (SystemTime::now() - DAY / 2).into(),
        |params| {
            let names = params.name_constraints.as_mut().unwrap();
            names.permitted_subtrees.pop();
        },
    ];
    for changed in ends {
        let folder = tempfile::tempdir().unwrap();
        let key = old(folder.path(), changed);
        let ca = LocalCa::open(folder.path()).unwrap();
        assert_eq!(ca.became(), Became::Renewed);
        assert_eq!(key_of(folder.path()), key.serialize_pem());
        assert_eq!(LocalCa::open(folder.path()).unwrap().became(), Became::Kept);
    }
}

#[test]
fn a_server_that_runs_on_renews_its_authority_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let ca = LocalCa::open(folder.path()).unwrap();
    let (before, leaf) = (ca.certificate(), ca.leaves().issue("api.zsapi.net", SystemTime::now()).unwrap());
    assert!(!ca.renew_when_due(SystemTime::now()).unwrap());
    assert!(ca.renew_when_due(SystemTime::now() + LIFETIME - AHEAD + DAY).unwrap());
    assert_ne!(ca.certificate(), before);
    assert_eq!(fs::read_to_string(folder.path().join("ca.pem")).unwrap(), ca.certificate_pem());
    let renewed = LocalCa::open(folder.path()).unwrap();
    assert!(renewed.leaves().accepts("api.zsapi.net", &leaf, SystemTime::now()), "what it signed stays good");
    assert!(!LocalCa::in_memory().unwrap().renew_when_due(SystemTime::now() + LIFETIME).unwrap());
}

#[test]
fn it_signs_for_the_clouds_hosts_and_this_machine_and_for_nothing_else() {
    let ca = LocalCa::in_memory().unwrap();
    let good = |host: &str| {
        let leaf = ca.leaves().issue(host, SystemTime::now()).unwrap();
        ca.leaves().accepts(host, &leaf, SystemTime::now())
    };
    for host in [
        "acme.zslogin.net",
        "acme-admin.zsloginbeta.net",
        "acme.zsloginlocal.net",
        "acme.zidentitygov.us",
        "api.zsapi.net",
        "api.local.zsapi.net",
        "api.zscalergov.us",
        "config.private.zscaler.com",
        "config.zpagov.us",
        "scim1.private.zscaler.com",
        "api.config.zscaler.com",
        "trust.zscaler.com",
        "zsapi.zscalerthree.net",
        "api.zdxcloud.net",
        "api.us1.zsworkflow.net",
        "localhost",
        "127.0.0.1",
        "127.1.2.3",
        "::1",
    ] {
        assert!(good(host), "{host}");
    }
    for host in ["example.com", "www.zscaler.com", "xzslogin.net", "zslogin.net.example", "10.0.0.1", "::2"] {
        assert!(!good(host), "{host}");
    }
}
