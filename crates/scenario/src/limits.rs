//! How much is too much. Every limit is counted in things, never in seconds of a real clock, so that the same text meets
//! the same limit everywhere; each error says the limit it met.

/// Bytes of a scenario's text.
pub const TEXT_BYTES_MAX: u32 = 1 << 20;
/// Statements of a scenario.
pub const STATEMENTS_MAX: u32 = 20_000;
/// Branches of a scenario.
pub const BRANCHES_MAX: usize = 16;
/// Nodes of a cluster.
pub const NODES_MAX: u16 = 300;
/// Clients of a scenario.
pub const CLIENTS_MAX: u16 = 64;
/// Events of a run.
pub const EVENTS_MAX: u64 = 4_000_000;
/// Days of virtual time.
pub const DAYS_MAX: u64 = 3_660;
/// Virtual time of a run, microseconds.
pub const RUN_TIME_MAX: sim::Span = sim::Span::s(DAYS_MAX * 86_400);
/// Faults that are reported; what follows is not looked at.
pub const FAULTS_MAX: usize = 100;
/// Characters of a link.
pub const LINK_CHARS_MAX: usize = 1 << 20;
