//! What a connection is refused for.

use std::fmt;

/// Why a frame is not answered as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The frame makes no sense: it is answered with an error, and the connection goes on.
    Protocol(String),
    /// Nothing that follows can be told apart from rubbish: it is answered with an error, and the connection ends.
    Fatal(String),
    /// A version that is not spoken here. Answered on stream 0, which is what makes every driver step down
    /// (drivers-live.md 3a), and the connection ends.
    Version(u8),
    /// Nothing can be said to this client: the connection ends.
    Broken(String),
}

impl Refused {
    /// A [`Refused::Protocol`] that says this.
    pub fn protocol(what: impl Into<String>) -> Refused {
        Refused::Protocol(what.into())
    }

    /// A [`Refused::Fatal`] that says this.
    pub fn fatal(what: impl Into<String>) -> Refused {
        Refused::Fatal(what.into())
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Protocol(what) | Refused::Fatal(what) | Refused::Broken(what) => f.write_str(what),
            // What it is told depends on who it spoke to: `persona::refuses_version`.
            Refused::Version(version) => write!(f, "Invalid or unsupported protocol version ({version})"),
        }
    }
}

impl std::error::Error for Refused {}
