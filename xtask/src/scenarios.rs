//! Which calls the conversations under `scenarios/` make: method and path, by the file's stem.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use zuno_catalogue::Method;

/// A call that is answered.
#[derive(Debug, PartialEq, Eq)]
pub struct Called {
    /// The method.
    pub method: Method,
    /// The path without its query, behind its product where another host knows it without.
    pub path: String,
    /// The host that it names, if it names one.
    pub host: Option<String>,
    /// Whether it is to succeed.
    pub succeeds: bool,
}

/// Every file's calls by product folder and file stem, `zpa/segment_group`.
///
/// # Errors
/// A folder or file that cannot be read.
pub fn read(root: &Path) -> Result<BTreeMap<String, Vec<Called>>> {
    let mut found = BTreeMap::new();
    for folder in folders(&root.join("scenarios"))? {
        let product = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for file in folders(&folder)? {
            if file.extension().is_some_and(|extension| extension == "md") {
                let stem = file.file_stem().unwrap_or_default().to_string_lossy();
                let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
                found.insert(format!("{product}/{stem}"), calls(&text));
            }
        }
    }
    Ok(found)
}

fn folders(path: &Path) -> Result<Vec<std::path::PathBuf>> {
    let entries = fs::read_dir(path).with_context(|| path.display().to_string())?;
    let mut found = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    found.sort();
    Ok(found)
}

/// The request lines of the ```api blocks, with the paths that other hosts know put behind their product.
fn calls(text: &str) -> Vec<Called> {
    let mut found: Vec<Called> = Vec::new();
    let (mut inside, mut is_begun) = (false, false);
    for line in text.lines() {
        if line.starts_with("```") {
            (inside, is_begun) = (line.trim() == "```api", false);
        } else if inside
            && let Some((method, rest)) = line.split_once(' ')
            && let Ok(method) = method.parse()
        {
            let target = rest.split([' ', '?']).next().unwrap_or_default();
            let prefix = match target.split('/').nth(1).unwrap_or_default() {
                "admin" => "/ziam",
                "mgmtconfig" | "userconfig" | "cbiconfig" | "waap-pra-config" => "/zpa",
                _ => "",
            };
            // The gateway folds empty labels away; a client is known to send them.
            found.push(Called {
                method,
                path: format!("{prefix}{target}").replace("//", "/"),
                host: None,
                succeeds: false,
            });
            is_begun = true;
        } else if is_request(line) {
            // What follows is not of the request before.
            is_begun = false;
        } else if is_begun && let Some(call) = found.last_mut() {
            if let Some((_, host)) =
                line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("host"))
            {
                call.host = Some(host.trim().to_owned());
            } else if let Some(status) = line.strip_prefix("--- ") {
                call.succeeds = status.trim().starts_with('2');
            }
        }
    }
    found
}

/// Whether a line is a request's, by whatever method.
fn is_request(line: &str) -> bool {
    line.split_once(' ').is_some_and(|(method, target)| {
        method.bytes().all(|byte| byte.is_ascii_uppercase())
            && (target.starts_with('/') || target.starts_with("http"))
    })
}

#[cfg(test)]
mod tests {
    use zuno_catalogue::Method;

    use super::{Called, calls};

    #[test]
    fn only_request_lines_inside_blocks_are_calls() {
        let text = "# GET /no\n```api\nGET /v1/x?page=1\nHost: a.b.net\n--- 401\n[]\n\nHEAD /v1/y\nhost: c.d.net\n--- 200\n\nPOST /admin/api/v1/users < user.json\n--- 201\n```\nPUT /no\n";
        let call = |method, path: &str, host: Option<&str>, succeeds| Called {
            method,
            path: path.into(),
            host: host.map(str::to_owned),
            succeeds,
        };
        let wanted = [
            call(Method::Get, "/v1/x", Some("a.b.net"), false),
            call(Method::Post, "/ziam/admin/api/v1/users", None, true),
        ];
        assert_eq!(calls(text), wanted);
    }
}
