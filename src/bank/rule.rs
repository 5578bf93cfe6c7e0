//! Rules with names: a table of rules says what holds where, and whoever watches the bank is told which one was broken.

use axum::response::Response;

use super::faults::Faults;

/// Why a request was refused, in the words of the bank's own code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The name of the rule that it broke, from the outermost to the innermost: `payment_token.age`.
    pub rule: String,
    /// What was wrong, for people. No secret stands in it.
    pub reason: String,
}

/// A rule of a table, with the name that it has in the code.
pub(super) struct Named<F: 'static> {
    path: &'static str,
    rule: F,
}

/// An error that knows which rule it comes from.
pub(super) trait Breach {
    /// The name of the rule; empty where none has said it yet.
    fn rule(&mut self) -> &mut String;
}

impl<F> Named<F> {
    pub(super) const fn new(path: &'static str, rule: F) -> Self {
        Self { path, rule }
    }

    /// What the rule is called.
    pub(super) fn name(&self) -> &'static str {
        self.path.trim_start_matches("check_").trim_end_matches("::check")
    }

    /// Applies the rule; what it refuses bears its name.
    pub(super) fn apply<E: Breach>(&self, with: impl FnOnce(&F) -> Result<(), E>) -> Result<(), E> {
        with(&self.rule).map_err(under(self.name()))
    }

    /// The same at one of the places where the rule holds, unless the bank is to leave it out there.
    pub(super) fn apply_at<E: Breach>(
        &self,
        (faults, place): (&Faults, &str),
        with: impl FnOnce(&F) -> Result<(), E>,
    ) -> Result<(), E> {
        self.apply(with).or_else(|breach| if faults.leave_out(self.name(), place) { Ok(()) } else { Err(breach) })
    }
}

/// A table of rules: each goes by the name that it has in the code.
macro_rules! rules {
    ($($rule:path),* $(,)?) => {
        &[$($crate::bank::rule::Named::new(stringify!($rule), $rule)),*]
    };
}
pub(super) use rules;

/// Puts an error under the rule of that name.
pub(super) fn under<E: Breach>(name: &'static str) -> impl FnOnce(E) -> E {
    move |mut error| {
        let rule = error.rule();
        *rule = if rule.is_empty() { name.to_owned() } else { format!("{name}.{rule}") };
        error
    }
}

/// The answer, known as a refusal to whoever watches the bank; nothing of it is sent.
pub(super) fn refused(mut response: Response, rule: &str, reason: &str) -> Response {
    response.extensions_mut().insert(Refused { rule: rule.to_owned(), reason: reason.to_owned() });
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Error(String);

    impl Breach for Error {
        fn rule(&mut self) -> &mut String {
            &mut self.0
        }
    }

    type Rule = fn() -> Result<(), Error>;

    fn check_age() -> Result<(), Error> {
        Err(Error(String::new()))
    }

    #[test]
    fn a_broken_rule_is_told_from_the_outermost_to_the_innermost() {
        let rules: &[Named<Rule>] = rules![check_age];
        let refused = rules[0].apply(|rule| rule()).map_err(under("token"));
        assert!(refused.is_err_and(|error| error.0 == "token.age"));
        assert_eq!(Named::new("scope::check", ()).name(), "scope");
    }
}
