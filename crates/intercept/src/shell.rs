//! The environment in the words of a shell.

use crate::environment::Variable;

/// A shell, or JSON for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shell {
    /// POSIX shells: sh, bash, zsh, dash.
    Sh,
    /// fish.
    Fish,
    /// PowerShell, of Windows and 7.
    PowerShell,
    /// One object of names and values.
    Json,
}

impl Shell {
    /// Commands that set `variables`, each under a comment with its reason; JSON has no comments.
    ///
    /// Secrets are written out: leave them out of `variables` where they must not show.
    pub fn render(self, variables: &[Variable]) -> String {
        if self == Shell::Json {
            let object: serde_json::Map<String, serde_json::Value> =
                variables.iter().map(|v| (v.name.to_owned(), v.value.clone().into())).collect();
            return format!("{:#}\n", serde_json::Value::Object(object));
        }
        variables
            .iter()
            .map(|Variable { name, value, reason, .. }| {
                let value = self.quote(value);
                match self {
                    Shell::Fish => format!("# {reason}\nset -gx {name} {value}\n"),
                    Shell::PowerShell => format!("# {reason}\n$env:{name} = {value}\n"),
                    Shell::Sh | Shell::Json => format!("# {reason}\nexport {name}={value}\n"),
                }
            })
            .collect()
    }

    /// `text` as one word of the shell, whatever it contains; no shell can hold a NUL.
    fn quote(self, text: &str) -> String {
        let mut word = String::with_capacity(text.len() + 2);
        word.push('\'');
        for c in text.chars() {
            match (self, c) {
                (Shell::Sh, '\'') => word.push_str("'\\''"),
                (Shell::Fish, '\'' | '\\') => word.extend(['\\', c]),
                // PowerShell ends a string at typographic quotes too.
                (Shell::PowerShell, '\'' | '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}') => {
                    word.extend([c, c]);
                }
                _ => word.push(c),
            }
        }
        word.push('\'');
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::process::Command;

    fn one(value: &str) -> [Variable; 1] {
        [Variable { name: "ZUNO_WORD", value: value.into(), reason: "a test's word", secret: true }]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn sh_reads_back_what_was_quoted(value in "([^\\x00]|['\"\\\\$`!\n\t *~#;&|]){0,24}") {
            let script = Shell::Sh.render(&one(&value)) + "printf %s \"$ZUNO_WORD\"";
            let said = Command::new("sh").arg("-c").arg(script).output().unwrap();
            prop_assert!(said.status.success());
            prop_assert_eq!(String::from_utf8(said.stdout).unwrap(), value);
        }

        #[test]
        fn json_reads_back_what_was_written(value in any::<String>()) {
            let read: serde_json::Value = serde_json::from_str(&Shell::Json.render(&one(&value))).unwrap();
            prop_assert_eq!(read["ZUNO_WORD"].as_str(), Some(value.as_str()));
        }
    }

    #[test]
    fn each_shell_has_its_own_words() {
        let word = one("it's \\ \u{2019}");
        assert_eq!(Shell::Sh.render(&word), "# a test's word\nexport ZUNO_WORD='it'\\''s \\ \u{2019}'\n");
        assert_eq!(Shell::Fish.render(&word), "# a test's word\nset -gx ZUNO_WORD 'it\\'s \\\\ \u{2019}'\n");
        assert_eq!(
            Shell::PowerShell.render(&word),
            "# a test's word\n$env:ZUNO_WORD = 'it''s \\ \u{2019}\u{2019}'\n"
        );
    }
}
