//! The words, numbers and signs of a filter of packets, with where each begins.

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// Digits, or `0x` and hexadecimal digits.
    Number(&'a str),
    /// A keyword, a name, an address; one that was written behind a backslash is no keyword.
    Word {
        /// As it was written, without the backslash.
        text: &'a str,
        /// It was written behind one.
        escaped: bool,
    },
    /// A sign, of one or two characters.
    Sign(&'a str),
    /// Something that no filter has.
    Stray(char),
    /// The end of the text.
    End,
}

/// Signs of two characters stand before those that they begin with.
const SIGNS: [&str; 25] = [
    "&&", "||", "<<", ">>", "<=", ">=", "==", "!=", "(", ")", "[", "]", "<", ">", "=", "!", "+", "-", "*",
    "/", "%", "&", "|", "^", ":",
];

/// Reads one token from where a text goes on; answers where it begins and where it ends. Inside of brackets a colon
/// parts numbers; elsewhere it is of an address.
pub fn next(text: &str, from: usize, in_brackets: bool) -> (Token<'_>, usize, usize) {
    let rest = &text[from..];
    let start = from + (rest.len() - rest.trim_start().len());
    let rest = &text[start..];
    let Some(first) = rest.chars().next() else { return (Token::End, start, start) };
    let is_colon = |c: char| c == ':' && !in_brackets;
    // An address may begin with its colons; a colon alone is a sign.
    let begins = |c: char| c.is_ascii_alphanumeric() || c == '_' || (is_colon(c) && rest.starts_with("::"));
    let escaped = first == '\\';
    let word = if escaped { &rest[1..] } else { rest };
    if escaped || begins(first) {
        let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-') || is_colon(c);
        let length = word.find(|c| !inner(c)).unwrap_or(word.len());
        // A name ends with a letter or a digit, so that what is left of it may be a sign.
        let whole = &word[..length];
        let text = if whole.ends_with("::") { whole } else { whole.trim_end_matches(['-', ':']) };
        if text.is_empty() {
            return (Token::Stray(first), start, start + first.len_utf8());
        }
        let end = start + usize::from(escaped) + text.len();
        let hexadecimal = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
        let is_number = match hexadecimal {
            Some(digits) => !digits.is_empty() && digits.chars().all(|c| c.is_ascii_hexdigit()),
            None => text.chars().all(|c| c.is_ascii_digit()),
        };
        let token = if is_number && !escaped { Token::Number(text) } else { Token::Word { text, escaped } };
        return (token, start, end);
    }
    match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        Some(sign) => (Token::Sign(sign), start, start + sign.len()),
        None => (Token::Stray(first), start, start + first.len_utf8()),
    }
}

/// A sign as tokens tell it; nothing that stands in a text where it is none.
pub fn sign(wanted: &str) -> &'static str {
    SIGNS.iter().find(|sign| **sign == wanted).copied().unwrap_or_default()
}

/// The value of a number that a token tells.
pub fn value(digits: &str) -> Option<u32> {
    match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok(),
        None => digits.parse().ok(),
    }
}
