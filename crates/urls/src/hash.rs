//! Where a listed domain stands in the compiled base. Shared by the build script, which places the rows, and the look-up.

/// The hash of a domain, read from its last byte to its first (FNV-1a).
#[derive(Clone, Copy)]
pub struct Hash(u64);

impl Default for Hash {
    fn default() -> Hash {
        Hash(0xcbf2_9ce4_8422_2325)
    }
}

impl Hash {
    /// Reads one byte more.
    pub fn add(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }

    /// The first place among so many to look at.
    pub fn slot(self, slots: usize) -> usize {
        // The upper half is mixed better than the lower.
        ((self.0 ^ (self.0 >> 32)) % slots as u64) as usize
    }
}
