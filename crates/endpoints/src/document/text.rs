//! A text of a document with its meaning: the text stays as it was published.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::prefix::{PrefixFault, read_address, read_prefix};

/// What a text can mean.
pub trait Meaning: Sized {
    /// Reads a text that is not empty.
    ///
    /// # Errors
    /// It means nothing of this kind.
    fn read(text: &str) -> Result<Self, PrefixFault>;
}

impl Meaning for IpNet {
    fn read(text: &str) -> Result<IpNet, PrefixFault> {
        read_prefix(text.as_bytes()).map(|written| written.net)
    }
}

impl Meaning for IpAddr {
    fn read(text: &str) -> Result<IpAddr, PrefixFault> {
        read_address(text.as_bytes())
    }
}

/// A text and what it means; an empty text means nothing (seen: absent values are `""`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Text<T> {
    text: String,
    meaning: Option<T>,
}

impl<T> Default for Text<T> {
    fn default() -> Text<T> {
        Text { text: String::new(), meaning: None }
    }
}

impl<T: Meaning> Text<T> {
    /// Takes a text in.
    ///
    /// # Errors
    /// It is not empty and means nothing of this kind.
    pub fn new(text: impl Into<String>) -> Result<Text<T>, PrefixFault> {
        let text = text.into();
        let meaning = if text.trim().is_empty() { None } else { Some(T::read(&text)?) };
        Ok(Text { text, meaning })
    }

    /// As published.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl<T: Copy> Text<T> {
    /// What it means.
    pub fn get(&self) -> Option<T> {
        self.meaning
    }
}

impl<T> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de, T: Meaning> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text<T>, D::Error> {
        struct Reader<T>(std::marker::PhantomData<T>);

        impl<T: Meaning> Visitor<'_> for Reader<T> {
            type Value = Text<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text with an address or a prefix")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text<T>, E> {
                Text::new(text).map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Reader(std::marker::PhantomData))
    }
}
