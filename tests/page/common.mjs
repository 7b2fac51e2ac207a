// What every story of the page begins with: a browser, the page in it, and what must hold wherever it ends.
import { test, before, after, afterEach } from "node:test";
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { driver } from "./driver.mjs";

export const PAGE = process.env.PAGE ?? "http://127.0.0.1:8080/";
export const STORY = "clocks/the-writer-is-20-ms-ahead";
const axe = readFileSync(process.env.AXE, "utf8");
export let browsers;
before(async () => { mkdirSync("target/screens", { recursive: true }); browsers = await driver(); });
after(() => browsers?.quit());
afterEach(() => browsers.rest());

export const digest = "return document.querySelector('#digest')?.dataset.digest";
export const text = "return document.querySelector('#text').value";

/** Opens a session with the page in it. */
export async function open(options, path = "") {
  const session = await browsers.open(options);
  await session.go(PAGE + path);
  await session.wait("the page", "return !!document.querySelector('#run, .hero h1')");
  return session;
}

/** A page with a new scenario in the rich editor: this text. */
export async function written(words, options = {}) {
  const session = await open(options);
  await session.click("button", "New scenario");
  await session.wait("the rich editor", rich);
  await session.type(words);
  return session;
}

/** Nothing in the console, and no request to any other host. */
export async function clean(session) {
  const said = (await session.console()).filter((line) => line.level !== "INFO" && line.level !== "DEBUG");
  assert.deepEqual(said.map((line) => line.message), [], "the console is quiet");
  const host = new URL(PAGE).host;
  const away = (await session.requests()).filter((address) => !address.startsWith("data:") && !address.startsWith("chrome") && new URL(address).host !== host);
  assert.deepEqual(away, [], "no request leaves the host");
}

/**
 * No task of the page may keep it for more than 50 ms, from its first on. What counts is how long the processor was at the task: on a
 * machine that others use, a task that is put aside for them takes long by the clock, as the browser's own `longtask` has it, and
 * is none of the page's doing.
 */
export async function calm(session, most = 50, mark) {
  const tasks = await session.tasks(mark);
  assert.ok(tasks.length > 100, `tasks were counted: ${tasks.length}`);
  const long = tasks.filter((task) => task.worked > most).map((task) => `${Math.round(task.worked)} ms from ${task.from}`);
  assert.deepEqual(long, [], `no task of the page was longer than ${most} ms`);
}

/**
 * A story in which every task counts. Whoever runs beside us shares the processor's threads and caches, and makes a task twice as
 * long even by the processor's own time: the story is told again, and what is the page's own doing is too long three times.
 */
export function calmly(name, story) {
  test(name, async () => {
    for (let left = 2; ; left--) {
      try { return await story(); } catch (error) { await browsers.rest(); if (!left || !/^(no task of the page|the run was read)/.test(error.message)) throw error; }
    }
  });
}

/** Nobody is kept out, as far as axe-core can tell: nothing on the page as it stands has a fault of any weight. */
export async function accessible(session, what) {
  await session.run(`${axe}; window.axed = null; axe.run(document, { resultTypes: ["violations"] }).then((told) => { window.axed = told.violations.map((one) => one.id + ": " + one.nodes.map((node) => node.html.slice(0, 120)).join(" | ")) })`);
  assert.deepEqual(await session.wait("axe", "return window.axed", 60000), [], `${what}: nobody is kept out`);
  assert.deepEqual(await session.run(COVERED), [], `${what}: nothing lies over what can be pressed`);
}

/** Controls in view whose middle belongs to something else; what is said for a while may lie there, and a dialog is all there is. */
const COVERED = `
  const within = (x, y, box) => x >= box.left && x < box.right && y >= box.top && y < box.bottom;
  return [...(document.querySelector("[role=dialog]") ?? document).querySelectorAll("button, a[href], input, select, [role=tab]")].filter((control) => {
    const box = control.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
    if (!box.width || !within(x, y, { left: 0, top: 0, right: innerWidth, bottom: innerHeight }) || getComputedStyle(control).visibility !== "visible") return false;
    for (let up = control.parentElement; up; up = up.parentElement)
      if (getComputedStyle(up).overflow !== "visible" && !within(x, y, up.getBoundingClientRect())) return false;
    const there = document.elementFromPoint(x, y);
    return there && !control.contains(there) && !there.contains(control) && !there.closest(".says");
  }).map((control) => control.outerHTML.slice(0, 120));`;

/** Another way to the page, which can be closed, and on which one file may be missing. */
export async function relay(missing) {
  const server = createServer(async (request, answer) => {
    if (request.url === missing) return answer.writeHead(404).end();
    try {
      const got = await fetch(new URL(request.url, PAGE));
      answer.writeHead(got.status, { "content-type": got.headers.get("content-type") ?? "text/plain" });
      answer.end(Buffer.from(await got.arrayBuffer()));
    } catch { answer.destroy(); }
  });
  await new Promise((listens) => server.listen(0, "127.0.0.1", listens));
  const close = () => { server.closeAllConnections(); return new Promise((closed) => server.close(closed)); };
  return { address: `http://127.0.0.1:${server.address().port}/`, close };
}

/** Waits for the verdict to say this. */
export function rows(session, sentence) {
  return session.wait(`“${sentence}”`, `return (document.querySelector(".verdict h1")?.textContent ?? "").includes(${JSON.stringify(sentence)})`);
}

/** Waits until the rich editor has come and holds a text. */
export const rich = "return document.querySelector('.cm-content')?.value.length > 0";
