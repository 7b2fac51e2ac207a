//! A running adapter, and a session that it has.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Stdio};
use std::rc::Rc;
use std::sync::mpsc;
use std::time::Duration;

use cql::Response;
use serde_json::{Value, json};

use super::super::{Asking, Client, ClientError, Manner, Stamp};
use super::answer::Answer;
use super::table::{Adapter, Toolchain};
use super::wall::Wall;
use super::{build, wall};

/// How long an adapter may take for one answer; its driver gives up after 30 s.
const PATIENCE: Duration = Duration::from_secs(90);
/// How often a program whose pipe is closed is looked at, 10 ms apart, before its end is told without a reason.
const ENDING_TRIES: u32 = 100;

/// A program that is warm. It ends with this value, or when it finds its standard input closed.
pub struct Process {
    /// Which adapter it is.
    pub adapter: &'static Adapter,
    /// Its clock now, µs from true time.
    pub offset_us: i64,
    /// The file that libfaketime reads it from, when it may be moved.
    moved_by: Option<PathBuf>,
    child: Child,
    input: ChildStdin,
    output: mpsc::Receiver<String>,
    /// It has always answered.
    pub sound: bool,
}

impl Process {
    /// The folder of an adapter, which is built if need be.
    ///
    /// # Errors
    /// When it cannot be built.
    pub fn ready(adapter: &'static Adapter) -> Result<PathBuf, ClientError> {
        build::ready(adapter)
    }

    /// Starts an adapter, which is built if need be, on a machine with this clock.
    ///
    /// # Errors
    /// When it cannot be built or started.
    pub fn start(adapter: &'static Adapter, wall: Wall) -> Result<Self, ClientError> {
        let mut command = adapter.toolchain.start(&build::ready(adapter)?);
        let moved_by = wall.set(&mut command, adapter)?;
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
        Ok(Self { adapter, offset_us: wall.offset_us, moved_by, child, input, output: receiver, sound: true })
    }

    fn say(&mut self, line: &Value) -> Result<Answer, ClientError> {
        let answered = self.exchange(line);
        self.sound &= answered.is_ok();
        answered
    }

    fn exchange(&mut self, line: &Value) -> Result<Answer, ClientError> {
        let name = self.adapter.name;
        let gone = |why: &str| ClientError::Lost(format!("the adapter of {name} {why}"));
        if writeln!(self.input, "{line}").and_then(|()| self.input.flush()).is_err() {
            return Err(gone(&self.ending()));
        }
        match self.output.recv_timeout(PATIENCE) {
            Ok(answer) => serde_json::from_str(&answer).map_err(|error| gone(&format!("said {answer}: {error}"))),
            Err(mpsc::RecvTimeoutError::Timeout) => Err(gone("does not answer")),
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(gone(&self.ending())),
        }
    }

    /// How a program that has closed its pipe came to its end. Both happen at once, in either order.
    fn ending(&mut self) -> String {
        for _ in 0..ENDING_TRIES {
            match self.child.try_wait() {
                Ok(Some(status)) => return format!("has ended ({status})"),
                Ok(None) => std::thread::sleep(Duration::from_millis(10)),
                Err(_) => break,
            }
        }
        "has ended".into()
    }

    /// Whether it still runs.
    fn lives(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Its process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
        if let Some(file) = &self.moved_by {
            let _removed = std::fs::remove_file(file);
        }
    }
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
        wall: Wall,
        server: SocketAddr,
        keyspace: Option<&str>,
    ) -> Result<Self, ClientError> {
        let fits = |process: &Process| {
            let moves = process.moved_by.is_some() || matches!(adapter.toolchain, Toolchain::Go(_));
            process.adapter.name == adapter.name && process.offset_us == wall.offset_us && (moves || !wall.moves)
        };
        idle.borrow_mut().retain_mut(Process::lives);
        let to = json!({ "host": server.ip().to_string(), "port": server.port(), "keyspace": keyspace.unwrap_or("") });
        let connect = json!({ "connect": to });
        let (process, answer) = loop {
            let at = idle.borrow().iter().position(fits);
            match at {
                Some(at) => {
                    let mut process = idle.borrow_mut().swap_remove(at);
                    // Somebody may just have killed one that waited: that is no fault of who comes next.
                    if let Ok(answer) = process.say(&connect) {
                        break (process, answer);
                    }
                }
                None => {
                    let mut process = Process::start(adapter, wall)?;
                    let answer = process.say(&connect)?;
                    break (process, answer);
                }
            }
        };
        let remote = Self { process: Some(process), idle: idle.clone() };
        if answer.ok {
            return Ok(remote);
        }
        Err(ClientError::Lost(format!("{} does not connect to {server}: {}", adapter.name, answer.unconnected())))
    }

    /// The process of its program, while there is one.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.process.as_ref().map(Process::id)
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
        match &process.moved_by {
            Some(file) => wall::write(file, offset_us)?,
            None if matches!(process.adapter.toolchain, Toolchain::Go(_)) => {
                let answer = process.say(&json!({ "skew": format!("{offset_us}us") }))?;
                if !answer.ok {
                    return Err(ClientError::Lost(answer.unconnected()));
                }
            }
            None => return Err(ClientError::Cannot(format!("the clock of {} was not to move", process.adapter.name))),
        }
        process.offset_us = offset_us;
        Ok(())
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        if let Some(process) = self.process.take().filter(|process| process.sound) {
            self.idle.borrow_mut().push(process);
        }
    }
}
