//! serde reads a pickle.

use std::slice;

use serde::de::value::SeqDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Unexpected, VariantAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;

use super::big_int;
use super::error::{PickleError, Result};
use super::node::{Node, NodeId};
use super::value::Value;

impl<'de> Deserializer<'de> for Value<'de> {
    type Error = PickleError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.node {
            Node::None => visitor.visit_unit(),
            Node::Bool(value) => visitor.visit_bool(*value),
            Node::Int(value) => visitor.visit_i64(*value),
            Node::BigInt(bytes) => visit_big_int(bytes, visitor),
            Node::Float(value) => visitor.visit_f64(*value),
            Node::Bytes(bytes) | Node::ByteArray(bytes) => visitor.visit_borrowed_bytes(bytes),
            Node::Str(text) => visitor.visit_borrowed_str(text),
            Node::List(items) | Node::Tuple(items) | Node::Set(items) | Node::FrozenSet(items) => {
                let mut access = Items { whole: self, left: items.iter() };
                let value = visitor.visit_seq(&mut access)?;
                access.end(items.len())?;
                Ok(value)
            }
            Node::Dict(entries) => {
                visitor.visit_map(Entries { whole: self, left: entries.iter(), value: None })
            }
            Node::Global(global) => Err(global.as_value_error()),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.node {
            Node::None => visitor.visit_none(),
            // A level, for types that hold themselves in options and newtypes alone.
            _ => visitor.visit_some(self.descend()?),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_newtype_struct(self.descend()?)
    }

    /// Bytes are a sequence too where one is asked for.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let (Node::Bytes(bytes) | Node::ByteArray(bytes)) = self.node else {
            return self.deserialize_any(visitor);
        };
        let mut access = SeqDeserializer::new(bytes.iter().copied());
        let value = visitor.visit_seq(&mut access)?;
        access.end()?;
        Ok(value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    /// A variant is its name, or a dict with its name and its content.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        let variant = match self.node {
            Node::Str(_) => Variant { name: self, content: None },
            Node::Dict(entries) => match entries[..] {
                [[name, content]] => Variant { name: self.child(name)?, content: Some(self.child(content)?) },
                _ => {
                    return Err(Error::invalid_length(
                        entries.len(),
                        &"a dict with the name of a variant alone",
                    ));
                }
            },
            Node::Global(global) => return Err(global.as_value_error()),
            _ => return Err(Error::invalid_type(self.unexpected(), &"a variant's name, or a dict with it")),
        };
        visitor.visit_enum(variant)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_f64(visitor)
    }

    /// An integer is a float too where one is asked for, however large.
    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let Node::BigInt(bytes) = self.node else { return self.deserialize_any(visitor) };
        match big_int::to_f64(bytes) {
            Some(value) => visitor.visit_f64(value),
            None => Err(Error::invalid_value(Unexpected::Other("integer beyond every float"), &visitor)),
        }
    }

    /// What nobody wants is not unfolded.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 char str string bytes byte_buf unit unit_struct map
        struct identifier
    }
}

impl Value<'_> {
    /// What serde's errors call it.
    fn unexpected(&self) -> Unexpected<'_> {
        match self.node {
            Node::None => Unexpected::Unit,
            Node::Bool(value) => Unexpected::Bool(*value),
            Node::Int(value) => Unexpected::Signed(*value),
            Node::BigInt(_) => Unexpected::Other("big integer"),
            Node::Float(value) => Unexpected::Float(*value),
            Node::Bytes(bytes) | Node::ByteArray(bytes) => Unexpected::Bytes(bytes),
            Node::Str(text) => Unexpected::Str(text),
            Node::List(_) | Node::Tuple(_) | Node::Set(_) | Node::FrozenSet(_) => Unexpected::Seq,
            Node::Dict(_) => Unexpected::Map,
            Node::Global(_) => Unexpected::Other("class"),
        }
    }
}

fn visit_big_int<'de, V: Visitor<'de>>(bytes: &[u8], visitor: V) -> Result<V::Value> {
    match (big_int::to_i128(bytes), big_int::to_u128(bytes)) {
        (Some(value), _) => match u64::try_from(value) {
            Ok(value) => visitor.visit_u64(value),
            Err(_) => visitor.visit_i128(value),
        },
        (None, Some(value)) => visitor.visit_u128(value),
        (None, None) => {
            Err(Error::invalid_type(Unexpected::Other("integer of more than 128 bits"), &visitor))
        }
    }
}

/// The items of a sequence.
struct Items<'de> {
    whole: Value<'de>,
    left: slice::Iter<'de, NodeId>,
}

impl Items<'_> {
    /// Holds that none is left of so many.
    fn end(&self, length: usize) -> Result<()> {
        match length - self.left.len() {
            taken if taken < length => Err(Error::invalid_length(length, &&*format!("{taken} items"))),
            _ => Ok(()),
        }
    }
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = PickleError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let Some(number) = self.left.next() else { return Ok(None) };
        seed.deserialize(self.whole.child(*number)?).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left.len())
    }
}

/// The entries of a dict.
struct Entries<'de> {
    whole: Value<'de>,
    left: slice::Iter<'de, [NodeId; 2]>,
    /// What belongs to the key that was taken last.
    value: Option<NodeId>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = PickleError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        let Some([key, value]) = self.left.next() else { return Ok(None) };
        self.value = Some(*value);
        seed.deserialize(self.whole.child(*key)?).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        let value = self.value.take().ok_or_else(|| Error::custom("a value is asked for before its key"))?;
        seed.deserialize(self.whole.child(value)?)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left.len())
    }
}

/// A variant of an enum, and what it holds.
struct Variant<'de> {
    name: Value<'de>,
    content: Option<Value<'de>>,
}

impl<'de> Variant<'de> {
    fn content(self, expected: &'static str) -> Result<Value<'de>> {
        self.content.ok_or_else(|| Error::invalid_type(Unexpected::UnitVariant, &expected))
    }
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = PickleError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self)> {
        Ok((seed.deserialize(self.name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = PickleError;

    fn unit_variant(self) -> Result<()> {
        match self.content {
            None | Some(Value { node: Node::None, .. }) => Ok(()),
            Some(content) => Err(Error::invalid_type(content.unexpected(), &"a variant that holds nothing")),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        seed.deserialize(self.content("a variant that holds a value")?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value> {
        self.content("a variant that holds a sequence")?.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.content("a variant that holds a dict")?.deserialize_any(visitor)
    }
}
