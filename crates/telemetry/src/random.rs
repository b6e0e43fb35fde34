//! Draws numbers that look random and are not: each is a hash of a seed, a label and some identities.

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Where a tenant's measurements come from: two tenants differ in it, one tenant never changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(u64);

impl Seed {
    /// The seed of the tenant with this name or id.
    pub fn of(tenant: &str) -> Seed {
        Seed(xxh3_64_with_seed(tenant.as_bytes(), 0))
    }

    /// One draw, named by what it is for and by whom or when it concerns.
    pub(crate) fn draw(self, label: &str, keys: &[i64]) -> Draw {
        let labelled = xxh3_64_with_seed(label.as_bytes(), self.0);
        Draw(keys.iter().fold(labelled, |state, key| xxh3_64_with_seed(&key.to_le_bytes(), state)))
    }

    /// A value in 0..=1 that wanders smoothly, settling on a new draw every `period` seconds.
    pub(crate) fn drift(self, label: &str, keys: &[i64], at: i64, period: i64) -> f64 {
        let step = at.div_euclid(period);
        let labelled = self.draw(label, keys);
        let (here, next) = (labelled.then(step).unit(), labelled.then(step + 1).unit());
        let part = at.rem_euclid(period) as f64 / period as f64;
        let eased = part * part * (3.0 - 2.0 * part);
        here + (next - here) * eased
    }
}

/// The key of an identity that is a text.
pub(crate) fn key(text: &str) -> i64 {
    xxh3_64_with_seed(text.as_bytes(), 0) as i64
}

/// One draw; it may be read in several ways, always with the same result.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draw(u64);

impl Draw {
    /// A further draw that depends on this one.
    pub(crate) fn then(self, key: i64) -> Draw {
        Draw(xxh3_64_with_seed(&key.to_le_bytes(), self.0))
    }

    /// Evenly in 0..1.
    pub(crate) fn unit(self) -> f64 {
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Evenly in `low..high`.
    pub(crate) fn between(self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number in `low..=high`.
    pub(crate) fn whole(self, low: i64, high: i64) -> i64 {
        // INVARIANT: callers pass low <= high and small ranges, so the remainder's bias does not show.
        low + (self.0 % (high - low + 1) as u64) as i64
    }

    /// True once in `1 / share` times.
    pub(crate) fn chance(self, share: f64) -> bool {
        self.unit() < share
    }

    /// One of the choices, which must not be none.
    pub(crate) fn pick<T: Copy>(self, choices: &[T]) -> T {
        choices[(self.0 % choices.len() as u64) as usize]
    }

    /// The low bytes, for addresses and serial numbers.
    pub(crate) fn bytes(self) -> [u8; 8] {
        self.0.to_le_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_draws_of_a_release_stay_those_of_the_next() {
        // A changed number here means that every tenant's history has changed.
        assert_eq!(Seed::of("acme").draw("online", &[1, 2]).whole(0, 999_999), 365_608);
    }

    #[test]
    fn a_draw_depends_on_tenant_label_and_every_key() {
        let seed = Seed::of("acme");
        let unit = seed.draw("a", &[1, 2]).unit();
        assert_eq!(unit, seed.draw("a", &[1, 2]).unit());
        for other in [Seed::of("beta").draw("a", &[1, 2]), seed.draw("b", &[1, 2]), seed.draw("a", &[2, 1])] {
            assert_ne!(unit, other.unit());
        }
    }

    #[test]
    fn drift_has_no_steps() {
        let seed = Seed::of("acme");
        for at in 0..7200 {
            let step = (seed.drift("d", &[1], at, 600) - seed.drift("d", &[1], at + 1, 600)).abs();
            assert!(step < 0.003, "{step} at {at}");
        }
    }
}
