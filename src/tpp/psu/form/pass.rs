//! One pass over a page: its forms, what belongs to them, its links and what it says, whatever they are inside of.

use std::{collections::HashMap, ops::Range};

use ego_tree::iter::Edge;
use scraper::{ElementRef, Html, Node};

use crate::evidence::page::{Bound, TooMuch};

/// What a pass finds, in the order of the document.
#[derive(Default)]
pub(super) struct Pass<'a> {
    pub(super) forms: Vec<ElementRef<'a>>,
    pub(super) parts: Vec<Part<'a>>,
    /// Links, and where in the text their captions are.
    pub(super) links: Vec<(ElementRef<'a>, Range<usize>)>,
    pub(super) metas: Vec<ElementRef<'a>>,
    /// What the first `<base>` says.
    pub(super) base: Option<&'a str>,
    /// Everything that the page says, one after the other.
    pub(super) text: String,
    /// The first form of each id: to a browser it is the only one.
    ids: HashMap<&'a str, usize>,
    /// What the pass is inside of, by number.
    inside: Inside,
}

#[derive(Default)]
struct Inside {
    forms: Vec<usize>,
    parts: Vec<usize>,
    links: Vec<usize>,
    options: Vec<(usize, usize)>,
}

/// Something that can be filled in or pressed.
pub(super) struct Part<'a> {
    pub(super) element: ElementRef<'a>,
    /// Where in the text it stands.
    pub(super) text: Range<usize>,
    /// The form that it is inside of.
    form: Option<usize>,
    /// Its options, if it has any: the first, and the first that is selected.
    options: Vec<(ElementRef<'a>, Range<usize>)>,
}

impl<'a> Part<'a> {
    /// The option that is chosen unless somebody chooses another.
    pub(super) fn chosen(&self) -> Option<(ElementRef<'a>, &Range<usize>)> {
        self.options.last().map(|(option, text)| (*option, text))
    }

    /// Takes an option that would be chosen, and says under which number.
    fn offer(&mut self, option: ElementRef<'a>, begins: usize) -> Option<usize> {
        let is_chosen = |option: &ElementRef<'_>| option.attr("selected").is_some();
        let better = match self.options.last() {
            None => true,
            Some((other, _)) => is_chosen(&option) && !is_chosen(other),
        };
        let takes = option.attr("disabled").is_none() && better;
        takes.then(|| {
            self.options.push((option, begins..begins));
            self.options.len() - 1
        })
    }
}

impl<'a> Pass<'a> {
    /// Goes over a page.
    ///
    /// # Errors
    /// It has more of something than any honest page.
    pub(super) fn over(document: &'a Html) -> Result<Self, TooMuch> {
        let mut pass = Self::default();
        for edge in document.tree.root().traverse() {
            match edge {
                Edge::Open(node) => match node.value() {
                    Node::Text(text) => pass.text.push_str(text),
                    _ => ElementRef::wrap(node).map_or(Ok(()), |element| pass.open(element))?,
                },
                Edge::Close(node) => ElementRef::wrap(node).into_iter().for_each(|element| pass.close(element)),
            }
        }
        Ok(pass)
    }

    /// The form that a part belongs to: the one that it names, or the one that it is inside of.
    pub(super) fn owner(&self, part: &Part<'a>) -> Option<usize> {
        part.element.attr("form").map_or(part.form, |id| self.ids.get(id).copied())
    }

    fn open(&mut self, element: ElementRef<'a>) -> Result<(), TooMuch> {
        let at = self.text.len();
        match element.value().name() {
            "form" => {
                Bound::Forms.holds(self.forms.len() + 1)?;
                let id = element.attr("id").filter(|id| !id.is_empty());
                id.map(|id| *self.ids.entry(id).or_insert(self.forms.len()));
                self.inside.forms.push(self.forms.len());
                self.forms.push(element);
            }
            "input" | "select" | "textarea" | "button" => {
                Bound::Parts.holds(self.parts.len() + 1)?;
                self.inside.parts.push(self.parts.len());
                let form = self.inside.forms.last().copied();
                self.parts.push(Part { element, text: at..at, form, options: Vec::new() });
            }
            "option" => {
                let select = self.inside.parts.last().copied();
                let number = select.and_then(|select| Some((select, self.parts[select].offer(element, at)?)));
                self.inside.options.push(number.unwrap_or(NONE));
            }
            "a" if element.attr("href").is_some() => {
                Bound::Links.holds(self.links.len() + 1)?;
                self.inside.links.push(self.links.len());
                self.links.push((element, at..at));
            }
            "base" => self.base = self.base.or(element.attr("href")),
            "meta" => self.metas.push(element),
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, element: ElementRef<'a>) {
        let at = self.text.len();
        match element.value().name() {
            "form" => drop(self.inside.forms.pop()),
            "input" | "select" | "textarea" | "button" => {
                let part = self.inside.parts.pop().and_then(|number| self.parts.get_mut(number));
                part.into_iter().for_each(|part| part.text.end = at);
            }
            "option" => {
                let place = self.inside.options.pop().filter(|place| *place != NONE);
                let option = place.and_then(|(select, number)| self.parts.get_mut(select)?.options.get_mut(number));
                option.into_iter().for_each(|(_, text)| text.end = at);
            }
            "a" if element.attr("href").is_some() => {
                let link = self.inside.links.pop().and_then(|number| self.links.get_mut(number));
                link.into_iter().for_each(|(_, text)| text.end = at);
            }
            _ => {}
        }
    }
}

/// An option that nobody needs to know.
const NONE: (usize, usize) = (usize::MAX, usize::MAX);
