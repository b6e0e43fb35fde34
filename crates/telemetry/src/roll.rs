//! Who is in a fleet, in numbers that are dense: users by their devices, places by the first device there.

/// A fleet's devices by their places in its list.
#[derive(Debug, Default)]
pub(crate) struct Roll {
    /// The devices of each user, users in the order of their first device.
    pub(crate) users: Vec<Vec<u32>>,
    /// The place of each device, as a number of `places`.
    pub(crate) place: Vec<u32>,
    /// A device at each place, places in the order of their first device.
    pub(crate) places: Vec<u32>,
}
