//! A simulated client driver.
//!
//! *Never*: driver does not know what answers it. It sends [`cql::Request`]s and hears [`cql::Response`]s; what lies between
//! is the world's affair.
//!
//! It begins as a table of [`Profile`]s: what the real drivers were seen to send (stamp source, resolution, monotonic or not,
//! consistency, page size, retry), and one [`Driver`] machine that behaves by it. One statement's life: `Submit` dates a
//! write, picks the coordinator, sends; the answer is asked for page by page, retried as the profile says, and handed back.
#![no_std]
extern crate alloc;

mod machine;
mod profile;

pub use machine::{Answered, Driver, Fact, Input, Submit, Timer};
pub use profile::{PROFILES, Profile, Retry, Stamps, profile};
