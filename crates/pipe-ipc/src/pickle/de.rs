//! Deserializes a value of a pickle into any type, through serde.

use std::slice;

use num_bigint::BigInt;
use num_traits::ToPrimitive;
use serde::de::value::SeqDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Unexpected, VariantAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;

use super::error::{PickleError, Result};
use super::node::{Node, NodeId};
use super::value::Value;

/// The two forms of a variant of an enum, for errors.
const VARIANT: &str = "the name of a variant, or a dict that maps it to its content";

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
                let mut access = Items { parent: self, left: items.iter() };
                let value = visitor.visit_seq(&mut access)?;
                access.check_end(items.len())?;
                Ok(value)
            }
            Node::Dict(entries) => {
                visitor.visit_map(Entries { parent: self, left: entries.iter(), value: None })
            }
            Node::Global(global) => Err(global.as_value_error()),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.node {
            Node::None => visitor.visit_none(),
            // Counts as a level: a type may contain itself in nothing but options and newtypes.
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

    /// Deserializes bytes as a sequence too.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let (Node::Bytes(bytes) | Node::ByteArray(bytes)) = self.node else {
            return self.deserialize_any(visitor);
        };
        self.charge_numbers(bytes.len())?;
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

    /// Deserializes a variant from its name, or from a dict that maps the name to the content.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        let variant = match self.node {
            Node::Str(_) => Variant { name: self, content: None },
            Node::Dict(entries) => {
                let [[name, content]] = entries[..] else {
                    return Err(Error::invalid_length(entries.len(), &VARIANT));
                };
                Variant { name: self.child(name)?, content: Some(self.child(content)?) }
            }
            Node::Global(global) => return Err(global.as_value_error()),
            _ => return Err(Error::invalid_type(self.unexpected(), &VARIANT)),
        };
        visitor.visit_enum(variant)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_f64(visitor)
    }

    /// Deserializes an integer of any size as the nearest float, as Python's `float()` does.
    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let Node::BigInt(bytes) = self.node else { return self.deserialize_any(visitor) };
        match BigInt::from_signed_bytes_le(bytes).to_f64().filter(|value| value.is_finite()) {
            Some(value) => visitor.visit_f64(value),
            None => Err(Error::invalid_value(
                Unexpected::Other("integer that is too large for a float"),
                &visitor,
            )),
        }
    }

    /// Skips a value without copying it.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 char str string bytes byte_buf unit unit_struct map
        struct identifier
    }
}

impl Value<'_> {
    /// Describes the value for serde's errors.
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
    let value = BigInt::from_signed_bytes_le(bytes);
    match (value.to_u64(), value.to_i128(), value.to_u128()) {
        (Some(value), ..) => visitor.visit_u64(value),
        (None, Some(value), _) => visitor.visit_i128(value),
        (None, None, Some(value)) => visitor.visit_u128(value),
        (None, None, None) => {
            Err(Error::invalid_type(Unexpected::Other("integer of more than 128 bits"), &visitor))
        }
    }
}

/// The items of a sequence.
struct Items<'de> {
    parent: Value<'de>,
    left: slice::Iter<'de, NodeId>,
}

impl Items<'_> {
    /// Checks that the visitor has taken all of `length` items.
    fn check_end(&self, length: usize) -> Result<()> {
        if self.left.len() == 0 {
            return Ok(());
        }
        let expected = format!("a sequence of length {}", length - self.left.len());
        Err(Error::invalid_length(length, &expected.as_str()))
    }
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = PickleError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let Some(item) = self.left.next() else { return Ok(None) };
        seed.deserialize(self.parent.child(*item)?).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left.len())
    }
}

/// The entries of a dict.
struct Entries<'de> {
    parent: Value<'de>,
    left: slice::Iter<'de, [NodeId; 2]>,
    /// The value of the key that was read last.
    value: Option<NodeId>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = PickleError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        let Some([key, value]) = self.left.next() else { return Ok(None) };
        self.value = Some(*value);
        seed.deserialize(self.parent.child(*key)?).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        let value =
            self.value.take().ok_or_else(|| Error::custom("the value was requested before its key"))?;
        seed.deserialize(self.parent.child(value)?)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left.len())
    }
}

/// A variant of an enum and its content.
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
            Some(content) => Err(Error::invalid_type(content.unexpected(), &"unit variant")),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        seed.deserialize(self.content("newtype variant")?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value> {
        self.content("tuple variant")?.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.content("struct variant")?.deserialize_any(visitor)
    }
}
