//! One connection: bytes in, requests out; answers in, bytes out. It touches no socket.

use super::error::Refused;
use super::frame::{self, HEADER, Header, answer};
use super::persona::refuses_version;
use super::request::{self, Asked, Startup};
use super::response::{self, Manner};
use super::segment::{self, Packing};
use super::wire::Writer;
use cql::Response;
use sim::Id;
use std::ops::RangeInclusive;
use std::rc::Rc;

/// How far a connection has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nothing but OPTIONS and STARTUP makes sense.
    Fresh,
    /// A password is waited for.
    Asked,
    /// Everything does.
    Open,
}

/// What a client wants to be told of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wants {
    /// `SCHEMA_CHANGE`.
    pub schema: bool,
    /// `TOPOLOGY_CHANGE`.
    pub topology: bool,
    /// `STATUS_CHANGE`.
    pub status: bool,
}

/// One connection to one node.
#[derive(Debug)]
pub struct Session {
    /// The node it came to.
    pub node: Id,
    /// The shard of that node, where there are any.
    pub shard: u16,
    /// How far it has come.
    pub stage: Stage,
    /// What it is told of.
    pub wants: Wants,
    /// The keyspace of unqualified names.
    pub keyspace: Option<Rc<str>>,
    /// What it said of itself.
    pub startup: Startup,
    /// Nothing more is read; what is written is written, then the socket is closed.
    pub ended: bool,
    /// Those that are spoken here.
    versions: RangeInclusive<u8>,
    /// Its first request's, and from then on every one's.
    version: Option<u8>,
    /// v5: everything lies in segments, from the answer to STARTUP on.
    packing: Option<Packing>,
    input: Vec<u8>,
    /// How much of `input` is read.
    read: usize,
    /// v5: envelopes out of segments.
    envelopes: Vec<u8>,
    output: Vec<u8>,
    /// v5: envelopes that are not in segments yet, and where each ends.
    loose: Vec<u8>,
    ends: Vec<usize>,
}

/// A request and where its answer goes.
pub struct Arrived {
    pub stream: i16,
    pub version: u8,
    pub asked: Result<Asked, Refused>,
}

impl Session {
    /// A connection that has just come to this node.
    pub fn new(node: Id, shard: u16, versions: RangeInclusive<u8>) -> Session {
        Session {
            node,
            shard,
            versions,
            stage: Stage::Fresh,
            wants: Wants::default(),
            keyspace: None,
            startup: Startup::default(),
            ended: false,
            version: None,
            packing: None,
            input: Vec::new(),
            read: 0,
            envelopes: Vec::new(),
            output: Vec::new(),
            loose: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// What is answered in: to a client that has said nothing yet, the latest.
    fn version(&self) -> u8 {
        self.version.unwrap_or(*self.versions.end())
    }

    /// Where the socket's bytes go.
    pub fn input(&mut self) -> &mut Vec<u8> {
        &mut self.input
    }

    /// The next request that is all there. `shift`: see [`request::read`]. An error ends the connection.
    pub fn next(&mut self, shift: i64) -> Result<Option<Arrived>, Refused> {
        if let Some(packing) = self.packing {
            loop {
                let took =
                    segment::take(self.input.get(self.read..).unwrap_or_default(), packing, &mut self.envelopes)?;
                if took == 0 {
                    break;
                }
                self.read += took;
            }
            self.input.drain(..self.read);
            self.read = 0;
            // Parts of one large envelope come one by one; it is no larger than any other may be.
            let next = one(&self.envelopes, self.version, shift, self.keyspace.as_ref(), &self.versions)?;
            return Ok(next.map(|(took, arrived)| {
                self.envelopes.drain(..took);
                arrived
            }));
        }
        let rest = self.input.get(self.read..).unwrap_or_default();
        let Some((took, arrived)) = one(rest, self.version, shift, self.keyspace.as_ref(), &self.versions)? else {
            self.input.drain(..self.read);
            self.read = 0;
            return Ok(None);
        };
        self.version.get_or_insert(arrived.version);
        self.read += took;
        Ok(Some(arrived))
    }

    /// Answer with a body of any kind.
    pub fn put(&mut self, stream: i16, opcode: u8, body: impl FnOnce(&mut Writer<'_>)) {
        self.put_flagged(stream, opcode, 0, body);
    }

    fn put_flagged(&mut self, stream: i16, opcode: u8, flags: u8, body: impl FnOnce(&mut Writer<'_>)) {
        let version = self.version();
        let to = if self.packing.is_some() { &mut self.loose } else { &mut self.output };
        let start = frame::begin(to, version, flags, stream, opcode);
        body(&mut Writer { to, old: false });
        if self.packing.is_some() {
            self.ends.push(self.loose.len());
            frame::end(&mut self.loose, start);
        } else {
            if self.startup.lz4 && self.stage == Stage::Open && self.output.len() > start + HEADER {
                frame::compress(&mut self.output, start);
            }
            frame::end(&mut self.output, start);
        }
    }

    /// Answer as a node did.
    pub fn answer(&mut self, stream: i16, response: &Response, manner: Manner) {
        if let Response::SetKeyspace(name) = response {
            self.keyspace = Some(name.clone());
        }
        let scylla = *self.versions.end() < 5;
        let manner = Manner { version: self.version(), scylla, lwt_mark: self.startup.lwt_mark, ..manner };
        let write = |out: &mut Writer<'_>| response::write(out.to, response, &manner);
        self.put_flagged(stream, response::opcode(response), manner.flags(), write);
    }

    /// The answer to STARTUP, or to a password: the last of v5 that lies outside segments.
    pub fn open(&mut self, stream: i16, opcode: u8) {
        // v5 has said how it packs already, when a password was asked for.
        self.put(stream, opcode, |out| {
            if opcode == answer::AUTH_SUCCESS {
                out.bytes(None);
            }
        });
        self.stage = Stage::Open;
        self.pack();
    }

    /// From here on v5 lies in segments.
    pub fn pack(&mut self) {
        if self.version() >= 5 {
            self.packing = Some(if self.startup.lz4 { Packing::Lz4 } else { Packing::Plain });
        }
    }

    /// Say why, as far as this client can be told anything.
    pub fn refuse(&mut self, stream: i16, refused: &Refused) {
        let stream = match refused {
            Refused::Broken(_) => {
                self.ended = true;
                return;
            }
            Refused::Version(_) => 0,
            Refused::Protocol(_) | Refused::Fatal(_) => stream,
        };
        self.ended |= !matches!(refused, Refused::Protocol(_));
        let version = self.version();
        let said = match refused {
            Refused::Version(asked) => refuses_version(*asked, *self.versions.end()),
            _ => refused.to_string(),
        };
        let error = cql::Error::Protocol(said);
        self.put(stream, answer::ERROR, |out| response::error(out, &error, version));
    }

    /// What is to be written to the socket, taken out.
    pub fn take_output(&mut self, into: &mut Vec<u8>) {
        if let Some(packing) = self.packing
            && !self.loose.is_empty()
        {
            segment::put(&mut self.output, packing, &self.loose, &self.ends);
            self.loose.clear();
            self.ends.clear();
        }
        into.append(&mut self.output);
    }

    /// Bytes that wait for a client to read them.
    pub fn unread(&self) -> usize {
        self.output.len() + self.loose.len()
    }
}

/// The envelope at the front of `bytes`, and its length.
fn one(
    bytes: &[u8],
    version: Option<u8>,
    shift: i64,
    keyspace: Option<&Rc<str>>,
    versions: &RangeInclusive<u8>,
) -> Result<Option<(usize, Arrived)>, Refused> {
    let Some(header) = Header::read(bytes)? else { return Ok(None) };
    if !versions.contains(&header.version) {
        return Err(Refused::Version(header.version));
    }
    if let Some(before) = version.filter(|before| *before != header.version) {
        return Err(Refused::fatal(format!(
            "Invalid message version. Got {} but previous messages on this connection had version {before}",
            header.version
        )));
    }
    let whole = HEADER + header.length;
    let Some(body) = bytes.get(HEADER..whole) else { return Ok(None) };
    let asked = if header.flags & frame::COMPRESSED != 0 && header.version < 5 {
        frame::uncompress(body).and_then(|body| request::read(&header, &body, shift, keyspace))
    } else {
        request::read(&header, body, shift, keyspace)
    };
    Ok(Some((whole, Arrived { stream: header.stream, version: header.version, asked })))
}
