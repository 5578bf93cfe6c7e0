//! `include_dir!` does not tell cargo what it embeds: without this, a new feature file would go unnoticed.

#![allow(clippy::print_stdout, reason = "a build script speaks to cargo so")]

fn main() {
    println!("cargo:rerun-if-changed=features");
}
