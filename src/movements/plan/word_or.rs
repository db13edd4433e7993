//! Members that are a word, or something that says more. Read by what they are and not by trying, so that what is wrong
//! inside is told where it stands. For `deserialize_with`. PURE.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{
        Error, MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer, StrDeserializer},
    },
};

/// What is a word, or the other.
pub trait WordOr<'de>: Sized {
    type Word: Deserialize<'de> + Into<Self>;
    type Other: Deserialize<'de> + Into<Self>;
    /// As serde calls the other.
    const OTHER: &'static str;
}

pub fn read<'de, T: WordOr<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(Reader(PhantomData))
}

pub fn read_if_any<'de, T: WordOr<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_option(Optional(PhantomData))
}

struct Reader<T>(PhantomData<T>);

impl<'de, T: WordOr<'de>> Visitor<'de> for Reader<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::OTHER)
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<T, E> {
        T::Word::deserialize(StrDeserializer::new(word)).map(Into::into)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        T::Other::deserialize(MapAccessDeserializer::new(members)).map(Into::into)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<T, A::Error> {
        T::Other::deserialize(SeqAccessDeserializer::new(items)).map(Into::into)
    }
}

struct Optional<T>(PhantomData<T>);

impl<'de, T: WordOr<'de>> Visitor<'de> for Optional<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::OTHER)
    }

    fn visit_none<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        read(deserializer).map(Some)
    }
}
