//! `group-release`: a group tells which release its machines should run, and of which profile it comes.
//!
//! The block follows the profile that the group follows (seen for groups of two profiles); the release is that of all
//! simulated machines.

use serde_json::{Value, json};
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zpa::{app_connector_group as group, version_profile};
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

use super::machine::RELEASE;

/// The newest platform that a release is made for (seen).
const PLATFORM: &str = "el9";

/// The guarantee for one resource.
struct GroupRelease;

/// Makes it; there are no parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    params.known([group::VERSION.name, group::VERSION_PROFILE_ID.name])?;
    Ok(Box::new(GroupRelease))
}

impl Behaviour for GroupRelease {
    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        let Some(id) = group::VERSION_PROFILE_ID.id_of(record) else { return Ok(()) };
        let key = format!("release\n{id}");
        let block = cx.once(&key, || {
            let name = cx
                .get(version_profile::KIND, &id)?
                .and_then(|mut profile| profile.record.shift_remove("name"));
            Ok(json!({
                "version_profile_gid": id.as_str(), "versionProfileName": name.unwrap_or_default(),
                "sargeVersion": RELEASE, "childVersion": RELEASE, "latestPlatform": PLATFORM,
            }))
        })?;
        if block[group::VERSION_PROFILE_NAME.name] != Value::Null {
            record.insert(group::VERSION.into(), block);
        }
        Ok(())
    }

    fn on_read_members(&self, _: Verb) -> Option<Vec<&str>> {
        Some(vec![group::VERSION_PROFILE_ID.name, group::VERSION.name])
    }
}
