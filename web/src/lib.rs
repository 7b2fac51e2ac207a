//! The page.
#![allow(missing_docs)]
