//! From the text of a page to its tags, and to the elements that are open at each of them.
//!
//! A browser builds a tree, and the cost of that can grow with the square of the page: a tag may look through all open
//! elements, and misnested ones are copied. The links of a page need no tree, but only the elements around them.

use html5gum::{DefaultEmitter, Emitter, Error, ForwardingEmitter, StartTag, State, Token, Tokenizer};

/// A start tag.
pub type Tag = StartTag<()>;

/// The most open elements, as in some browsers. What is deeper counts as the content of the innermost one.
const MAX_DEPTH: usize = 512;

/// Returns the tags, texts and comments of a page. `<noscript>` is like any other element: scripts do not run.
pub fn tokens(text: &[u8]) -> impl Iterator<Item = Token> {
    let mut tokenizer = Tokenizer::new_with_emitter(text, Few::default());
    let mut drawings = 0_usize;
    std::iter::from_fn(move || {
        let Ok(token) = tokenizer.next()?;
        match &token {
            Token::StartTag(tag) if *tag.name == b"svg" && !tag.self_closing => drawings += 1,
            Token::EndTag(tag) if *tag.name == b"svg" => drawings = drawings.saturating_sub(1),
            // In an `<svg>`, `<title/>` has no content.
            Token::StartTag(tag) if drawings == 0 || !tag.self_closing => {
                if let Some(state) = raw_text(&tag.name) {
                    tokenizer.set_state(state);
                }
            }
            _ => {}
        }
        Some(token)
    })
}

/// The most attributes of a tag that are kept: each takes thirty times its bytes.
const MAX_ATTRIBUTES: usize = 1_000;

/// Emits what a page may have a million of in small numbers: no errors, and few attributes of a tag.
#[derive(Default)]
struct Few {
    inner: DefaultEmitter,
    attributes: usize,
}

impl ForwardingEmitter for Few {
    type Token = Token;

    fn inner(&mut self) -> &mut impl Emitter<Token = Token> {
        &mut self.inner
    }

    fn init_start_tag(&mut self) {
        self.attributes = 0;
        Emitter::init_start_tag(&mut self.inner);
    }

    fn init_attribute(&mut self) {
        self.attributes += 1;
        if self.attributes <= MAX_ATTRIBUTES {
            Emitter::init_attribute(&mut self.inner);
        }
    }

    fn push_attribute_name(&mut self, name: &[u8]) {
        if self.attributes <= MAX_ATTRIBUTES {
            Emitter::push_attribute_name(&mut self.inner, name);
        }
    }

    fn push_attribute_value(&mut self, value: &[u8]) {
        if self.attributes <= MAX_ATTRIBUTES {
            Emitter::push_attribute_value(&mut self.inner, value);
        }
    }

    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn emit_error(&mut self, _: Error) {}
}

/// Returns the value of an attribute, without white space around it.
pub fn attribute(tag: &Tag, name: &str) -> Option<String> {
    tag.attributes.get(name.as_bytes()).map(|value| String::from_utf8_lossy(value).trim().to_owned())
}

/// Returns how the content of an element is read if tags in it do not count.
fn raw_text(name: &[u8]) -> Option<State> {
    match name {
        b"script" => Some(State::ScriptData),
        b"textarea" | b"title" => Some(State::RcData),
        b"style" | b"iframe" | b"xmp" | b"noembed" | b"noframes" => Some(State::RawText),
        b"plaintext" => Some(State::PlainText),
        _ => None,
    }
}

/// Which elements an end tag closes: not those outside of an element of a higher kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// An element without content, or one such as `<b>`, which may overlap with others.
    NotOpened,
    Inline,
    Block,
    Special,
    List,
    Scope,
    Table,
}

fn kind(name: &str) -> Kind {
    match name {
        "area" | "base" | "br" | "col" | "embed" | "frame" | "head" | "hr" | "html" | "image" | "img"
        | "input" | "link" | "meta" | "param" | "source" | "track" | "wbr" | "b" | "big" | "code" | "em"
        | "font" | "form" | "i" | "nobr" | "s" | "small" | "strike" | "strong" | "tt" | "u" => {
            Kind::NotOpened
        }
        "address" | "div" | "p" => Kind::Block,
        "article" | "aside" | "blockquote" | "center" | "dd" | "details" | "dir" | "dl" | "dt"
        | "fieldset" | "figcaption" | "figure" | "footer" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
        | "header" | "li" | "main" | "menu" | "nav" | "pre" | "section" | "summary" | "tbody" | "tfoot"
        | "thead" | "tr" => Kind::Special,
        "ol" | "ul" => Kind::List,
        "applet" | "button" | "caption" | "marquee" | "object" | "td" | "template" | "th" => Kind::Scope,
        "table" => Kind::Table,
        _ => Kind::Inline,
    }
}

/// The open elements, outermost first, each with what `C` says about its content.
#[derive(Debug, Default)]
pub(crate) struct OpenElements<C>(Vec<(String, Kind, C)>);

impl<C: Copy + Default> OpenElements<C> {
    /// Returns what is known about the content of the innermost element.
    pub(crate) fn innermost(&self) -> C {
        self.0.last().map(|(_, _, content)| *content).unwrap_or_default()
    }

    /// Opens an element, unless it has no content.
    pub(crate) fn open(&mut self, name: &str, content: C) {
        if kind(name) == Kind::NotOpened {
            return;
        }
        if self.0.len() < MAX_DEPTH {
            self.0.push((name.to_owned(), kind(name), content));
        } else if let Some((_, _, innermost)) = self.0.last_mut() {
            *innermost = content;
        }
    }

    /// Closes the elements that end where one of this name begins: an item of a list before the next one, for example.
    pub(crate) fn close_before(&mut self, name: &str) {
        match name {
            "li" => self.close(&["li"], Kind::Special),
            "dd" | "dt" => self.close(&["dd", "dt"], Kind::Special),
            "td" | "th" => self.close(&["td", "th"], Kind::Table),
            "tr" => self.close(&["tr"], Kind::Table),
            "tbody" | "tfoot" | "thead" => self.close(&["tbody", "tfoot", "thead"], Kind::Table),
            "a" => self.close(&["a"], Kind::Block),
            _ => {}
        }
        if matches!(kind(name), Kind::Block | Kind::Special | Kind::List | Kind::Table) {
            self.close(&["p"], Kind::Scope);
        }
    }

    /// Closes the element that an end tag of this name ends, if there is one.
    pub(crate) fn close_at(&mut self, name: &str) {
        let limit = match name {
            "table" | "tbody" | "td" | "tfoot" | "th" | "thead" | "tr" => Kind::Table,
            "li" => Kind::List,
            _ if kind(name) > Kind::Inline => Kind::Scope,
            _ => Kind::Block,
        };
        self.close(&[name], limit);
    }

    /// Closes the innermost element with one of these names, and those in it, unless it is outside of one of this kind.
    fn close(&mut self, names: &[&str], limit: Kind) {
        let is_named = |name: &String| names.contains(&name.as_str());
        let index = self.0.iter().rposition(|(name, kind, _)| *kind >= limit || is_named(name));
        if let Some(index) = index.filter(|&index| is_named(&self.0[index].0)) {
            self.0.truncate(index);
        }
    }
}
