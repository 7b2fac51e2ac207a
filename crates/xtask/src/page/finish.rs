//! `cargo xtask finish`, which trunk calls when it has built a release: the JavaScript around the wasm becomes short, and the
//! style sheets go into the page, and the worker becomes two halves (`crates/split`).
//!
//! wasm-bindgen gives every function that the wasm imports a name with a hash, and writes it into both files. Random letters do not
//! compress: short names and a minified script make the first load 6 KiB smaller.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::house;
use crate::run::{self, Failure};
use crate::tools::ESBUILD;

/// The name of the one module that the wasm imports from.
const MODULE: &str = "w";
/// Where a script begins to say what the wasm imports.
const IMPORTS: &str = "const import0 = {\n        __proto__: null,";

/// Finishes what trunk has put into its staging folder.
pub fn main(_: &[String]) -> Result<(), Failure> {
    if std::env::var("TRUNK_PROFILE").is_ok_and(|profile| profile != "release") {
        return Ok(());
    }
    let dir = std::env::var_os("TRUNK_STAGING_DIR").map_or_else(|| house::top().join("dist"), PathBuf::from);
    let entries = std::fs::read_dir(&dir).map_err(|error| Failure::io("list", &dir, &error))?;
    for wasm in entries.flatten().map(|entry| entry.path()) {
        let Some(stem) = wasm.file_name().and_then(|name| name.to_str()?.strip_suffix("_bg.wasm")) else { continue };
        one(&wasm, &dir.join(format!("{stem}.js")))?;
    }
    split(&dir)?;
    let index = dir.join("index.html");
    let text = house::read(&index)?;
    let worn = |name: &str| {
        let path = dir.join(name);
        let sheet = house::read(&path)?;
        std::fs::remove_file(&path).map_err(|error| Failure::io("remove", &path, &error))?;
        Ok(sheet)
    };
    house::write(&index, &dressed(&text, worn)?)
}

/// The worker's script, which hands over what the worker asks for its second half with.
fn asking(text: &str) -> Result<String, Failure> {
    let what = "hand the worker what it fetches its second half with";
    let (before, after) = text
        .split_once(IMPORTS)
        .ok_or_else(|| Failure::new(what, "its script is not as wasm-bindgen writes it", ""))?;
    Ok([before, IMPORTS, " more: () => self.more(),", after].concat())
}

/// Takes the worker apart. Its loader, which fetches the second half when it is wanted, and its script become one.
fn split(dir: &Path) -> Result<(), Failure> {
    let mut split = Command::new("cargo");
    split.current_dir(house::top()).args(["run", "--quiet", "--package", "split", "--"]).arg(dir).arg("tests");
    run::shown(&mut split)?;
    let (loader, script) = (dir.join("worker_loader.js"), dir.join("worker.js"));
    house::write(&loader, &house::read(&house::top().join("web/look/loader.js"))?)?;
    esbuild(&loader, true)?;
    std::fs::remove_file(&script).map_err(|error| Failure::io("remove", &script, &error))
}

/// The page with its style sheets in it: nothing is drawn before they are there, and each would be one more way to the server.
fn dressed(html: &str, sheet: impl Fn(&str) -> Result<String, Failure>) -> Result<String, Failure> {
    let (mut out, mut rest) = (String::new(), html);
    while let Some((before, link)) = rest.split_once("<link ") {
        let (tag, after) = link.split_once('>').unwrap_or((link, ""));
        let of = |key: &str| tag.split_whitespace().find_map(|word| word.strip_prefix(key));
        let href = of("href=").map(|href| href.trim_matches('"').trim_start_matches(['.', '/']));
        out += before;
        match href.filter(|href| of("rel=").is_some_and(|rel| rel.contains("stylesheet")) && href.ends_with(".css")) {
            Some(name) => out += &format!("<style>{}</style>", sheet(name)?),
            None => out += &format!("<link {tag}>"),
        }
        rest = after;
    }
    Ok(out + rest)
}

fn one(wasm: &Path, script: &Path) -> Result<(), Failure> {
    let bytes = std::fs::read(wasm).map_err(|error| Failure::io("read", wasm, &error))?;
    let text = house::read(script)?;
    let Some((bytes, names)) = renamed(&bytes) else {
        let what = format!("find the imports of {}", wasm.display());
        return Err(Failure::new(what, "it is no module as wasm-bindgen writes them", "say so in an issue"));
    };
    std::fs::write(wasm, bytes).map_err(|error| Failure::io("write", wasm, &error))?;
    let text = replaced(&text, &names);
    house::write(script, &if script.ends_with("worker.js") { asking(&text)? } else { text })?;
    esbuild(script, false)
}

/// Makes a script short; what it imports goes into it, if that is wanted.
fn esbuild(script: &Path, bundle: bool) -> Result<(), Failure> {
    let mut esbuild = Command::new(ESBUILD.ready()?.join("esbuild"));
    esbuild.args(["--minify", "--format=esm", "--log-level=warning", "--allow-overwrite"]);
    esbuild.args(bundle.then_some("--bundle")).arg(script).arg(format!("--outfile={}", script.display()));
    run::shown(&mut esbuild)
}

/// The module with short names for what it imports, and which name became which; modules too.
fn renamed(wasm: &[u8]) -> Option<(Vec<u8>, HashMap<String, String>)> {
    const IMPORTS: u8 = 2;
    let mut out = wasm.get(..8)?.to_vec();
    let mut names = HashMap::new();
    let mut rest = Input(wasm.get(8..)?);
    while !rest.0.is_empty() {
        let (id, size) = (rest.byte()?, rest.number()?);
        let body = rest.take(size)?;
        let body = if id == IMPORTS { imports(body, &mut names)? } else { body.to_vec() };
        out.push(id);
        number(&mut out, body.len());
        out.extend(body);
    }
    Some((out, names))
}

fn imports(section: &[u8], names: &mut HashMap<String, String>) -> Option<Vec<u8>> {
    let (mut input, mut out) = (Input(section), Vec::new());
    let count = input.number()?;
    number(&mut out, count);
    for _ in 0..count {
        names.insert(input.name()?, MODULE.into());
        let (name, place) = (input.name()?, names.len());
        let short = names.entry(name).or_insert_with(|| format!("${place}")).clone();
        for word in [MODULE, &short] {
            number(&mut out, word.len());
            out.extend(word.bytes());
        }
        // A function and its type: wasm-bindgen imports nothing else.
        let kind = input.byte().filter(|kind| *kind == 0)?;
        out.push(kind);
        number(&mut out, input.number()?);
    }
    Some(out)
}

fn number(out: &mut Vec<u8>, mut number: usize) {
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn number(&mut self) -> Option<usize> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(number);
            }
            shift += 7;
        }
    }

    fn take(&mut self, size: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(size)?;
        self.0 = rest;
        Some(taken)
    }

    fn name(&mut self) -> Option<String> {
        let size = self.number()?;
        Some(std::str::from_utf8(self.take(size)?).ok()?.into())
    }
}

/// The script with these names: whole words, and strings that are one.
fn replaced(text: &str, names: &HashMap<String, String>) -> String {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '.' | '/' | '-');
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(from) = rest.find(part) {
        let (before, word) = rest.split_at(from);
        let (word, after) = word.split_at(word.find(|c| !part(c)).unwrap_or(word.len()));
        out.push_str(before);
        out.push_str(names.get(word).map_or(word, String::as_str));
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_sheets_go_into_the_page() {
        let html = "<head><link rel=icon href=a.svg><link data-integrity=none href=/b-1.css rel=stylesheet><link rel=\"stylesheet\" href=\"./c.css\"><link href=/d.js rel=modulepreload></head>";
        let dressed = dressed(html, |name| Ok(format!("of {name}"))).unwrap();
        let expected = "<head><link rel=icon href=a.svg><style>of b-1.css</style><style>of c.css</style><link href=/d.js rel=modulepreload></head>";
        assert_eq!(dressed, expected);
    }

    #[test]
    fn imports_get_short_names_in_both_files() {
        let mut wasm = b"\0asm\x01\0\0\0".to_vec();
        let mut section = vec![2];
        for name in ["__wbg_a_0123456789abcdef", "__wbg_b_0123456789abcdef"] {
            section.extend([9]);
            section.extend(b"./page.js");
            section.push(name.len() as u8);
            section.extend(name.bytes());
            section.extend([0, 5]);
        }
        wasm.extend([1, 1, 0, 2, section.len() as u8]);
        wasm.extend(&section);
        wasm.extend([3, 1, 0]);
        let (short, names) = renamed(&wasm).unwrap();
        let expected = b"\0asm\x01\0\0\0\x01\x01\0\x02\x0f\x02\x01w\x02$1\0\x05\x01w\x02$2\0\x05\x03\x01\0";
        assert_eq!(short, expected);
        let script = "{ __wbg_a_0123456789abcdef: f, __wbg_b_0123456789abcdef() {} }, \"./page.js\": x, __wbg_a_";
        assert_eq!(replaced(script, &names), "{ $1: f, $2() {} }, \"w\": x, __wbg_a_");
        assert!(renamed(&wasm[..20]).is_none());
    }
}
