//! In whose name and when a tenant's records are read and changed, whether a call asks for it or the server itself.

use std::sync::Arc;

use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use zuno_model::{Actor, Tenant, Time};

/// Whose records, who acts, and what the clock reads.
#[derive(Clone, Debug)]
pub struct Session {
    /// Whose cloud.
    pub tenant: Arc<Tenant>,
    /// Who acts.
    pub actor: Arc<Actor>,
    /// The clock's reading, in seconds. Behaviours ask [`Context::now`](crate::Context::now), which notes that it was asked.
    pub now: Time,
    /// What the product would fill in by itself is left out.
    pub as_sent: bool,
}

/// Where the ids, keys and secrets of one change come from: the same seed gives the same ones again, so that a change
/// that a store must run twice comes out the same.
pub type Seed = [u8; 32];

/// Random bits drawn from a seed, one after the other. Whoever knows some of them cannot tell the others.
pub(crate) struct Drawn(ChaCha12Rng);

impl Drawn {
    /// The bits of a seed, from the first on.
    pub fn from(seed: Seed) -> Drawn {
        Drawn(ChaCha12Rng::from_seed(seed))
    }

    /// The next bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::Drawn;

    #[test]
    fn a_seed_gives_the_same_bits_again_and_never_the_same_twice() {
        let drawn = |seed: u8| -> Vec<[u8; 16]> {
            let mut drawn = Drawn::from([seed; 32]);
            (0..100).map(|_| drawn.bytes()).collect()
        };
        assert_eq!(drawn(1), drawn(1));
        let mut all = [drawn(1), drawn(2)].concat();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 200);
    }
}
