//! The TLS picture: real servers with one thing wrong each, and a reader of ServerHellos that nothing upsets.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]
#![allow(clippy::print_stderr, reason = "what is left out is said")]

#[allow(dead_code, reason = "each file of tests uses its part of the fixtures")]
mod fixtures;
mod support;

#[path = "tls_picture/report.rs"]
mod report;
#[path = "tls_picture/s_server.rs"]
mod s_server;
#[path = "tls_picture/server_hello.rs"]
mod server_hello;
