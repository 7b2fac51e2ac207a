//! What the worker says to the page: one byte for what it is, then little-endian lengths and bytes. The trace in it is a
//! Cap'n Proto message of its own, at the end, read where it lies.

/// What the worker says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// It is there, and this is the version of its model.
    Ready(u16),
    /// How far it is.
    Progress {
        /// Steps done.
        done: u32,
        /// Steps in all.
        of: u32,
        /// Events so far.
        events: u32,
    },
    /// It is done: the bytes of a [`Done`], which [`done`] takes apart.
    Done,
    /// It cannot, and says why.
    Failed(String),
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done<'a> {
    /// The text with its outcomes.
    pub blessed: &'a str,
    /// The run's digest, in hexadecimal.
    pub digest: &'a str,
    /// Why the run ended early; empty: it did not.
    pub stopped: &'a str,
    /// A short digest per statement.
    pub outcomes: Vec<u16>,
    /// The trace, as a message.
    pub trace: &'a [u8],
}

impl Said {
    /// As bytes; of a run that is done, see [`Done::to_bytes`].
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Ready(version) => [&[0], version.to_le_bytes().as_slice()].concat(),
            Self::Progress { done, of, events } => {
                [&[1], done.to_le_bytes().as_slice(), &of.to_le_bytes(), &events.to_le_bytes()].concat()
            }
            Self::Done => vec![2],
            Self::Failed(why) => [&[3], why.as_bytes()].concat(),
        }
    }

    /// What these bytes say, if they say anything.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (tag, rest) = bytes.split_first()?;
        let number = |at: usize| Some(u32::from_le_bytes(*rest.get(at..at + 4)?.first_chunk()?));
        match tag {
            0 => Some(Self::Ready(u16::from_le_bytes(*rest.first_chunk()?))),
            1 => Some(Self::Progress { done: number(0)?, of: number(4)?, events: number(8)? }),
            2 => Some(Self::Done),
            3 => Some(Self::Failed(String::from_utf8_lossy(rest).into_owned())),
            _ => None,
        }
    }
}

impl<'a> Done<'a> {
    /// As bytes, in one piece.
    pub fn to_bytes(&self) -> Vec<u8> {
        let outcomes: Vec<u8> = self.outcomes.iter().flat_map(|digest| digest.to_le_bytes()).collect();
        let mut out = vec![2];
        for part in [self.blessed.as_bytes(), self.digest.as_bytes(), self.stopped.as_bytes(), &outcomes, self.trace] {
            out.extend_from_slice(&(part.len() as u32).to_le_bytes());
            out.extend_from_slice(part);
        }
        out
    }

    /// What these bytes say, if they are a run that is done.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let (&[2], mut rest) = bytes.split_first_chunk()? else { return None };
        let mut part = || {
            let (long, after) = rest.split_first_chunk()?;
            let (part, after) = after.split_at_checked(u32::from_le_bytes(*long) as usize)?;
            rest = after;
            Some(part)
        };
        let (blessed, digest, stopped, outcomes, trace) = (part()?, part()?, part()?, part()?, part()?);
        Some(Self {
            blessed: std::str::from_utf8(blessed).ok()?,
            digest: std::str::from_utf8(digest).ok()?,
            stopped: std::str::from_utf8(stopped).ok()?,
            outcomes: outcomes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect(),
            trace,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Done, Said};

    #[test]
    fn what_is_said_is_heard() {
        for said in [
            Said::Ready(7),
            Said::Progress { done: 1, of: 300, events: 70_000 },
            Said::Done,
            Said::Failed("why".into()),
        ] {
            assert_eq!(Said::read(&said.to_bytes()), Some(said));
        }
        let done = Done {
            blessed: "SELECT 1;\n--> é",
            digest: "00ff",
            stopped: "",
            outcomes: vec![0, 65_535],
            trace: &[1, 2, 3],
        };
        let bytes = done.to_bytes();
        assert_eq!(Done::read(&bytes), Some(done));
        for cut in 0..bytes.len() {
            assert_eq!(Done::read(&bytes[..cut]), None, "{cut}");
        }
        assert_eq!(Said::read(&[]), None);
    }
}
