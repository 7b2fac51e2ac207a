//! A client that sends what it is told to, byte by byte.

#![allow(dead_code, reason = "each test file uses a part of it")]

use native::port::{self, Authenticator, Served};
use scenario::{Persona, Setup};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;
use world::World;

/// A world that begins now.
fn now(setup: &mut Setup) -> (i64, World) {
    let start = port::wall();
    (start, port::begin(setup, start))
}

/// A served cluster of its own, on any port.
pub fn serve(nodes: u16, persona: Persona, authenticator: Authenticator) -> u16 {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        tokio::task::LocalSet::new().block_on(&runtime, async {
            let bound = port::bind(nodes, 0, persona).await.unwrap();
            let mut setup = Setup::default();
            setup.cluster.nodes = nodes;
            setup.cluster.dcs[0].nodes = nodes;
            setup.cluster.like = persona;
            let (start, world) = now(&mut setup);
            let port = bound.port();
            tell.send(port).unwrap();
            bound.serve(Served::new(world, start, port, persona, authenticator), false).await.unwrap();
        });
    });
    told.recv().unwrap()
}

pub fn plain(nodes: u16) -> u16 {
    serve(nodes, Persona::Cassandra50, Authenticator::AllowAll)
}

pub struct Client {
    pub socket: TcpStream,
    pub version: u8,
}

/// An answer: its stream, its opcode, its body.
pub type Answer = (i16, u8, Vec<u8>);

impl Client {
    pub fn connect(port: u16) -> Client {
        let socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        Client { socket, version: 4 }
    }

    /// Connected, and through the handshake of v4.
    pub fn open(port: u16) -> Client {
        let mut client = Client::connect(port);
        client.send(1, 0x01, &string_map(&[("CQL_VERSION", "3.0.0")]));
        assert_eq!(client.read().unwrap(), (1, 0x02, vec![]));
        client
    }

    pub fn send(&mut self, stream: i16, opcode: u8, body: &[u8]) {
        let mut frame = vec![self.version, 0];
        frame.extend(stream.to_be_bytes());
        frame.push(opcode);
        frame.extend((body.len() as u32).to_be_bytes());
        frame.extend(body);
        self.socket.write_all(&frame).unwrap();
    }

    /// The next answer, or `None` when the server has hung up.
    pub fn read(&mut self) -> Option<Answer> {
        let mut header = [0; 9];
        self.socket.read_exact(&mut header).ok()?;
        assert_eq!(header[0] & 0x80, 0x80, "{header:?}");
        let mut body = vec![0; u32::from_be_bytes(header[5..9].try_into().unwrap()) as usize];
        self.socket.read_exact(&mut body).unwrap();
        Some((i16::from_be_bytes([header[2], header[3]]), header[4], body))
    }

    pub fn query(&mut self, text: &str) -> Answer {
        self.send(7, 0x07, &query(text));
        self.read().unwrap()
    }
}

pub fn query(text: &str) -> Vec<u8> {
    let mut body = (text.len() as u32).to_be_bytes().to_vec();
    body.extend(text.as_bytes());
    body.extend([0, 1, 0]);
    body
}

pub fn string(text: &str) -> Vec<u8> {
    [&(text.len() as u16).to_be_bytes()[..], text.as_bytes()].concat()
}

pub fn string_map(entries: &[(&str, &str)]) -> Vec<u8> {
    let count = (entries.len() as u16).to_be_bytes().to_vec();
    entries.iter().fold(count, |body, (key, value)| [body, string(key), string(value)].concat())
}

pub fn error_of(answer: &Answer) -> (i32, String) {
    assert_eq!(answer.1, 0x00, "no error: {answer:?}");
    let length = usize::from(u16::from_be_bytes([answer.2[4], answer.2[5]]));
    let code = i32::from_be_bytes(answer.2[..4].try_into().unwrap());
    (code, String::from_utf8(answer.2[6..6 + length].to_vec()).unwrap())
}

/// A served cluster with its clock and its sessions, without a socket.
pub fn served(nodes: u16) -> Served {
    let mut setup = Setup::default();
    setup.cluster.nodes = nodes;
    setup.cluster.dcs[0].nodes = nodes;
    let (start, world) = now(&mut setup);
    Served::new(world, start, 9042, Persona::Cassandra50, Authenticator::AllowAll)
}

/// What a session is sent after these bytes.
pub fn exchange(served: &mut Served, place: u64, bytes: &[u8]) -> Vec<u8> {
    served.session(place).unwrap().input().extend_from_slice(bytes);
    served.received(place);
    let mut output = Vec::new();
    served.session(place).unwrap().take_output(&mut output);
    output
}

pub fn frame(opcode: u8, body: &[u8]) -> Vec<u8> {
    [&[4, 0, 0, 1, opcode][..], &(body.len() as u32).to_be_bytes(), body].concat()
}
