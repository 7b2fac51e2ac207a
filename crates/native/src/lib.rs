//! The edge.

pub mod cli;
#[cfg(feature = "drivers")]
pub mod drivers;
pub mod port;
