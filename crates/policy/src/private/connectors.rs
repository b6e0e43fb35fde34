//! Which connectors could serve a request that is allowed.

use foldhash::HashMap;

use super::rules::Rule;
use super::segments::Segments;
use crate::details::Pool;
use crate::record::{id, on, text, words};
use crate::snapshot::Snapshot;
use crate::verdict::Draft;
use crate::words::Assumption;

/// How many groups of connectors are looked at (documented).
const MOST: usize = 48;

/// Server groups, connector groups and connectors.
#[derive(Debug, Default)]
pub(super) struct Connectors {
    server_groups: HashMap<Box<str>, ServerGroup>,
    groups: HashMap<Box<str>, Group>,
}

#[derive(Debug)]
struct ServerGroup {
    enabled: bool,
    connector_groups: Vec<Box<str>>,
}

#[derive(Debug)]
struct Group {
    name: Box<str>,
    enabled: bool,
    connected: u32,
}

impl Connectors {
    pub fn new(snapshot: &Snapshot) -> Connectors {
        let mut connectors = Connectors::default();
        for group in snapshot.records("zpa.app_connector_group") {
            let Some(id) = id(group, "id") else { continue };
            let name = text(group, "name").unwrap_or_default().into();
            connectors.groups.insert(id.into(), Group { name, enabled: on(group, "enabled"), connected: 0 });
        }
        for connector in snapshot.records("zpa.app_connector") {
            let connected = text(connector, "controlChannelStatus") == Some("ZPN_STATUS_AUTHENTICATED");
            let group =
                id(connector, "appConnectorGroupId").and_then(|id| connectors.groups.get_mut(id.as_str()));
            if let Some(group) = group.filter(|_| connected && on(connector, "enabled")) {
                group.connected += 1;
            }
        }
        for group in snapshot.records("zpa.server_group") {
            let Some(id) = id(group, "id") else { continue };
            let connector_groups = words(group, "appConnectorGroups").into_iter().map(Into::into).collect();
            connectors
                .server_groups
                .insert(id.into(), ServerGroup { enabled: on(group, "enabled"), connector_groups });
        }
        connectors
    }

    /// What is told of the connectors beside a verdict, which they never change.
    pub fn told<'p>(
        &'p self,
        rule: &'p Rule,
        matched: &[u32],
        patterned: bool,
        segments: &'p Segments,
        draft: &mut Draft<'_>,
    ) -> Pool<'p> {
        let (status, groups) = self.pool(rule, matched, patterned, segments, draft);
        let listed = groups.into_iter().map(|id| {
            let group = self.groups.get(id);
            (id, group.map_or("", |group| &*group.name), group.map_or(0, |group| group.connected))
        });
        let near = matched.first().is_some_and(|number| segments.at(*number).near_application);
        let by = if near { "closest_to_application" } else { "closest_to_user" };
        Pool { status, by, groups: listed.collect() }
    }

    fn pool<'a>(
        &'a self,
        rule: &'a Rule,
        matched: &[u32],
        patterned: bool,
        segments: &'a Segments,
        draft: &mut Draft<'_>,
    ) -> (&'static str, Vec<&'a str>) {
        let mut pool: Vec<&str> = rule.connector_groups.iter().map(|id| &**id).collect();
        let mut any = !pool.is_empty();
        if !any {
            let named = !rule.server_groups.is_empty();
            let server_groups: Vec<&str> = match (named, patterned) {
                (true, _) => rule.server_groups.iter().map(|id| &**id).collect(),
                // Of patterns all that match serve, whichever the rule named (documented).
                (false, true) => {
                    let patterns = matched.iter().filter(|number| segments.is_patterned(**number));
                    patterns.flat_map(|number| &segments.at(*number).server_groups).map(|id| &**id).collect()
                }
                (false, false) => {
                    if matched.len() > 1 {
                        draft.assume(Assumption::PoolOfMostSpecific);
                    }
                    let first = matched.first().map(|number| segments.at(*number));
                    first.into_iter().flat_map(|segment| &segment.server_groups).map(|id| &**id).collect()
                }
            };
            for group in server_groups.into_iter().filter_map(|id| self.server_groups.get(id)) {
                any |= !group.connector_groups.is_empty();
                if group.enabled {
                    pool.extend(group.connector_groups.iter().map(|id| &**id));
                }
            }
        }
        let mut seen = Vec::new();
        pool.retain(|id| {
            !seen.contains(id) && {
                seen.push(*id);
                true
            }
        });
        pool.truncate(MOST);
        if !any {
            return ("BRK_MT_SETUP_FAIL_CONNECTOR_GROUPS_MISSING", Vec::new());
        }
        let serves = |id: &str| self.groups.get(id).is_some_and(|group| group.enabled && group.connected > 0);
        match pool.iter().any(|id| serves(id)) {
            true => ("OK", pool),
            false => ("NO_CONNECTOR_AVAILABLE", pool),
        }
    }
}
