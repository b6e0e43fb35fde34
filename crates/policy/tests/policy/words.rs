//! The page on what-if names every word that an answer may have.

use serde::Serialize;
use zuno_policy::{Action, Assumption, Module, Outcome};

#[test]
fn the_page_names_every_word() {
    let page = include_str!("../../../../docs/what-if.md");
    fn words<T: Serialize>(all: &[T]) -> impl Iterator<Item = String> {
        all.iter().map(|word| serde_json::to_value(word).expect("a word").as_str().expect("text").to_owned())
    }
    let all =
        words(Action::ALL).chain(words(Module::ALL)).chain(words(Outcome::ALL)).chain(words(Assumption::ALL));
    let missing: Vec<String> = all.filter(|word| !page.contains(&format!("`{word}`"))).collect();
    assert_eq!(missing, Vec::<String>::new());
}
