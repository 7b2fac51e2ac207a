//! Where words go, and in which colour: colours only on a terminal, and never where NO_COLOR is set.

use super::error::Error;
use std::fmt::{Arguments, Display};
use std::io::{self, IsTerminal, Write};

/// Standard output and standard error.
pub struct Out {
    out: io::BufWriter<io::Stdout>,
    colour_out: bool,
    colour_err: bool,
}

/// What a colour means.
#[derive(Clone, Copy)]
pub enum Tone {
    Good,
    Bad,
    Faint,
    Strong,
}

impl Tone {
    fn code(self) -> &'static str {
        match self {
            Tone::Good => "32",
            Tone::Bad => "31",
            Tone::Faint => "2",
            Tone::Strong => "1",
        }
    }
}

impl Out {
    pub fn to_terminal() -> Out {
        let may = std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
            && std::env::var_os("TERM").is_none_or(|t| t != "dumb");
        Out {
            out: io::BufWriter::new(io::stdout()),
            colour_out: may && io::stdout().is_terminal(),
            colour_err: may && io::stderr().is_terminal(),
        }
    }

    /// A line on standard output.
    pub fn line(&mut self, line: Arguments<'_>) -> Result<(), Error> {
        writeln!(self.out, "{line}")?;
        Ok(())
    }

    /// Text as it is on standard output.
    pub fn text(&mut self, text: &str) -> Result<(), Error> {
        self.out.write_all(text.as_bytes())?;
        Ok(())
    }

    /// In colour, where there are colours.
    pub fn toned(&self, tone: Tone, text: impl Display) -> String {
        if self.colour_out { format!("\x1b[{}m{text}\x1b[0m", tone.code()) } else { text.to_string() }
    }

    /// A line for a person, on standard error.
    pub fn aside(&mut self, tone: Tone, text: impl Display) -> Result<(), Error> {
        self.out.flush()?;
        let text = if self.colour_err { format!("\x1b[{}m{text}\x1b[0m", tone.code()) } else { text.to_string() };
        // Nobody may be listening, and that is no fault.
        let _ = writeln!(io::stderr(), "{text}");
        Ok(())
    }

    /// What went wrong, on standard error.
    pub fn fault(&mut self, error: &Error) {
        let _ = self.out.flush();
        let mark = if self.colour_err { "\x1b[31mtombstone\x1b[0m" } else { "tombstone" };
        let _ = writeln!(io::stderr(), "{mark}: {error}");
    }

    /// Everything so far.
    pub fn flush(&mut self) -> Result<(), Error> {
        self.out.flush()?;
        Ok(())
    }
}
