//! Client secrets between the store and the identity service.

use serde_json::{Value, json};
use zuno_catalogue::handles::zidentity::api_client_secret as secret;
use zuno_engine::Stored;
use zuno_identity::StoredSecret;
use zuno_model::{Fault, Id, Record};

/// A secret as the store keeps it; `series` tells which of two that were made in one second is the newer.
pub fn record(secret: &StoredSecret, client: &Id, series: i64) -> Result<Stored, Fault> {
    let digest = serde_json::to_value(&secret.digest).map_err(Fault::broken)?;
    let mut record = Record::new();
    record.insert(secret::ID.into(), Value::from(secret.id.clone()));
    record.insert(secret::CREATED_AT.into(), Value::from(secret.created_at));
    if let Some(end) = secret.expires_at {
        record.insert(secret::EXPIRES_AT.into(), Value::from(end));
    }
    record.insert(secret::CLIENT_ID.into(), Value::from(client.0.clone()));
    record.insert(secret::SERIES.into(), Value::from(series));
    record.insert(secret::DIGEST.into(), digest);
    Ok(Stored { id: Id(secret.id.clone()), scope: "0".into(), sort: String::new(), record })
}

/// A secret as the identity service verifies it.
pub fn read(record: &Record) -> Result<StoredSecret, Fault> {
    let text = |member: &str| record.get(member).cloned().unwrap_or_default();
    let held = json!({
        "id": text(secret::ID.name),
        "digest": text(secret::DIGEST.name),
        "created_at": secret::CREATED_AT.of(record).unwrap_or_default(),
        "expires_at": secret::EXPIRES_AT.of(record),
    });
    serde_json::from_value(held).map_err(Fault::broken)
}

#[cfg(test)]
mod tests {
    use zuno_identity::{Pepper, StoredSecret};
    use zuno_model::Id;

    use super::{read, record};

    #[test]
    fn a_secret_survives_the_store() {
        let digest = Pepper::new(&[3; 32]).digest("x");
        for expires_at in [None, Some(9)] {
            let secret = StoredSecret { id: "is1".into(), digest: digest.clone(), created_at: 5, expires_at };
            let stored = record(&secret, &Id("iq1".into()), 1).expect("it is written");
            assert_eq!(read(&stored.record).expect("it is read"), secret);
        }
    }
}
