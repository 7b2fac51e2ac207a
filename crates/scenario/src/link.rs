//! The link: a scenario's whole text in the fragment of an address. Nothing is sent to a server.
//!
//! ```text
//! base64url, no padding, over:
//!   1  format         1
//!   1  packing        0 as it is · 1 deflated (miniz, level 9), when that is smaller
//!   2  model version  big-endian: what the digests were made by
//!   4  checksum       big-endian: the low half of xxh3-64 over the payload, unpacked
//!   …  payload        count of digests (LEB128), 2 bytes for each statement's outcome (0: prints nothing), then the text
//! ```
//! A decoder believes nothing: every length is bounded before anything is unpacked, every error says what is so.

mod base64;

use crate::bless::Answer;
use crate::limits::{LINK_CHARS_MAX, STATEMENTS_MAX, TEXT_BYTES_MAX};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};
use xxhash_rust::xxh3::xxh3_64;

/// The version of the model whose outcomes and digests can be compared; it goes up whenever some digest changes.
pub const MODEL_VERSION: u16 = 1;

const FORMAT: u8 = 1;
const LEVEL: u8 = 9;
const PAYLOAD_MAX: usize = TEXT_BYTES_MAX as usize + 2 * STATEMENTS_MAX as usize + 5;

/// What a link carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// The scenario.
    pub text: String,
    /// The version of the model that ran it.
    pub model: u16,
    /// For each statement a short digest of its outcome; 0 where it prints nothing. Empty: it was never run.
    pub outcomes: Vec<u16>,
}

/// Why something is not a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// Nothing is there.
    Empty,
    /// Longer than a link can be.
    TooLong {
        /// Its characters.
        chars: usize,
    },
    /// A character that no link has.
    BadChar {
        /// The character.
        found: char,
        /// Its place, from 1.
        at: usize,
    },
    /// It was cut off.
    Truncated,
    /// A format this program does not know.
    TooNew {
        /// Its format.
        format: u8,
    },
    /// What is in it cannot be unpacked.
    Packing,
    /// What is in it is larger than a scenario can be.
    TooLarge,
    /// It was changed on its way.
    Checksum,
    /// What is in it is not text.
    NotText,
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinkError::Empty => f.write_str("the link is empty"),
            LinkError::TooLong { chars } => write!(f, "the link has {chars} characters; the limit is {LINK_CHARS_MAX}"),
            LinkError::BadChar { found, at } => write!(f, "a link cannot contain {found:?} (character {at})"),
            LinkError::Truncated => {
                f.write_str("the link is not whole: it was cut off, or something was added to its end")
            }
            LinkError::TooNew { format } => {
                write!(
                    f,
                    "this is no link, or one of a later version: its format is {format}, and formats up to {FORMAT} are known"
                )
            }
            LinkError::Packing => f.write_str("the link cannot be unpacked: it was cut off or changed on its way"),
            LinkError::TooLarge => write!(f, "the link holds more than {TEXT_BYTES_MAX} bytes, which is the limit"),
            LinkError::Checksum => f.write_str("the link was changed on its way: its checksum does not fit"),
            LinkError::NotText => f.write_str("the link holds bytes that are not text"),
        }
    }
}

impl core::error::Error for LinkError {}

/// The short digests of a run's outcomes, statement by statement.
#[must_use]
pub fn digests(answers: &[Answer]) -> Vec<u16> {
    let last = answers.iter().map(|answer| answer.number).max().unwrap_or(0);
    let mut all = alloc::vec![0; last.min(STATEMENTS_MAX) as usize];
    for answer in answers {
        if let Some(digest) = (answer.number as usize).checked_sub(1).and_then(|at| all.get_mut(at)) {
            *digest = short(&answer.lines);
        }
    }
    all
}

fn short(lines: &[String]) -> u16 {
    if lines.is_empty() {
        return 0;
    }
    let digest = xxh3_64(lines.join("\n").as_bytes()) as u16;
    digest.max(1)
}

/// The number of the first statement whose outcome is another now than when the link was made.
#[must_use]
pub fn first_difference(linked: &[u16], now: &[u16]) -> Option<u32> {
    if linked.is_empty() {
        return None;
    }
    let most = linked.len().max(now.len());
    (0..most).find(|at| linked.get(*at).unwrap_or(&0) != now.get(*at).unwrap_or(&0)).map(|at| at as u32 + 1)
}

/// A text as a link, without the `#`.
#[must_use]
pub fn encode(text: &str, outcomes: &[u16]) -> String {
    let mut payload = Vec::with_capacity(text.len() + 2 * outcomes.len() + 3);
    let mut count = outcomes.len() as u32;
    while count >= 0x80 {
        payload.push(count as u8 | 0x80);
        count >>= 7;
    }
    payload.push(count as u8);
    outcomes.iter().for_each(|digest| payload.extend_from_slice(&digest.to_be_bytes()));
    payload.extend_from_slice(text.as_bytes());
    let packed = compress_to_vec(&payload, LEVEL);
    let (packing, body) = if packed.len() < payload.len() { (1, &packed) } else { (0, &payload) };
    let mut bytes = Vec::with_capacity(body.len() + 8);
    bytes.extend_from_slice(&[FORMAT, packing]);
    bytes.extend_from_slice(&MODEL_VERSION.to_be_bytes());
    bytes.extend_from_slice(&(xxh3_64(&payload) as u32).to_be_bytes());
    bytes.extend_from_slice(body);
    base64::encode(&bytes)
}

/// Read a link: a whole address, its fragment with `#`, or what stands behind that.
///
/// # Errors
/// Whatever is wrong with it, exactly; never a panic, and never more memory than a scenario can need.
pub fn decode(link: &str) -> Result<Linked, LinkError> {
    let link = link.trim();
    let fragment = link.split_once('#').map_or(link, |(_, fragment)| fragment);
    if fragment.is_empty() {
        return Err(LinkError::Empty);
    }
    if fragment.len() > LINK_CHARS_MAX {
        return Err(LinkError::TooLong { chars: fragment.chars().count() });
    }
    let bytes = base64::decode(fragment)?;
    match bytes.first() {
        Some(&FORMAT) => {}
        Some(&format) => return Err(LinkError::TooNew { format }),
        None => return Err(LinkError::Truncated),
    }
    let (Some(head), Some(body)) = (bytes.first_chunk::<8>(), bytes.get(8..)) else { return Err(LinkError::Truncated) };
    let [_, packing, m0, m1, c0, c1, c2, c3] = *head;
    let payload = match packing {
        0 => body.to_vec(),
        1 => {
            let payload = unpack(body)?;
            // Unpacking ends where the packed text ends, so what stands behind it shows when it works without its last byte.
            if body.split_last().is_some_and(|(_, without)| unpack(without).is_ok()) {
                return Err(LinkError::Truncated);
            }
            payload
        }
        _ => return Err(LinkError::Packing),
    };
    if xxh3_64(&payload) as u32 != u32::from_be_bytes([c0, c1, c2, c3]) {
        return Err(LinkError::Checksum);
    }
    let (count, rest) = leb128(&payload)?;
    if count > STATEMENTS_MAX {
        return Err(LinkError::TooLarge);
    }
    let (digests, text) = rest.split_at_checked(count as usize * 2).ok_or(LinkError::Truncated)?;
    let outcomes = digests.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    if text.len() > TEXT_BYTES_MAX as usize {
        return Err(LinkError::TooLarge);
    }
    let text = String::from_utf8(text.to_vec()).map_err(|_| LinkError::NotText)?;
    Ok(Linked { text, model: u16::from_be_bytes([m0, m1]), outcomes })
}

fn unpack(body: &[u8]) -> Result<Vec<u8>, LinkError> {
    decompress_to_vec_with_limit(body, PAYLOAD_MAX).map_err(|error| match error.status {
        TINFLStatus::HasMoreOutput => LinkError::TooLarge,
        TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => LinkError::Truncated,
        _ => LinkError::Packing,
    })
}

fn leb128(bytes: &[u8]) -> Result<(u32, &[u8]), LinkError> {
    let mut value = 0u32;
    for (at, byte) in bytes.iter().enumerate().take(4) {
        value |= u32::from(byte & 0x7F) << (7 * at as u32);
        if byte & 0x80 == 0 {
            return Ok((value, bytes.get(at + 1..).unwrap_or(&[])));
        }
    }
    Err(if bytes.len() < 4 { LinkError::Truncated } else { LinkError::TooLarge })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn a_text_comes_back_byte_for_byte() {
        for text in
            ["", "SELECT 1;", "-- ünïcode\r\nSELECT v FROM t;\r\n", &"INSERT INTO t (k) VALUES (1);\n".repeat(500)]
        {
            for outcomes in [&[][..], &[0, 7, 65_535][..], &[1; 300][..]] {
                let link = encode(text, outcomes);
                let back = decode(&link).unwrap();
                assert_eq!((back.text.as_str(), back.model), (text, MODEL_VERSION));
                assert_eq!(back.outcomes, outcomes);
                assert_eq!(decode(&alloc::format!("http://127.0.0.1:8080/#{link}")).unwrap(), back);
            }
        }
    }

    #[test]
    fn errors_say_what_is_so() {
        let link = encode(&"SELECT v FROM t WHERE k = 1;\n".repeat(20), &[3; 20]);
        assert_eq!(decode(""), Err(LinkError::Empty));
        assert_eq!(decode("https://x/#"), Err(LinkError::Empty));
        assert_eq!(decode("AQ AA"), Err(LinkError::BadChar { found: ' ', at: 3 }));
        assert_eq!(decode("AQ\u{e9}A"), Err(LinkError::BadChar { found: 'é', at: 3 }));
        assert_eq!(decode("AQ"), Err(LinkError::Truncated));
        assert_eq!(decode(&link[..8]), Err(LinkError::Truncated));
        assert_eq!(decode(&link[..link.len() - 4]), Err(LinkError::Truncated));
        for behind in [&[0][..], &[7, 8, 9], &[0; 100]] {
            let mut bytes = base64::decode(&link).unwrap();
            bytes.extend_from_slice(behind);
            assert_eq!(decode(&base64::encode(&bytes)), Err(LinkError::Truncated), "{behind:?}");
        }
        assert_eq!(decode(&base64::encode(&[2, 0, 0, 1, 0, 0, 0, 0, 0])), Err(LinkError::TooNew { format: 2 }));
        assert_eq!(decode(&base64::encode(&[1, 0, 0, 1, 0, 0, 0, 0, 0])), Err(LinkError::Checksum));
        assert_eq!(decode(&"A".repeat(LINK_CHARS_MAX + 1)), Err(LinkError::TooLong { chars: LINK_CHARS_MAX + 1 }));
        assert!(decode("é").unwrap_err().to_string().contains("character 1"));
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let packed = compress_to_vec(&alloc::vec![0; 64 << 20], LEVEL);
        let mut bytes = alloc::vec![FORMAT, 1, 0, 1, 0, 0, 0, 0];
        bytes.extend(packed);
        assert_eq!(decode(&base64::encode(&bytes)), Err(LinkError::TooLarge));
    }

    #[test]
    fn every_changed_character_is_noticed() {
        let link = encode("SELECT count(*) FROM platform_users WHERE org_id = 'org-1';\n", &[9]);
        for at in 0..link.len() {
            let mut other = link.clone().into_bytes();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            let other = String::from_utf8(other).unwrap();
            let back = decode(&other);
            // The model's version is no part of the text: only it may change unnoticed.
            assert!(back.is_err() || back.unwrap().text == decode(&link).unwrap().text, "{at}");
        }
    }

    #[test]
    fn the_first_statement_that_differs_has_a_number() {
        assert_eq!(first_difference(&[], &[1, 2]), None);
        assert_eq!(first_difference(&[1, 2], &[1, 2]), None);
        assert_eq!(first_difference(&[1, 2, 3], &[1, 9, 9]), Some(2));
        assert_eq!(first_difference(&[1, 2], &[1, 2, 3]), Some(3));
        assert_eq!(first_difference(&[1, 0], &[1]), None);
    }
}
