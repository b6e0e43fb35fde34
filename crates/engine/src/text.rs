//! JSON text that the store has written, taken apart without making values of it: where each member or item begins and
//! ends, so that it can be copied. What the store would not write is refused, and is then read as any other text is.

/// How deep objects and lists may stand in each other, as for whatever reads JSON.
const DEEPEST: usize = 127;

/// Calls with each member of an object, its name as it is written and its value's text. False if the text is no object.
pub fn members<'t>(text: &'t str, mut take: impl FnMut(&'t str, &'t str)) -> bool {
    let mut rest = Rest { text, at: 0 };
    if !rest.takes(b'{') {
        return false;
    }
    if rest.takes(b'}') {
        return rest.is_over();
    }
    loop {
        let Some(name) = rest.string().filter(|_| rest.takes(b':')) else { return false };
        let Some(value) = rest.value(0) else { return false };
        take(&name[1..name.len() - 1], value);
        if !rest.takes(b',') {
            return rest.takes(b'}') && rest.is_over();
        }
    }
}

/// Calls with the text of each item of a list. False if the text is no list.
pub fn items<'t>(text: &'t str, mut take: impl FnMut(&'t str)) -> bool {
    let mut rest = Rest { text, at: 0 };
    if !rest.takes(b'[') {
        return false;
    }
    if rest.takes(b']') {
        return rest.is_over();
    }
    loop {
        let Some(value) = rest.value(0) else { return false };
        take(value);
        if !rest.takes(b',') {
            return rest.takes(b']') && rest.is_over();
        }
    }
}

/// What a string says, where it is written as it is.
pub fn plain(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    (!inner.contains('\\')).then_some(inner)
}

struct Rest<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Rest<'t> {
    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn takes(&mut self, byte: u8) -> bool {
        let found = self.next() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn is_over(&self) -> bool {
        self.at == self.text.len()
    }

    fn value(&mut self, depth: usize) -> Option<&'t str> {
        let start = self.at;
        match self.next()? {
            b'"' => return self.string(),
            b'{' if depth < DEEPEST => {
                self.at += 1;
                if !self.takes(b'}') {
                    loop {
                        self.string().filter(|_| self.takes(b':'))?;
                        self.value(depth + 1)?;
                        if !self.takes(b',') {
                            break;
                        }
                    }
                    self.takes(b'}').then_some(())?;
                }
            }
            b'[' if depth < DEEPEST => {
                self.at += 1;
                if !self.takes(b']') {
                    loop {
                        self.value(depth + 1)?;
                        if !self.takes(b',') {
                            break;
                        }
                    }
                    self.takes(b']').then_some(())?;
                }
            }
            b't' => self.word("true")?,
            b'f' => self.word("false")?,
            b'n' => self.word("null")?,
            b'-' | b'0'..=b'9' => {
                let of_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
                self.at += self.text.as_bytes()[start..].iter().take_while(|byte| of_number(byte)).count();
            }
            _ => return None,
        }
        Some(&self.text[start..self.at])
    }

    fn word(&mut self, word: &str) -> Option<()> {
        let found = self.text[self.at..].starts_with(word);
        self.at += word.len();
        found.then_some(())
    }

    /// A string with its quotes.
    fn string(&mut self) -> Option<&'t str> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        if !self.takes(b'"') {
            return None;
        }
        loop {
            let passed = bytes[self.at..].iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
            self.at += passed + 1;
            if bytes[self.at - 1] == b'"' {
                return Some(&self.text[start..self.at]);
            }
            // Whatever is escaped is one byte of ASCII, or begins with one.
            self.text.get(self.at + 1..)?;
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value};

    use super::{items, members, plain};

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            // What is read of a number with many digits may be another, by the last of them; what is copied is not.
            any::<i32>().prop_map(|quarters| Value::from(f64::from(quarters) / 4.0)),
            "\\PC{0,12}".prop_map(Value::from),
            "[\\x00-\\x7f]{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
                prop::collection::vec(("[a-z\"\\\\é]{0,6}", inner), 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    fn read(text: &str) -> Value {
        serde_json::from_str(text).expect("a part of valid JSON is valid")
    }

    proptest! {
        #[test]
        fn what_is_taken_apart_is_what_was_written(value in json()) {
            let text = value.to_string();
            let mut found = Map::new();
            let is_object = members(&text, |name, value| {
                found.insert(read(&format!("\"{name}\"")).as_str().expect("a name").to_owned(), read(value));
            });
            prop_assert_eq!(is_object, value.is_object());
            if is_object {
                prop_assert_eq!(&Value::Object(found), &value);
            }
            let mut listed = Vec::new();
            let is_list = items(&text, |item| listed.push(read(item)));
            prop_assert_eq!(is_list, value.is_array());
            if is_list {
                prop_assert_eq!(&Value::Array(listed), &value);
            }
            if let (Some(inner), Value::String(said)) = (plain(&text), &value) {
                prop_assert_eq!(inner, said);
            }
        }

        #[test]
        fn what_is_cut_off_is_refused(value in json(), cut in 0.0..1.0) {
            let text = serde_json::json!({ "a": value, "b": [1] }).to_string();
            let mut end = (text.len() as f64 * cut) as usize;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            let taken = [members(&text[..end], |_, _| {}), items(&text[..end], |_| {})];
            prop_assert_eq!(taken, [false; 2]);
        }

        #[test]
        fn no_text_at_all_is_too_odd_to_be_refused(text in "\\PC*|[\\[\\]{}\",:\\\\tfn0-9 é]{0,40}") {
            members(&text, |_, _| {});
            items(&text, |_| {});
        }
    }

    #[test]
    fn what_is_nested_without_an_end_is_refused() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let text = format!("[{}1{}]", open.repeat(100_000), close.repeat(100_000));
            assert!(!items(&text, |_| {}));
        }
        assert!(!members("{\"a\":tru}", |_, _| {}) && !members("{\"a\":1 }", |_, _| {}));
    }
}
