//! The bank's own log: a line for each request that it was asked, so that what a client did can be seen at the bank.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::error::BankError;

/// A file to which every request is written, or nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Log(Option<Arc<Mutex<File>>>);

impl Log {
    /// Begins a log anew in that file.
    pub(super) fn begin(path: Option<&Path>) -> Result<Self, BankError> {
        let create = |path: &Path| {
            let failed = |source| BankError::Log { path: path.to_owned(), source };
            File::create(path).map(|file| Arc::new(Mutex::new(file))).map_err(failed)
        };
        path.map(create).transpose().map(Self)
    }

    /// The same rooms, with a log at their door.
    pub(super) fn at(&self, app: Router, door: &'static str) -> Router {
        match &self.0 {
            Some(_) => app.layer(from_fn_with_state((self.clone(), door), note)),
            None => app,
        }
    }

    /// What is in queries and bodies (codes, tokens, passwords) stays out of it.
    fn write(&self, door: &str, method: &str, path: &str, status: u16) {
        let Some(file) = &self.0 else { return };
        let now = OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default();
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        // A bank goes on when its disk is full.
        let _ = file.write_all(format!("{now} {door} {method} {path} {status}\n").as_bytes());
    }
}

async fn note(State((log, door)): State<(Log, &'static str)>, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
    let response = next.run(request).await;
    log.write(door, &method, &path, response.status().as_u16());
    response
}
