//! What a call sends: JSON, text as it is, or a form with a file in it.

use serde_json::Value;

/// What a call sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    media: String,
    bytes: Vec<u8>,
}

impl Body {
    /// JSON.
    pub fn json(value: &Value) -> Body {
        Body { media: "application/json".into(), bytes: value.to_string().into_bytes() }
    }

    /// Text as it is.
    pub fn text(bytes: Vec<u8>) -> Body {
        Body { media: "text/plain".into(), bytes }
    }

    /// A form with a file in it.
    pub fn form(name: &str, bytes: &[u8]) -> Body {
        // What tells the parts apart must not occur in the file: as long as it does, it grows.
        let mut boundary = "part".to_owned();
        while bytes.windows(boundary.len()).any(|window| window == boundary.as_bytes()) {
            boundary.push('x');
        }
        let name = name.replace(['"', '\r', '\n'], "_");
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"fileUpload\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        let end = format!("\r\n--{boundary}--\r\n");
        let bytes = [head.as_bytes(), bytes, end.as_bytes()].concat();
        Body { media: format!("multipart/form-data; boundary={boundary}"), bytes }
    }

    /// Its media type, and itself.
    pub fn sent(&self) -> (&str, &[u8]) {
        (&self.media, &self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::Body;

    #[test]
    fn what_tells_parts_apart_is_not_in_the_file() {
        let (media, bytes) = (Body::form("a\"b.pem", b"part partx"), b"part partx");
        let (media, sent) = (media.sent().0.to_owned(), media.sent().1.to_vec());
        assert_eq!(media, "multipart/form-data; boundary=partxx");
        let text = String::from_utf8(sent).expect("text");
        assert!(text.starts_with("--partxx\r\n") && text.ends_with("\r\n--partxx--\r\n"));
        assert!(
            text.contains("filename=\"a_b.pem\"\r\n")
                && text.contains(std::str::from_utf8(bytes).expect("text"))
        );
    }
}
