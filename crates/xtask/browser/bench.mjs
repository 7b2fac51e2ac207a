// What the page costs in a real browser, at sizes: `cargo xtask bench web`. Prints a table; FIGURES is where it is written as JSON.
// DIST is the built page; LIGHTHOUSE, where it is set, is the program's module.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { driver } from "../../../tests/page/driver.mjs";

/** Batches of five rows on 100 nodes with 100 replicas: about 500 events each. */
const SIZES = [20, 200, 2000];
const STORY = "clocks/the-writer-is-20-ms-ahead";
const KINDS = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };
const { DIST, CHROMIUM = "/usr/bin/chromium", FIGURES, LIGHTHOUSE } = process.env;
const figures = [];

/** The page as a host serves it: packed with brotli. */
function host() {
  const packed = new Map();
  const server = createServer((request, answer) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://host/").pathname)).replace(/\/$/, "/index.html");
    const file = join(DIST, path);
    if (!existsSync(file)) return answer.writeHead(404).end();
    if (!packed.has(path)) packed.set(path, brotliCompressSync(readFileSync(file)));
    answer.writeHead(200, { "content-type": KINDS[extname(path)] ?? "text/plain", "content-encoding": "br", "cache-control": "no-cache" }).end(packed.get(path));
  });
  return new Promise((listens) => server.listen(0, "127.0.0.1", () => listens(server)));
}

const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
function line(name, size, unit, values) {
  const sorted = values.map(Number).sort((a, b) => a - b);
  const row = { name, size, unit, median: at(sorted, 0.5), p99: at(sorted, 0.99), most: sorted.at(-1), of: sorted.length };
  figures.push(row);
  const show = (value) => (value >= 100 ? value.toFixed(0) : value.toFixed(1)).padStart(9);
  console.log(`${name.padEnd(34)} ${String(size).padStart(9)} ${show(row.median)} ${show(row.p99)} ${show(row.most)}  ${unit}`);
}

function scenario(batches) {
  const rows = (batch) => [0, 1, 2, 3, 4].map((at) => `INSERT INTO t (k, c, v) VALUES (1, ${batch * 5 + at}, 'v');`).join(" ");
  const all = Array.from({ length: batches }, (_, batch) => `BEGIN UNLOGGED BATCH ${rows(batch)} APPLY BATCH;`);
  return `--@ cluster nodes=100 rf=100 seed=1\nCREATE TABLE t (k int, c int, v text, PRIMARY KEY (k, c));\n${all.join("\n")}\nDELETE FROM t WHERE k = 1 AND c < 5;\nSELECT count(*) FROM t WHERE k = 1;\n`;
}

/** Memory of the browser's process that shows the page, MiB: what is its own, and its share of what is not. */
function memory(profile) {
  const own = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid)).map((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      if (!command.includes("--type=renderer") || !command.includes(profile)) return 0;
      return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))[1]) / 1024;
    } catch { return 0; }
  });
  return Math.max(...own);
}

/** From a key to everything that the page does about it, layout and all, without the wait for the screen. */
const STEPS = `
  const [key, count, done] = arguments, took = [];
  const turn = () => new Promise((go) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = go; port2.postMessage(0); });
  (async () => {
    for (let step = 0; step < count; step++) {
      const from = performance.now();
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      await turn();
      document.body.offsetHeight;
      took.push(performance.now() - from);
      await new Promise((go) => setTimeout(go, 2));
    }
    window.took = took;
  })();`;

async function steps(page, key, count) {
  await page.run("window.took = null");
  await page.run(STEPS, key, count);
  return page.wait("the steps", "return window.took", 120000);
}

async function opened(browsers, address, script) {
  const page = await browsers.open({});
  if (script) await page.devtools("Page.addScriptToEvaluateOnNewDocument", { source: script });
  await page.go(address);
  return page;
}

const SHOWN = `
  addEventListener("TrunkApplicationStarted", () => { window.ready = performance.now(); });
  new MutationObserver(() => { if (!window.shown && /row is still here/.test(document.querySelector(".verdict h1")?.textContent ?? "")) requestAnimationFrame(() => { window.shown ??= performance.now(); }); })
    .observe(document, { subtree: true, childList: true, characterData: true });`;

const server = await host();
const PAGE = `http://127.0.0.1:${server.address().port}/`;
const browsers = await driver();
try {
  console.log(`${"".padEnd(34)} ${"size".padStart(9)} ${"median".padStart(9)} ${"p99".padStart(9)} ${"most".padStart(9)}`);
  // A small link: from the page's being ready to its verdict on the screen. What it holds is asked for without its question.
  const first = await opened(browsers, PAGE + `#story/${STORY}`);
  await first.wait("the story", "return document.querySelector('.ask .skip')");
  await first.click(".ask .skip");
  await first.click("#run");
  await first.wait("the verdict", "return /still here/.test(document.querySelector('.verdict h1')?.textContent ?? '')");
  const story = await first.run("return document.querySelector('#text').value");
  await first.type(story.split("\n").filter((text) => !text.startsWith("--?")).join("\n"));
  await first.run("window.copied = null; navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }");
  await first.click("#run");
  await first.wait("the verdict", "return /still here/.test(document.querySelector('.verdict h1')?.textContent ?? '')");
  await first.run("[...document.querySelectorAll('.bar .btn')].find((button) => button.textContent.includes('Share')).click()");
  const link = await first.wait("the link", "return window.copied");
  const [shown, ready] = [[], []];
  for (let time = 0; time < 5; time++) {
    const page = await opened(browsers, PAGE + "#" + link.split("#")[1], SHOWN);
    await page.wait("the verdict", "return window.shown");
    shown.push(await page.run("return window.shown - window.ready"));
    ready.push(await page.run("return window.ready"));
    await browsers.rest();
  }
  line("the page is ready", link.length, "ms from its address", ready);
  line("a small link is shown", link.length, "ms from ready", shown);

  for (const size of SIZES) {
    const page = await opened(browsers, PAGE);
    await page.wait("the start", "return [...document.querySelectorAll('button')].some((button) => button.textContent.includes('New scenario'))");
    await page.run("[...document.querySelectorAll('button')].find((button) => button.textContent.includes('New scenario')).click()");
    await page.wait("the editor", "return document.querySelector('.cm-content')?.value.length > 0");
    await page.type(scenario(size));
    await page.wait("its meaning", "return document.querySelector('#run') && !document.querySelector('#run').disabled");
    await page.run("window.long = []; new PerformanceObserver((list) => { for (const one of list.getEntries()) window.long.push(one.duration); }).observe({ type: 'longtask' }); window.from = performance.now()");
    await page.click("#run");
    await page.wait("the verdict", "return /row|Nothing/.test(document.querySelector('.verdict h1')?.textContent ?? '') && document.querySelector('[aria-label=Event]')", 600000);
    const took = await page.run("return performance.now() - window.from");
    const events = Number(await page.run("return document.querySelector('[aria-label=Event]').getAttribute('aria-valuemax')"));
    line("a run, to its verdict", events, "ms", [took]);
    await new Promise((go) => setTimeout(go, 3000));
    line("longest tasks of it", events, "ms", [...await page.run("return window.long.splice(0)"), 0]);
    line("one event on or back", events, "ms a frame", [...await steps(page, "ArrowLeft", 100), ...await steps(page, "ArrowRight", 100)]);
    line("first and last event", events, "ms a frame", [...await steps(page, "Home", 1), ...await steps(page, "End", 1), ...await steps(page, "Home", 1), ...await steps(page, "End", 1)]);
    line("memory of the tab", events, "MiB", [memory(page.profile)]);
    await browsers.rest();
  }

  if (LIGHTHOUSE) {
    for (const [what, path] of [["start", ""], ["a link", "#" + link.split("#")[1]]]) {
      const out = join(DIST, "..", "target", `lighthouse-${what.replace(" ", "-")}.json`);
      const args = [LIGHTHOUSE, PAGE + path, "--quiet", "--output=json", `--output-path=${out}`, "--chrome-flags=--headless=new --no-sandbox --disable-gpu"];
      const judge = spawn(process.execPath, args, { env: { ...process.env, CHROME_PATH: CHROMIUM }, stdio: ["ignore", "ignore", "inherit"] });
      const code = await new Promise((ends) => judge.on("exit", ends));
      if (code !== 0) throw new Error(`lighthouse ended with ${code}`);
      for (const [name, { score }] of Object.entries(JSON.parse(readFileSync(out)).categories)) line(`lighthouse ${name}, ${what}`, 0, "of 100", [score * 100]);
    }
  }
} finally {
  await browsers.quit();
  server.closeAllConnections();
  server.close();
}
if (FIGURES) writeFileSync(FIGURES, JSON.stringify(figures, null, 1) + "\n");
