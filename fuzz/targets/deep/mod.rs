//! Deep input: texts of a grammar's own pieces, nested as deep as a few bytes say.
//!
//! libFuzzer grows an input byte by byte, so that it never comes to a thousand brackets by itself. Here one step of three
//! bytes opens as many of them.

use libfuzzer_sys::arbitrary::{Arbitrary, Result, Unstructured};

/// What a grammar nests, and what stands between.
pub struct Grammar {
    /// What opens a level, and what closes it.
    pub levels: &'static [(&'static str, &'static str)],
    /// What stands at the end of a branch.
    pub leaves: &'static [&'static str],
    /// What joins two branches.
    pub joins: &'static [&'static str],
}

/// The deepest that one step opens.
const DEEPEST: u16 = 20_000;

impl Grammar {
    /// A text: its pieces in an order of the fuzzer's, most of what was opened closed again.
    pub fn text(&self, bytes: &mut Unstructured<'_>) -> Result<String> {
        let (mut text, mut open) = (String::new(), Vec::new());
        for _ in 0..bytes.int_in_range(1..=12)? {
            match bytes.int_in_range(0_u8..=7)? {
                0..=2 => {
                    let level = bytes.choose(self.levels)?;
                    let times = if bytes.arbitrary()? { bytes.int_in_range(1..=DEEPEST)? } else { 1 };
                    text.push_str(&level.0.repeat(usize::from(times)));
                    open.push((level.1, times));
                }
                3 | 4 => text.push_str(bytes.choose(self.leaves)?),
                5 => text.push_str(bytes.choose(self.joins)?),
                6 => {
                    if let Some((close, times)) = open.pop() {
                        text.push_str(&close.repeat(usize::from(times)));
                    }
                }
                _ => text.push_str(<&str>::arbitrary(bytes)?),
            }
        }
        // One in four is cut off.
        if bytes.ratio(3_u8, 4_u8)? {
            for (close, times) in open.into_iter().rev() {
                text.push_str(&close.repeat(usize::from(times)));
            }
        }
        Ok(text)
    }
}

/// JSON: lists and objects.
#[allow(dead_code, reason = "not every target reads it")]
pub const JSON: Grammar = Grammar {
    levels: &[("[", "]"), ("{\"a\":", "}"), ("[1,", "]"), ("{\"operands\":[", "]}"), ("{\"value\":", "}"), ("\"\\\"", "\"")],
    leaves: &["1", "\"x\"", "null", "{}", "[]", "\"id\"", "1e999", "-0"],
    joins: &[",", ":", ",\"b\":", " "],
};

/// Makes a fuzz input of a grammar's texts: `deep!(Name, GRAMMAR)`.
#[macro_export]
macro_rules! deep {
    ($name:ident, $grammar:expr) => {
        #[derive(Debug)]
        struct $name(String);

        impl<'a> libfuzzer_sys::arbitrary::Arbitrary<'a> for $name {
            fn arbitrary(
                bytes: &mut libfuzzer_sys::arbitrary::Unstructured<'a>,
            ) -> libfuzzer_sys::arbitrary::Result<$name> {
                $grammar.text(bytes).map($name)
            }
        }
    };
}
