//! `file-hashes`: an operation tells how many hashes of files the tenant lets through and blocks, and how many more it may.
//! Parameter: `most`, of each sort.

use serde_json::{Value, json};
use zuno_catalogue::Members;
use zuno_catalogue::handles::zia::behavioral_analysis_advanced_settings as member;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::Fault;

/// The guarantee for the tenant's list.
struct FileHashes(usize);

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(FileHashes(params.needed_number("most")?)))
}

impl Behaviour for FileHashes {
    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let settings = cx.only(member::KIND)?.record;
        let items = |name: &str| settings.items(name).iter();
        let is_allowed = |entry: &&Value| entry.get("type") == Some(&json!("CUSTOM_FILEHASH_ALLOW"));
        let allowed = items(member::MD5_HASH_VALUE_LIST.name).filter(is_allowed).count();
        let listed = items(member::MD5_HASH_VALUE_LIST.name).count() - allowed;
        let denied = listed + items(member::FILE_HASHES_TO_BE_BLOCKED.name).count();
        Ok(Outcome::Value(json!({
            "allowedFileHashesCount": allowed,
            "allowedRemainingFileHashes": self.0.saturating_sub(allowed),
            "deniedFileHashesCount": denied,
            "deniedRemainingFileHashes": self.0.saturating_sub(denied),
        })))
    }
}
