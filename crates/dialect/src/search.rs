//! The filter grammar of one family: `field OP value`, joined by ` AND `, words parted by spaces or plus signs.

use zuno_engine::{Clause, Comparison, Search};

/// The operators as they are written, longest first where one begins another.
const OPERATORS: &[(&str, Comparison)] = &[
    ("CONTAINS", Comparison::Contains),
    ("STARTSWITH", Comparison::StartsWith),
    ("ENDSWITH", Comparison::EndsWith),
    ("LIKE", Comparison::Contains),
    ("GTEQ", Comparison::AtLeast),
    ("LTEQ", Comparison::AtMost),
    ("EQ", Comparison::Equal),
    ("NE", Comparison::NotEqual),
    ("NQ", Comparison::NotEqual),
    ("GE", Comparison::AtLeast),
    ("LE", Comparison::AtMost),
    ("GT", Comparison::Greater),
    ("LT", Comparison::Less),
];

/// Reads a search. Without an operator it is plain text; an empty one asks for nothing.
pub fn parse(text: &str) -> Option<Search> {
    if text.trim().is_empty() {
        return None;
    }
    let mut clauses = Vec::new();
    for part in text.split(" AND ").flat_map(|part| part.split("+AND+")) {
        match clause(part) {
            Some(clause) => clauses.push(clause),
            None => return Some(Search::Text(text.replace('+', " ").trim().to_owned())),
        }
    }
    Some(Search::Clauses(clauses))
}

/// `name+EQ+Service Edge` and `name EQ Service Edge` are the same (seen). Where pluses part the words, those within the
/// value are spaces too (client: terraform zpa); else the value is kept as it is.
fn clause(text: &str) -> Option<Clause> {
    let text = text.trim_start_matches([' ', '+']);
    let (field, rest) = text.split_once([' ', '+'])?;
    let rest = rest.trim_start_matches([' ', '+']);
    let (word, value) = rest.split_once([' ', '+'])?;
    let value = match rest.as_bytes().get(word.len()) {
        Some(b'+') => value.replace('+', " "),
        _ => value.to_owned(),
    };
    let (_, comparison) = OPERATORS.iter().find(|(operator, _)| operator.eq_ignore_ascii_case(word))?;
    let plain = !field.is_empty() && field.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
    plain.then(|| Clause { field: field.to_owned(), comparison: *comparison, value })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use zuno_engine::{Clause, Comparison, Search};

    use super::parse;

    fn equal(field: &str, value: &str) -> Search {
        Search::Clauses(vec![Clause {
            field: field.into(),
            comparison: Comparison::Equal,
            value: value.into(),
        }])
    }

    #[test]
    fn plus_signs_and_spaces_part_the_first_words_and_the_value_keeps_its_own() {
        assert_eq!(parse("name+EQ+Root"), Some(equal("name", "Root")));
        assert_eq!(parse("name+EQ+Service Edge"), Some(equal("name", "Service Edge")));
        assert_eq!(parse("name eq A   B"), Some(equal("name", "A   B")));
        assert_eq!(parse("name EQ a+b"), Some(equal("name", "a+b")));
        assert_eq!(parse("name+EQ+A+b"), Some(equal("name", "A b")));
        assert_eq!(parse("name+EQ+A+ b"), Some(equal("name", "A  b")));
    }

    #[test]
    fn without_an_operator_it_is_text() {
        assert_eq!(parse("finance apps"), Some(Search::Text("finance apps".into())));
        assert_eq!(parse("name EQ"), Some(Search::Text("name EQ".into())));
        assert_eq!(parse("  "), None);
    }

    #[test]
    fn clauses_are_joined_by_and() {
        let Some(Search::Clauses(clauses)) = parse("a EQ x AND b GT 15d") else { panic!("two clauses") };
        assert_eq!(clauses.len(), 2);
        assert_eq!(clauses[1].comparison, Comparison::Greater);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".*") {
            let _ = parse(&text);
        }
    }
}
