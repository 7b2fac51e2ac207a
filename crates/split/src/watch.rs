//! Which functions of the worker the stories call: it runs them in Node, and a function leaves a mark when it is entered.

use crate::{Failure, open, read, write};
use scenario::Lesson;
use scenario::told::Question;
use scenario::wire::{Asked, Run};
use std::path::{Path, PathBuf};
use std::process::Command;
use walrus::ir::{Const, GlobalSet, Value};
use walrus::{ConstExpr, FunctionKind, ValType};

/// Runs the worker as a browser would, gives it every message of a file, and writes down which functions are marked.
const SCRIPT: &str = include_str!("watch.mjs");
/// A function's mark is a global, exported under this name and the function's place.
const MARK: &str = "mark";

/// For each function of `worker_bg.wasm`, in its order, whether one of the texts below `tests` calls it.
pub fn called(wasm: &[u8], dir: &Path, tests: &Path) -> Result<Vec<bool>, Failure> {
    let (watched, functions) = watched(wasm)?;
    let files = ["watched.wasm", "asked.bin", "seen.json", "watch.mjs"].map(|name| dir.join(name));
    let [module, asked, seen, script] = &files;
    write(module, &watched)?;
    let texts = texts(tests)?;
    write(asked, &messages(&texts))?;
    write(script, SCRIPT.as_bytes())?;
    let mut node = Command::new("node");
    let link = scenario::link::encode(texts.first().map_or("", String::as_str), &[]);
    node.arg(script).args([&dir.join("worker.js"), module, asked]).arg(link).arg(seen).arg(MARK);
    let ran = node.output().map_err(|error| format!("node: {error}"))?;
    let marks = read(seen);
    files.iter().for_each(|path| drop(std::fs::remove_file(path)));
    if !ran.status.success() {
        return Err(format!("the stories do not run in Node: {}", String::from_utf8_lossy(&ran.stderr)));
    }
    let mut called = vec![false; functions];
    for place in String::from_utf8_lossy(&marks?).split(',') {
        let place: Option<usize> = place.parse().ok();
        *place.and_then(|place| called.get_mut(place)).ok_or("a mark of no function")? = true;
    }
    Ok(called)
}

/// The module whose functions leave their marks, and how many they are.
fn watched(wasm: &[u8]) -> Result<(Vec<u8>, usize), Failure> {
    let mut module = open(wasm)?;
    let all: Vec<_> = module.funcs.iter().map(walrus::Function::id).collect();
    for (place, id) in all.iter().enumerate() {
        let FunctionKind::Local(local) = &mut module.funcs.get_mut(*id).kind else { continue };
        let global = module.globals.add_local(ValType::I32, true, false, ConstExpr::Value(Value::I32(0)));
        module.exports.add(&format!("{MARK}{place}"), global);
        local.builder_mut().func_body().instr_at(0, Const { value: Value::I32(1) }).instr_at(1, GlobalSet { global });
    }
    Ok((module.emit_wasm(), all.len()))
}

/// What the page asks of each text when somebody runs it, each with its length before it, little-endian.
fn messages(texts: &[String]) -> Vec<u8> {
    let asked = |text| [Asked::Run(Run { text, trace: true }), Asked::Question(text, Question::Meaning)];
    let messages = texts.iter().flat_map(|text| asked(text)).map(|asked| asked.to_bytes());
    messages.flat_map(|bytes| [(bytes.len() as u32).to_le_bytes().to_vec(), bytes]).flatten().collect()
}

/// What a newcomer runs first: every step of every lesson, and the stories of the clocks.
fn texts(tests: &Path) -> Result<Vec<String>, Failure> {
    let mut texts = Vec::new();
    for path in ["lessons", "scenarios/clocks"].iter().map(|dir| files(&tests.join(dir))) {
        for path in path? {
            let text = String::from_utf8_lossy(&read(&path)?).into_owned();
            if path.extension().is_none_or(|ending| ending != "md") {
                texts.push(text);
                continue;
            }
            let lesson = Lesson::read(&text).map_err(|(line, why)| format!("{}:{line}: {why}", path.display()))?;
            texts.extend((1..=lesson.steps.len()).map(|steps| lesson.text(steps)));
        }
    }
    Ok(texts)
}

fn files(dir: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = std::fs::read_dir(dir).map_err(|error| format!("{}: {error}", dir.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    files.sort();
    Ok(files)
}
