//! Lines of a file of values, each in quotes (seen of another export); a value that is not there is empty without.

/// A line of these cells.
pub fn line<'a>(cells: impl IntoIterator<Item = Option<&'a str>>) -> String {
    let mut line = String::new();
    for (nth, cell) in cells.into_iter().enumerate() {
        if nth > 0 {
            line.push(',');
        }
        if let Some(text) = cell {
            line.push('"');
            line.push_str(&text.replace('"', "\"\""));
            line.push('"');
        }
    }
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn quotes_are_doubled_and_what_is_missing_is_empty() {
        assert_eq!(line([Some("a \"b\""), None, Some("c,\nd")]), "\"a \"\"b\"\"\",,\"c,\nd\"\n");
    }
}
