//! A running adapter, and a session that it has.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::rc::Rc;
use std::sync::mpsc;
use std::time::Duration;

use cql::Response;
use serde_json::{Value, json};

use super::super::{Asking, Client, ClientError, Manner, Stamp};
use super::answer::Answer;
use super::table::{Adapter, Toolchain};
use super::{build, overlay};

/// How long an adapter may take for one answer; its driver gives up after 30 s.
const PATIENCE: Duration = Duration::from_secs(90);

/// A program that is warm. It ends with this value, or when it finds its standard input closed.
pub struct Process {
    /// Which adapter it is.
    pub adapter: &'static Adapter,
    /// The clock that it was started with, µs from true time.
    pub offset_us: i64,
    child: Child,
    input: ChildStdin,
    output: mpsc::Receiver<String>,
    /// It has always answered.
    pub sound: bool,
}

impl Process {
    /// Builds an adapter if need be.
    ///
    /// # Errors
    /// When it cannot be built.
    pub fn ready(adapter: &'static Adapter) -> Result<(), ClientError> {
        build::ready(adapter).map(drop)
    }

    /// Starts an adapter, which is built if need be, on a machine whose clock is so far from true time.
    ///
    /// # Errors
    /// When it cannot be built or started.
    pub fn start(adapter: &'static Adapter, offset_us: i64) -> Result<Self, ClientError> {
        let mut command = adapter.toolchain.start(&build::ready(adapter)?);
        skew(&mut command, adapter.toolchain, offset_us)?;
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| match error.kind() {
            ErrorKind::NotFound => ClientError::Missing {
                program: command.get_program().to_string_lossy().into_owned(),
                why: format!("runs the adapter of {}", adapter.name),
            },
            _ => ClientError::Lost(format!("the adapter of {}: {error}", adapter.name)),
        })?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(ClientError::Lost("an adapter without pipes".into()));
        };
        let (sender, receiver) = mpsc::channel();
        // A line may never come: whoever waits for it must be able to stop.
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Self { adapter, offset_us, child, input, output: receiver, sound: true })
    }

    fn say(&mut self, line: &Value) -> Result<Answer, ClientError> {
        let answered = self.exchange(line);
        self.sound &= answered.is_ok();
        answered
    }

    fn exchange(&mut self, line: &Value) -> Result<Answer, ClientError> {
        let gone = |why: &str| ClientError::Lost(format!("the adapter of {} {why}", self.adapter.name));
        writeln!(self.input, "{line}").and_then(|()| self.input.flush()).map_err(|_| gone("has ended"))?;
        let answer = self.output.recv_timeout(PATIENCE).map_err(|error| match error {
            mpsc::RecvTimeoutError::Timeout => gone("does not answer"),
            mpsc::RecvTimeoutError::Disconnected => gone("has ended"),
        })?;
        serde_json::from_str(&answer).map_err(|error| gone(&format!("said {answer}: {error}")))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// Sets the clock of a program that is about to start.
fn skew(command: &mut Command, toolchain: Toolchain, offset_us: i64) -> Result<(), ClientError> {
    if offset_us == 0 {
        return Ok(());
    }
    match toolchain {
        Toolchain::Go(_) => {
            command.env(overlay::SKEW, format!("{offset_us}us"));
        }
        Toolchain::Python(_) | Toolchain::Node | Toolchain::Java => {
            let library = faketime().ok_or_else(|| ClientError::Missing {
                program: "libfaketime".into(),
                why: "gives a program a clock of its own (apt-get install faketime)".into(),
            })?;
            let sign = if offset_us < 0 { '-' } else { '+' };
            let us = offset_us.unsigned_abs();
            command.env("LD_PRELOAD", library).env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
            command.env("FAKETIME", format!("{sign}{}.{:06}", us / 1_000_000, us % 1_000_000));
        }
    }
    Ok(())
}

/// libfaketime for programs with threads, where Debian and its like put it.
fn faketime() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").ok()?.flatten().map(|entry| entry.path());
    let mut folders = folders.chain([PathBuf::from("/usr/lib"), PathBuf::from("/usr/local/lib")]);
    folders.find_map(|folder| Some(folder.join("faketime/libfaketimeMT.so.1")).filter(|file| file.exists()))
}

/// Programs that wait for their next session.
pub type Idle = Rc<RefCell<Vec<Process>>>;

/// A session in an adapter. The program goes back to the idle ones when the session is over.
pub struct Remote {
    process: Option<Process>,
    idle: Idle,
}

impl Remote {
    /// A session at this node, in this keyspace; in a program that is idle, or in a new one.
    ///
    /// # Errors
    /// When there is no such program, or its driver finds no server.
    pub fn connect(
        idle: &Idle,
        adapter: &'static Adapter,
        offset_us: i64,
        server: SocketAddr,
        keyspace: Option<&str>,
    ) -> Result<Self, ClientError> {
        let fits = |process: &Process| process.adapter.name == adapter.name && process.offset_us == offset_us;
        let at = idle.borrow().iter().position(fits);
        let mut process = match at {
            Some(at) => idle.borrow_mut().swap_remove(at),
            None => Process::start(adapter, offset_us)?,
        };
        let to = json!({ "host": server.ip().to_string(), "port": server.port(), "keyspace": keyspace.unwrap_or("") });
        let answer = process.say(&json!({ "connect": to }))?;
        let remote = Self { process: Some(process), idle: idle.clone() };
        if answer.ok {
            return Ok(remote);
        }
        Err(ClientError::Lost(format!("{} does not connect to {server}: {}", adapter.name, answer.unconnected())))
    }

    fn process(&mut self) -> Result<&mut Process, ClientError> {
        self.process.as_mut().ok_or_else(|| ClientError::Lost("the adapter is gone".into()))
    }

    fn asked(&mut self, text: &str, manner: &Manner) -> Result<Response, ClientError> {
        let timestamp = match manner.stamp {
            Stamp::At(timestamp) => Some(timestamp),
            Stamp::Driver | Stamp::Server => None,
        };
        let line = json!({
            "cql": text,
            "consistency": manner.consistency,
            "serial": manner.serial,
            "page": manner.page_rows,
            "timestamp": timestamp,
            "unstamped": manner.stamp == Stamp::Server,
        });
        self.process()?.say(&line)?.response()
    }
}

impl Client for Remote {
    fn ask<'a>(&'a mut self, text: &'a str, manner: &'a Manner) -> Asking<'a> {
        // The pipe is waited for, not polled: one client speaks at a time, and what else this thread does can wait for it.
        Box::pin(std::future::ready(self.asked(text, manner)))
    }

    fn set_clock(&mut self, offset_us: i64) -> Result<(), ClientError> {
        let process = self.process()?;
        match process.adapter.toolchain {
            Toolchain::Go(_) => {
                let answer = process.say(&json!({ "skew": format!("{offset_us}us") }))?;
                process.offset_us = offset_us;
                if answer.ok { Ok(()) } else { Err(ClientError::Lost(answer.unconnected())) }
            }
            Toolchain::Python(_) | Toolchain::Node | Toolchain::Java => Err(ClientError::Cannot(format!(
                "the clock of {} is set when it starts, not later",
                process.adapter.name
            ))),
        }
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        if let Some(process) = self.process.take().filter(|process| process.sound) {
            self.idle.borrow_mut().push(process);
        }
    }
}
