//! Patterns: regular expressions that can be compiled, all of a call together within its room.

use zuno_urls::PatternRoom;

use super::wrong::Wrong;

/// The most bytes of a pattern (guessed).
const LONGEST: usize = 4_096;

/// The first of some patterns that is none.
pub fn check(patterns: &[&str]) -> Option<Wrong> {
    let mut room = PatternRoom::CALL;
    patterns.iter().find_map(|pattern| wrong(pattern, &mut room))
}

/// Where a pattern stops being one, and why; nothing where it is one for which there is room.
fn wrong(pattern: &str, room: &mut PatternRoom) -> Option<Wrong> {
    if pattern.len() > LONGEST {
        return Some(Wrong { at: LONGEST, why: format!("The pattern is longer than {LONGEST} bytes") });
    }
    let why = room.compile(pattern, false).err()?.to_string();
    // The library tells the place by a caret below the pattern.
    let lines: Vec<&str> = why.lines().collect();
    let caret = lines.iter().position(|line| line.trim() == "^" || line.trim().starts_with("^^"));
    let place = caret.map_or(0, |line| lines[line].find('^').unwrap_or(0).saturating_sub(4));
    let words = lines.last().map(|line| line.trim_start_matches("error: ")).unwrap_or_default();
    Some(Wrong { at: place.min(pattern.len()), why: words.to_owned() })
}

#[cfg(test)]
mod tests {
    fn wrong(pattern: &str) -> Option<usize> {
        super::check(&[pattern]).map(|wrong| wrong.at)
    }

    #[test]
    fn a_pattern_is_a_regular_expression_within_bounds() {
        assert_eq!(wrong("B-[0-9]{4}"), None);
        assert_eq!(wrong("test-pattern"), None);
        assert_eq!(wrong("ab(cd"), Some(2));
        assert_eq!(wrong("a{5,2}"), Some(1));
        assert!(wrong(&"(".repeat(4_000)).is_some());
        assert!(wrong("(((a{1000}){1000}){1000})").is_some());
        assert!(wrong(&"a".repeat(5_000)).is_some());
    }
}
