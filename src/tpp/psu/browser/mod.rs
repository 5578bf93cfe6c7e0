//! `browser`: the customer in a real browser, for pages that need script. It fills in the same fields and presses the
//! same buttons as `form-script`, as the browser shows them.

mod driver;
mod interceptor;
mod page;
mod relay;

use std::time::{Duration, Instant};

use fantoccini::{Client as Window, elements::Element, elements::ElementRef, error::CmdError, key::Key};
use serde_json::json;
use tokio::sync::Semaphore;

use super::{
    Behaviour, Task, Walk,
    conduct::Conduct,
    navigation::{Navigation, STEPS},
};
use crate::{
    evidence::walk_end::WalkEnd,
    pki::Scratch,
    targets::{Psu, psu::Agent},
    tpp::Trouble,
};
use driver::Driver;
use interceptor::Interceptor;
use page::{Choice, Kind, LOOK, Page, Part};

/// How often a page is looked at until it stands still.
const LOOKS: Duration = Duration::from_millis(40);
/// A page that shows the same for so long after something was pressed, with nothing under way, has come to its answer.
const UNMOVED: Duration = Duration::from_millis(400);
/// A browser that cannot be asked so often in a row is gone.
const MISSES: usize = 50;
/// So many browsers at a time: each takes a processor for itself.
static BROWSERS: Semaphore = Semaphore::const_new(2);
/// Ending a browser takes no longer.
const END: Duration = Duration::from_secs(5);

/// Walks until the customer leaves the bank or can go no further, as the customer that `psu` describes.
///
/// # Errors
/// No browser opens, the bank stops answering, or its pages cannot be walked as the target file says.
pub(super) async fn walk(task: &Task<'_>, psu: &Psu) -> Result<Walk, Trouble> {
    let Task { session, check, url, .. } = *task;
    session.may_move_money()?;
    let settings = psu.browser.clone().unwrap_or_default();
    let navigation = Navigation::new(session, task.ways_out);
    navigation.start(url)?;
    let interceptor = Interceptor::open(session, check, &navigation).await?;
    let visit = async {
        let _place = BROWSERS.acquire().await.map_err(|error| Trouble::Harness(error.to_string()))?;
        let profile = Scratch::new().map_err(|error| Trouble::Harness(format!("no folder for a browser: {error}")))?;
        let driver = Driver::start(&settings).await?;
        let window = driver.open(&settings, &interceptor, profile.path()).await?;
        let patience = Duration::from_secs(settings.patience_seconds);
        let conduct = Conduct::new(task, psu, None);
        let mut walker = Walker {
            psu,
            patience,
            navigation: &navigation,
            interceptor: &interceptor,
            window: window.clone(),
            conduct,
        };
        let walk_end = walker.walk(url).await;
        let _ = tokio::time::timeout(END, window.close()).await;
        walker.end(walk_end?)
    };
    tokio::select! {
        walk = visit => walk,
        trouble = interceptor.serve() => Err(trouble),
    }
}

struct Walker<'a> {
    psu: &'a Psu,
    patience: Duration,
    navigation: &'a Navigation<'a>,
    interceptor: &'a Interceptor<'a>,
    window: Window,
    conduct: Conduct<'a>,
}

enum Stop {
    /// The customer has left the bank.
    Landed(WalkEnd),
    /// A page that stands still.
    At(Page),
}

impl Walker<'_> {
    async fn walk(&mut self, url: &str) -> Result<WalkEnd, Trouble> {
        self.window.goto(url).await.or_else(|error| self.unless_landed(&error))?;
        let mut before = None;
        for _ in 0..STEPS {
            let page = match self.settle(before.as_ref()).await? {
                Stop::Landed(walk_end) => return Ok(walk_end),
                Stop::At(page) => page,
            };
            if page.asks_for_decision(self.psu) {
                self.conduct.decides().await?;
            }
            let choice = self.choice(&page);
            let Some(choice) = choice else { return Ok(WalkEnd::Stranded { status: self.interceptor.status() }) };
            let pressed = &page.parts[choice.part];
            if let Some(walk_end) = self.conduct.sees(&page.mark(), self.asks_for_secrets(&page, pressed)) {
                return Ok(walk_end);
            }
            self.conduct.has_guessed |= choice.is_guess;
            self.press(&page, pressed).await?;
            // Who was sent away before anything was sent has done nothing yet.
            let is_elsewhere = matches!(self.interceptor.walk_end()?, Some(WalkEnd::Elsewhere { .. }));
            self.conduct.has_acted |= choice.acts && !is_elsewhere;
            before = Some(page);
        }
        Ok(WalkEnd::GaveUp { pages: STEPS })
    }

    fn end(self, walk_end: WalkEnd) -> Result<Walk, Trouble> {
        self.conduct.end(Agent::Browser, walk_end, (self.interceptor.exchanges(), Vec::new()))
    }

    fn choice(&self, page: &Page) -> Option<Choice> {
        let Conduct { behaviour, has_acted, .. } = self.conduct;
        page.choose(self.psu, behaviour, has_acted, |url| self.navigation.is_answer(url, has_acted))
    }

    fn asks_for_secrets(&self, page: &Page, pressed: &Part) -> bool {
        let is_secret = |part: &Part| self.psu.secrets.keys().any(|name| part.is(name));
        page.parts.iter().any(|part| part.goes_with(pressed) && is_secret(part))
    }

    /// Waits until the customer has left the bank, or until the page stands still and there is something to do on it, or
    /// until patience has run out.
    async fn settle(&mut self, before: Option<&Page>) -> Result<Stop, Trouble> {
        let began = Instant::now();
        let (mut last, mut misses): (Option<(Page, Instant)>, usize) = (None, 0);
        loop {
            if let Some(walk_end) = self.interceptor.walk_end()? {
                let shown = self.window.current_url().await.map(String::from).unwrap_or_default();
                return Ok(Stop::Landed(self.interceptor.with_fragment_of(walk_end, &shown)));
            }
            match self.look().await {
                Ok(page) => {
                    let since = match last {
                        Some((earlier, since)) if page.is_still(&earlier) => since,
                        _ => Instant::now(),
                    };
                    if self.stands_still(&page, before, since, began) {
                        return Ok(Stop::At(page));
                    }
                    (last, misses) = (Some((page, since)), 0);
                }
                Err(_) if misses < MISSES && began.elapsed() < self.interceptor.timeout() + self.patience => {
                    misses += 1
                }
                Err(error) => return Err(trouble(&error)),
            }
            tokio::time::sleep(LOOKS).await;
        }
    }

    /// Nothing more comes of this page by itself.
    fn stands_still(&self, page: &Page, before: Option<&Page>, since: Instant, began: Instant) -> bool {
        let Some(quiet) = self.interceptor.quiet_since() else { return began.elapsed() > self.interceptor.timeout() };
        // Two looks at least, the second of them after everything had come.
        if !page.is_whole || since.elapsed() < LOOKS {
            return began.elapsed() > self.interceptor.timeout();
        }
        let unmoved = before.is_some_and(|before| page.is_still(before));
        if unmoved && began.max(quiet).elapsed() < UNMOVED {
            return false;
        }
        let is_clear = self.choice(page).is_some_and(|choice| !choice.is_guess);
        is_clear || !page.is_moving || since.max(quiet).elapsed() > self.patience
    }

    async fn look(&self) -> Result<Page, CmdError> {
        serde_json::from_value(self.window.execute(LOOK, Vec::new()).await?).map_err(CmdError::Json)
    }

    /// Fills in what belongs to that part, and presses it; Enter where it is a field.
    async fn press(&mut self, page: &Page, pressed: &Part) -> Result<(), Trouble> {
        if self.conduct.behaviour != Behaviour::Cancel || pressed.kind == Kind::Field {
            self.fill_in(page, pressed).await?;
        }
        let element = self.element(pressed)?;
        let done = match pressed.kind {
            Kind::Field => element.send_keys(&Key::Enter.to_string()).await,
            _ => element.click().await,
        };
        done.or_else(|error| self.unless_landed(&error))
    }

    async fn fill_in(&mut self, page: &Page, pressed: &Part) -> Result<(), Trouble> {
        let psu = self.psu;
        let asked: Vec<&Part> = page.parts.iter().filter(|part| part.goes_with(pressed)).collect();
        let wrong_code = self.conduct.mistypes_code(|field| asked.iter().any(|part| part.is(field)));
        for part in asked {
            if let Some((_, value)) = psu.fields.iter().find(|(name, _)| part.is(name)) {
                self.fill(part, value).await?;
            } else if let Some((name, secret)) = psu.secrets.iter().find(|(name, _)| part.is(name)) {
                let typed = self.conduct.types(name, secret.value(), wrong_code);
                self.fill(part, &typed).await?;
            }
        }
        Ok(())
    }

    async fn fill(&self, part: &Part, value: &str) -> Result<(), Trouble> {
        let element = self.element(part)?;
        let done = match part.kind {
            Kind::Field => match element.clear().await {
                Ok(()) => element.send_keys(value).await,
                Err(error) => Err(error),
            },
            // Several of one name are told apart by what they stand for.
            Kind::Choice if !part.chosen && (value.is_empty() || part.value == value || part.value == "on") => {
                element.click().await
            }
            Kind::Select => self.window.execute(SELECT, vec![part.element.clone(), json!(value)]).await.map(drop),
            _ => Ok(()),
        };
        done.map_err(|error| trouble(&error))
    }

    fn element(&self, part: &Part) -> Result<Element, Trouble> {
        let id = part.element.as_object().and_then(|names| names.values().next()?.as_str());
        let id = id.ok_or_else(|| Trouble::Harness("the driver names no element".into()))?;
        Ok(Element::from_element_id(self.window.clone(), ElementRef::from(id.to_owned())))
    }

    /// A browser that has left the bank may say so by an error.
    fn unless_landed(&self, error: &CmdError) -> Result<(), Trouble> {
        match self.interceptor.walk_end()? {
            Some(_) => Ok(()),
            None => Err(trouble(error)),
        }
    }
}

/// Chooses the option of that value or caption, as a customer's choice would.
const SELECT: &str = "const [select, value] = arguments; \
    const option = Array.from(select.options).find(one => one.value === value || one.text.trim() === value); \
    if (option) { select.value = option.value; \
    for (const kind of ['input', 'change']) select.dispatchEvent(new Event(kind, { bubbles: true })); }";

fn trouble(error: &CmdError) -> Trouble {
    let told: String = error.to_string().lines().next().unwrap_or_default().chars().take(200).collect();
    Trouble::Prerequisite(format!("the browser cannot do what the customer does: {told}"))
}
