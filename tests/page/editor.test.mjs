// The editor as a person uses it: what is typed, offered, repaired, dragged, renamed, folded, undone; and the plain one when the rich
// one does not come.
import { test } from "node:test";
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { PAGE, STORY, accessible, browsers, clean, open, rich, rows, text, written } from "./common.mjs";

const TABLE = "CREATE TABLE users (id int PRIMARY KEY, name text);\n";

/** A page with this text in the rich editor, the caret at its end. */
async function holding(words, options = {}) {
  const page = await written(words, options);
  await page.wait("the text", `return document.querySelector('#text').value === ${JSON.stringify(words)}`);
  return page;
}

/** What a key gives, letter by letter. */
async function write(page, words) {
  for (const letter of words) await page.keys(letter);
}

/** The middle of the piece of text that says this. */
const place = (page, words, name) => page.run("const piece = [...document.querySelectorAll('.cm-content ' + arguments[1])].find((piece) => piece.textContent === arguments[0]).getBoundingClientRect(); return { x: piece.x + piece.width / 2, y: piece.y + piece.height / 2 }", words, name);

const mouse = (page, type, at, more = {}) => page.devtools("Input.dispatchMouseEvent", { type, x: at.x, y: at.y, button: "left", buttons: type === "mouseReleased" ? 0 : 1, clickCount: 1, ...more });

test("words are offered: directives, CQL, the text's own names; one is taken", async () => {
  const page = await holding(`--@ cluster nodes=1\n${TABLE}`);
  const offered = "return [...document.querySelectorAll('.cm-tooltip-autocomplete li')].map((word) => word.textContent)";
  await write(page, "sel");
  await page.wait("SELECT", `${offered.replace("return", "return (")}).some((word) => word.startsWith("SELECT"))`);
  await new Promise((done) => setTimeout(done, 150));
  await page.keys("Enter");
  await page.wait("it was taken", "return document.querySelector('#text').value.endsWith('SELECT')");
  await write(page, " * FROM us");
  await page.wait("the table", "return document.querySelector('.cm-tooltip-autocomplete li')?.textContent.startsWith('users')");
  writeFileSync("target/screens/offered-1440-light.png", await page.shot());
  await accessible(page, "words are offered");
  await new Promise((done) => setTimeout(done, 150));
  await page.keys("Enter");
  await write(page, ";\n--@ adv");
  await page.wait("the directive", "return document.querySelector('.cm-tooltip-autocomplete li')?.textContent.startsWith('advance')");
  await page.keys("Escape");
  assert.equal(await page.run("return document.activeElement.id"), "text", "Escape closes the list first");
  assert.match(await page.run(text), /SELECT \* FROM users;\n--@ adv$/);
  await clean(page);
});

test("a fault has its note under the line, and a button that repairs it; both are undone one by one", async () => {
  const page = await holding(`--@ clutser nodes=1\n${TABLE}SELECT * FROM users;\n`);
  await page.wait("the note", "return document.querySelector('.cm-content .note .btn')?.textContent === 'Use cluster'");
  assert.equal(await page.run("return document.querySelector('.cm-content .wave').textContent"), "clutser");
  writeFileSync("target/screens/fault-1440-light.png", await page.shot());
  await accessible(page, "a fault");
  await page.click(".cm-content .note .btn");
  await page.wait("the repair", "return document.querySelector('#text').value.startsWith('--@ cluster') && !document.querySelector('.note')");
  await page.run("document.querySelector('#text').focus()");
  await page.keys("Control", "z");
  await page.wait("the undo", "return document.querySelector('#text').value.startsWith('--@ clutser')");
  await clean(page);
});

test("what a run wrote is one step to undo, and the caret stays where it was", async () => {
  const before = `--@ cluster nodes=1\n${TABLE}INSERT INTO users (id, name) VALUES (1, 'a');\nSELECT * FROM users;\nSELECT name FROM users;\n`;
  const page = await holding(before);
  await page.keys("Control", "Enter");
  await rows(page, "1 row is here.");
  await page.wait("the outcomes", "return document.querySelector('#text').value.includes('--> (1 rows)')");
  await page.run("document.querySelector('#text').focus()");
  await page.keys("Control", "z");
  assert.equal(await page.run(text), before, "both outcomes went at once");
  await page.keys("Control", "y");
  await page.wait("them again", "return (document.querySelector('#text').value.match(/\\(1 rows\\)/g) ?? []).length === 2");
  await clean(page);
});

test("a number is dragged, stepped with keys, and the picture follows; a drag is one step to undo, Escape takes it back", async () => {
  const page = await open({}, `#story/${STORY}`);
  await page.wait("the story", rich);
  await page.click("#run");
  await rows(page, "1 row is still here.");
  const was = await page.run(text), at = await place(page, "+20ms", ".knob");
  const drag = async (px, end) => {
    await mouse(page, "mousePressed", at);
    for (let x = 0; x <= 10; x++) await mouse(page, "mouseMoved", { x: at.x + (px * x) / 10, y: at.y });
    await end();
  };
  await drag(-90, () => page.keys("Escape"));
  await mouse(page, "mouseReleased", { x: at.x - 90, y: at.y });
  await page.wait("it is as before", `return document.querySelector('#text').value.includes('clock=+20ms')`);
  await rows(page, "1 row is still here.");
  await drag(-121, () => mouse(page, "mouseReleased", { x: at.x - 121, y: at.y }));
  assert.match(await page.run(text), /clock=\+0ms/);
  await rows(page, "0 rows are left.");
  await page.wait("what came of it", "return document.querySelector('#text').value.includes('--> (0 rows)')");
  await page.keys("Control", "z");
  assert.equal(await page.run(text), was, "the drag and what came of it are one step");
  await page.run("document.querySelector('#text').focus()");
  const again = await place(page, "+20ms", ".knob");
  await mouse(page, "mousePressed", again);
  await mouse(page, "mouseReleased", again);
  await page.keys("Alt", "ArrowUp");
  assert.match(await page.run(text), /clock=\+21ms/);
  await clean(page);
});

test("a table is renamed at every place, and the text put in order", async () => {
  const page = await holding(`--@ cluster nodes=1\n${TABLE}insert into users (id,name) values (1,'users');\nSELECT * FROM users`);
  await write(page, ";");
  await page.keys("ArrowLeft");
  await page.keys("F2");
  await page.wait("the question", "return document.activeElement.id === 'name'");
  assert.equal(await page.run("return document.querySelector('#name').value"), "users");
  await accessible(page, "a new name is asked for");
  await page.run("const name = document.querySelector('#name'); name.value = 'people'; name.dispatchEvent(new Event('input', { bubbles: true }))");
  await page.keys("Enter");
  await page.wait("the new name", "return document.querySelector('#text').value.endsWith('FROM people;')");
  assert.match(await page.run(text), /CREATE TABLE people .*\ninsert into people \(id,name\) values \(1,'users'\);/);
  await page.keys("Control", "k");
  await page.wait("the palette", "return document.activeElement.id === 'command'");
  await page.run("const find = document.querySelector('#command'); find.value = 'in order'; find.dispatchEvent(new Event('input', { bubbles: true }))");
  await page.keys("Enter");
  await page.wait("the order", "return document.querySelector('#text').value.includes(\"INSERT INTO people (id, name) VALUES (1, 'users');\")");
  await page.run("document.querySelector('#text').focus()");
  await page.keys("Control", "z");
  await page.keys("Control", "z");
  assert.match(await page.run(text), /insert into users \(id,name\)/);
  await clean(page);
});

test("caret and cursor point at each other", async () => {
  const page = await open({}, `#story/${STORY}`);
  await page.wait("the story", rich);
  await page.click("#run");
  await rows(page, "1 row is still here.");
  const now = "return Number(document.querySelector('[aria-label=Event]').getAttribute('aria-valuenow'))";
  const last = await page.run(now);
  const line = await page.run("const line = [...document.querySelectorAll('.cm-line')].find((line) => line.textContent.startsWith('INSERT')).getBoundingClientRect(); return { x: line.x + 80, y: line.y + 8 }");
  await mouse(page, "mousePressed", line);
  await mouse(page, "mouseReleased", line);
  await page.wait("the insert's first event", `${now.replace("return", "return (")}) < ${last}`);
  assert.match(await page.run("return document.querySelector('.cm-line.at').textContent"), /^INSERT/);
  const shown = await page.run(now);
  assert.equal(await page.run("return document.querySelector('.cm-gutterElement.here').textContent"), String(shown));
  await write(page, "x");
  assert.equal(await page.run(now), shown, "typing moves nothing");
  await clean(page);
});

test("an outcome folds, and what stands under the pointer is explained", async () => {
  const page = await open({}, `#story/${STORY}`);
  await page.wait("the story", rich);
  await page.click("#run");
  await rows(page, "1 row is still here.");
  await page.run("[...document.querySelectorAll('.cm-foldGutter span')].at(-1).dispatchEvent(new MouseEvent('click', { bubbles: true }))");
  await page.wait("it is folded", "return !!document.querySelector('.cm-foldPlaceholder')");
  await page.click(".cm-foldPlaceholder");
  await page.wait("it is not", "return !document.querySelector('.cm-foldPlaceholder')");
  const at = await place(page, "client", ".verb");
  await mouse(page, "mouseMoved", at, { buttons: 0, button: "none" });
  await mouse(page, "mouseMoved", { x: at.x + 1, y: at.y }, { buttons: 0, button: "none" });
  await page.wait("the help", "return document.querySelector('.explains')?.textContent.includes('client NAME')");
  writeFileSync("target/screens/explains-1440-light.png", await page.shot());
  await accessible(page, "help");
  await clean(page);
});

test("an input method writes as it does everywhere", async () => {
  const page = await holding(TABLE);
  await page.devtools("Input.imeSetComposition", { text: "-- に", selectionStart: 4, selectionEnd: 4 });
  await page.devtools("Input.imeSetComposition", { text: "-- にほ", selectionStart: 5, selectionEnd: 5 });
  await page.devtools("Input.insertText", { text: "-- 日本" });
  await page.wait("what was written", `return document.querySelector('#text').value === ${JSON.stringify(TABLE + "-- 日本")}`);
  await clean(page);
});

test("390 px: the editor comes with its tab, keeps its undo, and works by touch", async () => {
  const page = await holding(`--@ cluster nodes=1\n${TABLE}SELECT * FROM users;\n`, { width: 390, height: 844, touch: true });
  writeFileSync("target/screens/code-390-light.png", await page.shot());
  await page.click("#run");
  await rows(page, "0 rows are left.");
  await page.run("[...document.querySelectorAll('[role=tab]')].find((tab) => tab.textContent === 'CQL').click()");
  await page.wait("the editor again", "return document.querySelector('.cm-content')?.value.includes('--> (0 rows)')");
  await page.run("document.querySelector('#text').focus()");
  await page.keys("Control", "z");
  assert.doesNotMatch(await page.run(text), /-->/);
  assert.ok(await page.run("return document.documentElement.scrollWidth") <= 390, "nothing sticks out");
  await accessible(page, "the editor on a phone");
  await clean(page);
});

test("the text area is there until the rich editor comes, which takes over caret, focus and text", async () => {
  const page = await browsers.open({});
  await page.devtools("Page.addScriptToEvaluateOnNewDocument", { source: "const idle = []; window.requestIdleCallback = (then) => idle.push(then); window.now = () => idle.splice(0).forEach((then) => then())" });
  await page.go(PAGE + "#start");
  await page.wait("the page", "return !!document.querySelector('.hero h1')");
  await page.click("button", "New scenario");
  await page.wait("the text area", "return document.querySelector('textarea#text')?.value.length > 0");
  await page.type(`--@ cluster nodes=1\n${TABLE}`);
  await page.run("document.querySelector('#text').setSelectionRange(4, 11); now()");
  await page.wait("the rich editor", rich);
  assert.deepEqual(await page.run("return [document.activeElement.id, getSelection().toString(), document.querySelector('#text').value.split('\\n')[0]]"), ["text", "cluster", "--@ cluster nodes=1"]);
  await clean(page);
});

for (const [why, path, blocked] of [["the bundle does not come", "?blocked", ["*editor.js*"]], ["it is not wanted", "?editor=plain", []]]) {
  test(`the plain text area does all that is needed when ${why}`, async () => {
    const page = await browsers.open({});
    await page.devtools("Network.enable", {});
    await page.devtools("Network.setBlockedURLs", { urls: blocked });
    await page.go(PAGE + `${path}#story/${STORY}`);
    await page.wait("the story", "return document.querySelector('#text')?.value.length > 0");
    await page.click("#run");
    await rows(page, "1 row is still here.");
    assert.equal(await page.run("return document.querySelectorAll('.cm-content').length"), 0);
    await page.type("--@ clutser nodes=1\nCREATE TABLE t (k int PRIMARY KEY);\nSELECT * FROM t;\n");
    await page.wait("the fault", "return document.querySelector('.dock .note .btn')");
    await page.click(".dock .note .btn");
    await page.wait("the repair", "return document.querySelector('#text').value.startsWith('--@ cluster')");
    await page.run("document.querySelector('#text').focus(); document.execCommand('undo')");
    await page.wait("the undo", "return document.querySelector('#text').value.startsWith('--@ clutser')");
  });
}
