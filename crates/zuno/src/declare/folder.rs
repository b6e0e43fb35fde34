//! The folder that a configuration is declared in, and what a pull keeps in it until it is done.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};
use zuno_catalogue::Catalogue;
use zuno_intercept::files;
use zuno_plan::{Declared, FILES, LONGEST_FILE, Text, VERSION};

use super::reading::{Meanwhile, Told};

/// The file that says which form the others have.
const HEAD: &str = "zuno.yaml";
/// How many files are looked at.
const MOST_FILES: usize = 10_000;
/// The folder that what was read stays in until a pull is done.
const MEANWHILE: &str = ".pull";

/// What a folder says of itself.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    /// Which form its files have.
    version: u32,
}

/// What is declared in a folder, by kind.
///
/// # Errors
/// A file cannot be read, is too long, or says what makes no sense.
pub fn read(catalogue: &Catalogue, folder: &Path) -> Result<BTreeMap<String, Vec<Declared>>> {
    let shown = folder.display();
    let listed = fs::read_dir(folder).with_context(|| format!("cannot read the folder {shown}"))?;
    if let Some(head) = text(&folder.join(HEAD))? {
        let Head { version } = serde_saphyr::from_str(&head).with_context(|| format!("{shown}/{HEAD}"))?;
        if version != VERSION {
            bail!(
                "{shown} has the form {version}, and this Zuno reads the form {VERSION}: use the Zuno that wrote it"
            );
        }
    }
    let mut texts = Vec::new();
    for product in listed {
        let product = product.with_context(|| format!("cannot read {shown}"))?.path();
        if !product.is_dir() || hidden(&product) {
            continue;
        }
        let listed = fs::read_dir(&product).with_context(|| format!("cannot read {}", product.display()))?;
        for file in listed {
            let file = file.with_context(|| format!("cannot read {}", product.display()))?.path();
            let is_one = file.extension().is_some_and(|ending| FILES.iter().any(|known| ending == *known));
            if !is_one || hidden(&file) {
                continue;
            }
            let path = file.strip_prefix(folder).unwrap_or(&file).to_string_lossy().replace('\\', "/");
            texts.push(Text { path, text: text(&file)?.unwrap_or_default() });
            if texts.len() > MOST_FILES {
                bail!("{shown} has more than {MOST_FILES} files");
            }
        }
    }
    texts.sort_by(|one, other| one.path.cmp(&other.path));
    if texts.is_empty() {
        bail!(
            "nothing is declared in {shown}: a file is called PRODUCT/KIND.yaml, as in zia/rule_label.yaml"
        );
    }
    Ok(zuno_plan::read(catalogue, &texts)?)
}

fn hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

/// The text of a file, or nothing where there is none.
fn text(path: &Path) -> Result<Option<String>> {
    let shown = path.display();
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(wrong) if wrong.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(wrong) => return Err(wrong).with_context(|| format!("cannot read {shown}")),
    };
    let mut text = String::new();
    file.take(LONGEST_FILE + 1).read_to_string(&mut text).with_context(|| format!("cannot read {shown}"))?;
    if text.len() as u64 > LONGEST_FILE {
        bail!("{shown} is longer than {LONGEST_FILE} bytes");
    }
    Ok(Some(text))
}

/// Writes the files of a configuration, each whole or not at all.
///
/// # Errors
/// A file cannot be written.
pub fn write(folder: &Path, texts: &[Text]) -> Result<()> {
    let head = serde_saphyr::to_string(&Head { version: VERSION })?;
    let head = Text { path: HEAD.into(), text: head };
    for Text { path, text } in [&head].into_iter().chain(texts) {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)
                .with_context(|| format!("cannot make the folder {}", parent.display()))?;
        }
        files::replace(&path, text.as_bytes(), files::Readers::User)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// What a pull has read so far, in the folder that it writes to.
pub struct Unfinished {
    folder: PathBuf,
    /// Whether an earlier pull of the same tenant left something.
    pub continues: bool,
}

impl Unfinished {
    /// What an earlier pull of this tenant left, or nothing yet; what one of another tenant left goes.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn of(folder: &Path, tenant: &str, afresh: bool) -> Result<Unfinished> {
        let folder = folder.join(MEANWHILE);
        let named = folder.join("tenant");
        let continues = !afresh && text(&named)?.as_deref() == Some(tenant);
        let cannot = || format!("cannot write {}", folder.display());
        if !continues {
            if folder.exists() {
                fs::remove_dir_all(&folder).with_context(cannot)?;
            }
            fs::create_dir_all(&folder).with_context(cannot)?;
            files::replace(&named, tenant.as_bytes(), files::Readers::User).with_context(cannot)?;
        }
        Ok(Unfinished { folder, continues })
    }

    /// The pull is done.
    ///
    /// # Errors
    /// The folder cannot be removed.
    pub fn done(self) -> Result<()> {
        fs::remove_dir_all(&self.folder).with_context(|| format!("cannot remove {}", self.folder.display()))
    }

    fn file(&self, kind: &str) -> PathBuf {
        self.folder.join(format!("{kind}.json"))
    }
}

impl Meanwhile for Unfinished {
    fn kept(&self, kind: &str) -> Result<Option<Vec<Told>>> {
        let read = text(&self.file(kind))?;
        read.map(|text| Ok(serde_json::from_str(&text)?)).transpose()
    }

    fn keep(&self, kind: &str, told: &[Told]) -> Result<()> {
        let path = self.file(kind);
        files::replace(&path, &serde_json::to_vec(told)?, files::Readers::User)
            .with_context(|| format!("cannot write {}", path.display()))
    }
}
