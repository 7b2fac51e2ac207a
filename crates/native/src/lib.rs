//! The edge.

#[cfg(feature = "drivers")]
pub mod drivers;
