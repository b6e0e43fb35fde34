//! The first fault of a script that decides on proxies: JavaScript as browsers read it. The words are those of the linter
//! that the cloud's answers look like (guessed: severity 2 and `fatal` for what cannot be read, seen to be members of it).

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use tree_sitter::{Language, Node, ParseOptions, Parser, Tree, TreeCursor};

/// How many times the parser reports before it is stopped: it does so at every hundred steps. A file of the greatest length,
/// made to be hard, takes a tenth of that.
const PATIENCE: u32 = 100_000;

/// How long the parser may take in all. Where it looks for a way on behind a fault, one step takes as long as the script is
/// deep, so that their number bounds no time; a script of the greatest length that is not made to be hard takes a hundredth.
const LONGEST: Duration = Duration::from_secs(5);

/// How much of a token a message repeats.
const TOLD: usize = 60;

/// What is wrong, and where: from 1, in lines and letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line.
    pub line: usize,
    /// The letter of the line.
    pub column: usize,
    /// In words.
    pub message: String,
}

/// What was found in a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It can be read, and defines a function of the name wanted.
    Sound,
    /// It can be read, and does not.
    WithoutEntry,
    /// It cannot be read.
    Broken(Fault),
}

/// Reads a script, as far as its first fault; `entry` is the function that it has to define.
pub fn check(text: &str, entry: &str) -> Found {
    let language: Language = tree_sitter_javascript::LANGUAGE.into();
    let broken = |at: usize, message: String| Found::Broken(fault(text, at, message));
    let Some(tree) = parse(text, &language, LONGEST) else {
        return broken(0, "Parsing error: the script is too intricate".into());
    };
    let mut reader = Reader { text, language: &language, functions: 0, entry, defined: false };
    match reader.walk(&mut tree.walk()) {
        Err((at, message)) => broken(at, format!("Parsing error: {message}")),
        Ok(()) if reader.defined => Found::Sound,
        Ok(()) => Found::WithoutEntry,
    }
}

/// Nothing where it takes longer than it may. No answer to what is written in earnest depends on the clock.
fn parse(text: &str, language: &Language, longest: Duration) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(language).ok()?;
    let (mut left, began) = (PATIENCE, Instant::now());
    let mut patient = |_: &tree_sitter::ParseState| {
        left = left.saturating_sub(1);
        if left == 0 || began.elapsed() > longest {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let bytes = text.as_bytes();
    let mut from = |at: usize, _| bytes.get(at..).unwrap_or_default();
    parser.parse_with_options(&mut from, None, Some(ParseOptions::new().progress_callback(&mut patient)))
}

fn fault(text: &str, at: usize, message: String) -> Fault {
    let before = &text[..text.floor_char_boundary(at)];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Fault { line, column, message }
}

/// A place in the text, and what is wrong there.
type Wrong = (usize, String);

struct Reader<'t> {
    text: &'t str,
    language: &'t Language,
    /// How many functions are open.
    functions: usize,
    entry: &'t str,
    defined: bool,
}

impl Reader<'_> {
    /// Every node in the order of the text, without a call for each level: a script may be as deep as it is long.
    fn walk(&mut self, cursor: &mut TreeCursor<'_>) -> Result<(), Wrong> {
        loop {
            let node = cursor.node();
            self.look(node)?;
            if cursor.goto_first_child() {
                self.functions += usize::from(is_function(node));
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return Ok(());
                }
                self.functions -= usize::from(is_function(cursor.node()));
            }
        }
    }

    fn look(&mut self, node: Node<'_>) -> Result<(), Wrong> {
        if node.is_missing() {
            return Err(self.unexpected(node.start_byte()));
        }
        if node.is_error() {
            return Err(self.within(node));
        }
        match node.kind() {
            "return_statement" if self.functions == 0 => {
                Err((node.start_byte(), "'return' outside of function".into()))
            }
            "function_declaration" => {
                let name = node.child_by_field_name("name").and_then(|name| self.text.get(name.byte_range()));
                self.defined |= name == Some(self.entry);
                Ok(())
            }
            // `var FindProxyForURL = function …` and the like.
            "variable_declarator" | "assignment_expression" => {
                let name = node.child_by_field_name("name").or_else(|| node.child_by_field_name("left"));
                let name = name.and_then(|name| self.text.get(name.byte_range()));
                self.defined |= name == Some(self.entry);
                Ok(())
            }
            // The grammar takes more than browsers do.
            kind if kind.starts_with("jsx_") => Err(self.unexpected(node.start_byte())),
            "import_statement" | "export_statement" => {
                let words = "'import' and 'export' may appear only with 'sourceType: module'";
                Err((node.start_byte(), words.into()))
            }
            kind if kind.ends_with("identifier") => self.spelled(node),
            _ => Ok(()),
        }
    }

    /// A name has the letters of a name: the grammar takes any, such as the quotes of a word processor.
    fn spelled(&self, node: Node<'_>) -> Result<(), Wrong> {
        let name = self.text.get(node.byte_range()).unwrap_or_default();
        if name.contains('\\') {
            return Ok(());
        }
        let strange = name.char_indices().find(|(at, letter)| {
            let usual = matches!(letter, '$' | '_' | '#') || letter.is_alphabetic();
            let later =
                letter.is_alphanumeric() || matches!(letter, '\u{200c}' | '\u{200d}') || is_mark(*letter);
            !(usual || *at > 0 && later)
        });
        strange.map_or(Ok(()), |(at, letter)| {
            Err((node.start_byte() + at, format!("Unexpected character '{letter}'")))
        })
    }

    /// The token that could not stand where it does, in what was passed over from there.
    fn within(&self, node: Node<'_>) -> Wrong {
        let mut cursor = node.walk();
        let mut open = 0_usize;
        loop {
            let leaf = cursor.node();
            if cursor.goto_first_child() {
                continue;
            }
            // The grammar's states do not tell blocks from the whole: what closes must have been opened.
            match leaf.kind() {
                "(" | "[" | "{" | "${" => open += 1,
                ")" | "]" | "}" if open == 0 => return self.unexpected(leaf.start_byte()),
                ")" | "]" | "}" => open -= 1,
                _ => {}
            }
            if leaf.kind() == "\"" || leaf.kind() == "'" {
                let closed = leaf.next_sibling().is_none_or(|next| {
                    next.kind() != "string_fragment"
                        || next.next_sibling().is_some_and(|end| end.kind() == leaf.kind())
                });
                if !closed {
                    return (leaf.start_byte(), "Unterminated string constant".into());
                }
            }
            let unsound = leaf.parse_state() == 0 && leaf.start_byte() > 0;
            if unsound || leaf.is_error() || !self.may_follow(leaf) {
                return self.unexpected(leaf.start_byte());
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() || cursor.node() == node {
                    // All of it could stand there; what comes next could not.
                    return self.unexpected(node.end_byte());
                }
            }
        }
    }

    /// Whether the grammar has a place for a token where the parser met it.
    fn may_follow(&self, leaf: Node<'_>) -> bool {
        let known = self.language.lookahead_iterator(leaf.parse_state());
        known.is_none_or(|mut known| known.any(|symbol| symbol == leaf.grammar_id()))
    }

    /// The token at a place, or that the text ends.
    fn unexpected(&self, at: usize) -> Wrong {
        let rest = self.text.get(at..).unwrap_or_default();
        let start = at + (rest.len() - rest.trim_start().len());
        match token(rest.trim_start()) {
            "" => (start, "Unexpected token".into()),
            token if token.starts_with(['"', '\'']) && !closed(token) => {
                (start, "Unterminated string constant".into())
            }
            token => {
                let told: String = token.chars().take(TOLD).collect();
                (start, format!("Unexpected token {told}"))
            }
        }
    }
}

/// The first token of a text, as far as a message tells it.
fn token(text: &str) -> &str {
    let Some(first) = text.chars().next() else { return "" };
    let is_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
    let end = match first {
        '"' | '\'' => {
            let mut escaped = false;
            text.char_indices().skip(1).find_map(|(at, letter)| match letter {
                '\n' => Some(at),
                _ if escaped => {
                    escaped = false;
                    None
                }
                '\\' => {
                    escaped = true;
                    None
                }
                _ if letter == first => Some(at + 1),
                _ => None,
            })
        }
        _ if is_word(first) => text.find(|letter| !is_word(letter)),
        _ => Some(first.len_utf8()),
    };
    &text[..end.unwrap_or(text.len())]
}

fn closed(token: &str) -> bool {
    token.len() > 1 && token.chars().next() == token.chars().next_back()
}

fn is_function(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "function_declaration"
            | "function_expression"
            | "generator_function"
            | "generator_function_declaration"
            | "arrow_function"
            | "method_definition"
    )
}

/// Marks that join a letter before them.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{203f}' | '\u{2040}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEAD: &str = "function FindProxyForURL(url, host) {\n";

    fn found(body: &str) -> Found {
        check(&format!("{HEAD}{body}"), "FindProxyForURL")
    }

    fn broken(body: &str) -> (usize, usize, String) {
        match found(body) {
            Found::Broken(Fault { line, column, message }) => (line, column, message),
            other => panic!("{body}: {other:?}"),
        }
    }

    #[test]
    fn a_script_that_takes_too_long_is_given_up() {
        let text = "if (a) ".repeat(200) + "!" + &" else b".repeat(200);
        let language: Language = tree_sitter_javascript::LANGUAGE.into();
        assert!(parse(&text, &language, Duration::ZERO).is_none());
        assert!(parse(&text, &language, LONGEST).is_some());
    }

    #[test]
    fn what_browsers_take_is_sound() {
        for body in [
            "return \"DIRECT\";\n}",
            "  return 'PROXY ${GATEWAY}:80; DIRECT'\n}\nvar x = 1;",
            "if (/^(0|10)\\.[0-9.]+$/.test(host) || a / b / c) return \"DIRECT\"; else if (x) { } }",
            "var ä = host; let $b_1 = `t${ä}`; for (const c of [1, 2]) { } return (d => d + 1)(2); }",
            "with (host) { return x; } }",
            "return \"“quoted”\"; // “ and a comment\n}",
        ] {
            assert_eq!(found(body), Found::Sound, "{body}");
        }
        assert_eq!(
            check("var FindProxyForURL = function (u, h) { return 'DIRECT'; }", "FindProxyForURL"),
            Found::Sound
        );
    }

    #[test]
    fn a_script_without_its_function_is_told_apart() {
        assert_eq!(check("", "FindProxyForURL"), Found::WithoutEntry);
        assert_eq!(check("function findProxyForURL() { }", "FindProxyForURL"), Found::WithoutEntry);
    }

    #[test]
    fn the_first_fault_is_told_where_it_is() {
        let told = |line, column, words: &str| (line, column, format!("Parsing error: {words}"));
        for (body, wanted) in [
            ("  if (isPlainHostName(host) {\n    return 1;\n  }\n}\n", told(2, 29, "Unexpected token {")),
            ("  return \"DIRECT\";\n}\n}\n", told(4, 1, "Unexpected token }")),
            ("  return \"DIRECT;\n}\n", told(2, 10, "Unterminated string constant")),
            ("  var if = 1;\n}\n", told(2, 7, "Unexpected token if")),
            ("  return \"DIRECT\" \"PROXY\";\n}\n", told(2, 19, "Unexpected token \"PROXY\"")),
            ("  retrun \"DIRECT\";\n}\n", told(2, 10, "Unexpected token \"DIRECT\"")),
            ("  if (host == “a”) return 1;\n}\n", told(2, 15, "Unexpected character '“'")),
            ("  return 1;\n", told(3, 1, "Unexpected token")),
            ("  return <b>x</b>;\n}\n", told(2, 10, "Unexpected token <")),
        ] {
            assert_eq!(broken(body), wanted, "{body}");
        }
        assert_eq!(
            check("this is not a script", "x"),
            Found::Broken(Fault { line: 1, column: 6, message: "Parsing error: Unexpected token is".into() })
        );
        assert_eq!(
            check("var a = 1;\nreturn a;", "x"),
            Found::Broken(Fault {
                line: 2,
                column: 1,
                message: "Parsing error: 'return' outside of function".into()
            })
        );
    }

    #[test]
    fn a_script_may_be_as_deep_as_it_is_long() {
        const LONG: usize = 262_144;
        let nested = |open: &str, close: &str| {
            let levels = LONG / (open.len() + close.len());
            check(&format!("x={}0{};", open.repeat(levels), close.repeat(levels)), "x")
        };
        assert_eq!(nested("(", ")"), Found::Sound);
        assert_eq!(nested("[", "]"), Found::Sound);
        assert_eq!(nested("!", ""), Found::Sound);
        assert_eq!(nested("a||", ""), Found::Sound);
        assert_eq!(
            check(&"if(a)b;else ".repeat(LONG / 12), "x").clone(),
            check("if(a)b;else ", "x").clone().into_long()
        );
        for hard in ["}", "(]", "`${", "x y ", "if (x { 1; }\n"] {
            let text = hard.repeat(LONG / hard.len());
            assert!(matches!(check(&text, "x"), Found::Broken(_)), "{hard}");
        }
    }

    impl Found {
        /// What a fault at the end is told of a text that is longer.
        fn into_long(self) -> Found {
            match self {
                Found::Broken(fault) => Found::Broken(Fault { column: 262_144 / 12 * 12 + 1, ..fault }),
                other => other,
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_told_a_place_in_it(text in "([a-z(){}\\[\\];,.\"'`/*+!?:=\\\\\n “$]|if|else|return|function |var ){0,60}") {
            if let Found::Broken(fault) = check(&text, "x") {
                let lines: Vec<&str> = text.split('\n').collect();
                prop_assert!(fault.line <= lines.len());
                prop_assert!(fault.column <= lines[fault.line - 1].chars().count() + 1, "{fault:?}");
            }
        }
    }
}
