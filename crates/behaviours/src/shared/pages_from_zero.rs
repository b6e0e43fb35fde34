//! `pages-from-zero`: a list whose pages are counted from 0, by parameters of the query that other lists do not have.
//!
//! Parameters: `number` and `size`, those parameters, whatever the case of their first letter (client: go writes `PageNumber`
//! where it is documented otherwise), and `most`, how many records a page holds when it does not say, and at most.

use zuno_engine::{Behaviour, Call, Context, ListQuery, Outcome, Params};
use zuno_model::{Fault, Kind};

/// The guarantee for one resource.
struct PagesFromZero {
    kind: Kind,
    number: String,
    size: String,
    most: u64,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(PagesFromZero {
        kind: Kind(params.kind()),
        number: params.text("number")?,
        size: params.text("size")?,
        most: params.needed_number("most")?,
    }))
}

/// A name with a capital at its front.
fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

impl PagesFromZero {
    fn asked(&self, call: &Call, name: &str) -> Result<Option<u64>, Fault> {
        let text = call.query(name).or_else(|| call.query(&capital(name))).filter(|text| !text.is_empty());
        let read = |text: &str| {
            text.trim().parse().map_err(|_| Fault::said(&self.kind, name, format!("`{text}` is no number")))
        };
        text.map(read).transpose()
    }
}

impl Behaviour for PagesFromZero {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let number = self.asked(call, &self.number)?.unwrap_or(0);
        let size = self.asked(call, &self.size)?.unwrap_or(self.most).clamp(1, self.most);
        let skip = number.saturating_mul(size);
        cx.list_part(&ListQuery { skip, take: Some(size), number, size, ..cx.list_query() })
    }
}

#[cfg(test)]
mod tests {
    use super::capital;

    #[test]
    fn the_first_letter_alone_becomes_a_capital() {
        assert_eq!((capital("pageNumber"), capital("")), ("PageNumber".to_owned(), String::new()));
    }
}
