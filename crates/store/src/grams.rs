//! Tokens of texts, for stores that find records by parts of them: a token stands for three characters in a row in one kind
//! of one tenant, so that nobody's search passes over what others have.

use std::collections::BTreeSet;

use zuno_model::{TenantId, short_fingerprint};

/// How many characters make a token.
const GRAM: usize = 3;
/// The most tokens of a part that are looked for.
const LOOKED_FOR: usize = 48;

/// One number for all texts of a record: equal when they are. It is kept, and so must never change.
pub fn digest(texts: &[String]) -> i64 {
    short_fingerprint(texts.iter().flat_map(|text| [text.as_bytes(), &[0xff]])).cast_signed()
}

/// The tokens of a text, in its order; as they are kept.
fn of_text(tenant: TenantId, kind: &str, text: &str) -> Vec<u64> {
    let tenant = tenant.0.to_le_bytes();
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let gram = |span: &[usize]| {
        let chars = &text.as_bytes()[span[0]..span[GRAM]];
        short_fingerprint([&tenant[..], kind.as_bytes(), &[0xff], chars])
    };
    starts.windows(GRAM + 1).map(gram).collect()
}

/// The tokens of some texts, each once.
pub fn of_texts(tenant: TenantId, kind: &str, texts: &[String]) -> BTreeSet<u64> {
    texts.iter().flat_map(|text| of_text(tenant, kind, text)).collect()
}

/// The tokens that whoever has a part has all of, in the part's order; of a long one, those of its end, since the end of a
/// name tells more than its beginning. A part that is too short has none.
pub fn looked_for(tenant: TenantId, kind: &str, part: &str) -> Vec<u64> {
    let mut tokens = of_text(tenant, kind, part);
    tokens.drain(..tokens.len().saturating_sub(LOOKED_FOR));
    tokens
}
