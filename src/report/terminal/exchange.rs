//! An exchange as a terminal shows it: the request behind `>`, what came back behind `<`.

use crate::run::event::{Answer, Exchange, Text};

use super::super::text::visible;

/// The whole exchange, a line for each of its lines. Nothing in it steers the terminal.
pub fn exchange(exchange: &Exchange) -> String {
    let request = &exchange.request;
    let first = format!("{} {}", request.method, request.url);
    let sent = message('>', &first, &request.headers, &request.body);
    let came = match &exchange.answer {
        Answer::Response(response) => message('<', &response.status.to_string(), &response.headers, &response.body),
        Answer::Failure(failure) => format!("< no response: {}", visible(&failure.message)),
    };
    format!("{sent}\n\n{came}")
}

fn message(mark: char, first: &str, headers: &[(Text, Text)], body: &str) -> String {
    let headers = headers.iter().map(|(name, value)| format!("{name}: {value}"));
    let body = (!body.is_empty()).then(|| std::iter::once("").chain(body.lines()).map(str::to_owned));
    let lines = std::iter::once(first.to_owned()).chain(headers).chain(body.into_iter().flatten());
    lines.map(|line| format!("{mark} {}", visible(&line)).trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}
