// What the page shows and says in states that one does not meet every day: each can be reached, and says what is so.
import { test } from "node:test";
import assert from "node:assert/strict";
import { STORY, accessible, clean, open, rich, rows, written } from "./common.mjs";

const TABLE = "CREATE TABLE t (k int PRIMARY KEY, v int);\n";

/** A new scenario with this text, run. */
async function ran(text, options = {}) {
  const page = await written(text, options);
  await page.click("#run");
  await page.wait("the run", "return !!document.querySelector('#digest')");
  return page;
}

test("refused: the line, and why; nothing is held, and that is said", async () => {
  const page = await ran(`--@ cluster nodes=3 rf=3\n${TABLE}--@ kill n2\n--@ kill n3\n--@ until seen-down n2\n--@ until seen-down n3\nCONSISTENCY QUORUM;\nINSERT INTO t (k, v) VALUES (1, 1);\n`);
  await rows(page, "Line 8 was refused.");
  assert.match(await page.text(".verdict p"), /needs 2 replicas and 1 is up/);
  await page.wait("the lower half", "return document.querySelector('.rep .hint')");
  assert.match(await page.text(".rep .hint"), /No replica holds anything\. Nothing was written in this run\./);
  await accessible(page, "a refusal");
  await clean(page);
});

test("before the first write: what is not there yet, and the way to it", async () => {
  const page = await open({}, `#story/${STORY}`);
  await page.wait("the story", rich);
  await page.click(".ask .skip");
  await page.click("#run");
  await rows(page, "1 row is still here.");
  await page.keys("Escape");
  await page.keys("Home");
  await page.wait("the words", "return document.querySelector('.rep .hint')");
  await page.click(".rep .hint .ev", "go to event");
  await page.wait("what it holds", "return document.querySelector('.rep .mk')");
  await clean(page);
});

test("no line of the log is of a kind or has a word: that is said, and taken back by one press", async () => {
  const page = await ran(`--@ cluster nodes=1 rf=1\n${TABLE}INSERT INTO t (k, v) VALUES (1, 1);\nSELECT * FROM t;\n`);
  await page.click(".drawer .chip", "anomalies");
  assert.match(await page.text(".drawer .none"), /No events of that kind/);
  await page.click(".drawer .none .btn", "Clear");
  await page.wait("the log", "return document.querySelector('#log')");
  await page.keys("/");
  await page.keys("q");
  await page.keys("z");
  await page.wait("nothing", "return /No events match “qz”/.test(document.querySelector('.drawer .none')?.textContent)");
  await page.click(".drawer .none .btn", "Clear");
  await page.wait("the log", "return document.querySelector('#log')");
  await clean(page);
});

test("a damaged link leaves the gallery at hand", async () => {
  const page = await open({}, "#AQABqqqq");
  await page.wait("the message", "return document.querySelector('.says')?.textContent.includes('damaged')");
  await page.wait("the gallery", "return document.querySelectorAll('.cards a').length > 8");
  await clean(page);
});

test("a phone has the drawer, and the text that was folded is not when one comes back to it", async () => {
  const page = await open({ width: 390, height: 844, touch: true }, `#story/${STORY}`);
  await page.wait("the story", rich);
  assert.match(await page.text(".cm-content"), /folded until you have guessed/);
  await page.click(".ask .pick", "0");
  await page.click("#run");
  await rows(page, "1 row is still here.");
  await page.click("[role=tab]", "CQL");
  await page.wait("the text", "return /clock=/.test(document.querySelector('.cm-content')?.textContent)");
  assert.doesNotMatch(await page.text(".cm-content"), /folded until/);
  await page.click("[role=tab]", "Details");
  await page.wait("the log", "return document.querySelector('#log .row')");
  await accessible(page, "the log on a phone");
  await page.click("[role=tab]", "History");
  await page.wait("the history", "return document.querySelector('.history li')");
  await accessible(page, "the history on a phone");
  assert.ok(await page.run("return document.documentElement.scrollWidth") <= 390, "nothing sticks out");
  await clean(page);
});

test("no network is one line at the foot; a page that fails says so and is opened again", async () => {
  const page = await open({}, `#story/${STORY}`);
  await page.wait("the story", rich);
  const foot = "return getComputedStyle(document.querySelector('.left footer .push'), '::before').content";
  assert.doesNotMatch(await page.run(foot), /offline/);
  await page.devtools("Network.emulateNetworkConditions", { offline: true, latency: 0, downloadThroughput: 0, uploadThroughput: 0 });
  await page.wait("the line", "return document.documentElement.classList.contains('offline')");
  assert.match(await page.run(foot), /offline/);
  await page.devtools("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  assert.equal(await page.run("return document.querySelector('#failed').open"), false);
  await page.run("dispatchEvent(new ErrorEvent('error', { error: new WebAssembly.RuntimeError('unreachable') }))");
  assert.equal(await page.run("return document.querySelector('#failed').open"), true);
  await accessible(page, "a page that failed");
  await page.click("#failed .btn", "Open it again");
  await page.wait("the page", "return !document.querySelector('#failed')?.open && document.querySelector('#run')");
});

test("on a phone the outcomes of two futures stand apart", async () => {
  const page = await open({ width: 390, height: 844, touch: true }, `#story/${STORY}`);
  await page.wait("the story", rich);
  await page.click(".ask .pick", "0");
  await page.click("#run");
  await rows(page, "1 row is still here.");
  await page.wait("the way there", "return [...document.querySelectorAll('button')].some((button) => button.textContent.includes('See your world'))");
  await page.click("button", "See your world");
  await rows(page, "0 rows are left.");
  await page.wait("both outcomes", "return /0 rows/.test(document.querySelector('.pane.story')?.textContent) && /1 row/.test(document.querySelector('.pane.story')?.textContent)");
  const over = await page.run(`const all = [...document.querySelectorAll(".pane.story svg.sequence g text.b")].filter((word) => /row/.test(word.textContent)).map((word) => word.getBoundingClientRect());
    return all.some((a, at) => all.slice(at + 1).some((b) => a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom))`);
  assert.ok(!over, "one lies on the other");
  await clean(page);
});

test("a text can be saved as a file", async () => {
  const page = await open({}, `#story/${STORY}`);
  await page.wait("the story", rich);
  await page.run("HTMLAnchorElement.prototype.click = function () { const { download } = this; window.saved = download; }; const make = URL.createObjectURL; URL.createObjectURL = (blob) => { blob.text().then((text) => { window.text = text; }); return make(blob); }");
  await page.keys("Control", "k");
  await page.wait("the palette", "return document.activeElement.id === 'command'");
  await page.run("const find = document.querySelector('#command'); find.value = 'save as'; find.dispatchEvent(new Event('input', { bubbles: true }))");
  await page.wait("the command", "return document.querySelectorAll('#commands [role=option]').length === 1");
  await page.keys("Enter");
  assert.match(await page.wait("the file's name", "return window.saved"), /^[a-z0-9-]+\.cql$/);
  assert.equal(await page.wait("the file's text", "return window.text"), await page.run("return document.querySelector('#text').value"));
  await clean(page);
});
