//! The stack machine that a pickle is a program for.

use super::budget::ExpansionBudget;
use super::error::{PickleError, Result};
use super::input::Input;
use super::memo::Memo;
use super::node::{Arena, Node, NodeId, Pickle};
use super::opcode::{
    ADDITEMS, APPEND, APPENDS, BINGET, BINPUT, DICT, DUP, EMPTY_DICT, EMPTY_LIST, EMPTY_SET, EMPTY_TUPLE,
    FRAME, FROZENSET, GET, GLOBAL, INST, LIST, LONG_BINGET, LONG_BINPUT, MARK, MEMOIZE, NEXT_BUFFER, POP,
    POP_MARK, PROTO, PUT, READONLY_BUFFER, REDUCE, SETITEM, SETITEMS, STACK_GLOBAL, STOP, TUPLE, TUPLE1,
    TUPLE2, TUPLE3,
};
use super::reduce::Global;
use super::scalar;

/// The newest protocol there is.
const NEWEST_PROTOCOL: u8 = 5;

/// What the message is said to end in the middle of.
const MEMO_KEY: &str = "a reference";
const NAME: &str = "the name of a class";

/// What a pickle does that takes more off the stack than it has put there.
const EMPTY: &str = "takes a value off an empty stack";

/// The state between two opcodes.
///
/// Each opcode takes time in proportion to its own bytes and to the values that it takes off the stack.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    input: Input<'a>,
    /// Where the opcode stands that is being done.
    at: usize,
    nodes: Arena<'a>,
    stack: Vec<NodeId>,
    /// How high the stack was at each mark. It is never lower than at the last.
    marks: Vec<usize>,
    memo: Memo,
    budget: ExpansionBudget,
}

impl<'a> Reader<'a> {
    /// Runs the pickle that `message` begins with. What follows it is ignored, as Python does.
    ///
    /// # Errors
    /// When it is no pickle of a plain value.
    pub(super) fn run(message: &'a [u8]) -> Result<Pickle<'a>> {
        let mut machine = Self {
            input: Input::new(message),
            at: 0,
            nodes: Arena::default(),
            stack: Vec::new(),
            marks: Vec::new(),
            memo: Memo::default(),
            budget: ExpansionBudget::for_message(message.len()),
        };
        loop {
            machine.at = machine.input.position();
            match machine.input.byte("a value")? {
                STOP => break,
                opcode => machine.step(opcode)?,
            }
        }
        let [root] = machine.pop()?;
        Ok(Pickle { root, nodes: machine.nodes, budget: machine.budget })
    }

    fn step(&mut self, opcode: u8) -> Result<()> {
        match opcode {
            PROTO => self.check_protocol(),
            FRAME => self.check_frame(),
            MARK => {
                self.marks.push(self.stack.len());
                Ok(())
            }
            POP => self.discard(),
            POP_MARK => self.pop_mark().map(drop),
            DUP => self.duplicate(),

            PUT | BINPUT | LONG_BINPUT | MEMOIZE => self.put(opcode),
            GET | BINGET | LONG_BINGET => self.get(opcode),

            EMPTY_LIST => self.push(Node::List(Vec::new())),
            EMPTY_TUPLE => self.push(Node::Tuple(Vec::new())),
            EMPTY_DICT => self.push(Node::Dict(Vec::new())),
            EMPTY_SET => self.push(Node::Set(Vec::new())),
            LIST => self.collect(Node::List),
            TUPLE => self.collect(Node::Tuple),
            FROZENSET => self.collect(Node::FrozenSet),
            TUPLE1 => self.tuple::<1>(),
            TUPLE2 => self.tuple::<2>(),
            TUPLE3 => self.tuple::<3>(),
            DICT => self.dict(),
            APPEND => self.append(),
            APPENDS => self.extend_list(),
            ADDITEMS => self.extend_set(),
            SETITEM => self.set_item(),
            SETITEMS => self.extend_dict(),

            GLOBAL => self.global(),
            STACK_GLOBAL => self.stack_global(),
            REDUCE => self.call(),
            // An instance of a class in Python 2. It is no plain value; the error should say which.
            INST => self.global().and(Err(PickleError::Opcode { opcode, at: self.at })),
            NEXT_BUFFER | READONLY_BUFFER => Err(self.malformed("wants a buffer that was sent beside it")),
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
        let protocol = self.input.byte("its protocol")?;
        if protocol > NEWEST_PROTOCOL { Err(self.malformed("has a protocol above 5")) } else { Ok(()) }
    }

    /// A frame is only there so that a reader need not ask for a few bytes at a time.
    fn check_frame(&mut self) -> Result<()> {
        let length = u64::from_le_bytes(self.input.array("a frame")?);
        self.input.expect(length, "a frame")
    }
}

/// The stack.
impl<'a> Reader<'a> {
    fn push(&mut self, node: Node<'a>) -> Result<()> {
        let number =
            self.nodes.add(node).ok_or_else(|| self.malformed("has more than four billion values"))?;
        self.stack.push(number);
        Ok(())
    }

    /// The values above the last mark, the uppermost last. Nothing below is taken off while the mark is there.
    fn above_mark(&self) -> &[NodeId] {
        let mark = self.marks.last().copied().unwrap_or(0);
        self.stack.get(mark..).unwrap_or_default()
    }

    fn top(&self) -> Result<NodeId> {
        self.above_mark().last().copied().ok_or_else(|| self.malformed(EMPTY))
    }

    /// Takes off the last `N` values, the uppermost last.
    fn pop<const N: usize>(&mut self) -> Result<[NodeId; N]> {
        let values = self.above_mark().last_chunk().copied().ok_or_else(|| self.malformed(EMPTY))?;
        self.stack.truncate(self.stack.len() - N);
        Ok(values)
    }

    /// Takes off what is above the last mark, and the mark.
    fn pop_mark(&mut self) -> Result<Vec<NodeId>> {
        let mark = self.marks.pop().ok_or_else(|| self.malformed("looks for a mark where none is"))?;
        Ok(self.stack.split_off(mark))
    }

    /// Takes off a value, or a mark if that is uppermost: protocol 0 discards a tuple so that contains itself.
    fn discard(&mut self) -> Result<()> {
        if self.above_mark().is_empty() && self.marks.pop().is_some() {
            return Ok(());
        }
        self.pop::<1>().map(drop)
    }

    fn duplicate(&mut self) -> Result<()> {
        let top = self.top()?;
        self.stack.push(top);
        Ok(())
    }
}

/// The memo.
impl Reader<'_> {
    fn put(&mut self, opcode: u8) -> Result<()> {
        let key = if opcode == MEMOIZE { self.memo.len() } else { self.memo_key(opcode)? };
        let top = self.top()?;
        self.memo.put(key, top);
        Ok(())
    }

    fn get(&mut self, opcode: u8) -> Result<()> {
        let key = self.memo_key(opcode)?;
        let value =
            self.memo.get(key).ok_or_else(|| self.malformed("refers to a value that it has not had"))?;
        self.stack.push(value);
        Ok(())
    }

    fn memo_key(&mut self, opcode: u8) -> Result<usize> {
        match opcode {
            BINPUT | BINGET => Ok(self.input.byte(MEMO_KEY)?.into()),
            LONG_BINPUT | LONG_BINGET => Ok(u32::from_le_bytes(self.input.array(MEMO_KEY)?) as usize),
            _ => {
                let line = str::from_utf8(self.input.line(MEMO_KEY)?).ok();
                let key = line.and_then(|line| line.parse().ok());
                key.ok_or_else(|| self.malformed("refers to a value by what is no number"))
            }
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

    fn dict(&mut self) -> Result<()> {
        let items = self.pop_mark()?;
        let entries = self.entries(&items)?.to_vec();
        self.push(Node::Dict(entries))
    }

    fn append(&mut self) -> Result<()> {
        let [item] = self.pop()?;
        self.list_to_fill()?.push(item);
        Ok(())
    }

    fn extend_list(&mut self) -> Result<()> {
        let items = self.pop_mark()?;
        self.list_to_fill()?.extend(items);
        Ok(())
    }

    fn extend_set(&mut self) -> Result<()> {
        let items = self.pop_mark()?;
        let top = self.top()?;
        let Node::Set(set) = self.nodes.get_mut(top) else {
            return Err(self.malformed("adds to what is no set"));
        };
        set.extend(items);
        Ok(())
    }

    fn set_item(&mut self) -> Result<()> {
        let [key, value] = self.pop()?;
        self.dict_to_fill()?.push([key, value]);
        Ok(())
    }

    fn extend_dict(&mut self) -> Result<()> {
        let items = self.pop_mark()?;
        let entries = self.entries(&items)?;
        self.dict_to_fill()?.extend_from_slice(entries);
        Ok(())
    }

    /// The list that is uppermost.
    fn list_to_fill(&mut self) -> Result<&mut Vec<NodeId>> {
        let (top, error) = (self.top()?, self.malformed("appends to what is no list"));
        if let Node::List(items) = self.nodes.get_mut(top) { Ok(items) } else { Err(error) }
    }

    /// The dict that is uppermost.
    fn dict_to_fill(&mut self) -> Result<&mut Vec<[NodeId; 2]>> {
        let (top, error) = (self.top()?, self.malformed("sets an item of what is no dict"));
        if let Node::Dict(entries) = self.nodes.get_mut(top) { Ok(entries) } else { Err(error) }
    }

    /// A key and a value each.
    fn entries<'items>(&self, items: &'items [NodeId]) -> Result<&'items [[NodeId; 2]]> {
        match items.as_chunks() {
            (entries, []) => Ok(entries),
            _ => Err(self.malformed("has a key without a value")),
        }
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
        let (Node::Str(module), Node::Str(name)) = (self.nodes.get(module), self.nodes.get(name)) else {
            return Err(self.malformed("names a class by what is no string"));
        };
        let global = Global::lookup(module.as_bytes(), name.as_bytes())?;
        self.push(Node::Global(global))
    }

    fn call(&mut self) -> Result<()> {
        let [callable, arguments] = self.pop()?;
        let (Node::Global(global), Node::Tuple(arguments)) =
            (self.nodes.get(callable), self.nodes.get(arguments))
        else {
            return Err(self.malformed("calls what cannot be called"));
        };
        let made = global.call(arguments, &self.nodes, &self.budget)?;
        let made =
            made.ok_or_else(|| self.malformed("calls a class with arguments that it does not take"))?;
        self.push(made)
    }
}
