//! Regular expressions that a tenant writes, compiled in bounded time and space.
//!
//! A class such as `\W` stands for some hundred ranges of characters before anything is compiled, so that a kilobyte of
//! classes costs a second though it is refused in the end. So such classes are counted first, and what all patterns of one
//! call or of one tenant may take is a sum that each takes its part of. What brackets list one by one, as in
//! `[A-Za-z0-9._%+-]`, stands for itself, and costs no more than its length.

use std::convert::Infallible;

use regex::{Error, Regex, RegexBuilder};
use regex_syntax::ast;

/// Bytes that one compiled pattern may take, tried in turn: what it took is known to the next step only.
const SIZES: [usize; 4] = [16 << 10, 64 << 10, 256 << 10, 1 << 20];
/// How deep a pattern may nest.
const DEEPEST: u32 = 50;
/// The most classes in one pattern, and the bytes of its room that each takes.
const CLASSES: usize = 64;
const CLASS: usize = 16 << 10;
/// The most characters of a range that is none: a wider one is looked through for letters of another case.
const NARROW: u32 = 256;

/// What patterns may still take, in bytes of compiled form.
#[derive(Debug, Clone, Copy)]
pub struct PatternRoom(usize);

impl PatternRoom {
    /// What the patterns of one call may take.
    pub const CALL: PatternRoom = PatternRoom(16 << 20);
    /// What all of a tenant's may take, so that stored lines cannot exhaust the memory.
    pub const TENANT: PatternRoom = PatternRoom(64 << 20);

    /// Compiles a pattern, whose case counts or not.
    ///
    /// # Errors
    /// It is no regular expression, nests deeper than 50, holds more than 64 classes, or there is no room left for it.
    pub fn compile(&mut self, text: &str, ignoring_case: bool) -> Result<Regex, Error> {
        let mut parser = ast::parse::ParserBuilder::new();
        let parsed = parser.nest_limit(DEEPEST).build().parse(text);
        let classes = match &parsed {
            Ok(tree) => ast::visit(tree, Classes(0)).unwrap_or_else(|never| match never {}),
            // The compiler tells the same in its own words, and before it has done anything else.
            Err(_) => 0,
        };
        let Some(room) = self.0.checked_sub(classes * CLASS).filter(|_| classes <= CLASSES) else {
            return Err(Error::Syntax(format!("more than {CLASSES} classes, or too many patterns")));
        };
        let mut builder = RegexBuilder::new(text);
        builder.case_insensitive(ignoring_case).nest_limit(DEEPEST);
        let mut why = Error::CompiledTooBig(room);
        for size in SIZES.into_iter().filter(|size| *size <= room) {
            match builder.size_limit(size).dfa_size_limit(size).build() {
                Ok(regex) => {
                    self.0 = room - size;
                    return Ok(regex);
                }
                Err(error) => why = error,
            }
            if !matches!(why, Error::CompiledTooBig(_)) {
                break;
            }
        }
        Err(why)
    }
}

/// Counts the classes of a pattern that stand for many ranges: named ones, those that are turned round, those within
/// others, and wide ranges.
struct Classes(usize);

impl ast::Visitor for Classes {
    type Output = usize;
    type Err = Infallible;

    fn finish(self) -> Result<usize, Infallible> {
        Ok(self.0)
    }

    fn visit_pre(&mut self, tree: &ast::Ast) -> Result<(), Infallible> {
        self.0 += usize::from(match tree {
            ast::Ast::ClassUnicode(_) | ast::Ast::ClassPerl(_) => true,
            ast::Ast::ClassBracketed(brackets) => brackets.negated,
            _ => false,
        });
        Ok(())
    }

    fn visit_class_set_item_pre(&mut self, item: &ast::ClassSetItem) -> Result<(), Infallible> {
        use ast::ClassSetItem as Item;
        self.0 += usize::from(match item {
            Item::Unicode(_) | Item::Perl(_) | Item::Bracketed(_) => true,
            Item::Ascii(named) => named.negated,
            Item::Range(range) => u32::from(range.end.c) - u32::from(range.start.c) > NARROW,
            Item::Empty(_) | Item::Literal(_) | Item::Union(_) => false,
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex_syntax::ParserBuilder;
    use regex_syntax::hir::{Class, Hir, HirKind};

    use super::{CLASSES, PatternRoom};

    /// The ranges that the largest class stands for, letters of both cases counted: `\PL` has 660, `\W` 770.
    const RANGES: usize = 1_600;

    /// Pieces that a hostile pattern is made of.
    const PIECES: [&str; 14] = [
        "\\w",
        "\\W",
        "\\PL",
        "[^a]",
        "[^a-z0-9]",
        "[\\w\\W]",
        "[[^a]&&\\w]",
        "[[:^alpha:]]",
        "[\u{0}-\u{10ffff}]",
        "[A-Za-z0-9._%+-]",
        "[\u{3b1}-\u{3c9}]",
        "[aceg]",
        "x",
        "|",
    ];

    /// How many ranges a pattern stands for once its classes are written out.
    fn ranges(pattern: &str) -> usize {
        fn count(tree: &Hir) -> usize {
            match tree.kind() {
                HirKind::Class(Class::Unicode(class)) => class.ranges().len(),
                HirKind::Class(Class::Bytes(class)) => class.ranges().len(),
                other => other.subs().iter().map(count).sum(),
            }
        }
        count(&ParserBuilder::new().case_insensitive(true).build().parse(pattern).expect("it is a pattern"))
    }

    fn is_counted_out(pattern: &str) -> bool {
        let compiled = { PatternRoom::CALL }.compile(pattern, true);
        compiled.is_err_and(|why| why.to_string().contains("classes"))
    }

    #[test]
    fn classes_are_counted_before_any_is_compiled() {
        let mut room = PatternRoom::CALL;
        for pattern in [
            "\\W",
            "\\PL|",
            "\\p{Greek}",
            "[^a]",
            "[\\w\\W]",
            "[[^a]&&\\w]",
            "[[:^alpha:]]",
            "[\u{0}-\u{10ffff}]",
        ] {
            assert!(room.compile(pattern, true).is_ok(), "{pattern}");
            assert!(is_counted_out(&pattern.repeat(100)), "{pattern}");
        }
        assert!(room.compile("https?://[a-z0-9.-]+/[^/]+\\.(exe|msi)$", true).is_ok());
    }

    #[test]
    fn what_brackets_list_is_no_class() {
        let mut room = PatternRoom::CALL;
        let address = "[A-Za-z0-9._%+-]+@".repeat(60);
        assert!(room.compile(&address, true).is_ok(), "{:?}", room.compile(&address, true));
        assert!(room.compile(&"[äöüÄÖÜß0-9а-я]".repeat(40), true).is_ok());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

        /// The time that it takes follows from these.
        #[test]
        fn a_pattern_stands_for_few_ranges_or_is_counted_out(
            pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..120),
        ) {
            let pattern = pieces.concat();
            prop_assume!(pattern.len() <= 4_096);
            prop_assert!(is_counted_out(&pattern) || ranges(&pattern) <= CLASSES * RANGES + pattern.len());
        }
    }

    #[test]
    fn many_patterns_share_one_room() {
        let mut room = PatternRoom::CALL;
        let taken = (0..2_000).take_while(|number| room.compile(&format!("x{number}"), true).is_ok()).count();
        assert_eq!(taken, 1_024, "sixteen MiB are 1,024 times the least that one takes");
        let mut other = PatternRoom::TENANT;
        assert!(other.compile("x", true).is_ok());
    }
}
