//! The edge.

pub mod cli;
#[cfg(feature = "drivers")]
pub mod differ;
#[cfg(feature = "drivers")]
pub mod drivers;
pub mod port;
