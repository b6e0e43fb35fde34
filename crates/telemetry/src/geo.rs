//! The countries, states and cities in which devices reported.

use crate::{
    fleet::{Fleet, Geolocation, Scope},
    window::Window,
    wire::{ActiveGeo, GeoChild},
};

/// The only country with states and cities (documented).
const DETAILED: &str = "US";

impl Fleet {
    /// Without a parent the countries with their states; under a country itself; under a state that state with its
    /// cities. `search` matches names of either level, whatever the case.
    pub fn active_geo(
        &self,
        parent: Option<&str>,
        search: Option<&str>,
        scope: &Scope,
        window: &Window,
    ) -> Vec<ActiveGeo> {
        let mut found: Vec<ActiveGeo> = Vec::new();
        for device in
            self.devices.iter().filter(|device| scope.takes(device) && self.reported(device, window))
        {
            let place = &device.geolocation;
            let state_asked = parent == Some(place.state_id.as_str()) && place.country_id == DETAILED;
            if !state_asked && parent.is_some_and(|parent| parent != place.country_id) {
                continue;
            }
            let (id, name, geo_type) = if state_asked {
                (&place.state_id, &place.state, "state")
            } else {
                (&place.country_id, &place.country, "country")
            };
            let nth = found.iter().position(|geo| &geo.id == id).unwrap_or_else(|| {
                found.push(ActiveGeo { id: id.clone(), name: name.clone(), geo_type, children: Vec::new() });
                found.len() - 1
            });
            if let Some(child) = child(place, state_asked)
                && !found[nth].children.contains(&child)
            {
                found[nth].children.push(child);
            }
        }
        if let Some(search) = search.map(str::to_lowercase) {
            let hit = |name: &str| name.to_lowercase().contains(&search);
            for geo in found.iter_mut().filter(|geo| !hit(&geo.name)) {
                geo.children.retain(|child| hit(&child.description));
            }
            found.retain(|geo| hit(&geo.name) || !geo.children.is_empty());
        }
        found
    }
}

fn child(place: &Geolocation, of_state: bool) -> Option<GeoChild> {
    let (id, name, geo_type) =
        if of_state { (&place.id, &place.city, "city") } else { (&place.state_id, &place.state, "state") };
    (place.country_id == DETAILED).then(|| GeoChild { id: id.clone(), description: name.clone(), geo_type })
}
