//! `form-by-type`: what a list holds has the form, and is no more, than other members of the record ask for.
//!
//! Parameters: `lists`, each a `list` with the members that it goes `by`; and by the words of these, one within the other and `any`
//! for all others, `forms`, that a field's `format` names, `digits` (twelve) or `pair`, two texts around a colon; and `most`.

use std::collections::BTreeMap;

use serde::Deserialize;
use zuno_catalogue::{Format, Members};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Kind};

/// The guarantee for one resource.
struct FormByType {
    kind: Kind,
    lists: Vec<(String, Vec<String>)>,
    forms: Tree<Form>,
    most: Tree<usize>,
}

/// What is said by word, or by several one within the other.
#[derive(Deserialize)]
#[serde(untagged)]
enum Tree<T> {
    Leaf(T),
    Node(BTreeMap<String, Tree<T>>),
}

/// How one is written.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged)]
enum Form {
    Known(Format),
    Own(Own),
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Own {
    Digits,
    Pair,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let lists = params.parts("lists").map(|part| Ok((part.field("list")?, part.fields("by")?)));
    Ok(Box::new(FormByType {
        kind: Kind(params.kind()),
        lists: lists.collect::<Result<_, String>>()?,
        forms: params.maybe_read("forms")?,
        most: params.maybe_read("most")?,
    }))
}

impl<T> Default for Tree<T> {
    fn default() -> Tree<T> {
        Tree::Node(BTreeMap::new())
    }
}

impl<T: Copy> Tree<T> {
    fn of(&self, words: &[&str]) -> Option<T> {
        match (self, words) {
            (Tree::Leaf(said), _) => Some(*said),
            (Tree::Node(by), [first, rest @ ..]) => by.get(*first).or_else(|| by.get("any"))?.of(rest),
            (Tree::Node(_), []) => None,
        }
    }
}

impl Own {
    fn holds(self, item: &str) -> bool {
        match self {
            Own::Digits => item.len() == 12 && item.bytes().all(|byte| byte.is_ascii_digit()),
            Own::Pair => {
                item.split_once(':').is_some_and(|(one, other)| !one.is_empty() && !other.is_empty())
            }
        }
    }
}

impl Behaviour for FormByType {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        for (list, by) in &self.lists {
            let words: Vec<&str> =
                by.iter().map(|member| change.new.text(member).unwrap_or_default()).collect();
            let (first, last) = (words.first().unwrap_or(&""), words.last().unwrap_or(&""));
            let refused = |words: String| Err(Fault::said(&self.kind, list, words));
            if let Some(most) = self.most.of(&words).filter(|most| change.new.items(list).len() > *most) {
                return refused(format!("A maximum of {most} items of {last} is allowed for {first}"));
            }
            let Some(form) = self.forms.of(&words) else { continue };
            for text in change.new.texts(list) {
                match form {
                    Form::Known(format) => {
                        if let Err(why) = format.check(text) {
                            let by = by.last().map(String::as_str).unwrap_or_default();
                            return refused(format!("{why} ({by} {last})"));
                        }
                    }
                    Form::Own(form) if form.holds(text) => {}
                    Form::Own(_) => return refused(format!("`{text}` is no {last} of {first}")),
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Own, Tree};

    #[test]
    fn items_have_their_form() {
        assert!(Own::Digits.holds("123456789012") && !Own::Digits.holds("12345678901x"));
        assert!(!Own::Digits.holds("1234567890123") && Own::Pair.holds("tenant:policy"));
        assert!(!Own::Pair.holds("tenant") && !Own::Pair.holds(":policy"));
    }

    #[test]
    fn words_lead_to_what_is_said_by_them_or_by_any() {
        let most: Tree<usize> =
            serde_json::from_value(json!({ "A": 7, "B": { "any": 1, "c": 2 } })).expect("a tree");
        let told = [["A", "x"], ["B", "c"], ["B", "x"], ["C", "x"]].map(|words| most.of(&words));
        assert_eq!(told, [Some(7), Some(2), Some(1), None]);
    }
}
