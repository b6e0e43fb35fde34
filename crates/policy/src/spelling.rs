//! Words that people write in several ways.

/// A name without anything but letters and digits.
pub(crate) fn bare(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// A platform in one spelling: `MAC_OS`, `Mac` and `macos` are `mac`.
pub(crate) fn platform(word: &str) -> Box<str> {
    let word = bare(word);
    let word = word.strip_suffix("os").filter(|word| !matches!(*word, "i" | "")).unwrap_or(&word);
    word.into()
}
