//! `form-by-type`: what a list holds has the form, and is no more, than other members of the record ask for.
//!
//! Parameters: `lists`, each a `list` with the members that it goes `by`; and by the words of these, one within the other and `any`
//! for all others, `forms`, that a field's `format` names, `twelve-digits` or `pair`, two texts around a colon; and `most`.

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
#[derive(Clone, Copy, Debug)]
enum Form {
    Known(Format),
    TwelveDigits,
    Pair,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let lists = params.parts("lists").map(|part| Ok((part.field("list")?, part.fields("by")?)));
    Ok(Box::new(FormByType {
        kind: Kind(params.kind()),
        lists: lists.collect::<Result<_, String>>()?,
        forms: params.maybe_read::<Tree<String>>("forms")?.read(&|word| Form::named(params, word))?,
        most: params.maybe_read("most")?,
    }))
}

impl<T> Default for Tree<T> {
    fn default() -> Tree<T> {
        Tree::Node(BTreeMap::new())
    }
}

impl Tree<String> {
    /// The same, with what each word stands for.
    fn read<T>(&self, of: &dyn Fn(&str) -> Result<T, String>) -> Result<Tree<T>, String> {
        Ok(match self {
            Tree::Leaf(word) => Tree::Leaf(of(word)?),
            Tree::Node(by) => {
                let by = by.iter().map(|(word, within)| Ok((word.clone(), within.read(of)?)));
                Tree::Node(by.collect::<Result<_, String>>()?)
            }
        })
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

impl Form {
    fn named(params: Params<'_>, word: &str) -> Result<Form, String> {
        match word {
            "twelve-digits" => Ok(Form::TwelveDigits),
            "pair" => Ok(Form::Pair),
            word => {
                let format = serde_json::from_value(word.into()).map(Form::Known);
                format.map_err(|_| params.wrong(format!("`{word}` is no form, and no format of a field")))
            }
        }
    }

    /// Why a text is not written so, of which `what` is a word.
    fn refused(self, text: &str, what: &str) -> Option<String> {
        let holds = match self {
            Form::Known(format) => return format.check(text).err(),
            Form::TwelveDigits => text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()),
            Form::Pair => {
                text.split_once(':').is_some_and(|(one, other)| !one.is_empty() && !other.is_empty())
            }
        };
        (!holds).then(|| format!("`{text}` is no {what}"))
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
                let whose = if words.len() > 1 { format!(" for {first}") } else { String::new() };
                return refused(format!("A maximum of {most} items of {last} is allowed{whose}"));
            }
            let Some(form) = self.forms.of(&words) else { continue };
            let what = if words.len() > 1 { format!("{last} of {first}") } else { (*last).to_owned() };
            let mut wrong = change.new.texts(list).filter_map(|text| form.refused(text, &what));
            if let Some(why) = wrong.next() {
                let by = by.last().map(String::as_str).unwrap_or_default();
                return refused(match form {
                    Form::Known(_) => format!("{why} ({by} {last})"),
                    _ => why,
                });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Form, Tree};

    #[test]
    fn items_have_their_form() {
        let holds = |form: Form, text: &str| form.refused(text, "x").is_none();
        assert!(holds(Form::TwelveDigits, "123456789012") && !holds(Form::TwelveDigits, "12345678901x"));
        assert!(!holds(Form::TwelveDigits, "1234567890123") && holds(Form::Pair, "tenant:policy"));
        assert!(!holds(Form::Pair, "tenant") && !holds(Form::Pair, ":policy"));
    }

    #[test]
    fn words_lead_to_what_is_said_by_them_or_by_any() {
        let most: Tree<usize> =
            serde_json::from_value(json!({ "A": 7, "B": { "any": 1, "c": 2 } })).expect("a tree");
        let told = [["A", "x"], ["B", "c"], ["B", "x"], ["C", "x"]].map(|words| most.of(&words));
        assert_eq!(told, [Some(7), Some(2), Some(1), None]);
    }
}
