//! `compiled-patterns`: a pattern is a regular expression that can be compiled, and whoever wants to know beforehand is
//! told. Parameters: `in`, the list, and `member`, the pattern in each of its items.

use serde_json::json;
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params};
use zuno_model::{Fault, Fix, Kind};
use zuno_urls::PatternRoom;

/// The most bytes of a pattern (guessed).
const LONGEST: usize = 4_096;

/// The guarantee for the kind.
struct CompiledPatterns {
    kind: Kind,
    list: String,
    member: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(CompiledPatterns {
        kind: Kind(params.kind()),
        list: params.field("in")?,
        member: params.text("member")?,
    }))
}

/// Where a pattern stops being one, and why; nothing where it is one for which there is room.
fn wrong(pattern: &str, room: &mut PatternRoom) -> Option<(usize, String)> {
    if pattern.len() > LONGEST {
        return Some((LONGEST, format!("The pattern is longer than {LONGEST} bytes")));
    }
    let why = room.compile(pattern, false).err()?.to_string();
    // The library tells the place by a caret below the pattern.
    let lines: Vec<&str> = why.lines().collect();
    let caret = lines.iter().position(|line| line.trim() == "^" || line.trim().starts_with("^^"));
    let place = caret.map_or(0, |line| lines[line].find('^').unwrap_or(0).saturating_sub(4));
    let words = lines.last().map(|line| line.trim_start_matches("error: ")).unwrap_or_default();
    Some((place.min(pattern.len()), words.to_owned()))
}

impl Behaviour for CompiledPatterns {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let items = change.sent.items(&self.list).iter();
        let mut room = PatternRoom::CALL;
        for pattern in items.filter_map(|item| item.text(&self.member)) {
            if let Some((_, words)) = wrong(pattern, &mut room) {
                let (kind, field) = (self.kind.clone(), self.list.clone());
                return Err(Fault::Invalid { kind, field, fix: Fix::Said(words) });
            }
        }
        Ok(())
    }

    /// Seen of a pattern that is one; that another has a status and a place of its own is inferred.
    fn on_action(&self, _: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let text = call.body.as_ref().and_then(|body| body.text("data"));
        let text = text.ok_or_else(|| Fault::Unreadable("`data` holds the pattern".into()))?;
        let (status, place, words) = match wrong(text, &mut { PatternRoom::CALL }) {
            None => (0, -1, "Valid regular expression".to_owned()),
            Some((place, words)) => (1, i64::try_from(place).unwrap_or_default(), words),
        };
        Ok(Outcome::Value(json!({
            "status": status, "errPosition": place, "errMsg": words, "errParameter": null, "errSuggestion": null,
            "idList": null, "subIdsMap": null,
        })))
    }
}

#[cfg(test)]
mod tests {
    use zuno_urls::PatternRoom;

    fn wrong(pattern: &str) -> Option<(usize, String)> {
        super::wrong(pattern, &mut { PatternRoom::CALL })
    }

    #[test]
    fn a_pattern_is_a_regular_expression_within_bounds() {
        assert_eq!(wrong("B-[0-9]{4}"), None);
        assert_eq!(wrong("test-pattern"), None);
        let place = |pattern: &str| wrong(pattern).map(|(place, _)| place);
        assert_eq!(place("ab(cd"), Some(2));
        assert_eq!(place("a{5,2}"), Some(1));
        assert!(wrong(&"(".repeat(4_000)).is_some());
        assert!(wrong("(((a{1000}){1000}){1000})").is_some());
        assert!(wrong(&"a".repeat(5_000)).is_some());
    }
}
