//! Archives of texts, for behaviours that hand out several at once.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};
use zuno_model::Fault;

/// An archive of texts, each under its name; the same texts make the same archive.
///
/// # Errors
/// Two have the same name.
pub fn archive<N: AsRef<str>, T: AsRef<str>>(parts: &[(N, T)]) -> Result<Vec<u8>, Fault> {
    let mut written = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o600);
    for (name, text) in parts {
        written.start_file(name.as_ref(), plain).map_err(Fault::broken)?;
        written.write_all(text.as_ref().as_bytes()).map_err(Fault::broken)?;
    }
    Ok(written.finish().map_err(Fault::broken)?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use zip::ZipArchive;

    use super::archive;

    #[test]
    fn an_archive_holds_what_was_put_into_it() {
        let parts = [("cert.pem", "one\n"), ("key.pem", "two\n")];
        let bytes = archive(&parts).expect("an archive");
        assert_eq!(bytes, archive(&parts).expect("an archive"), "and is the same again");
        let mut read = ZipArchive::new(Cursor::new(bytes)).expect("it is one");
        for (name, text) in parts {
            let mut found = String::new();
            read.by_name(name).expect("it is there").read_to_string(&mut found).expect("text");
            assert_eq!(found, text);
        }
    }
}
