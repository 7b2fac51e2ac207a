//! A folder over HTTP, on loopback only.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use crate::run::Failure;

const REQUEST_BYTES_MAX: u64 = 16 * 1024;
const PORTS_TRIED: u16 = 10;

/// A folder, and the port where it can be fetched.
pub struct Server {
    /// The port that was free.
    pub port: u16,
    listener: TcpListener,
    dir: PathBuf,
}

impl Server {
    /// Takes `port`, or one of the next when somebody has it; 0 takes any.
    pub fn open(dir: PathBuf, port: u16) -> Result<Self, Failure> {
        for candidate in port..=port.saturating_add(PORTS_TRIED - 1) {
            match TcpListener::bind((Ipv4Addr::LOCALHOST, candidate)) {
                Ok(listener) => {
                    let port = listener.local_addr().map_or(candidate, |address| address.port());
                    return Ok(Self { port, listener, dir });
                }
                Err(error) => eprintln!("port {candidate}: {error}"),
            }
        }
        Err(Failure::new(
            format!("serve at {port} or the {PORTS_TRIED} ports from there"),
            "all are taken",
            "cargo xtask play --port N",
        ))
    }

    /// Answers until the process ends.
    pub fn forever(self) {
        for stream in self.listener.incoming().flatten() {
            let dir = self.dir.clone();
            std::thread::spawn(move || answer(&stream, &dir));
        }
    }

    /// Answers on a thread of its own.
    pub fn spawn(self) -> u16 {
        let port = self.port;
        std::thread::spawn(move || self.forever());
        port
    }
}

/// One request, one answer, closed: a browser that goes away in the middle is no failure of ours.
fn answer(stream: &TcpStream, dir: &Path) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
    let mut lines = BufReader::new(std::io::Read::take(stream, REQUEST_BYTES_MAX)).lines().map_while(Result::ok);
    let Some(first) = lines.next() else { return };
    lines.take_while(|line| !line.is_empty()).for_each(drop);
    let mut words = first.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let _ = match (method, file(dir, target)) {
        ("GET" | "HEAD", Some((path, body))) => respond(stream, "200 OK", kind(&path), &body, method == "GET"),
        ("GET" | "HEAD", None) => respond(stream, "404 Not Found", "text/plain", b"not here\n", method == "GET"),
        _ => respond(stream, "405 Method Not Allowed", "text/plain", b"only GET and HEAD\n", true),
    };
}

fn respond(mut stream: &TcpStream, status: &str, kind: &str, body: &[u8], with_body: bool) -> std::io::Result<()> {
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nCache-Control: no-cache\r\n\
         X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
    )?;
    if with_body { stream.write_all(body) } else { Ok(()) }
}

/// What the target names, inside the folder and nowhere else.
fn file(dir: &Path, target: &str) -> Option<(PathBuf, Vec<u8>)> {
    let path = target.split(['?', '#']).next()?.strip_prefix('/')?;
    let path = if path.is_empty() { "index.html" } else { path };
    let plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let path = dir.join(path);
    let body = plain.then(|| std::fs::read(&path).ok())??;
    Some((path, body))
}

fn kind(path: &Path) -> &'static str {
    match path.extension().and_then(|end| end.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("json" | "map") => "application/json",
        Some("cql" | "md" | "txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_the_folder_is_served() {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        assert!(file(&dir, "/main.rs").is_some_and(|(path, _)| path.ends_with("src/main.rs")));
        assert!(file(&dir, "/page/serve.rs?v=1").is_some());
        for outside in ["/../Cargo.toml", "//etc/passwd", "/page/../../Cargo.toml", "main.rs", "", "/none"] {
            assert!(file(&dir, outside).is_none() || outside == "{outside}");
        }
    }

    #[test]
    fn a_taken_port_gives_the_next() {
        let first = Server::open(PathBuf::new(), 0).unwrap();
        let second = Server::open(PathBuf::new(), first.port).unwrap();
        assert_ne!(first.port, second.port);
    }
}
