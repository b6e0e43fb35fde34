//! `followed-profile`: the tenant follows one version profile; to choose another moves every group that does not
//! override it, and those that do as well when the call takes their override away.
//!
//! That groups move is guessed: clients tell the flag's name and nothing of its effect.

use serde_json::{Value, json};
use zuno_catalogue::handles::zpa::{
    app_connector_group, private_cloud_controller_group, service_edge_group, version_profile as profile,
};
use zuno_catalogue::{Members, Method, Verb};
use zuno_engine::{Behaviour, Call, Context, Outcome, Stored};
use zuno_model::{Fault, Id, Kind, Record};

use super::machine::{self, Machine};

/// The kinds of groups that follow a profile.
const GROUPS: [&str; 3] =
    [app_connector_group::KIND, service_edge_group::KIND, private_cloud_controller_group::KIND];

/// The guarantee for one resource.
#[derive(Default)]
pub struct FollowedProfile;

fn followed(cx: &Context<'_>) -> Result<Option<Stored>, Fault> {
    Ok(cx.all(profile::KIND, None)?.into_iter().find(|stored| profile::FOLLOWED.of(&stored.record)))
}

fn follow(cx: &mut Context<'_>, wanted: &Id, body: &Record) -> Result<(), Fault> {
    cx.need(profile::KIND, wanted)?;
    for mut stored in cx.all(profile::KIND, None)? {
        let chosen = stored.id == *wanted;
        stored.record.insert(profile::FOLLOWED.into(), Value::Bool(chosen));
        if let Some(Value::String(pace)) = body.get("selectedUpgradePriority").filter(|_| chosen) {
            stored.record.insert(profile::UPGRADE_PRIORITY.into(), Value::String(pace.clone()));
        }
        cx.save(profile::KIND, &stored)?;
    }
    let all = body.flag("removeOverrideFlag");
    for kind in GROUPS {
        for mut stored in cx.all(kind, None)? {
            let overrides = app_connector_group::OVERRIDE_VERSION_PROFILE.of(&stored.record);
            if all || !overrides {
                let id = Value::String(wanted.0.clone());
                stored.record.insert(app_connector_group::VERSION_PROFILE_ID.into(), id);
                let kept = Value::Bool(false);
                stored.record.insert(app_connector_group::OVERRIDE_VERSION_PROFILE.into(), kept);
                cx.save(kind, &stored)?;
            }
        }
    }
    Ok(())
}

/// How many machines of a kind stand in groups that follow a profile, and how many of them run what they should.
fn followers(cx: &Context<'_>, machine: &Machine, id: &Id) -> Result<(usize, usize), Fault> {
    let follows = |group: &Stored| {
        let held = group.record.get(app_connector_group::VERSION_PROFILE_ID.name);
        held.and_then(Id::from_value).as_ref() == Some(id)
    };
    let (mut all, mut updated) = (0, 0);
    for group in cx.all(machine.group, None)?.iter().filter(|group| follows(group)) {
        for stored in cx.pointing(machine.kind, machine.joined, machine.group, &group.id)? {
            all += 1;
            let runs = |member| machine.told(&stored.record, member);
            updated += usize::from(runs("currentVersion") == Some(&json!(machine::RELEASE)));
        }
    }
    Ok((all, updated))
}

impl Behaviour for FollowedProfile {
    fn on_read(&self, cx: &Context<'_>, verb: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        if verb != Verb::Read {
            return Ok(());
        }
        let members = [
            (&machine::CONNECTOR, profile::NUMBER_OF_ASSISTANTS, profile::NUMBER_OF_UPDATED_ASSISTANTS),
            (
                &machine::SERVICE_EDGE,
                profile::NUMBER_OF_PRIVATE_BROKERS,
                profile::NUMBER_OF_UPDATED_PRIVATE_BROKERS,
            ),
            (
                &machine::CONTROLLER,
                profile::NUMBER_OF_SITE_CONTROLLERS,
                profile::NUMBER_OF_UPDATED_SITE_CONTROLLERS,
            ),
        ];
        for (machine, all, updated) in members {
            let (standing, running) = followers(cx, machine, id)?;
            record.insert(all.into(), json!(standing));
            record.insert(updated.into(), json!(running));
        }
        Ok(())
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        if cx.operation()?.method == Method::Get {
            let nobody = || Fault::NotFound { kind: Kind(profile::KIND.into()), id: Id::from(0) };
            let stored = followed(cx)?.ok_or_else(nobody)?;
            let resource = cx.resource(profile::KIND)?;
            return Ok(Outcome::One(cx.show(resource, Verb::Read, None, stored)?));
        }
        let body = call.object()?;
        follow(cx, &call.param("id").unwrap_or_default().into(), body)?;
        Ok(Outcome::Done)
    }
}
