//! The request for a signing certificate as callers describe it, and what the certificate that answers it tells.

use jiff::Timestamp;
use rcgen::KeyPair;
use serde_json::{Map, Value, json};
use zuno_catalogue::Members;
use zuno_model::{Fault, Fix, Kind, Record, Refusal, Time};

use crate::x509::signing::{self, Wanted};
use crate::x509::told::Told;

const DAY: i64 = 86_400;

/// A refusal in the words that a file is refused in.
pub fn refused(message: impl ToString) -> Fault {
    Fault::refused(Refusal::BadRequest, "INVALID_INPUT_ARGUMENT", message.to_string())
}

fn text<'r>(request: &'r Record, member: &str) -> &'r str {
    request.text(member).unwrap_or_default()
}

/// The two letters of a country as callers name it: `COUNTRY_DE`, or `DE`; none for `NONE`.
fn country(word: &str) -> Result<Option<&str>, ()> {
    let letters = word.strip_prefix("COUNTRY_").unwrap_or(word);
    match letters {
        "NONE" => Ok(None),
        _ if letters.len() == 2 && letters.bytes().all(|letter| letter.is_ascii_uppercase()) => {
            Ok(Some(letters))
        }
        _ => Err(()),
    }
}

/// The request of a key, as PEM.
///
/// # Errors
/// A member that no certificate can hold.
pub fn written(kind: &str, key: &KeyPair, request: &Record) -> Result<String, Fault> {
    let wrong = |field: &str, fix| Fault::Invalid { kind: Kind(kind.into()), field: field.into(), fix };
    let country = country(text(request, "country"))
        .map_err(|()| wrong("country", Fix::Enum(vec!["COUNTRY_XX".into(), "NONE".into()])))?;
    let length = request.get("pathLengthConstraint").and_then(Value::as_u64);
    let wanted = Wanted {
        country,
        state: text(request, "state"),
        city: text(request, "city"),
        organisation: text(request, "orgName"),
        department: text(request, "deptName"),
        common_name: text(request, "commName"),
        path_length: length.and_then(|length| u8::try_from(length).ok()),
    };
    signing::request(key, &wanted).map_err(Fault::broken)
}

/// A time as certificates are printed with it: `Sep 16 21:19:41 2025 GMT` (guessed).
fn spelled(time: Time) -> String {
    let moment = Timestamp::from_second(time).unwrap_or_default();
    moment.strftime("%b %e %H:%M:%S %Y GMT").to_string()
}

/// What a certificate says, beside the request that it answers.
pub fn described(name: &str, told: &Told, request: &Record) -> Map<String, Value> {
    let part = |attribute: &str| told.subject.value(attribute).map(str::to_owned);
    let issuer = told.issuer.value("CN").map_or_else(|| told.issuer.in_order(), str::to_owned);
    let members = [
        ("certName", json!(name)),
        ("commName", json!(part("CN"))),
        ("orgName", json!(part("O"))),
        ("deptName", json!(part("OU"))),
        ("city", json!(part("L"))),
        ("state", json!(part("ST"))),
        ("country", json!(part("C"))),
        ("keySize", json!(told.rsa_bits())),
        ("signatureAlgorithm", json!(told.signed_with)),
        ("pathLengthConstraint", json!(told.path_length)),
        ("pathLengthConstraintInCsr", request.get("pathLengthConstraint").cloned().unwrap_or_default()),
        ("issuedBy", json!(issuer)),
        ("startDate", json!(spelled(told.valid.0))),
        ("expDate", json!(spelled(told.valid.1))),
        ("validityInDays", json!((told.valid.1 - told.valid.0) / DAY)),
    ];
    let shown = members.into_iter().filter(|(_, value)| !value.is_null());
    shown.map(|(name, value)| (name.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::{country, spelled};

    #[test]
    fn a_country_is_two_letters_however_it_is_written() {
        assert_eq!(country("COUNTRY_DE"), Ok(Some("DE")));
        assert_eq!(country("US"), Ok(Some("US")));
        assert_eq!(country("NONE"), Ok(None));
        for none in ["", "Germany", "COUNTRY_", "de", "COUNTRY_D1"] {
            assert_eq!(country(none), Err(()), "{none}");
        }
    }

    #[test]
    fn a_time_is_spelt_as_certificates_are_printed() {
        assert_eq!(spelled(1_758_057_581), "Sep 16 21:19:41 2025 GMT");
        assert_eq!(spelled(0), "Jan  1 00:00:00 1970 GMT");
    }
}
