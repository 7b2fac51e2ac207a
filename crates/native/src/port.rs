//! The CQL port: real drivers on the model, by the native protocol v4 and v5.
//!
//! A statement's life: `server.rs` reads bytes from a socket → `session.rs` finds the envelope in them (`segment.rs`, `frame.rs`)
//! → `request.rs` makes a [`cql::Request`] of it → `served.rs` brings the world to this moment of the wall clock and hands it to
//! the node whose address it came to → what the node answers, at once or when its network lets it, `response.rs` writes as the
//! driver expects it. A request is the same one that the simulated driver sends: the node cannot tell them apart.

mod error;
mod faults;
mod frame;
mod literal;
mod persona;
mod record;
mod request;
mod response;
pub mod segment;
mod served;
mod server;
mod serving;
mod session;
mod tracing;
mod wire;

pub use error::Refused;
pub use persona::SHARDS;
pub use record::Recorder;
pub use served::{Authenticator, Served, wall};
pub use server::{Bound, Unbound, bind};
pub use serving::{Serving, Unserved, begin};
pub use session::Session;
