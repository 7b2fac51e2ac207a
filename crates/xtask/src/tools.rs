//! The tools, in one table: what each is for, how it is installed, and what to do by hand when it cannot be.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::house;
use crate::run::{self, Failure};

/// One tool.
pub struct Tool {
    /// Its name, as a person looks it up.
    pub name: &'static str,
    version: Version,
    why: &'static str,
    how: How,
    by_hand: &'static str,
}

enum Version {
    /// Whatever the system has.
    Any,
    Is(&'static str),
    /// That of this crate in `Cargo.lock`.
    Locked(&'static str),
}

enum How {
    /// A target of the Rust toolchain.
    Rustup,
    /// Another Rust toolchain.
    Toolchain,
    /// `cargo install` into the cache; with `--locked`, or not.
    Cargo { locked: bool },
    /// `npm install` into the cache; a file of it, in `node_modules`.
    Npm { file: &'static str },
    /// A Debian package; the program it brings.
    Apt { program: &'static str },
    /// The pom's dependencies, copied into the cache.
    Maven { pom: &'static str },
}

/// Compiles the page and the worker.
pub const WASM: Tool = Tool {
    name: "wasm32-unknown-unknown",
    version: Version::Any,
    why: "compiles the page and the worker",
    how: How::Rustup,
    by_hand: "rustup target add wasm32-unknown-unknown",
};
/// Has no std at all.
pub const NO_STD: Tool = Tool {
    name: "wasm32v1-none",
    version: Version::Any,
    why: "proves that floors 1 to 4 use no std",
    how: How::Rustup,
    by_hand: "rustup target add wasm32v1-none",
};
/// Must equal the crate's version exactly.
pub const WASM_BINDGEN: Tool = Tool {
    name: "wasm-bindgen-cli",
    version: Version::Locked("wasm-bindgen"),
    why: "writes the JavaScript around the wasm and runs its tests",
    how: How::Cargo { locked: false },
    by_hand: "cargo install wasm-bindgen-cli@VERSION, and put it on PATH",
};
/// 0.22 wants a newer compiler.
pub const TRUNK: Tool = Tool {
    name: "trunk",
    version: Version::Is("0.21.14"),
    why: "builds the page",
    how: How::Cargo { locked: true },
    by_hand: "cargo install --locked trunk@0.21.14, and put it on PATH",
};
/// Debian's own is too old for today's wasm.
pub const WASM_OPT: Tool = Tool {
    name: "binaryen",
    version: Version::Is("130.0.0"),
    why: "makes the wasm small (wasm-opt)",
    how: How::Npm { file: ".bin/wasm-opt" },
    by_hand: "npm install binaryen@130.0.0, and put node_modules/.bin on PATH",
};
/// Makes scripts short.
pub const ESBUILD: Tool = Tool {
    name: "esbuild",
    version: Version::Is("0.27.2"),
    why: "makes the page's scripts small",
    how: How::Npm { file: ".bin/esbuild" },
    by_hand: "npm install esbuild@0.27.2 --prefix in the cache's tombstone/esbuild-0.27.2",
};
/// Looks for what keeps people out.
pub const AXE: Tool = Tool {
    name: "axe-core",
    version: Version::Is("4.14.1"),
    why: "finds what a screen reader or a keyboard cannot use",
    how: How::Npm { file: "axe-core/axe.min.js" },
    by_hand: "npm install axe-core@4.14.1 --prefix in the cache's tombstone/axe-core-4.14.1",
};
/// Judges the page as a whole.
pub const LIGHTHOUSE: Tool = Tool {
    name: "lighthouse",
    version: Version::Is("12.8.2"),
    why: "judges the page's speed and manners as a phone would find them",
    how: How::Npm { file: "lighthouse/cli/index.js" },
    by_hand: "npm install lighthouse@12.8.2 --prefix in the cache's tombstone/lighthouse-12.8.2",
};
/// The browser of the tests.
pub const CHROMIUM: Tool = Tool {
    name: "chromium",
    version: Version::Any,
    why: "runs the suite and the page in a real browser",
    how: How::Apt { program: "chromium" },
    by_hand: "apt-get install chromium",
};
/// Drives it.
pub const CHROMEDRIVER: Tool = Tool {
    name: "chromium-driver",
    version: Version::Any,
    why: "drives the browser",
    how: How::Apt { program: "chromedriver" },
    by_hand: "apt-get install chromium-driver",
};
/// The schema compiler.
pub const CAPNP: Tool = Tool {
    name: "capnproto",
    version: Version::Any,
    why: "checks that the generated wire code is fresh",
    how: How::Apt { program: "capnp" },
    by_hand: "apt-get install capnproto",
};
/// libFuzzer's compiler.
pub const NIGHTLY: Tool = Tool {
    name: "nightly",
    version: Version::Any,
    why: "compiles what libFuzzer runs",
    how: How::Toolchain,
    by_hand: "rustup toolchain install nightly",
};
/// Runs the fuzz targets.
pub const CARGO_FUZZ: Tool = Tool {
    name: "cargo-fuzz",
    version: Version::Is("0.13.2"),
    why: "runs the fuzz targets",
    how: How::Cargo { locked: false },
    by_hand: "cargo install cargo-fuzz@0.13.2, and put it on PATH",
};
/// The real server.
pub const CASSANDRA: Tool = Tool {
    name: "cassandra",
    version: Version::Is("5.0.6"),
    why: "is the server that outcomes come from",
    how: How::Maven { pom: include_str!("../oracle/pom.xml") },
    by_hand: "install Maven and a network that reaches a Maven repository, then again",
};

impl Tool {
    /// Finds the tool, or installs it; gives the folder to put on PATH (for Cassandra: that of its jars).
    pub fn ready(&self) -> Result<PathBuf, Failure> {
        if let Some(place) = self.found()? {
            return Ok(place);
        }
        let _held = house::lock(self.name)?;
        if let Some(place) = self.found()? {
            return Ok(place);
        }
        eprintln!("installing {} {}: it {}", self.name, self.version()?, self.why);
        self.install().map_err(|failure| {
            Failure::new(format!("install {}, which {}", self.name, self.why), failure.to_string(), self.by_hand)
        })?;
        self.found()?.ok_or_else(|| {
            Failure::new(format!("find {} after installing it", self.name), "it is not there", self.by_hand)
        })
    }

    fn version(&self) -> Result<String, Failure> {
        Ok(match self.version {
            Version::Any => String::new(),
            Version::Is(version) => version.to_owned(),
            Version::Locked(name) => locked(name)?,
        })
    }

    /// `tombstone/NAME-VERSION` in the cache.
    fn dir(&self) -> Result<PathBuf, Failure> {
        Ok(house::cache()?.join(format!("{}-{}", self.name, self.version()?)))
    }

    fn found(&self) -> Result<Option<PathBuf>, Failure> {
        Ok(match self.how {
            How::Rustup => target_dir(self.name).filter(|dir| dir.is_dir()),
            How::Toolchain => {
                let named = format!("+{}", self.name);
                let sysroot = run::output(Command::new("rustc").args([&named, "--print", "sysroot"]));
                sysroot.ok().map(|dir| PathBuf::from(dir.trim()).join("bin"))
            }
            How::Cargo { .. } => Some(self.dir()?.join("bin")).filter(|bin| bin.is_dir()),
            How::Npm { file } => {
                let file = self.dir()?.join("node_modules").join(file);
                file.parent().filter(|_| file.exists()).map(Path::to_path_buf)
            }
            How::Apt { program } => on_path(program),
            How::Maven { .. } => Some(self.dir()?.join("lib")).filter(|lib| lib.is_dir()),
        })
    }

    fn install(&self) -> Result<(), Failure> {
        let version = self.version()?;
        match self.how {
            How::Rustup => rustup(self.name),
            How::Toolchain => {
                let mut command = Command::new("rustup");
                command.args(["toolchain", "install", "--profile", "minimal", self.name]);
                run::long(&format!("rustup toolchain install {}", self.name), &mut command, |_| None).map(drop)
            }
            How::Cargo { locked } => staged(&self.dir()?, |stage| {
                let mut command = Command::new("cargo");
                command.arg("install").arg("--root").arg(stage).arg(format!("{}@{version}", self.name));
                command.args(locked.then_some("--locked")).env("CARGO_TARGET_DIR", stage.join("target")).envs(SOON);
                run::long(&format!("compiling {} {version}", self.name), &mut command, run::crates)?;
                let _ = std::fs::remove_dir_all(stage.join("target"));
                Ok(())
            }),
            How::Npm { .. } => staged(&self.dir()?, |stage| {
                let mut command = Command::new("npm");
                command.args(["install", "--no-audit", "--no-fund", "--no-save", "--prefix"]).arg(stage);
                command.arg(format!("{}@{version}", self.name));
                run::long(&format!("fetching {} {version}", self.name), &mut command, |_| None).map(drop)
            }),
            How::Apt { .. } => apt(&[self.name]),
            How::Maven { pom } => staged(&self.dir()?, |stage| {
                house::write(&stage.join("pom.xml"), pom)?;
                let mut command = Command::new("mvn");
                command.args(["--batch-mode", "-f"]).arg(stage.join("pom.xml")).arg("dependency:copy-dependencies");
                command.arg(format!("-DoutputDirectory={}", stage.join("lib").display()));
                let jars = |line: &str| line.contains("Copying ").then_some("jars");
                run::long(&format!("fetching {} {version}", self.name), &mut command, jars).map(drop)
            }),
        }
    }
}

/// How a tool is compiled: it works for moments, and whoever has just come waits for it. As its authors have it, optimised as one
/// whole, trunk alone takes two cores ten minutes.
const SOON: [(&str, &str); 3] = [
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
];

/// PATH with the folders of these tools before it; installs what is missing.
pub fn path(tools: &[&Tool]) -> Result<std::ffi::OsString, Failure> {
    let mut dirs = Vec::new();
    for tool in tools {
        let place = tool.ready()?;
        if matches!(tool.how, How::Cargo { .. } | How::Npm { .. }) {
            dirs.push(place);
        }
    }
    dirs.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    std::env::join_paths(dirs).map_err(|error| Failure::new("put the tools on PATH", error.to_string(), ""))
}

/// The version of a crate in `Cargo.lock`.
fn locked(name: &str) -> Result<String, Failure> {
    let lock = house::read(&house::top().join("Cargo.lock"))?;
    let entry = format!("name = \"{name}\"\nversion = \"");
    lock.split_once(&entry)
        .and_then(|(_, rest)| rest.split('"').next())
        .map(str::to_owned)
        .ok_or_else(|| Failure::new(format!("find {name} in Cargo.lock"), "no such entry", ""))
}

/// Installs beside the final place and renames: what is there is whole, whoever was interrupted.
fn staged(dir: &Path, install: impl FnOnce(&Path) -> Result<(), Failure>) -> Result<(), Failure> {
    let stage = dir.with_extension("partial");
    let _ = std::fs::remove_dir_all(&stage);
    house::make(&stage)?;
    install(&stage)?;
    let _ = std::fs::remove_dir_all(dir);
    std::fs::rename(&stage, dir).map_err(|error| Failure::io("rename", &stage, &error))
}

/// The folder of the first program of this name on PATH.
fn on_path(program: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).find(|dir| dir.join(program).is_file())
}

/// Debian packages; as root directly, else through sudo when it asks nothing.
fn apt(packages: &[&str]) -> Result<(), Failure> {
    let root = run::output(Command::new("id").arg("-u"))?.trim() == "0";
    let apt_get = |args: &[&str]| {
        let mut command = if root { Command::new("apt-get") } else { Command::new("sudo") };
        command.args((!root).then_some(["-n", "apt-get"]).into_iter().flatten()).args(args);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        let unpacked = |line: &str| line.starts_with("Setting up ").then_some("packages");
        run::long(&format!("apt-get {}", args.join(" ")), &mut command, unpacked).map(drop)
    };
    let install = [&["install", "-y", "--no-install-recommends"], packages].concat();
    // A machine that never asked has no lists, one that asked long ago has old ones.
    apt_get(&install).or_else(|_| apt_get(&["update"]).and_then(|()| apt_get(&install)))
}

/// Where the running toolchain keeps a target's libraries.
fn target_dir(target: &str) -> Option<PathBuf> {
    let mut command = Command::new("rustc");
    command.args(["--print", "target-libdir", "--target", target]);
    if target == WASM.name
        && let Some(toolchain) = fallback()
    {
        command.env("RUSTUP_TOOLCHAIN", toolchain);
    }
    run::output(&mut command).ok().map(|dir| PathBuf::from(dir.trim()))
}

fn rustup(target: &str) -> Result<(), Failure> {
    let added = run::long(
        &format!("rustup target add {target}"),
        Command::new("rustup").args(["target", "add", target]),
        |_| None,
    );
    match added {
        Ok(_) => Ok(()),
        Err(failure) if target == WASM.name => {
            eprintln!("{failure}\ninstead: building std from Debian's own compiler");
            debian_wasm()
        }
        Err(failure) => Err(failure),
    }
}

/// The toolchain to build wasm with when rustup had none: Debian's, linked under this name.
const FALLBACK: &str = "debian";

/// `RUSTUP_TOOLCHAIN` for wasm builds, when the fallback is in use.
pub fn fallback() -> Option<&'static str> {
    let here = house::cache().ok()?.join("wasm-from-debian").exists();
    here.then_some(FALLBACK)
}

/// std for wasm32, built by Debian's compiler and put into Debian's toolchain; needs root.
fn debian_wasm() -> Result<(), Failure> {
    apt(&["rustc-web", "rust-web-src", "cargo-web", "lld-22"])?;
    let empty = house::cache()?.join("wasm-std");
    let _ = std::fs::remove_dir_all(&empty);
    house::make(&empty.join("src"))?;
    house::write(
        &empty.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n",
    )?;
    house::write(&empty.join("src/lib.rs"), "")?;
    let mut build = Command::new("/usr/bin/cargo");
    build.current_dir(&empty).env_remove("RUSTUP_TOOLCHAIN").env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
    build.env("RUSTFLAGS", "-Cembed-bitcode=yes"); // without it, LTO finds no bitcode in std
    build.args(["build", "--release", "-Zbuild-std=std,panic_abort,proc_macro,test", "--target", WASM.name]);
    run::long("building std for wasm32", &mut build, run::crates)?;
    let lib = Path::new("/usr/lib/rustlib/wasm32-unknown-unknown/lib");
    house::make(lib)?;
    let deps = empty.join("target/wasm32-unknown-unknown/release/deps");
    let entries = std::fs::read_dir(&deps).map_err(|error| Failure::io("list", &deps, &error))?;
    for rlib in
        entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "rlib"))
    {
        std::fs::copy(&rlib, lib.join(rlib.file_name().unwrap_or_default()))
            .map_err(|error| Failure::io("copy", &rlib, &error))?;
    }
    let bin = Path::new("/usr/lib/rustlib/x86_64-unknown-linux-gnu/bin");
    house::make(bin)?;
    run::output(Command::new("ln").arg("-sf").arg("/usr/bin/lld-22").arg(bin.join("rust-lld")))?;
    run::output(Command::new("rustup").args(["toolchain", "link", FALLBACK, "/usr"]))?;
    house::write(&house::cache()?.join("wasm-from-debian"), "")
}
