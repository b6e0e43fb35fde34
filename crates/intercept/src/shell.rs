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
    /// Commands that set `variables`; for people each under a comment with its reason, which JSON cannot have.
    ///
    /// Without reasons every command ends with a semicolon, so that a shell that was given them as one line, as by
    /// `eval $(zuno env)`, still reads them. Secrets are written out: leave them out of `variables` where they must not
    /// show.
    pub fn render(self, variables: &[Variable], reasons: bool) -> String {
        if self == Shell::Json {
            let object: serde_json::Map<String, serde_json::Value> =
                variables.iter().map(|v| (v.name.to_owned(), v.value.clone().into())).collect();
            return format!("{:#}\n", serde_json::Value::Object(object));
        }
        let lines = variables.iter().map(|Variable { name, value, reason, .. }| {
            let told = if reasons { format!("# {reason}\n") } else { String::new() };
            format!("{told}{}", self.set(name, value))
        });
        lines.collect()
    }

    /// A command that sets a variable.
    pub fn set(self, name: &str, value: &str) -> String {
        if self == Shell::Sh && is_split(value) {
            return printed(name, value);
        }
        let value = self.quote(value);
        match self {
            Shell::Fish => format!("set -gx {name} {value};\n"),
            Shell::PowerShell => format!("$env:{name} = {value};\n"),
            Shell::Sh | Shell::Json => format!("export {name}={value};\n"),
        }
    }

    /// Commands that take variables away.
    pub fn unset(self, names: &[&str]) -> String {
        let each = |one: &dyn Fn(&str) -> String| names.iter().map(|name| one(name)).collect();
        match self {
            Shell::Sh if names.is_empty() => String::new(),
            Shell::Sh => format!("unset {};\n", names.join(" ")),
            Shell::Fish => each(&|name| format!("set -e {name};\n")),
            Shell::PowerShell => each(&|name| format!("Remove-Item Env:{name} -ErrorAction Ignore;\n")),
            Shell::Json => String::new(),
        }
    }

    /// A command that fails, so that a shell that stops at failures stops, and `&&` goes no further.
    pub fn fail(self, why: &str) -> String {
        match self {
            Shell::Sh | Shell::Fish => "false;\n".into(),
            Shell::PowerShell => format!("throw {};\n", self.quote(why)),
            Shell::Json => String::new(),
        }
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

/// Whether an unquoted expansion would change the text: blanks that are more than one, and patterns of files.
fn is_split(text: &str) -> bool {
    text.contains(['*', '?', '[', '\t', '\n']) || text.contains("  ")
}

/// A command that sets a variable to what a POSIX shell prints, of characters that no expansion changes. A mark at the
/// end keeps line ends that the shell would take away there.
fn printed(name: &str, text: &str) -> String {
    let mut word = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b':' | b'=' => {
                word.push(byte.into())
            }
            other => word.push_str(&format!("\\0{other:03o}")),
        }
    }
    format!("export {name}=\"$(printf '%b_' '{word}')\"; {name}=\"${{{name}%_}}\";\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::process::Command;

    fn one(value: &str) -> [Variable; 1] {
        [Variable { name: "ZUNO_WORD", value: value.into(), reason: "a test's word", secret: true }]
    }

    /// What a shell prints.
    fn spoken(shell: &str, script: &str) -> String {
        let said = Command::new(shell).current_dir("/").arg("-c").arg(script).output().unwrap();
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        String::from_utf8(said.stdout).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn sh_reads_back_what_was_quoted(value in "([^\\x00]|['\"\\\\$`!\n\t *~#;&|]){0,24}") {
            let script = Shell::Sh.render(&one(&value), false) + "printf %s \"$ZUNO_WORD\"";
            prop_assert_eq!(spoken("sh", &script), value);
        }

        #[test]
        fn sh_reads_back_what_was_given_to_it_unquoted(value in "([^\\x00]|['\"\\\\$`!\n\t *~#;&|?\\[\\]]){0,24}") {
            let words = Shell::Sh.render(&one(&value), false);
            for shell in ["sh", "bash"] {
                let script = format!("{}eval $WORDS\nprintf %s \"$ZUNO_WORD\"", Shell::Sh.set("WORDS", &words));
                prop_assert_eq!(&spoken(shell, &script), &value, "{}", shell);
            }
        }

        #[test]
        fn json_reads_back_what_was_written(value in any::<String>()) {
            let read: serde_json::Value = serde_json::from_str(&Shell::Json.render(&one(&value), false)).unwrap();
            prop_assert_eq!(read["ZUNO_WORD"].as_str(), Some(value.as_str()));
        }
    }

    #[test]
    fn each_shell_has_its_own_words() {
        let word = one("it's \\ \u{2019}");
        let sh = "export ZUNO_WORD='it'\\''s \\ \u{2019}';\n";
        assert_eq!(Shell::Sh.render(&word, false), sh);
        assert_eq!(Shell::Sh.render(&word, true), format!("# a test's word\n{sh}"));
        assert_eq!(Shell::Fish.render(&word, false), "set -gx ZUNO_WORD 'it\\'s \\\\ \u{2019}';\n");
        assert_eq!(Shell::PowerShell.render(&word, false), "$env:ZUNO_WORD = 'it''s \\ \u{2019}\u{2019}';\n");
    }
}
