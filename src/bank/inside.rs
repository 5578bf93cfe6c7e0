//! What errors tell of the inside of a bank that says too much: only with a fault.

use super::faults::Faults;

const FAULT: &str = "error-leaks-internals";
/// What cells call it, and what is then told.
const SAMPLES: [(&str, &str); 13] = [
    (
        "java-stack",
        "java.lang.IllegalStateException\n\tat com.bank.xs2a.PaymentController.handle(PaymentController.java:142)",
    ),
    ("python-stack", "Traceback (most recent call last):\n  File \"/srv/bank/pay.py\", line 12, in pay"),
    ("dotnet-stack", "at Bank.Payments.Pay(Order order) in D:\\build\\Payments.cs:line 88"),
    (
        "node-stack",
        "TypeError: x is undefined at process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
    ),
    ("ruby-stack", "/srv/bank/pay.rb:12:in `pay'"),
    ("go-stack", "goroutine 7 [running]: main.pay() /src/pay.go:31 +0x1d"),
    ("php-error", "PHP Fatal error: Uncaught Error"),
    ("sql-statement", "could not execute SELECT id, amount FROM payment p"),
    ("database-error", "ERROR: duplicate key value violates unique constraint payment_pkey"),
    ("class-name", "raised by com.bank.xs2a.consent.ConsentRepository"),
    ("host-name", "no answer from payments-db-01.bank.internal"),
    ("private-address", "no answer from 10.17.3.42:5432"),
    ("file-path", "cannot read /usr/local/bank/conf/payments.yml"),
];

/// What an error says for people.
pub(super) fn told(faults: &Faults, text: &str) -> String {
    let first = SAMPLES.iter().take(1).filter(|_| faults.on(FAULT));
    let of_kinds = SAMPLES.iter().filter(|(kind, _)| faults.on_at(FAULT, kind));
    match first.chain(of_kinds).next() {
        Some((_, inside)) => format!("{text}: {inside}"),
        None => text.to_owned(),
    }
}

/// The fault at each kind of thing that it tells.
pub(super) fn by_kind() -> impl Iterator<Item = (&'static str, &'static str)> {
    SAMPLES.iter().map(|(kind, _)| (*kind, FAULT))
}
