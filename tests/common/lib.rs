//! The suite: what the whole house promises, held against the scenarios in `tests/scenarios`.
