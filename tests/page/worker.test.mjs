// The worker as a person meets it: long at work, dead, grown too large, half of it out of reach.
import { test } from "node:test";
import assert from "node:assert/strict";
import { PAGE, STORY, browsers, calm, calmly, clean, open, relay, rows, text, written } from "./common.mjs";

calmly("a long run says how far it is, can be stopped, and leaves the page usable", async () => {
  const writes = Array.from({ length: 600 }, (_, at) => `INSERT INTO t (k, v) VALUES (${at % 50}, ${at});`).join("\n");
  const page = await written(`--@ cluster nodes=9 rf=9 seed=3\nCREATE TABLE t (k int PRIMARY KEY, v int);\nCONSISTENCY ALL\n${writes}\nSELECT count(*) FROM t;\n`, { counted: true });
  await page.run("performance.mark('pasted')");
  await page.click("#run");
  await page.wait("the run or its end", "return document.querySelector('.btn.prog') || /here|left/.test(document.querySelector('.verdict h1').textContent)");
  // On a fast machine it may have ended by now.
  if (await page.run("const stop = document.querySelector('.btn.prog'); stop?.click(); return !!stop")) {
    await page.wait("the button again", "return document.querySelector('#run')");
    await page.click("#run");
  }
  await rows(page, "are here.");
  await page.run("document.querySelector('[aria-label=\"First event\"]').click()");
  await page.run("const log = document.querySelector('#log'); log.scrollTop = 300000");
  await page.wait("lines far down", "return [...document.querySelectorAll('.log .row .n')].some((cell) => Number(cell.textContent) > 5000)");
  assert.ok(await page.run("return document.querySelectorAll('.log .row').length") < 100, "only what is in view is drawn");
  await page.run("const find = document.querySelector('#words'); find.value = 'values (49, 599)'; find.dispatchEvent(new Event('input', { bubbles: true }))");
  await page.wait("a line found near the end", "return [...document.querySelectorAll('.log .row .n')].some((cell) => Number(cell.textContent) > 30000)");
  // Reading 31,000 events takes tasks of a few ms each, and of 600 lines those in view are laid out.
  await calm(page, 50, "pasted");
  const reading = (await page.tasks("pasted")).filter((task) => task.from === "DOMTimer" && task.worked > 20);
  assert.ok(reading.length <= 3, `the run was read in small pieces: ${reading.map((task) => Math.round(task.worked))}`);
  await clean(page);
});

test("a link is run before the page is there to ask for it, and not once more", async () => {
  const first = await open({}, `#story/${STORY}`);
  await first.wait("the story", "return document.querySelector('.cm-content')?.value.length > 0");
  await first.run("navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }");
  await first.click("[title^='Copy the link']");
  const link = await first.wait("the link", "return window.copied");

  const page = await browsers.open({});
  await page.devtools("Page.addScriptToEvaluateOnNewDocument", { source: `const Real = Worker; window.said = []; window.Worker = class extends Real {
    constructor(url, options) { super(url, options); this.addEventListener("message", ({ data }) => said.push(data.length > 2000 ? "a run" : "a word")); }
    postMessage(...all) { said.push("asked"); super.postMessage(...all); }
  }` });
  await page.go(PAGE + "#" + link.split("#")[1]);
  await page.wait("the question", "return document.querySelector('.ask .pick')");
  await page.click(".ask .pick", "0");
  await rows(page, "1 row is still here.");
  await page.wait("the knob's tipping point", "return /tips at/.test(document.querySelector('.knob-box')?.textContent)");
  const said = await page.run("return said");
  assert.ok(said.indexOf("a run") < said.indexOf("asked"), said.join(", "));
  assert.equal(said.filter((what) => what === "a run").length, 1, said.join(", "));
  await clean(page);
});

test("a long recording opens as a link, and soon", async () => {
  const said = Array.from({ length: 1200 }, (_, at) => `--@ advance ${1000 + at}us\nINSERT INTO t (k, v) VALUES (${at}, '${(at * 7919).toString(36)}') USING TIMESTAMP ${1795837815173379 + at};\n`).join("");
  const first = await written(`--@ cluster nodes=3 rf=3\nCREATE TABLE t (k int PRIMARY KEY, v text);\n${said}SELECT * FROM t;\n`);
  await first.run("navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }");
  await first.click("[title^='Copy the link']");
  await first.click("button", "Copy it anyway");
  const link = await first.wait("the link", "return window.copied");
  assert.ok(link.length > 10_000, "no short link");

  const page = await open({}, "#" + link.split("#")[1]);
  await rows(page, "1200 rows are here.");
  await page.wait("the rich editor", "return document.querySelector('.cm-content')");
  assert.ok((await page.run(text)).endsWith("(1200 rows)\n"), "the outcome is in the text");
  await clean(page);
});

test("a worker that dies says what happened; text and link stay; the next run works", async () => {
  const page = await browsers.open({});
  await page.devtools("Page.addScriptToEvaluateOnNewDocument", { source: "const Real = Worker; window.Worker = class extends Real { constructor(url, options) { super(url, options); window.last = this; } }" });
  await page.go(PAGE + `#story/${STORY}`);
  await page.wait("the story", "return document.querySelector('.cm-content')?.value.length > 0 && window.last");
  const [text, link] = [await page.run("return document.querySelector('#text').value"), await page.text(".bar .count")];
  await page.run("last.postMessage = () => setTimeout(() => last.dispatchEvent(new ErrorEvent('error', { message: 'RuntimeError: unreachable', cancelable: true })), 0)");
  await new Promise((done) => setTimeout(done, 500));
  await page.click("#run");
  await page.wait("what happened", "return document.querySelector('.says')?.textContent.includes('RuntimeError: unreachable')");
  assert.equal(await page.run("return document.querySelector('#text').value"), text);
  assert.equal(await page.text(".bar .count"), link);
  await page.click(".says button", "Run again");
  await rows(page, "1 row is still here.");
  await clean(page);
});

test("a worker that a large run has made large gives way to another", async () => {
  const page = await browsers.open({});
  await page.devtools("Page.addScriptToEvaluateOnNewDocument", { source: "const Real = Worker; window.workers = 0; window.Worker = class extends Real { constructor(url, options) { super(url, options); window.workers++; } }" });
  await page.go(PAGE);
  await page.wait("the page", "return document.querySelector('.hero .btn')");
  await page.click("button", "New scenario");
  await page.wait("the editor", "return document.querySelector('.cm-content')?.value.length > 0");
  const batch = (at) => `BEGIN UNLOGGED BATCH ${[0, 1, 2, 3, 4].map((row) => `INSERT INTO t (k, c) VALUES (1, ${at * 5 + row});`).join(" ")} APPLY BATCH;`;
  await page.type(`--@ cluster nodes=100 rf=100 seed=1\nCREATE TABLE t (k int, c int, PRIMARY KEY (k, c));\n${Array.from({ length: 500 }, (_, at) => batch(at)).join("\n")}\nSELECT count(*) FROM t WHERE k = 1;\n`);
  assert.equal(await page.run("return workers"), 1);
  await page.click("#run");
  await page.wait("the run", "return /row/.test(document.querySelector('.verdict h1').textContent) && document.querySelector('[aria-label=Event]')", 60000);
  assert.ok(await page.run("return workers") >= 2, "its memory is given back");
  await page.type("CREATE TABLE t (k int PRIMARY KEY);\nINSERT INTO t (k) VALUES (1);\nSELECT count(*) FROM t;\n");
  await page.click("#run");
  await rows(page, "1 row is here.");
  await clean(page);
});

test("half a worker runs a story; when the other half cannot be had, that is said, and nothing is lost", async () => {
  const way = await relay("/worker_more.wasm");
  try {
    const page = await browsers.open({});
    await page.go(`${way.address}#story/${STORY}`);
    await page.wait("the story", "return document.querySelector('.cm-content')?.value.length > 0");
    await page.run("document.querySelector('.ask .skip').click()");
    await page.click("#run");
    await rows(page, "1 row is still here.");
    await page.wait("what happened", "return document.querySelector('.says')?.textContent.includes('The rest of the worker cannot be loaded')");
    assert.match(await page.run(text), /clock=\+20ms/);
  } finally { await way.close(); }
});
