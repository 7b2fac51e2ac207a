//! The adapters, in one table: the name after `driver=`, the files it is made of, how it is built and started.

use std::path::Path;
use std::process::Command;

/// A real driver in a program of its own.
#[derive(Debug)]
pub struct Adapter {
    /// As `driver=` names it.
    pub name: &'static str,
    /// Whose habits it has, of [`driver::PROFILES`].
    pub profile: &'static str,
    /// Its files, by name.
    pub files: &'static [(&'static str, &'static str)],
    /// What it is built and started with.
    pub toolchain: Toolchain,
}

/// What an adapter is built and started with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toolchain {
    /// `go build`, with the versions that this file names.
    Go(&'static str),
    /// A virtual environment with what a file pins, and the file that is started in it.
    Python {
        /// `pip install -r`.
        pinned: &'static str,
        /// The program.
        main: &'static str,
    },
    /// `npm ci`.
    Node,
    /// Maven fetches, `javac` compiles.
    Java,
}

macro_rules! files {
    ($dir:literal: $($name:literal),+) => {
        &[$(($name, include_str!(concat!("../../../../../adapters/", $dir, "/", $name)))),+]
    };
}

const PYTHON_FILES: &[(&str, &str)] = files!("python": "line.py", "driver.py", "shell.py", "requirements.cassandra.txt", "requirements.scylla.txt",
    "requirements.cqlsh.txt");
const GOCQL_FILES: &[(&str, &str)] = files!("gocql": "main.go", "types.go", "types_v2.go", "go.mod", "go.sum", "go.1.14.mod", "go.1.14.sum", "go.1.17.mod",
    "go.1.17.sum", "go.v2.mod", "go.v2.sum");

const ADAPTERS: &[Adapter] = &[
    Adapter {
        name: "python",
        profile: "python",
        files: PYTHON_FILES,
        toolchain: Toolchain::Python { pinned: "requirements.cassandra.txt", main: "driver.py" },
    },
    Adapter {
        name: "scylla-python",
        profile: "scylla-python",
        files: PYTHON_FILES,
        toolchain: Toolchain::Python { pinned: "requirements.scylla.txt", main: "driver.py" },
    },
    Adapter {
        name: "cqlsh",
        profile: "cqlsh",
        files: PYTHON_FILES,
        toolchain: Toolchain::Python { pinned: "requirements.cqlsh.txt", main: "shell.py" },
    },
    Adapter { name: "gocql", profile: "gocql", files: GOCQL_FILES, toolchain: Toolchain::Go("go.mod") },
    Adapter { name: "gocql-1.14", profile: "gocql-1.14", files: GOCQL_FILES, toolchain: Toolchain::Go("go.1.14.mod") },
    Adapter { name: "gocql-1.17", profile: "gocql-1.17", files: GOCQL_FILES, toolchain: Toolchain::Go("go.1.17.mod") },
    Adapter { name: "gocql-v2", profile: "gocql-v2", files: GOCQL_FILES, toolchain: Toolchain::Go("go.v2.mod") },
    Adapter {
        name: "node",
        profile: "node",
        files: files!("node": "main.js", "package.json", "package-lock.json"),
        toolchain: Toolchain::Node,
    },
    Adapter {
        name: "java",
        profile: "java",
        files: files!("java": "Main.java", "pom.xml"),
        toolchain: Toolchain::Java,
    },
];

/// Every adapter.
#[must_use]
pub fn adapters() -> &'static [Adapter] {
    ADAPTERS
}

/// The adapter with this name.
#[must_use]
pub fn adapter(name: &str) -> Option<&'static Adapter> {
    ADAPTERS.iter().find(|adapter| adapter.name == name)
}

impl Toolchain {
    /// The program that starts what was built in `dir`.
    #[must_use]
    pub fn start(self, dir: &Path) -> Command {
        match self {
            Toolchain::Go(_) => Command::new(dir.join("adapter")),
            Toolchain::Python { main, .. } => {
                let mut python = Command::new(dir.join("venv/bin/python"));
                python.arg("-u").arg(dir.join(main));
                python
            }
            Toolchain::Node => {
                let mut node = Command::new("node");
                node.arg(dir.join("main.js"));
                node
            }
            Toolchain::Java => {
                let mut java = Command::new("java");
                java.args(["-Xmx256M", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"]);
                java.arg(format!("{0}/classes:{0}/lib/*", dir.display())).arg("adapter.Main");
                java
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_adapter_has_a_profile_and_all_its_files() {
        for adapter in adapters() {
            assert!(driver::profile(adapter.profile).is_some(), "{}", adapter.name);
            let needs = match adapter.toolchain {
                Toolchain::Go(versions) => vec!["main.go", versions],
                Toolchain::Python { pinned, main } => vec!["line.py", main, pinned],
                Toolchain::Node => vec!["main.js", "package-lock.json"],
                Toolchain::Java => vec!["Main.java", "pom.xml"],
            };
            for file in needs {
                assert!(adapter.files.iter().any(|(name, _)| *name == file), "{} lacks {file}", adapter.name);
            }
        }
    }

    #[test]
    fn what_a_scenario_may_name_has_an_adapter_or_is_in_this_process() {
        let elsewhere = scenario::DRIVERS.iter().filter(|name| adapter(name).is_none());
        assert_eq!(elsewhere.collect::<Vec<_>>(), [&"rust", &"cdrs"]);
    }
}
