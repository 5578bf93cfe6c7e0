//! A server in a process of its own, which says in one line of JSON where it is.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::mpsc::channel,
    time::Duration,
};

use serde_json::Value;

/// No server takes longer to start, on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server; it ends with the test.
pub(crate) struct Server {
    process: Child,
    ready: Value,
}

impl Server {
    /// Starts it and waits for its line.
    ///
    /// # Errors
    /// It cannot be started, or says nothing.
    pub(crate) fn start(command: &mut Command) -> Result<Self, String> {
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| error.to_string())?;
        let (sender, receiver) = channel();
        let output = BufReader::new(process.stdout.take().unwrap());
        // To its end: a server that cannot write any more may die of it.
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let line = receiver.recv_timeout(PATIENCE).unwrap_or_default();
        let mut server = Self { process, ready: serde_json::from_str(&line).unwrap_or_default() };
        match server.ready.is_object() {
            true => Ok(server),
            false => {
                server.end();
                Err(format!("it does not start: {line:?}"))
            }
        }
    }

    /// What it says of itself.
    pub(crate) fn says(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap()
    }

    fn end(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}
