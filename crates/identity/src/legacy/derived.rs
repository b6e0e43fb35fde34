//! Keys that nobody keeps: they follow from the server's own key and from whose they are, so that every server on a store
//! knows them, and a stolen database alone tells none.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;

use crate::{ApiClient, Pepper, StoredSecret};

/// How many letters and digits an organization's key has (documented).
const LENGTH: usize = 12;

const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// The API key of an organization, which goes with every administrator's name and password at the older internet access
/// and connector hosts: one for the whole organization (documented).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct OrganizationKey([u8; LENGTH]);

impl fmt::Debug for OrganizationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OrganizationKey(hidden)")
    }
}

impl OrganizationKey {
    /// The key of the tenant with this number.
    pub fn of(pepper: &Pepper, tenant: i64) -> OrganizationKey {
        OrganizationKey(letters(pepper, &["organization", &tenant.to_string()]))
    }

    /// Another key that is shown in the same way: clients look at its first letters alone.
    pub fn read(text: &str) -> Option<OrganizationKey> {
        let first = text.as_bytes().get(..LENGTH)?;
        if !first.is_ascii() {
            return None;
        }
        first.try_into().ok().map(OrganizationKey)
    }

    /// The key as it is typed in.
    pub fn reveal(&self) -> &str {
        std::str::from_utf8(&self.0).expect("letters and digits are text")
    }

    /// What a client makes of the key and the last six digits of a time: the key's letters at these digits, then at the
    /// digits of half their number, moved on by two (documented). Nothing where these are no digits.
    pub fn obfuscated(&self, timestamp: &str) -> Option<[u8; LENGTH]> {
        let last = timestamp.len().checked_sub(6).and_then(|from| timestamp.get(from..))?;
        if !last.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let half = format!("{:06}", last.parse::<u32>().ok()? >> 1);
        let mut shown = [0; LENGTH];
        let digit = |byte: u8| usize::from(byte - b'0');
        let places = last.bytes().map(digit).chain(half.bytes().map(|byte| digit(byte) + 2));
        for (letter, place) in shown.iter_mut().zip(places) {
            *letter = self.0[place];
        }
        Some(shown)
    }

    /// Whether what a client shows is made of this key and that time. Others may make the same, so it tells an
    /// organization and proves nothing.
    pub fn fits(&self, shown: &str, timestamp: &str) -> bool {
        let made = self.obfuscated(timestamp);
        made.is_some_and(|made| verify_slices_are_equal(&made, shown.as_bytes()).is_ok())
    }
}

/// The secret that goes with a client's id at the older digital experience host. Clients send a hash of it, which a secret
/// that is kept as a digest alone cannot be held against; so it is another than the client's own, and ends with it.
pub fn measuring_secret(pepper: &Pepper, tenant: i64, client: &str, own: &StoredSecret) -> String {
    let digest = String::from(own.digest.clone());
    let made: [u8; 32] = letters(pepper, &["digital experience", &tenant.to_string(), client, &digest]);
    String::from_utf8_lossy(&made).into_owned()
}

/// The token that an API client shows at the sandbox portal's hosts: the tenant, letters that follow from the server's key
/// and from the client's session, and the client's id. It tells whose it is, so that nobody is looked for among all.
#[derive(Clone, PartialEq, Eq)]
pub struct SandboxToken(String);

/// How many hex digits of such a token tell its tenant, and how many letters prove it.
const TENANT_DIGITS: usize = 8;
const PROOF: usize = 24;

impl fmt::Debug for SandboxToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SandboxToken(hidden)")
    }
}

impl SandboxToken {
    /// The token of an API client.
    pub fn of(pepper: &Pepper, tenant: i64, client: &ApiClient) -> SandboxToken {
        let (id, whose) = (client.id.as_str(), tenant.to_string());
        let proof: [u8; PROOF] = letters(pepper, &["sandbox", &whose, id, &client.session]);
        SandboxToken(format!("{tenant:0TENANT_DIGITS$x}{}{id}", String::from_utf8_lossy(&proof)))
    }

    /// The tenant's number and the client's id that a text names, if it may be a token.
    pub fn names(shown: &str) -> Option<(i64, &str)> {
        let (tenant, rest) = shown.split_at_checked(TENANT_DIGITS)?;
        let (_, id) = rest.split_at_checked(PROOF)?;
        let digits = tenant.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        (digits && !id.is_empty()).then(|| Some((i64::from_str_radix(tenant, 16).ok()?, id)))?
    }

    /// Whether a text is this token.
    pub fn is(&self, shown: &str) -> bool {
        verify_slices_are_equal(self.0.as_bytes(), shown.as_bytes()).is_ok()
    }

    /// The token as it is sent.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// Letters and digits that follow from words. INVARIANT: no word is a part of another list's, for each is told its length.
fn letters<const N: usize>(pepper: &Pepper, words: &[&str]) -> [u8; N] {
    const { assert!(N <= 32) };
    let words: String = words.iter().map(|word| format!("{}:{word}", word.len())).collect();
    let bytes = pepper.derive(&words);
    // Two bytes a letter, so that no letter is likelier than another by more than one in a thousand.
    let mut made = [0; N];
    for (letter, pair) in made.iter_mut().zip(bytes.chunks_exact(2)) {
        *letter = LETTERS[usize::from(u16::from_be_bytes([pair[0], pair[1]])) % LETTERS.len()];
    }
    made
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Authentication;

    fn pepper(seed: u8) -> Pepper {
        Pepper::new(&[seed; 32])
    }

    fn shown(key: &str, timestamp: &str) -> Option<String> {
        let key = OrganizationKey(key.as_bytes().try_into().unwrap());
        let made = key.obfuscated(timestamp).map(|made| String::from_utf8(made.to_vec()).unwrap());
        assert_eq!(made.as_ref().is_some_and(|made| key.fits(made, timestamp)), made.is_some());
        made
    }

    #[test]
    fn a_key_is_obfuscated_as_clients_do() {
        for (timestamp, made) in [
            ("1389681124480", "bceeiacieegc"),
            ("1700000004480", "aaeeiacceegc"),
            ("1700000000000", "aaaaaacccccc"),
            ("1700000999999", "jjjjjjglllll"),
            ("999999", "jjjjjjglllll"),
        ] {
            assert_eq!(shown("abcdefghijkl", timestamp).as_deref(), Some(made), "{timestamp}");
        }
        for wrong in ["", "12345", "17000000x0000", "1700000 00000", "170000000000é", "+00000"] {
            assert_eq!(shown("abcdefghijkl", wrong), None, "{wrong}");
        }
    }

    #[test]
    fn of_a_longer_key_the_first_letters_are_shown() {
        let key = OrganizationKey::read("abcdefghijkl-mnop").expect("it is long enough");
        assert!(key.fits("bceeiacieegc", "1389681124480"));
        assert!(OrganizationKey::read("abcdefghijk").is_none() && OrganizationKey::read("ééééééé").is_none());
    }

    #[test]
    fn a_derived_key_is_its_owners_and_its_servers() {
        let key = OrganizationKey::of(&pepper(1), 7);
        assert_eq!(key, OrganizationKey::of(&pepper(1), 7));
        assert_ne!(key, OrganizationKey::of(&pepper(1), 8));
        assert_ne!(key, OrganizationKey::of(&pepper(2), 7));
        assert!(key.reveal().len() == 12 && key.reveal().bytes().all(|byte| byte.is_ascii_alphanumeric()));
        assert!(!format!("{key:?}").contains(key.reveal()));
        let secret = |id: &str, text: &str| {
            let digest = pepper(1).digest(text);
            let own = StoredSecret { id: "s".into(), digest, created_at: 0, expires_at: None };
            measuring_secret(&pepper(1), 7, id, &own)
        };
        assert_eq!(secret("a", "one").len(), 32);
        assert_eq!(secret("a", "one"), secret("a", "one"));
        for other in [secret("b", "one"), secret("a", "two")] {
            assert_ne!(secret("a", "one"), other);
        }
    }

    fn client(id: &str, session: &str) -> ApiClient {
        ApiClient {
            id: id.into(),
            number: 1,
            name: id.into(),
            enabled: true,
            session: session.into(),
            blocked_by: None,
            token_lifetime: 3600,
            authentication: Authentication::Secrets(Vec::new()),
            grants: Vec::new(),
        }
    }

    #[test]
    fn a_sandbox_token_tells_whose_it_is_and_ends_with_the_session() {
        let token = SandboxToken::of(&pepper(1), 7, &client("ci", "one"));
        assert_eq!(SandboxToken::names(token.reveal()), Some((7, "ci")));
        assert!(token.is(token.reveal()) && !token.is(&token.reveal()[1..]) && !token.is(""));
        for other in [
            SandboxToken::of(&pepper(1), 7, &client("ci", "two")),
            SandboxToken::of(&pepper(1), 7, &client("cj", "one")),
            SandboxToken::of(&pepper(1), 8, &client("ci", "one")),
            SandboxToken::of(&pepper(2), 7, &client("ci", "one")),
        ] {
            assert!(!token.is(other.reveal()));
        }
        assert!(!format!("{token:?}").contains(token.reveal()));
    }

    proptest! {
        #[test]
        fn any_text_for_a_sandbox_token_is_safe(text in "\\PC{0,50}|[0-9a-f]{6,10}\\PC{20,30}") {
            let _ = SandboxToken::names(&text);
        }

        #[test]
        fn any_time_and_any_text_are_safe(timestamp in "\\PC{0,30}", text in "\\PC{0,20}") {
            let key = OrganizationKey::of(&pepper(3), 1);
            let _ = key.fits(&text, &timestamp);
        }

        #[test]
        fn another_key_is_told_by_the_digits_that_are_shown(time in 1_000_000u64..10_000_000_000_000, at in 0usize..12) {
            let timestamp = time.to_string();
            let key = OrganizationKey::of(&pepper(3), 1);
            let shown = String::from_utf8(key.obfuscated(&timestamp).unwrap().to_vec()).unwrap();
            let mut other = key;
            other.0[at] = if other.0[at] == b'!' { b'?' } else { b'!' };
            let digits = &timestamp[timestamp.len() - 6..];
            let half = format!("{:06}", digits.parse::<u32>().unwrap() / 2);
            let looked_at = digits.bytes().any(|byte| usize::from(byte - b'0') == at)
                || half.bytes().any(|byte| usize::from(byte - b'0') + 2 == at);
            prop_assert_eq!(other.fits(&shown, &timestamp), !looked_at);
        }
    }
}
