//! A form with a file in it, `multipart/form-data`, read from a body that is whole.

use bytes::Bytes;
use http_body_util::{BodyDataStream, Full};
use multer::Multipart;
use serde_json::{Map, Value};
use zuno_engine::Upload;

/// The most parts that a form may have.
const PARTS: usize = 100;

/// What a form holds.
#[derive(Debug, Default, PartialEq)]
pub struct Form {
    /// The first of its files.
    pub file: Option<Upload>,
    /// The parts that are no files, each as text.
    pub words: Map<String, Value>,
}

/// Why a form is not read.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// It is no such form.
    #[error(transparent)]
    Malformed(#[from] multer::Error),
    /// It has too many parts.
    #[error("a form has at most {PARTS} parts")]
    Long,
}

/// What parts are told apart by, where a media type announces such a form.
pub fn boundary(media: &str) -> Option<String> {
    multer::parse_boundary(media).ok()
}

/// Reads a form.
///
/// # Errors
/// It is none, or too long.
pub async fn read(body: Bytes, boundary: String) -> Result<Form, Unread> {
    let stream = BodyDataStream::new(Full::new(body));
    let mut parts = Multipart::new(stream, boundary);
    let mut form = Form::default();
    for _ in 0..PARTS {
        let Some(part) = parts.next_field().await? else { return Ok(form) };
        let file = part.file_name().map(str::to_owned);
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await?;
        match file {
            Some(file) => {
                form.file.get_or_insert_with(|| Upload { name: file, bytes: bytes.to_vec() });
            }
            None => {
                form.words.insert(name, Value::String(String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
    }
    Err(Unread::Long)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::{Form, Unread, boundary, read};

    fn all(text: &str) -> Result<Form, Unread> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(read(text.replace('\n', "\r\n").into(), "b".to_owned()))
    }

    fn part(disposition: &str, text: &str) -> String {
        format!("--b\nContent-Disposition: form-data; {disposition}\n\n{text}\n")
    }

    #[test]
    fn a_form_has_a_file_and_words_beside_it() {
        let text = part(r#"name="certId""#, "14")
            + &part(r#"name="fileUpload"; filename="a b.pem""#, "one\ntwo")
            + &part(r#"name="other"; filename="c.pem""#, "three")
            + "--b--\n";
        let form = all(&text).expect("a form");
        assert_eq!(form.words.get("certId"), Some(&json!("14")));
        let file = form.file.expect("a file");
        assert_eq!((file.name.as_str(), file.bytes.as_slice()), ("a b.pem", b"one\r\ntwo".as_slice()));
    }

    #[test]
    fn what_is_no_form_is_refused() {
        assert_eq!(boundary("application/json"), None);
        assert_eq!(boundary("multipart/form-data"), None);
        assert_eq!(boundary("multipart/form-data; boundary=\"x y\"").as_deref(), Some("x y"));
        assert!(all("{}").is_err() && all("--b\nno header").is_err());
        let many = part("name=a", "").repeat(101) + "--b--\n";
        assert!(matches!(all(&many), Err(Unread::Long)));
    }

    proptest! {
        #[test]
        fn any_body_is_read_or_refused(text in "(--b|--|\n|[a-z]|Content-Disposition: form-data; |name=|\"|;){0,60}") {
            let _ = all(&text);
        }

        #[test]
        fn a_file_comes_as_it_was_sent(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assume!(!bytes.windows(3).any(|three| three == b"--b"));
            let head = "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n";
            let body = [head.as_bytes(), &bytes, b"\r\n--b--\r\n"].concat();
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
            let form = runtime.block_on(read(body.into(), "b".to_owned())).expect("a form");
            prop_assert_eq!(form.file.expect("a file").bytes, bytes);
        }
    }
}
