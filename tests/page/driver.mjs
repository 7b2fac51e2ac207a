// A browser, driven over WebDriver: plain HTTP to chromedriver, no package. One driver program, a fresh profile for each session.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:net";

/** A mark in the browser's trace: the thread it stands in is the page's. */
const MINE = "this is the page";
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const freePort = () => new Promise((done) => { const server = createServer().listen(0, "127.0.0.1", () => { const { port } = server.address(); server.close(() => done(port)); }); });

/** Starts chromedriver; `open` gives sessions, `quit` ends everything. */
export async function driver() {
  const port = await freePort();
  const program = spawn(process.env.CHROMEDRIVER || "chromedriver", [`--port=${port}`, "--log-level=SEVERE"], { stdio: "ignore" });
  const base = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    try { if ((await (await fetch(`${base}/status`)).json()).value.ready) break; } catch (error) { if (tries > 100) throw error; }
    await pause(50);
  }
  const sessions = [];
  return {
    async open(options = {}) { const session = await Session.open(base, options); sessions.push(session); return session; },
    /** Closes every session: a browser that nobody looks at still takes its share of the machine. */
    async rest() { for (const session of sessions.splice(0)) await session.close().catch(() => {}); },
    async quit() { await this.rest(); program.kill(); },
  };
}

async function call(base, method, path, body) {
  const response = await fetch(base + path, { method, headers: { "content-type": "application/json" }, body: body === undefined ? undefined : JSON.stringify(body) });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
  return value;
}

const MIDDLE = `
  const [selector, words] = arguments, e = [...document.querySelectorAll(selector)].find((one) => one.textContent.includes(words));
  if (!e) throw new Error("nothing at " + selector + " " + words);
  e.scrollIntoView({ block: "nearest", inline: "nearest" });
  const box = e.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2, there = document.elementFromPoint(x, y);
  if (!there || !e.contains(there) && !there.contains(e)) throw new Error(selector + " lies under " + there?.outerHTML.slice(0, 120));
  return [x, y];`;

class Session {
  /** `counted`: the browser notes every task, and takes up to ten seconds longer to start and for each address. */
  static async open(base, { width = 1440, height = 900, dark = false, forced = false, still = false, touch = false, counted = false } = {}) {
    const profile = mkdtempSync(join(tmpdir(), "tombstone-"));
    const args = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
      "--hide-scrollbars", "--force-color-profile=srgb", `--user-data-dir=${profile}`, `--window-size=${width},${height}`];
    const { sessionId } = await call(base, "POST", "/session", { capabilities: { alwaysMatch: {
      browserName: "chrome", "goog:loggingPrefs": { browser: "ALL", performance: "ALL" },
      "goog:chromeOptions": { args, binary: process.env.CHROMIUM || "/usr/bin/chromium", perfLoggingPrefs: { enableNetwork: true, enablePage: false, ...counted && { traceCategories: "toplevel,blink.user_timing" } } } } } });
    const session = new Session(base, sessionId, profile);
    session.touch = touch;
    await session.devtools("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: width < 720 ? 2 : 1, mobile: touch });
    if (touch) await session.devtools("Emulation.setTouchEmulationEnabled", { enabled: true });
    await session.devtools("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" },
      { name: "forced-colors", value: forced ? "active" : "none" }, { name: "prefers-reduced-motion", value: still ? "reduce" : "no-preference" }] });
    await session.devtools("Browser.grantPermissions", { permissions: ["clipboardReadWrite", "clipboardSanitizedWrite"] }).catch(() => {});
    return session;
  }
  constructor(base, id, profile) { this.base = base; this.id = id; this.profile = profile; this.addresses = []; this.ran = []; this.mine = new Set(); this.marks = new Map(); }
  at(method, path, body) { return call(this.base, method, `/session/${this.id}${path}`, body); }
  devtools(cmd, params) { return this.at("POST", "/goog/cdp/execute", { cmd, params }); }
  go(url) { return this.at("POST", "/url", { url }); }
  run(script, ...args) { return this.at("POST", "/execute/sync", { script, args }); }
  async wait(what, script, ms = 15000) {
    const end = Date.now() + ms;
    for (;;) {
      const value = await this.run(script);
      if (value) return value;
      if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}`);
      await pause(40);
    }
  }
  text(selector) { return this.run("return document.querySelector(arguments[0])?.textContent ?? null", selector); }
  /** Presses what is there, as a hand does: with the mouse or a finger, in its middle, where nothing may lie over it. */
  async click(selector, words) { await this.drag(await this.middle(selector, words)); }
  /** The middle of what has this selector, or is the first such with these words. */
  middle(selector, words = "") { return this.run(MIDDLE, selector, words); }
  /** Down at the first place, over the others, up at the last. */
  async drag(...places) {
    const [[x, y], ...rest] = places, move = ([x, y]) => ({ type: "pointerMove", duration: 20, x: Math.round(x), y: Math.round(y) });
    const actions = [{ ...move([x, y]), duration: 0 }, { type: "pointerDown", button: 0 }, ...rest.map(move), { type: "pointerUp", button: 0 }];
    await this.at("POST", "/actions", { actions: [{ type: "pointer", id: "hand", parameters: { pointerType: this.touch ? "touch" : "mouse" }, actions }] });
  }
  /** Puts text into the editor as a person would: it takes the place of everything. */
  async type(text) {
    await this.run("document.querySelector('#text').focus()");
    await this.keys("Control", "a");
    // The rich editor is given it as from the clipboard; into a text area it is typed.
    await this.run("const e = document.querySelector('#text'), held = new DataTransfer(); held.setData('text/plain', arguments[0]); if (e.matches('textarea')) document.execCommand('insertText', false, arguments[0]); else e.dispatchEvent(new ClipboardEvent('paste', { clipboardData: held, bubbles: true, cancelable: true }))", text);
  }
  async keys(...names) {
    const KEYS = { Enter: "\uE007", Control: "\uE009", Escape: "\uE00C", Tab: "\uE004", ArrowLeft: "\uE012", ArrowRight: "\uE014", Home: "\uE011", End: "\uE010", Shift: "\uE008", Alt: "\uE00A", ArrowUp: "\uE013", ArrowDown: "\uE015", F2: "\uE032", Space: " " };
    const codes = names.map((name) => KEYS[name] ?? name);
    const actions = [...codes.map((value) => ({ type: "keyDown", value })), ...codes.reverse().map((value) => ({ type: "keyUp", value }))];
    await this.at("POST", "/actions", { actions: [{ type: "key", id: "keyboard", actions }] });
  }
  async shot() { return Buffer.from(await this.at("GET", "/screenshot"), "base64"); }
  /** What the console said since it was last asked. */
  console() { return this.at("POST", "/se/log", { type: "browser" }); }
  /** Takes in what the browser noted since it was last asked: addresses that were asked for, tasks, and whose they were. */
  async #note() {
    const noted = (await this.at("POST", "/se/log", { type: "performance" })).map((entry) => JSON.parse(entry.message).message);
    for (const { method, params } of noted) {
      if (method === "Network.requestWillBeSent") this.addresses.push(params.request.url);
      if (method !== "Tracing.dataCollected") continue;
      const thread = `${params.pid}/${params.tid}`;
      if (params.name === MINE) this.mine.add(thread);
      if (params.cat === "blink.user_timing") this.marks.set(params.name, params.ts);
      if (params.name === "ThreadControllerImpl::RunTask" && params.ph === "X") this.ran.push({ thread, at: params.ts, took: params.dur / 1000, worked: (params.tdur ?? params.dur) / 1000, from: params.args.src_func });
    }
  }
  /** Every address that was asked for since it was last asked. */
  async requests() { await this.#note(); return this.addresses.splice(0); }
  /**
   * Every task of this page's main thread so far, or since a mark that it set (performance.mark), ms: how long it took, and how long
   * the processor was at it. Of a session that is `counted`; ask once, at the end.
   */
  async tasks(mark) {
    await this.run("performance.mark(arguments[0])", MINE);
    await this.#note();
    const since = mark ? this.marks.get(mark) : 0;
    return this.ran.filter((task) => this.mine.has(task.thread) && task.at >= since);
  }
  async close() { await this.at("DELETE", ""); rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 }); }
}
