//! A file as the sandbox knows it: its hashes, its type, and what is known of it.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use zuno_catalogue::Members;
use zuno_catalogue::handles::zia::sandbox_submission as member;
use zuno_model::Record;

use super::md5;

/// MD5, SHA-1, SHA-256, bytes, type, verdict, category, score, malware: files that everybody knows.
const KNOWN: &str = include_str!("known.tsv");

/// What the file of the antivirus makers begins with that every scanner is to find; in two, lest one finds it here.
const EICAR: [&[u8]; 2] = [br"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-", br"ANTIVIRUS-TEST-FILE!$H+H*"];

/// The hash of that file.
const EICAR_MD5: &str = "44d88612fea8a8f36de82e1278abb02f";

/// A file, and what the sandbox says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// 32 hexadecimal digits.
    pub md5: String,
    /// 40 hexadecimal digits.
    pub sha1: String,
    /// 64 hexadecimal digits.
    pub sha256: String,
    /// Its length in bytes.
    pub size: i64,
    /// What kind of file it is, `EXE`.
    pub file_type: String,
    /// What came of looking at it.
    pub verdict: Verdict,
}

/// What came of looking at a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// `MALICIOUS` or `BENIGN`.
    pub class: String,
    /// Of which sort, `MALWARE_BOTNET`.
    pub category: String,
    /// How sure that is, 0 to 100.
    pub score: i64,
    /// What the malware is called; empty for none.
    pub malware: String,
}

impl Verdict {
    /// Nothing was found.
    pub fn benign() -> Verdict {
        Verdict { class: "BENIGN".into(), category: "BENIGN".into(), score: 0, malware: String::new() }
    }

    /// Something was found.
    pub fn is_malicious(&self) -> bool {
        self.class == "MALICIOUS"
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a text is an MD5 hash as clients write one.
pub fn is_md5(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The kind of a file by its first bytes.
fn kind(bytes: &[u8]) -> &'static str {
    let begins: [(&[u8], &str); 10] = [
        (b"MZ", "EXE"),
        (b"PK\x03\x04", "ZIP"),
        (b"%PDF", "PDF"),
        (b"\x7fELF", "ELF"),
        (b"\x1f\x8b", "GZIP"),
        (b"Rar!", "RAR"),
        (b"7z\xbc\xaf", "7ZIP"),
        (b"\xd0\xcf\x11\xe0", "MS_OFFICE"),
        (b"{\\rtf", "RTF"),
        (b"\xca\xfe\xba\xbe", "CLASS"),
    ];
    let found = begins.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, kind)| *kind);
    found.unwrap_or(match std::str::from_utf8(bytes) {
        Ok(text) if !text.is_empty() => "TXT",
        _ => "UNKNOWN",
    })
}

/// The file of this hash, if everybody knows it.
pub fn known(md5: &str) -> Option<File> {
    KNOWN.lines().filter_map(read).find(|file| file.md5.eq_ignore_ascii_case(md5))
}

fn read(line: &str) -> Option<File> {
    let mut cells = line.split('\t').map(str::to_owned);
    let mut next = || cells.next();
    Some(File {
        md5: next()?,
        sha1: next()?,
        sha256: next()?,
        size: next()?.parse().ok()?,
        file_type: next()?,
        verdict: Verdict {
            class: next()?,
            category: next()?,
            score: next()?.parse().ok()?,
            malware: next().unwrap_or_default(),
        },
    })
}

impl File {
    /// A file by what it holds.
    pub fn of(bytes: &[u8]) -> File {
        let md5 = md5::of(bytes);
        if let Some(known) = known(&md5) {
            return known;
        }
        // The makers want it found with blanks behind it as well.
        let eicar = bytes.starts_with(&EICAR.concat()) && bytes.len() <= 128;
        let verdict = known(EICAR_MD5).filter(|_| eicar).map_or_else(Verdict::benign, |known| known.verdict);
        File {
            md5,
            sha1: hexadecimal(digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref()),
            sha256: hexadecimal(digest(&SHA256, bytes).as_ref()),
            size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            file_type: kind(bytes).to_owned(),
            verdict,
        }
    }

    /// A file that was handed in, as its record tells it.
    pub fn of_record(record: &Record) -> File {
        let text = |name: &str| record.text(name).unwrap_or_default().to_owned();
        let number = |name: &str| record.number(name).unwrap_or(0);
        File {
            md5: text(member::MD5.name),
            sha1: text(member::SHA1.name),
            sha256: text(member::SHA256.name),
            size: number(member::FILE_SIZE.name),
            file_type: text(member::FILE_TYPE.name),
            verdict: Verdict {
                class: text(member::VERDICT.name),
                category: text(member::CATEGORY.name),
                score: number(member::SCORE.name),
                malware: text(member::MALWARE.name),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{EICAR, File, KNOWN, is_md5, known};

    #[test]
    fn every_known_file_has_hashes_of_their_lengths() {
        for line in KNOWN.lines() {
            let md5 = line.split('\t').next().expect("a hash");
            let file = known(md5).expect("the line is read");
            assert!(is_md5(&file.md5) && file.sha1.len() == 40 && file.sha256.len() == 64, "{line}");
        }
    }

    #[test]
    fn the_test_file_is_found_and_other_text_is_not() {
        let file = File::of(&EICAR.concat());
        assert_eq!((file.md5.as_str(), file.size), (super::EICAR_MD5, 68));
        assert!(file.verdict.is_malicious());
        assert!(File::of(&[EICAR[0], EICAR[1], b"\r\n"].concat()).verdict.is_malicious());
        let plain = File::of(b"nothing to see here");
        assert_eq!((plain.file_type.as_str(), plain.verdict.class.as_str()), ("TXT", "BENIGN"));
        assert_eq!(File::of(b""), known("D41D8CD98F00B204E9800998ECF8427E").expect("it is known"));
    }
}
