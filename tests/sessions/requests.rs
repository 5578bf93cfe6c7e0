//! `[[requests]]`: each operation that docs/target.md names reaches exactly its requests, as the bank's own log has it.

use super::support::Desk;

/// A bank, what its target file becomes, what each change makes of a request that it reaches, and the checks that ask
/// for everything there.
struct Case {
    dialect: &'static str,
    edit: fn(&str) -> String,
    change: &'static str,
    /// The status by which the bank refuses a request that was changed so; nothing else that is asked has it.
    refused: &'static str,
    checks: &'static [&'static str],
    /// What the operation is called, and whether a request is one, by its method and its path.
    operations: &'static [(&'static str, IsOne)],
}

/// Told by method and path.
type IsOne = fn(&str, &str) -> bool;

/// What is no form has no parameters.
const NO_FORM: (&str, &str) = ("headers = { Content-Type = \"text/plain\" }\npublic = true", "400");

const CASES: [Case; 3] = [
    Case {
        dialect: "berlin-group",
        edit: str::to_owned,
        change: "without = [\"X-Request-ID\"]",
        refused: "400",
        checks: &["BG-012", "BG-013", "BG-017", "BG-024", "FLOW-003", "API-020"],
        operations: &[
            ("initiation", |method, path| method == "POST" && path.ends_with("/sepa-credit-transfers")),
            ("payment", |method, path| method == "GET" && path.split('/').count() == 5),
            ("status", |_, path| path.ends_with("/status")),
            ("sca-status", |method, path| method == "GET" && path.contains("/authorisations/")),
            ("authorisation", |method, path| method == "POST" && path.ends_with("/authorisations")),
            ("authorisation-list", |method, path| method == "GET" && path.ends_with("/authorisations")),
            ("cancellation", |method, _| method == "DELETE"),
            ("token", |_, path| path == "/token"),
        ],
    },
    Case {
        dialect: "uk-open-banking",
        edit: str::to_owned,
        change: "headers = { Accept = \"application/xml\" }\npublic = true",
        refused: "406",
        checks: &["UK-015", "UK-019", "UK-029", "API-020"],
        operations: &[
            ("initiation", |method, path| method == "POST" && path.ends_with("/domestic-payment-consents")),
            ("status", |method, path| {
                method == "GET"
                    && path.contains("/domestic-payment-consents/")
                    && !path.ends_with("/funds-confirmation")
            }),
            ("funds-confirmation", |_, path| path.ends_with("/funds-confirmation")),
            ("order", |method, path| method == "POST" && path.ends_with("/domestic-payments")),
            ("order-status", |method, path| {
                method == "GET" && path.contains("/domestic-payments/") && !path.ends_with("/payment-details")
            }),
            ("order-details", |_, path| path.ends_with("/payment-details")),
            ("token", |_, path| path == "/token"),
        ],
    },
    Case {
        dialect: "berlin-group",
        edit: without_payments,
        change: "without = [\"X-Request-ID\"]",
        refused: "400",
        checks: &["FLOW-003"],
        operations: &[("resource", |_, path| path.starts_with("/v1/")), ("token", |_, path| path == "/token")],
    },
];

/// The target of an authorization server with a protected resource.
fn without_payments(target: &str) -> String {
    super::other_targets::authorization_server_alone(target)
}

/// Method, path and status of each request, as the bank has written them down.
fn log(desk: &Desk, name: &str) -> Vec<(String, String, String)> {
    let line = |line: &str| {
        let mut words = line.split(' ').skip(2).map(str::to_owned);
        (words.next().unwrap(), words.next().unwrap(), words.next().unwrap())
    };
    desk.read(name).lines().map(line).collect()
}

#[test]
fn each_operation_reaches_its_requests_and_no_other() {
    for case in CASES {
        let desk = Desk::new();
        let _bank = desk.bank_with("bank.toml", &["--dialect", case.dialect, "--log", "bank.log"]);
        let target = (case.edit)(&desk.read("bank.toml"));
        let mut before = 0;
        for (name, is_one) in case.operations {
            let (change, refused) = if *name == "token" { NO_FORM } else { (case.change, case.refused) };
            desk.write("t.toml", &format!("{target}\n[[requests]]\noperations = [\"{name}\"]\n{change}\n"));
            let ended = desk.run(&[&["t.toml", "--jobs", "1"], case.checks].concat());
            let log = log(&desk, "bank.log");
            let (reached, others): (Vec<_>, Vec<_>) =
                log[before..].iter().partition(|(method, path, _)| is_one(method, path));
            before = log.len();
            assert!(!reached.is_empty(), "{}: nothing was asked for {name}: {}", case.dialect, ended.stdout);
            for (method, path, status) in reached {
                assert_eq!(status, refused, "{}: {name} is not reached: {method} {path}", case.dialect);
            }
            for (method, path, status) in others {
                assert_ne!(status, refused, "{}: {name} reaches {method} {path}", case.dialect);
            }
            let terms = desk.last_run().results()["target"]["terms"].to_string();
            assert!(terms.contains(&format!("{name} is sent with")), "{terms}");
        }
    }
}

#[test]
fn where_no_operation_is_named_all_of_them_are_reached() {
    for case in CASES {
        let desk = Desk::new();
        let _bank = desk.bank_with("bank.toml", &["--dialect", case.dialect]);
        let target = (case.edit)(&desk.read("bank.toml"));
        desk.write("t.toml", &format!("{target}\n[[requests]]\nheaders = {{ X-Mark = \"here\" }}\npublic = true\n"));
        desk.run(&[&["t.toml"], case.checks].concat());
        let run = desk.last_run();
        let exchanges: Vec<_> = run.events().into_iter().filter(|event| event["event"] == "exchange").collect();
        for (name, _) in case.operations {
            assert!(exchanges.iter().any(|exchange| exchange["operation"] == *name), "{name} is not asked for");
        }
        for exchange in exchanges {
            let operation = exchange["operation"].as_str().unwrap();
            let is_named = case.operations.iter().any(|(name, _)| *name == operation);
            let is_marked = exchange["request"]["headers"].to_string().to_ascii_lowercase().contains("x-mark");
            assert_eq!(is_marked, is_named, "{}: {operation}", case.dialect);
        }
        let terms = run.results()["target"]["terms"].to_string();
        assert!(terms.contains("every request to the API and to the token endpoint is sent with X-Mark"), "{terms}");
    }
}

#[test]
fn an_operation_that_the_dialect_has_no_request_for_is_refused() {
    for (dialect, operation) in
        [("uk-open-banking", "cancellation"), ("uk-open-banking", "resource"), ("berlin-group", "order")]
    {
        let desk = Desk::new();
        let _bank = desk.bank_with("t.toml", &["--dialect", dialect]);
        let change = format!("[[requests]]\noperations = [\"{operation}\"]\nheaders = {{ X-Mark = \"here\" }}\n");
        desk.write("t.toml", &format!("{}\n{change}", desk.read("t.toml")));
        let ended = desk.run(&["t.toml", "META-001"]);
        assert_eq!(ended.code, 2, "{}", ended.stdout);
        for word in ["requests", operation, dialect] {
            assert!(ended.stderr.contains(word), "{word}: {}", ended.stderr);
        }
    }
}
