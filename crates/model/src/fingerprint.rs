//! A fingerprint of bytes, the same on every machine and in every version.

/// FNV-1a over 128 bits: tells things apart and spreads made-up numbers, and guards against nobody.
pub fn fingerprint(bytes: &[u8]) -> u128 {
    bytes.iter().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash: u128, byte| {
        (hash ^ u128::from(*byte)).wrapping_mul(0x0100_0000_0000_0000_0000_013b)
    })
}

/// FNV-1a over 64 bits of some parts, one behind the other: for numbers that are kept.
pub fn short_fingerprint<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> u64 {
    parts.into_iter().flatten().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::{fingerprint, short_fingerprint};

    #[test]
    fn it_is_the_published_function() {
        assert_eq!(format!("{:032x}", fingerprint(b"")), "6c62272e07bb014262b821756295c58d");
        assert_eq!(format!("{:032x}", fingerprint(b"a")), "d228cb696f1a8caf78912b704e4a8964");
        assert_eq!(short_fingerprint([]), 0xcbf2_9ce4_8422_2325);
        assert_eq!(short_fingerprint([&b"foo"[..], b"bar"]), 0x8594_4171_f739_67e8);
    }
}
