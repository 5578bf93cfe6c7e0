//! Judges on answers that servers of other hands gave in `tests/interop`, for where those servers cannot be had.

use std::sync::Arc;

use bankproof::evidence::exchange::{Answer, Exchange, Request, Response};
use bankproof::judge::{Finding, every_answer, token};
use time::OffsetDateTime;

fn answered(status: u16, body: &str) -> Exchange {
    Exchange {
        id: "x0001".into(),
        check: "TOKEN-006".into(),
        direction: Default::default(),
        identity: "tpp-a".into(),
        operation: Default::default(),
        purpose: "ask for a token".into(),
        sent_at: OffsetDateTime::UNIX_EPOCH,
        duration_ms: 1.0,
        request: Request {
            method: "POST".into(),
            url: "https://bank.example/token".into(),
            headers: vec![],
            body: "".into(),
        },
        answer: Answer::Response(Response { status, headers: vec![], body: body.into(), truncated: false }),
        tls: None,
    }
}

/// Django OAuth Toolkit looks at the password before it looks at whether the client may have the grant.
#[test]
fn a_wrong_password_does_not_show_that_the_password_grant_is_on_offer() {
    let judge = |status, body| token::password_grant_refused(&answered(status, body));
    assert!(matches!(judge(400, r#"{"error": "invalid_grant"}"#), Finding::Unclear(_)));
    assert!(matches!(judge(400, r#"{"error": "unauthorized_client"}"#), Finding::Holds(_)));
    assert!(matches!(judge(400, r#"{"error": "unsupported_grant_type"}"#), Finding::Holds(_)));
    assert!(matches!(judge(200, r#"{"access_token": "a", "token_type": "Bearer"}"#), Finding::Broken(_)));
}

/// oidc-provider with an error page that shows the error as it is.
#[test]
fn stack_traces_are_known_whatever_they_come_from() {
    let judge = |body: &str| every_answer::no_internals(&[Arc::new(answered(400, body))]);
    for trace in [
        "InvalidClient: invalid_client\n    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
        "PHP Fatal error:  Uncaught Exception in /srv/index.php:3\nStack trace:\n#0 {main}",
        "goroutine 1 [running]:\nmain.main()",
        "System.Exception: no\n   at System.Linq.Enumerable.First()",
    ] {
        assert!(matches!(judge(trace), Finding::Broken(_)), "{trace}");
    }
    for page in
        ["Please sign in at process step 2", "<script src=/node_modules/x.js></script>", "At System Bank we care"]
    {
        assert!(matches!(judge(page), Finding::Holds(_)), "{page}");
    }
}
