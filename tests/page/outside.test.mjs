// The page where something is around it: another's page, or no network.
import { test } from "node:test";
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { PAGE, STORY, browsers, clean, relay, rows, text } from "./common.mjs";

test("as part of another page: the answer, the replicas, the way to the whole", async () => {
  const page = await browsers.open({ width: 480, height: 320 });
  await page.go(PAGE + `?embed#story/${STORY}`);
  await page.wait("the page", "return !!document.querySelector('.embed .ask .skip')");
  assert.equal(await page.run("return document.querySelectorAll('#text, .bar').length"), 0);
  await page.click(".ask .skip");
  await rows(page, "1 row is still here.");
  assert.match(await page.run("return document.querySelector('.embed footer a').href"), /#.+/);
  writeFileSync("target/screens/embed-480-light.png", await page.shot());
  await clean(page);
});

test("messages between a page and the one that is part of it, as docs/embed.md says", async () => {
  const around = `<!doctype html><title>around</title><iframe src="${PAGE}?embed" width="720" height="480" title="story"></iframe>
    <script>heard = []; addEventListener("message", ({ source, data }) => { if (source === document.querySelector("iframe").contentWindow) heard.push(data); });
    tell = (message) => document.querySelector("iframe").contentWindow.postMessage(message, "*")</script>`;
  const host = createServer((request, answer) => answer.writeHead(200, { "content-type": "text/html" }).end(around));
  await new Promise((listens) => host.listen(0, "127.0.0.1", listens));
  const page = await browsers.open({});
  await page.go(`http://127.0.0.1:${host.address().port}/`);
  const last = (what) => `return heard.findLast((said) => said.tombstone === ${JSON.stringify(what)})`;
  await page.wait("its readiness", last("ready"));
  const scenario = "CREATE TABLE t (k int PRIMARY KEY, v int);\nINSERT INTO t (k, v) VALUES (1, 1);\nDELETE FROM t WHERE k = 1;\nSELECT * FROM t;\n";
  await page.run("tell({ tombstone: 'open', text: arguments[0] })", scenario);
  const ran = await page.wait("the run", last("ran"));
  assert.equal(ran.verdict, "0 rows are left.");
  assert.match(ran.digest, /^[0-9a-f]{16,}$/);
  assert.match(ran.link, /^#/);
  await page.run("tell({ tombstone: 'go', event: 3 })");
  await page.wait("the cursor", "return heard.findLast((said) => said.tombstone === 'at').event === 3");
  await page.run("heard.length = 0; tell({ tombstone: 'open', link: '#1' + 'x'.repeat(40) })");
  assert.match((await page.wait("the trouble", last("trouble"))).why, /This link is damaged/);
  await page.run("tell({ tombstone: 'open', link: arguments[0] })", ran.link);
  assert.equal((await page.wait("the run of the link", last("ran"))).digest, ran.digest, "the link replays");
  await new Promise((closed) => { host.closeAllConnections(); host.close(closed); });
});

test("without a network, after one visit", async () => {
  const way = await relay();
  const page = await browsers.open({});
  await page.go(way.address);
  await page.wait("the page", "return !!document.querySelector('.hero h1')");
  await page.wait("the copy", "window.kept ??= 0; caches.keys().then((keys) => { window.kept = keys.length }); return window.kept > 0");
  await way.close();
  await page.go(way.address + "?again");
  await page.wait("the page again", "return !!document.querySelector('.hero h1')");
  await page.click("button", "New scenario");
  await page.wait("the editor", "return document.querySelector('.cm-content')?.value.length > 0");
  await page.click("#run");
  await rows(page, "0 rows are left.");
});
