//! Help that teaches: what a command is for, one example that works, and the one table of directives in words.

use super::Found;
use super::error::Error;
use super::out::{Out, Tone};
use scenario::directives::{DIRECTIVES, Directive, Place, names};
use scenario::limits;

/// A command and how it is written.
pub struct Command {
    pub name: &'static str,
    usage: &'static str,
    does: &'static str,
    more: &'static str,
}

/// Every command.
pub const COMMANDS: &[Command] = &[
    Command {
        name: "run",
        usage: "run FILE|LINK|- [--branch NAME] [--trace] [--json] [--digest] [--seed N]",
        does: "run a scenario and print it with its outcomes",
        more: "The text comes back with what each statement answered written under it, in --> lines. If that is what\n\
               the file says already, the exit code is 0; if not, 1, and the difference is on standard error.\n\n\
               --branch NAME  that future alone, as a text of its own; without it, all that stand in the text are run\n\
               --trace        every event instead of the text: who, when, what, because of what\n\
               --digest       one line for each future instead: the digest of everything that happened; the page shows the same\n\
               --seed N       another throw of the dice: rewrites seed= in the text\n\
               --json         all of it for a program to read\n\n\
               tombstone run tests/scenarios/clocks/the-writer-is-20-ms-ahead.cql\n\
               echo \"CREATE TABLE t (k int PRIMARY KEY); SELECT * FROM t;\" | tombstone run -",
    },
    Command {
        name: "bless",
        usage: "bless FILE…",
        does: "write the model's outcomes into files",
        more: "Rewrites each file in place; every byte that is no outcome stays. A scenario of the suite that a real server\n\
               has checked is stale afterwards if an outcome changed: ask the server again (cargo xtask oracle FILE).",
    },
    Command {
        name: "suite",
        usage: "suite [PATH] [--backend BACKEND] [--all] [--json]",
        does: "run every scenario under a path; without one, tests/scenarios",
        more: "One line for each: whether its outcomes are what it says, and whose word they are: a real server's that\n\
               checked exactly this text, or the model's alone. A text without either fails.\n\n\
               --backend model                       the model, as without it\n\
               --backend port:DRIVER                 the model behind its port, asked through a real driver\n\
               --backend cassandra:DRIVER            the real node that cargo xtask oracle --keep leaves running\n\
               --backend contact:HOST:PORT[:DRIVER]  any server; keyspaces get names of this run and are dropped after it\n\
               --all                                 every driver on the port\n\n\
               DRIVER speaks for clients that name none; what driver= of a client says wins. It dates by itself, as in life: a\n\
               client's clock= is the clock of its driver's machine. Consistency, pages and the rest are as the scenario asks.\n\
               What a backend cannot do (faults, clocks of nodes, long times) is a skip with its reason; so is a driver whose\n\
               toolchain (go, python3, node, java and mvn) is not there, unless CI is set. Real drivers are in a program that is\n\
               built with --features native/drivers; one in another language is built on first use, into the user's cache.\n\n\
               tombstone suite --backend port:gocql-1.14 tests/scenarios/clocks",
    },
    Command {
        name: "fuzz-cql",
        usage: "fuzz-cql --against cassandra[:HOST:PORT] [--seed N] [--count N] [--save FILE]",
        does: "put random statements to the model and to a real server until they differ",
        more: "Both answer the same programs in lockstep; rows, their order, columns, error class and message are compared. The\n\
               first difference is made as small as it goes, and --save writes it as a scenario. What differs for a reason is\n\
               in DIFFERENCES.md and only counted. The histogram says what was generated.\n\n\
               --against cassandra             the real node that cargo xtask oracle --keep leaves running\n\
               --against cassandra:HOST:PORT   another\n\
               --seed N                        the first program's; each next one has the next seed (1)\n\
               --count N                       so many statements that agree are enough (10000)\n\n\
               It is in a program that is built with --features native/drivers.",
    },
    Command {
        name: "link",
        usage: "link FILE|- [--base ADDRESS] [--json]",
        does: "print a scenario as a link",
        more: "The whole text is in the fragment, behind #: nothing is sent to any server. --base puts an address before it.\n\n\
               tombstone link my.cql --base http://127.0.0.1:8080/",
    },
    Command {
        name: "open",
        usage: "open LINK|- [--json]",
        does: "print the text that a link holds",
        more: "In quotes, for a shell takes # for the beginning of a comment; - reads it from standard input.\n\n\
               tombstone open 'http://127.0.0.1:8080/#AQEAA…' > my.cql",
    },
    Command {
        name: "whatif",
        usage: "whatif FILE|LINK|- [--axes LINES,COLUMNS] [--seeds N] [--branch NAME] [--json]",
        does: "say what would have changed the outcome, and where it tips",
        more: "Every answer is a whole run of the text with something changed. First the number nearest to the cause (a clock, a\n\
               timestamp, a grace, a delay) and the value at which the outcome tips; then the same text over two axes, each cell a\n\
               run; then other seeds. The axes of a text: one change, consistency, the number of replicas, the seed.\n\n\
               tombstone whatif tests/scenarios/clocks/the-writer-is-20-ms-ahead.cql --axes 'one change,replicas'",
    },
    Command {
        name: "explain",
        usage: "explain FILE|LINK|- --row KEY [--branch NAME] [--json]",
        does: "say why a row is still there, or not any more",
        more: "KEY is a partition key as cqlsh prints it; KEY/ROW is one row of it. The numbers in [ ] are events of run --trace.\n\n\
               tombstone explain tests/scenarios/clocks/the-writer-is-20-ms-ahead.cql --row org-1",
    },
    Command {
        name: "serve",
        usage: "serve [FILE|LINK|-] [--nodes N] [--port P] [--like scylla] [--password] [--record FILE]",
        does: "let real drivers talk to the model, as they talk to a cluster",
        more: "Each node listens on its own loopback address (127.0.0.1, .2, .3 …), all on one port, for drivers know peers by\n\
               address. Protocol v4 and v5, LZ4. Time is the wall clock; messages between nodes take none.\n\
               With a scenario, its statements and faults come first, and what it leaves is served: a node it killed is\n\
               not there; what it advanced the time by, the cluster stays ahead, and clients' timestamps with it.\n\
               While it runs, type directives: kill n3, pause n2, partition n1 | n2 n3, heal, clock n1 +5s, advance 10d.\n\n\
               --nodes N      how many; 3 unless said\n\
               --port P       9042 unless said; 0 is any that is free\n\
               --like scylla  the other persona: protocol v4, two shards (chosen at port P + 10000), timestamps in microseconds\n\
               --password     a name and a password are asked for, and they are cassandra and cassandra\n\
               --record FILE  what every client says, as a scenario: values, dates and all, for run, link and the page\n\n\
               tombstone serve tests/scenarios/replicas/the-zombie.cql",
    },
    Command {
        name: "help",
        usage: "help [COMMAND|directives|DIRECTIVE|format|limits|exit-codes]",
        does: "say more about any of this",
        more: "tombstone help partition",
    },
];

const FORMAT: &str = "\
A scenario is CQL. What cqlsh accepts is a scenario, and a scenario is what cqlsh accepts: the rest is in comments.

  --@ cluster nodes=3 rf=3 seed=7          a directive: sets up or breaks the world
  --@ client api driver=gocql-1.14 clock=+20ms
  CREATE TABLE t (k text PRIMARY KEY, v int);
  --@ as api
  INSERT INTO t (k, v) VALUES ('a', 1);
  --@ as cqlsh
  --? Is the row gone? | yes | no          a question, before its outcome is shown
  DELETE FROM t WHERE k = 'a';
  SELECT * FROM t;
  --> k | v                                an outcome, written by run and bless
  --> --+--
  --> a | 1
  -->
  --> (1 rows)
  --~ …                                    the model's own account, after --@ trace

All of it: docs/scenario.md. The directives: tombstone help directives.";

const EXIT_CODES: &str = "\
0  everything is as the text says
1  it is not: the difference is on standard error
2  it could not be read, or not be carried out: why is on standard error";

/// Help on a command, a directive or a topic; without one, the overview.
pub fn of(topic: &str, out: &mut Out) -> Result<Found, Error> {
    if let Some(command) = COMMANDS.iter().find(|command| command.name == topic && topic != "help") {
        out.line(format_args!(
            "tombstone {}\n\n{}.\n\n{}",
            out.toned(Tone::Strong, command.usage),
            capital(command.does),
            command.more
        ))?;
    } else if let Some(directive) = Directive::named(topic) {
        one(directive, out)?;
    } else {
        match topic {
            "" | "help" | "--help" | "-h" => overview(out)?,
            "directives" => {
                out.line(format_args!("A line --@ and one of these. Values: 20ms 5s 3h 10d, +20ms, n1, p=10%.\n"))?;
                for directive in DIRECTIVES {
                    let usage = directive.usage();
                    out.line(format_args!("{}\n    {}", out.toned(Tone::Strong, &usage), directive.help))?;
                }
                out.line(format_args!("\ntombstone help DIRECTIVE says all about one."))?;
            }
            "format" | "scenario" => out.line(format_args!("{FORMAT}"))?,
            "exit-codes" | "exit" => out.line(format_args!("{EXIT_CODES}"))?,
            "limits" => self::limits(out)?,
            other => {
                let topics = ["directives", "format", "limits", "exit-codes"];
                let near = COMMANDS.iter().map(|c| c.name).chain(topics).chain(names());
                return Err(Error::usage_near(format!("there is no help on {other}"), scenario::nearest(other, near)));
            }
        }
    }
    out.flush()?;
    Ok(Found::Same)
}

fn overview(out: &mut Out) -> Result<(), Error> {
    out.line(format_args!(
        "Where did my rows go? A whole cluster in a text file, for people who teach, report bugs, or build on it.\n"
    ))?;
    for command in COMMANDS {
        out.line(format_args!("  tombstone {}\n      {}", out.toned(Tone::Strong, command.usage), command.does))?;
    }
    out.line(format_args!(
        "\nBegin here:\n  tombstone run tests/scenarios/clocks/the-writer-is-20-ms-ahead.cql\n  tombstone help format"
    ))
}

fn one(directive: &Directive, out: &mut Out) -> Result<(), Error> {
    out.line(format_args!("--@ {}\n\n{}", out.toned(Tone::Strong, directive.usage()), directive.help))?;
    if !directive.aliases.is_empty() {
        out.line(format_args!("Also called {}.", directive.aliases.join(", ")))?;
    }
    for arg in directive.args {
        out.line(format_args!("\n  {:<12} {}", arg.name, arg.kind.wanted()))?;
    }
    if !directive.keys.is_empty() {
        out.line(format_args!(""))?;
    }
    for key in directive.keys {
        let default = if key.default.is_empty() { String::new() } else { format!(" (without it: {})", key.default) };
        out.line(format_args!("  {:<12} {}: {}{default}", format!("{}=", key.name), key.help, key.kind.wanted()))?;
    }
    let place = match directive.place {
        Place::Head => "It stands above the first step.",
        Place::Anywhere => "It may stand anywhere between statements.",
        Place::BeforeStatement => "It stands above a statement.",
    };
    out.line(format_args!("\n{place}"))?;
    if let Some(need) = directive.needs {
        out.line(format_args!("It needs {}: a backend without skips the scenario.", need.word()))?;
    }
    out.line(format_args!("\n  --@ {}", directive.example))
}

fn limits(out: &mut Out) -> Result<(), Error> {
    let all: [(&str, u64); 8] = [
        ("bytes of a text", limits::TEXT_BYTES_MAX.into()),
        ("statements", limits::STATEMENTS_MAX.into()),
        ("branches", limits::BRANCHES_MAX as u64),
        ("nodes", limits::NODES_MAX.into()),
        ("clients", limits::CLIENTS_MAX.into()),
        ("events of a run", limits::EVENTS_MAX),
        ("days of virtual time", limits::DAYS_MAX),
        ("characters of a link", limits::LINK_CHARS_MAX as u64),
    ];
    all.iter().try_for_each(|(what, most)| out.line(format_args!("{most:>9}  {what}")))
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
