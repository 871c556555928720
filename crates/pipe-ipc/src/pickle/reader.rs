//! The pickle machine: a pickle is a program for a machine with a stack and a memo, and this runs it.

use super::budget::ExpansionBudget;
use super::error::{PickleError, Result};
use super::input::Input;
use super::node::{Arena, Global, Node, NodeId};
use super::opcode::{
    ADDITEMS, APPEND, APPENDS, BINGET, BINPUT, EMPTY_DICT, EMPTY_LIST, EMPTY_SET, EMPTY_TUPLE, FRAME,
    FROZENSET, GLOBAL, LONG_BINGET, LONG_BINPUT, MARK, MEMOIZE, NEXT_BUFFER, POP, POP_MARK, PROTO,
    READONLY_BUFFER, REDUCE, SETITEM, SETITEMS, STACK_GLOBAL, STOP, TUPLE, TUPLE1, TUPLE2, TUPLE3,
};
use super::value::Pickle;
use super::{reduce, scalar};

// What a truncated message cuts off.
const MEMO_KEY: &str = "a memo key";
const NAME: &str = "the name of a class";

const EMPTY_STACK: &str = "pops a value from an empty stack";

/// The machine's state between two opcodes.
///
/// Each opcode takes time in proportion to its own bytes and to the values that it pops.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    input: Input<'a>,
    /// The position of the current opcode.
    at: usize,
    arena: Arena<'a>,
    stack: Vec<NodeId>,
    /// The height of the stack at each mark. The stack never shrinks below the last of them.
    marks: Vec<usize>,
    /// The values that the pickle may refer to again. Picklers number them from zero.
    memo: Vec<NodeId>,
    budget: ExpansionBudget,
}

impl<'a> Reader<'a> {
    /// Runs the pickle at the start of `message`. Ignores the bytes after it, as Python does.
    ///
    /// # Errors
    /// If `message` is not a pickle of a plain value.
    pub(super) fn run(message: &'a [u8]) -> Result<Pickle<'a>> {
        let mut reader = Self {
            input: Input::new(message),
            at: 0,
            arena: Arena::default(),
            stack: Vec::new(),
            marks: Vec::new(),
            memo: Vec::new(),
            budget: ExpansionBudget::for_message(message.len()),
        };
        loop {
            reader.at = reader.input.position();
            match reader.input.byte("a value")? {
                STOP => break,
                opcode => reader.step(opcode)?,
            }
        }
        let [root] = reader.pop()?;
        Ok(Pickle { root, arena: reader.arena, budget: reader.budget })
    }

    fn step(&mut self, opcode: u8) -> Result<()> {
        match opcode {
            PROTO => self.check_protocol(),
            FRAME => self.check_frame(),
            MARK => {
                self.marks.push(self.stack.len());
                Ok(())
            }
            POP => self.pop::<1>().map(drop),
            POP_MARK => self.pop_mark().map(drop),

            BINPUT | LONG_BINPUT | MEMOIZE => self.put(opcode),
            BINGET | LONG_BINGET => self.get(opcode),

            GLOBAL => self.global(),
            STACK_GLOBAL => self.stack_global(),
            REDUCE => self.reduce(),
            NEXT_BUFFER | READONLY_BUFFER => {
                Err(self.malformed("needs a buffer that is sent outside the pickle"))
            }
            _ => self.build(opcode),
        }
    }

    /// Runs an opcode that builds a collection or pushes a scalar.
    fn build(&mut self, opcode: u8) -> Result<()> {
        match opcode {
            EMPTY_LIST => self.push(Node::List(Vec::new())),
            EMPTY_TUPLE => self.push(Node::Tuple(Vec::new())),
            EMPTY_DICT => self.push(Node::Dict(Vec::new())),
            EMPTY_SET => self.push(Node::Set(Vec::new())),
            TUPLE => self.collect(Node::Tuple),
            FROZENSET => self.collect(Node::FrozenSet),
            TUPLE1 => self.tuple::<1>(),
            TUPLE2 => self.tuple::<2>(),
            TUPLE3 => self.tuple::<3>(),
            APPEND => self.append(),
            APPENDS => self.extend_list(),
            ADDITEMS => self.extend_set(),
            SETITEM => self.set_item(),
            SETITEMS => self.extend_dict(),
            _ => {
                let scalar = scalar::read(opcode, self.at, &mut self.input)?;
                self.push(scalar)
            }
        }
    }

    fn malformed(&self, problem: &'static str) -> PickleError {
        PickleError::Malformed { problem, at: self.at }
    }

    fn check_protocol(&mut self) -> Result<()> {
        match self.input.byte("the protocol")? {
            2..=5 => Ok(()),
            protocol => Err(PickleError::UnsupportedProtocol { protocol }),
        }
    }

    /// Frames let a reader fetch many bytes at once. Here the whole message is in memory.
    fn check_frame(&mut self) -> Result<()> {
        let length = u64::from_le_bytes(self.input.array("a frame")?);
        self.input.check_remaining(length, "a frame")
    }
}

/// The stack.
impl<'a> Reader<'a> {
    fn push(&mut self, node: Node<'a>) -> Result<()> {
        let id = self.arena.add(node).ok_or_else(|| self.malformed("has more than four billion values"))?;
        self.stack.push(id);
        Ok(())
    }

    /// Returns the values above the last mark, the top of the stack last. The values below are out of reach.
    fn above_mark(&self) -> &[NodeId] {
        let mark = self.marks.last().copied().unwrap_or(0);
        self.stack.get(mark..).unwrap_or_default()
    }

    fn top(&self) -> Result<NodeId> {
        self.above_mark().last().copied().ok_or_else(|| self.malformed(EMPTY_STACK))
    }

    /// Pops `N` values and returns them, the top of the stack last.
    fn pop<const N: usize>(&mut self) -> Result<[NodeId; N]> {
        let values = self.above_mark().last_chunk().copied().ok_or_else(|| self.malformed(EMPTY_STACK))?;
        self.stack.truncate(self.stack.len() - N);
        Ok(values)
    }

    /// Pops the last mark and the values above it.
    fn pop_mark(&mut self) -> Result<Vec<NodeId>> {
        let mark = self.marks.pop().ok_or_else(|| self.malformed("pops a MARK that was never pushed"))?;
        Ok(self.stack.split_off(mark))
    }
}

/// The memo.
impl Reader<'_> {
    fn put(&mut self, opcode: u8) -> Result<()> {
        let key = if opcode == MEMOIZE { self.memo.len() } else { self.memo_key(opcode)? };
        let top = self.top()?;
        if let Some(value) = self.memo.get_mut(key) {
            *value = top;
        } else if key == self.memo.len() {
            self.memo.push(top);
        } else {
            // A vector with gaps would let a short message allocate gigabytes, and picklers leave none.
            return Err(self.malformed("skips a memo key"));
        }
        Ok(())
    }

    fn get(&mut self, opcode: u8) -> Result<()> {
        let key = self.memo_key(opcode)?;
        let value = self.memo.get(key).ok_or_else(|| self.malformed("refers to an unknown memo key"))?;
        self.stack.push(*value);
        Ok(())
    }

    fn memo_key(&mut self, opcode: u8) -> Result<usize> {
        match opcode {
            BINPUT | BINGET => Ok(self.input.byte(MEMO_KEY)?.into()),
            _ => Ok(u32::from_le_bytes(self.input.array(MEMO_KEY)?) as usize),
        }
    }
}

/// The collections.
impl<'a> Reader<'a> {
    fn collect(&mut self, node: impl FnOnce(Vec<NodeId>) -> Node<'a>) -> Result<()> {
        let items = self.pop_mark()?;
        self.push(node(items))
    }

    fn tuple<const N: usize>(&mut self) -> Result<()> {
        let items: [_; N] = self.pop()?;
        self.push(Node::Tuple(items.to_vec()))
    }

    fn append(&mut self) -> Result<()> {
        let [item] = self.pop()?;
        self.top_list()?.push(item);
        Ok(())
    }

    fn extend_list(&mut self) -> Result<()> {
        let items = self.pop_mark()?;
        self.top_list()?.extend(items);
        Ok(())
    }

    fn extend_set(&mut self) -> Result<()> {
        let items = self.pop_mark()?;
        let top = self.top()?;
        let Node::Set(set) = self.arena.get_mut(top) else {
            return Err(self.malformed("adds items to a value that is not a set"));
        };
        set.extend(items);
        Ok(())
    }

    fn set_item(&mut self) -> Result<()> {
        let [key, value] = self.pop()?;
        self.top_dict()?.push([key, value]);
        Ok(())
    }

    fn extend_dict(&mut self) -> Result<()> {
        let items = self.pop_mark()?;
        let (entries, []) = items.as_chunks() else {
            return Err(self.malformed("has a key without a value"));
        };
        self.top_dict()?.extend_from_slice(entries);
        Ok(())
    }

    fn top_list(&mut self) -> Result<&mut Vec<NodeId>> {
        let (top, error) = (self.top()?, self.malformed("appends to a value that is not a list"));
        if let Node::List(items) = self.arena.get_mut(top) { Ok(items) } else { Err(error) }
    }

    fn top_dict(&mut self) -> Result<&mut Vec<[NodeId; 2]>> {
        let (top, error) = (self.top()?, self.malformed("sets an item of a value that is not a dict"));
        if let Node::Dict(entries) = self.arena.get_mut(top) { Ok(entries) } else { Err(error) }
    }
}

/// The classes and functions.
impl Reader<'_> {
    fn global(&mut self) -> Result<()> {
        let (module, name) = (self.input.line(NAME)?, self.input.line(NAME)?);
        self.push(Node::Global(Global::lookup(module, name)?))
    }

    fn stack_global(&mut self) -> Result<()> {
        let [module, name] = self.pop()?;
        let (Node::Str(module), Node::Str(name)) = (self.arena.get(module), self.arena.get(name)) else {
            return Err(self.malformed("names a class by a value that is not a string"));
        };
        let global = Global::lookup(module.as_bytes(), name.as_bytes())?;
        self.push(Node::Global(global))
    }

    fn reduce(&mut self) -> Result<()> {
        let [callable, arguments] = self.pop()?;
        let (Node::Global(global), Node::Tuple(arguments)) =
            (self.arena.get(callable), self.arena.get(arguments))
        else {
            return Err(self.malformed("applies REDUCE to a value that is not callable"));
        };
        let node = reduce::call(*global, arguments, &self.arena, &self.budget)?;
        let node =
            node.ok_or_else(|| self.malformed("calls a class with arguments that it does not accept"))?;
        self.push(node)
    }
}
