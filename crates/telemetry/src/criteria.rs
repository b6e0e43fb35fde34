//! Whether a probe measures on a device.

use zuno_model::Time;

use crate::{
    fleet::Device,
    probe::{Criteria, Probe, Selection},
};

impl Probe {
    /// Whether it measures on a device at an instant, if that is switched on.
    pub fn measures(&self, device: &Device, at: Time) -> bool {
        self.runs.contains(at) && self.on.takes(device)
    }
}

impl Criteria {
    /// Whether a device is meant.
    pub fn takes(&self, device: &Device) -> bool {
        !self.not.marks(device).into_iter().flatten().any(|named| named)
            && self.only.marks(device).into_iter().flatten().all(|named| named)
    }
}

impl Selection {
    /// For each kind of which anything is named, whether the device is among it.
    fn marks(&self, device: &Device) -> [Option<bool>; 8] {
        let has = |ids: &[i64], own: &[i64]| (!ids.is_empty()).then(|| own.iter().any(|id| ids.contains(id)));
        let one = |ids: &[i64], own: Option<i64>| has(ids, own.as_slice());
        let places = || self.places.iter().any(|id| device.geolocation.is_in(id));
        [
            one(&self.devices, Some(device.id)),
            one(&self.users, Some(device.owner.id)),
            has(&self.groups, &device.groups),
            one(&self.departments, device.department.as_ref().map(|named| named.id)),
            one(&self.locations, device.location.as_ref().map(|named| named.id)),
            has(&self.location_groups, &device.location_groups),
            (!self.places.is_empty()).then(places),
            one(&self.systems, Some(device.system)),
        ]
    }
}
