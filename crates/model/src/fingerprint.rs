//! A fingerprint of bytes, the same on every machine and in every version.

/// FNV-1a over 128 bits: tells things apart and spreads made-up numbers, and guards against nobody.
pub fn fingerprint(bytes: &[u8]) -> u128 {
    bytes.iter().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash: u128, byte| {
        (hash ^ u128::from(*byte)).wrapping_mul(0x0100_0000_0000_0000_0000_013b)
    })
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn it_is_the_published_function() {
        assert_eq!(format!("{:032x}", fingerprint(b"")), "6c62272e07bb014262b821756295c58d");
        assert_eq!(format!("{:032x}", fingerprint(b"a")), "d228cb696f1a8caf78912b704e4a8964");
    }
}
