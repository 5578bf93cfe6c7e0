//! A page of a bank as a browser's parser reads it, within bounds: pages are foreign, and a parser of HTML takes the square
//! of a tag's attributes and of what is open at a time.
//!
//! Nothing is estimated: the parser itself is asked, piece by piece, what it holds. Where its text ends and a tag begins
//! only it knows (`<title>` inside of `<svg>` is no text, `</b>` may close nothing).

mod tag;

use std::{
    cell::{Cell, RefCell},
    fmt,
};

use html5ever::{
    LocalName, ParseOpts,
    interface::tree_builder::Tracer,
    tokenizer::{BufferQueue, Tag, TagToken, Token, TokenSink, TokenSinkResult, Tokenizer},
    tree_builder::{TreeBuilder, TreeSink},
};
use scraper::{Html, HtmlTreeSink};

use tag::Pending;

/// The types of the parser's handles.
type Handle = <HtmlTreeSink as TreeSink>::Handle;

/// What one page may have at most. Each is far beyond what an honest page has: browsers themselves keep to a depth of 512.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Octets.
    Octets,
    /// Tags, those that end something too.
    Tags,
    /// Attributes of one tag.
    AttributesOfATag,
    /// Attributes of all tags.
    Attributes,
    /// Elements that are open inside of each other, and those that would be opened again in every paragraph.
    Open,
    /// The same, added up over all tags: each may be compared with all that is open.
    Compared,
    /// Pieces of the document, as the parser made them: one `<b>` may become thousands.
    Nodes,
    /// Forms.
    Forms,
    /// What can be filled in or pressed in its forms.
    Parts,
    /// Links.
    Links,
    /// Octets of all captions and addresses, written out: what stands inside of several links is a caption of each, and
    /// what a `<base>` says is a part of each address.
    WrittenOut,
}

/// The bounds, and how they are told.
const BOUNDS: [(Bound, usize, &str); 11] = [
    (Bound::Octets, 1024 * 1024, "octets"),
    (Bound::Tags, 40_000, "tags"),
    (Bound::AttributesOfATag, 500, "attributes in one tag"),
    (Bound::Attributes, 100_000, "attributes"),
    (Bound::Open, 1_000, "elements open inside each other"),
    (Bound::Compared, 5_000_000, "elements to compare its tags with"),
    (Bound::Nodes, 100_000, "nodes"),
    (Bound::Forms, 1_000, "forms"),
    (Bound::Parts, 10_000, "fields and buttons"),
    (Bound::Links, 5_000, "links"),
    (Bound::WrittenOut, 8 * 1024 * 1024, "octets of captions and addresses"),
];

impl Bound {
    /// How many, and of what.
    fn row(self) -> (usize, &'static str) {
        BOUNDS.iter().find(|(bound, ..)| *bound == self).map_or((0, ""), |(_, most, what)| (*most, what))
    }

    /// Whether so many are within it.
    ///
    /// # Errors
    /// The bound that is passed.
    pub fn holds(self, count: usize) -> Result<(), TooMuch> {
        if count > self.row().0 { Err(TooMuch(self)) } else { Ok(()) }
    }
}

/// A page that is not read, for it has more of something than any honest page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub struct TooMuch(pub Bound);

impl fmt::Display for TooMuch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (most, what) = self.0.row();
        write!(formatter, "it has more than {most} {what}")
    }
}

/// What a page shows: its text, and what stands in its fields.
///
/// # Errors
/// It has more than any honest page.
pub fn visible_text(html: &str) -> Result<String, TooMuch> {
    let document = read(html)?;
    let fields = scraper::Selector::parse("input:not([type=hidden])").ok();
    let values = fields.iter().flat_map(|fields| document.select(fields)).filter_map(|field| field.attr("value"));
    Ok(document.root_element().text().chain(values).collect())
}

/// Reads a page.
///
/// # Errors
/// The bound that it passes; it is then not read on.
pub fn read(html: &str) -> Result<Html, TooMuch> {
    Bound::Octets.holds(html.len())?;
    let mut reader = Reader::new();
    let mut rest = html.strip_prefix('\u{feff}').unwrap_or(html);
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(first_piece(rest));
        reader.take(piece)?;
        rest = after;
    }
    reader.finish()
}

/// A piece begins with each `<` and ends with each `>`: at most one tag ends in it.
fn first_piece(text: &str) -> usize {
    let skipped = usize::from(text.starts_with('<'));
    let next = text[skipped..].find(['<', '>']).map(|next| next + skipped);
    next.map_or(text.len(), |next| if text[next..].starts_with('>') { next + 1 } else { next })
}

struct Reader {
    tokenizer: Tokenizer<Watch>,
    input: BufferQueue,
    /// The tag that the tokenizer is in the middle of, should it be one.
    pending: Option<Pending>,
}

impl Reader {
    fn new() -> Self {
        let mut options = ParseOpts::default();
        // It would be taken off the beginning of each piece.
        options.tokenizer.discard_bom = false;
        let builder = TreeBuilder::new(HtmlTreeSink::new(Html::new_document()), options.tree_builder);
        let watch = Watch {
            builder,
            tokens: Cell::new(0),
            tags: Cell::new(0),
            attributes: Cell::new(0),
            open: Cell::new(0),
            compared: Cell::new(0),
            text_of: RefCell::default(),
            passed: Cell::new(None),
        };
        Self { tokenizer: Tokenizer::new(watch, options.tokenizer), input: BufferQueue::default(), pending: None }
    }

    fn take(&mut self, piece: &str) -> Result<(), TooMuch> {
        let begins = self.pending.is_none() && Pending::begins(piece, self.tokenizer.sink.text_of.borrow().as_deref());
        let mut rest = piece;
        if begins {
            // What comes before a tag is told with its `<` at the latest.
            self.feed("<");
            rest = &piece[1..];
            self.pending = Some(Pending::default());
        }
        if let Some(pending) = &mut self.pending {
            pending.scan(rest);
            Bound::AttributesOfATag.holds(pending.attributes)?;
        }
        let before = self.tokenizer.sink.tokens.get();
        self.feed(rest);
        // In the middle of a tag nothing is told: it has ended, or never was one.
        if self.tokenizer.sink.tokens.get() != before || self.pending.as_ref().is_some_and(|tag| tag.has_ended) {
            self.pending = None;
        }
        self.tokenizer.sink.passed.get().map_or(Ok(()), |bound| Err(TooMuch(bound)))
    }

    fn feed(&self, text: &str) {
        self.input.push_back(text.into());
        while let html5ever::TokenizerResult::Script(_) = self.tokenizer.feed(&self.input) {}
    }

    fn finish(self) -> Result<Html, TooMuch> {
        self.tokenizer.end();
        let watch = self.tokenizer.sink;
        let passed = watch.passed.get();
        passed.map_or_else(|| Ok(watch.builder.sink.finish()), |bound| Err(TooMuch(bound)))
    }
}

/// Stands between tokenizer and tree, and counts.
struct Watch {
    builder: TreeBuilder<Handle, HtmlTreeSink>,
    /// Everything that was told, but complaints.
    tokens: Cell<usize>,
    tags: Cell<usize>,
    attributes: Cell<usize>,
    /// What is open, as it was seen last.
    open: Cell<usize>,
    compared: Cell<usize>,
    /// The element that holds text alone, whatever it looks like, while it is open.
    text_of: RefCell<Option<LocalName>>,
    passed: Cell<Option<Bound>>,
}

impl Watch {
    /// Counts a tag, and gives its name.
    fn note(&self, tag: &Tag) -> LocalName {
        self.tags.set(self.tags.get() + 1);
        self.attributes.set(self.attributes.get() + tag.attrs.len());
        self.compared.set(self.compared.get() + self.open.get());
        self.text_of.replace(None);
        tag.name.clone()
    }

    /// What is open is counted now and then: that takes time too.
    fn look(&self) {
        const NOW_AND_THEN: usize = 16;
        if self.tags.get().is_multiple_of(NOW_AND_THEN) {
            self.open.set(self.count_open());
        }
        let counts = [
            (Bound::Tags, self.tags.get()),
            (Bound::Attributes, self.attributes.get()),
            (Bound::Open, self.open.get()),
            (Bound::Compared, self.compared.get()),
            (Bound::Nodes, self.builder.sink.0.borrow().tree.nodes().len()),
        ];
        let passed = counts.into_iter().find(|(bound, count)| bound.holds(*count).is_err());
        self.passed.set(passed.map(|(bound, _)| bound));
    }

    fn count_open(&self) -> usize {
        struct Count(Cell<usize>);
        impl Tracer for Count {
            type Handle = Handle;
            fn trace_handle(&self, _: &Handle) {
                self.0.set(self.0.get() + 1);
            }
        }
        let count = Count(Cell::new(0));
        self.builder.trace_handles(&count);
        count.0.get()
    }
}

impl TokenSink for Watch {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        if self.passed.get().is_some() {
            return TokenSinkResult::Continue;
        }
        self.tokens.set(self.tokens.get() + usize::from(!matches!(token, Token::ParseError(_))));
        let name = if let TagToken(tag) = &token { Some(self.note(tag)) } else { None };
        let is_tag = name.is_some();
        let result = self.builder.process_token(token, line);
        if matches!(result, TokenSinkResult::RawData(_)) {
            self.text_of.replace(name);
        }
        if is_tag {
            self.look();
        }
        result
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

#[cfg(test)]
mod tests;
