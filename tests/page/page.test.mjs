// The page as a person uses it, in real Chromium. PAGE is where it is served; screenshots go to target/screens to be looked at.
import { test } from "node:test";
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { PAGE, STORY, accessible, calm, calmly, clean, digest, open, rich, rows, text, written } from "./common.mjs";

calmly("the clock-skew story: rows are left, and why; with the clock at 0, none; the link replays to the same digest", async () => {
  const one = await open({ counted: true }, "");
  await one.click(`a[href='#story/${STORY}']`);
  await one.wait("the story", "return document.querySelector('.cm-content')?.value.includes('clock=+20ms')");
  assert.match(await one.run("return document.querySelector('#editor').textContent"), /folded until you have guessed/);
  await one.click(".ask .pick");
  await one.click("#run");
  await rows(one, "1 row is still here.");
  assert.match(await one.text(".verdict p"), /The delete is dated .+ before the row\. It covers nothing\./);
  assert.match(await one.text(".why .hinge"), /A tombstone covers what is not newer than itself/);
  assert.ok(await one.run("return document.querySelectorAll('.rep tbody').length") >= 3, "a block for each replica");
  const ahead = await one.run(digest);

  await one.run("const knob = document.querySelector('.knob-box [role=slider]'); knob.focus()");
  await one.keys("0");
  await one.wait("the knob in the text", "return document.querySelector('#text').value.includes('clock=+0ms')");
  await one.click("#run");
  await rows(one, "0 rows are left.");
  const right = await one.run(digest);
  assert.notEqual(right, ahead, "another history has another digest");

  await one.run("document.querySelector('#text').mine = true; navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }");
  await one.click(".bar .btn", "Share");
  const link = await one.wait("the link", "return window.copied");
  assert.ok(await one.wait("the notice", "return document.querySelector('.says')") && await one.run("return document.querySelector('#text').mine"), "what is said beside it leaves the text area, and its undo, alone");
  assert.ok(link.length < 2000, `a small repro stays small: ${link.length}`);
  const written = await one.run(text);
  await calm(one);
  await clean(one);

  const two = await open({}, "#" + link.split("#")[1]);
  await two.wait("the text", "return document.querySelector('.cm-content')?.value.length > 0");
  await rows(two, "What do you expect?");
  await two.click(".ask .skip");
  await rows(two, "0 rows are left.");
  assert.equal(await two.run(text), written, "same text");
  assert.equal(await two.run(digest), right, "same digest");
  await clean(two);
});

test("keys: Control Enter runs while typing, arrows step, Escape leaves the editor", async () => {
  const page = await open({}, `#story/${STORY}`);
  await page.wait("the story", "return document.querySelector('.cm-content')?.value.length > 0");
  await page.run("document.querySelector('#text').focus()");
  await page.keys("Control", "Enter");
  await rows(page, "1 row is still here.");
  await page.keys("Escape");
  assert.notEqual(await page.run("return document.activeElement.id"), "text");
  const now = "return Number(document.querySelector('[aria-label=Event]').getAttribute('aria-valuenow'))";
  const last = await page.run(now);
  await page.keys("ArrowLeft");
  assert.equal(await page.run(now), last - 1);
  await page.keys("Home");
  assert.equal(await page.run(now), 1);
  await page.keys("a");
  const odd = await page.run(now);
  assert.ok(odd > 1, "the first anomaly");
  await page.keys("Shift", "ArrowRight");
  const statement = await page.run(now);
  assert.ok(statement > odd, "the next statement");
  await page.keys("Shift", "ArrowLeft");
  assert.ok(await page.run(now) < statement, "the statement before");
  await page.keys("End");
  assert.equal(await page.run(now), last);
  await page.keys("/");
  assert.equal(await page.run("return document.activeElement.id"), "words");
  await page.keys("Escape");
  await page.keys("e");
  assert.equal(await page.run("return document.activeElement.id"), "text");
  await page.run("navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }");
  await page.keys("Control", "Shift", "c");
  assert.match(await page.wait("the link", "return window.copied"), /^http.+#/);
  await clean(page);
});

test("what is typed is kept; a fault says what is so and repairs itself; and can be undone", async () => {
  const page = await written("--@ clutser nodes=1\nCREATE TABLE t (k int PRIMARY KEY);\nSELECT * FROM t;\n");
  await page.wait("the fault", "return document.querySelector('.note .btn')");
  assert.equal(await page.text(".cm-gutterElement.bad"), "1", "its line");
  await page.click(".note .btn");
  await page.wait("the repair", "return document.querySelector('#text').value.startsWith('--@ cluster')");
  await page.run("document.querySelector('#text').focus()");
  await page.keys("Control", "z");
  await page.wait("the undo", "return document.querySelector('#text').value.startsWith('--@ clutser')");
  await page.keys("Control", "y");
  await page.wait("the redo", "return document.querySelector('#text').value.startsWith('--@ cluster')");
  await page.go(PAGE + "?again");
  await page.wait("the draft", "return document.querySelector('#text')?.value.startsWith('--@ cluster')");
  await clean(page);
});

test("a damaged link says so and loses nothing", async () => {
  const page = await open({}, "#AQABqqqq");
  await page.wait("the message", "return document.querySelector('.says')?.textContent.includes('damaged')");
  await clean(page);
});

for (const [width, height] of [[1440, 900], [390, 844]]) {
  for (const dark of [false, true]) {
    test(`looks: ${width} px, ${dark ? "dark" : "light"}`, async () => {
      const name = `${width}-${dark ? "dark" : "light"}`;
      const page = await open({ width, height, dark, touch: width < 720 }, "");
      writeFileSync(`target/screens/start-${name}.png`, await page.shot());
      await accessible(page, "start");
      await page.go(PAGE + `#story/${STORY}`);
      await page.wait("the story", "return document.querySelector('.cm-content')?.value.length > 0");
      writeFileSync(`target/screens/asked-${name}.png`, await page.shot());
      await accessible(page, "a question");
      await page.click("#run");
      await rows(page, "1 row is still here.");
      await new Promise((done) => setTimeout(done, 400));
      writeFileSync(`target/screens/ran-${name}.png`, await page.shot());
      await accessible(page, "a run");
      if (width < 720) {
        await page.run("document.querySelectorAll('[role=tab]')[1].click()");
        await new Promise((done) => setTimeout(done, 200));
        writeFileSync(`target/screens/replicas-${name}.png`, await page.shot());
        await accessible(page, "replicas");
      } else {
        for (const [key, what] of [["2", "ledger"], ["3", "grid"], ["4", "history"]]) {
          await page.keys(key);
          await page.wait(what, `return !!document.querySelector("#drawer .${what === "grid" ? "whatif" : what}")`);
          await accessible(page, what);
        }
        await page.keys("Control", "k");
        await page.wait("the palette", "return document.activeElement.id === 'command'");
        await accessible(page, "palette");
        await page.keys("Escape");
      }
      await page.go(PAGE + "?lesson#lesson/3-one-did-not-hear");
      await page.wait("the lesson", "return !!document.querySelector('.lesson h1')");
      await rows(page, "Every statement succeeded.");
      await page.click(".lesson > footer .btn.run");
      await page.wait("the question", "return !!document.querySelector('.lesson .pick')");
      await page.click(".lesson .pick");
      await rows(page, "1 row is still here.");
      await page.wait("its world", "return document.querySelector('.lesson .ask')?.textContent.includes('See your world')");
      writeFileSync(`target/screens/lesson-${name}.png`, await page.shot());
      await accessible(page, "lesson");
      const wide = await page.run("return document.documentElement.scrollWidth");
      assert.ok(wide <= width, `nothing sticks out: ${wide}`);
      await clean(page);
    });
  }
}

test("a stage with thousands of marks is painted, and what is pressed on it is found", async () => {
  const writes = Array.from({ length: 80 }, (_, at) => at % 9 === 4 ? `DELETE FROM t WHERE k = ${at % 7};` : `INSERT INTO t (k, v) VALUES (${at % 7}, ${at});`).join("\n");
  const page = await written(`--@ cluster nodes=5 rf=5 seed=3\nCREATE TABLE t (k int PRIMARY KEY, v int);\n${writes}\n--@ kill n5\nSELECT count(*) FROM t;\n`);
  await page.click("#run");
  await page.wait("the run", "return /here|left|row/.test(document.querySelector('.verdict h1').textContent) && document.querySelector('svg.sequence')");
  assert.equal(await page.run("return document.querySelectorAll('#crowd').length"), 0, "few marks are elements");
  const elements = "return document.querySelectorAll('svg.sequence *').length";
  await page.keys("Escape");
  for (let time = 0; time < 40; time++) await page.keys("Shift", "ArrowLeft");
  await page.keys("-");
  await page.keys("-");
  await page.wait("the canvas", "return document.querySelector('#crowd')");
  assert.ok(await page.run(elements) < 1500, "what is painted is no element");
  const inked = "const canvas = document.querySelector('#crowd'), dots = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data; let inked = 0; for (let at = 3; at < dots.length; at += 4) inked += dots[at] > 0; return inked / (dots.length / 4)";
  const part = await page.run(inked);
  assert.ok(part > 0.01 && part < 0.9, `of the canvas ${part} is ink`);
  writeFileSync("target/screens/crowd-1440-light.png", await page.shot());
  const now = "return document.querySelector('[aria-label=Event]').getAttribute('aria-valuenow')";
  const before = await page.run(now);
  // Where the first lane of a node crosses the middle, something is near.
  await page.run("const svg = document.querySelector('svg.sequence'), box = svg.getBoundingClientRect(); for (let x = box.left + 300; x < box.right - 100; x += 9) svg.dispatchEvent(new MouseEvent('click', { bubbles: true, clientX: x, clientY: box.top + 98 }))");
  assert.notEqual(await page.run(now), before, "a press finds the mark that is near");
  await page.keys("+");
  await page.keys("+");
  await page.wait("elements again", "return !document.querySelector('#crowd')");
  await clean(page);
});

test("the knob knows where it tips and the picture follows; the grid, the ledger and the history are at hand", async () => {
  const page = await open({}, `#story/${STORY}`);
  await page.wait("the story", "return document.querySelector('.cm-content')?.value.length > 0");
  await page.click("#run");
  await rows(page, "1 row is still here.");
  const tips = await page.wait("where it tips", "return document.querySelector('.knob-box')?.textContent.match(/tips at \\S+ ms/)?.[0]");
  assert.match(await page.text(".knob-box"), /0 rows.*1 row/, "both sides are named");
  await page.run("document.querySelector('.knob-box [role=slider]').focus()");
  await page.keys("0");
  await rows(page, "0 rows are left.");
  assert.match(await page.run(text), /clock=\+0ms/);
  await page.wait("the same place", `return document.querySelector('.knob-box')?.textContent.includes(${JSON.stringify(tips)})`);
  await page.keys("End");
  await rows(page, "1 row is still here.");
  await page.run("document.activeElement.blur()");
  await page.keys("3");
  await page.wait("the grid", "return document.querySelectorAll('.whatif .cell').length >= 8");
  assert.match(await page.text(".whatif .own"), /1 row/);
  assert.match(await page.wait("what it teaches", "return document.querySelector('.moral')?.textContent"), /changes nothing here/);
  writeFileSync("target/screens/grid-1440-light.png", await page.shot());
  await page.click(".whatif button.cell", "0 rows");
  await rows(page, "0 rows are left.");
  await page.keys("2");
  assert.equal(await page.run("return document.querySelectorAll('.ledger tbody tr').length"), 2, "an insert and a delete");
  writeFileSync("target/screens/ledger-1440-light.png", await page.shot());
  await page.keys("4");
  const past = "return document.querySelectorAll('.history li').length";
  assert.ok(await page.run(past) >= 3, "every text that ran");
  await page.run("[...document.querySelectorAll('.history li')].find((run) => run.textContent.includes('1 row')).querySelector('button').click()");
  await rows(page, "1 row is still here.");
  await page.keys("Control", "k");
  await page.wait("the palette", "return document.activeElement.id === 'command'");
  writeFileSync("target/screens/palette-1440-light.png", await page.shot());
  await page.run("const find = document.querySelector('#command'); find.value = 'events'; find.dispatchEvent(new Event('input', { bubbles: true }))");
  await page.keys("Enter");
  await page.wait("the log", "return !!document.querySelector('#log') && !document.querySelector('.palette')");
  await clean(page);
});

test("on a phone, by touch: a wrong guess, why it is wrong, the row goes with the knob, and a link goes back", async () => {
  const phone = { width: 390, height: 844, touch: true };
  const first = await open({}, `#story/${STORY}`);
  await first.wait("the story", rich);
  await first.run("navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }");
  await first.click("[title^='Copy the link']");
  const link = await first.wait("the link", "return window.copied");

  const page = await open(phone, "#" + link.split("#")[1]);
  await page.wait("the question", "return document.querySelector('.ask .pick')");
  await page.click(".ask .pick", "0");
  await rows(page, "1 row is still here.");
  assert.match(await page.text(".verdict p"), /before the row\. It covers nothing/);
  await page.click("[role=tab]", "Story");
  await page.wait("the picture", "return document.querySelector('.pane.story svg.sequence')");
  await page.click(".sheet .btn", "Next anomaly");
  await page.click("[role=tab]", "Replicas");
  await page.wait("the knob's tipping point", "return /tips at/.test(document.querySelector('.knob-box')?.textContent)");
  assert.match(await page.text(".why"), /A tombstone covers what is not newer than itself/);
  const [x, y] = await page.middle(".knob-box [role=slider]");
  const far = await page.run("return document.querySelector('.knob-box svg').getBoundingClientRect().left + 40");
  await page.drag([x, y], [x - 30, y], [x - 60, y + 4], [(far + x - 60) / 2, y], [far, y]);
  await rows(page, "0 rows are left.");
  // The sentence above may still change its lines, and with them the place of the tabs.
  await new Promise((done) => setTimeout(done, 1000));
  await page.click("[role=tab]", "CQL");
  await page.wait("the text", "return document.querySelector('#text')");
  assert.doesNotMatch(await page.run(text), /clock=\+20ms/);
  await new Promise((done) => setTimeout(done, 800));
  const before = await page.run(text), [left, top] = await page.middle(".cm-content .knob.turns");
  await page.drag([left, top], [left - 20, top], [left - 60, top + 2], [left - 100, top]);
  await page.wait("another number under the finger", `return !document.querySelector('#text').value.includes(${JSON.stringify(/clock=[-+]\S+/.exec(before)[0])})`);
  await new Promise((done) => setTimeout(done, 600));
  assert.equal(await page.run("return document.querySelector('[role=tab].on').textContent"), "CQL", "the picture does not take its place");
  await page.run("navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }");
  await page.click("[aria-label^=Share]");
  assert.notEqual(await page.wait("the link back", "return window.copied"), link);
  await clean(page);
});

test("a wrong guess opens the world in which it is true", async () => {
  const page = await open({}, `#story/${STORY}`);
  await page.wait("the story", "return document.querySelector('.cm-content')?.value.length > 0");
  await page.run("[...document.querySelectorAll('.ask .pick')].find((pick) => pick.textContent.trim() === '0').click()");
  await page.click("#run");
  await rows(page, "1 row is still here.");
  await page.wait("its world", "return [...document.querySelectorAll('.ask button')].some((button) => button.textContent.includes('See your world'))");
  await page.click(".ask button", "See your world");
  await rows(page, "0 rows are left.");
  await clean(page);
});

test("fork and compare: the old future stays, both are in the link", async () => {
  const page = await open({}, `#story/${STORY}`);
  await page.wait("the story", "return document.querySelector('#text')?.value.length > 0");
  await page.click("#run");
  await rows(page, "1 row is still here.");
  await page.run("document.activeElement.blur()");
  await page.keys("f");
  await page.wait("what can be changed", "return document.activeElement.id === 'command' && document.querySelectorAll('.palette li').length >= 4");
  writeFileSync("target/screens/fork-1440-light.png", await page.shot());
  await page.click(".palette li", "by hand");
  await page.wait("a thought", "return document.querySelector('.chip.on.thought input')?.value === 'what-if'");
  await page.wait("the knob", "return /tips at/.test(document.querySelector('.knob-box')?.textContent)");
  await page.run("document.querySelector('.knob-box [role=slider]').focus()");
  await page.keys("0");
  await rows(page, "0 rows are left.");
  assert.deepEqual(await page.run("return [...document.querySelectorAll('.chip b')].map((came) => came.textContent)"), ["1 row", "0 rows"], "each with what came of it");
  assert.ok(await page.run("return document.querySelectorAll('.sequence .there').length > 0"), "the other future's own marks");
  await page.run("document.activeElement.blur()");
  await page.keys("5");
  await page.wait("the difference", "return document.querySelectorAll('.difference .here').length > 0 && document.querySelectorAll('.difference .there').length > 0");
  writeFileSync("target/screens/futures-1440-light.png", await page.shot());
  await page.run("const name = document.querySelector('#future'); name.value = 'clock right'; name.dispatchEvent(new Event('change', { bubbles: true }))");
  await page.wait("its name", "return document.querySelector('.chip.on:not(.thought) input')?.value === 'clock-right'");
  await page.run("navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }");
  await page.click(".bar .btn", "Share");
  const link = await page.wait("the link", "return window.copied");
  await page.run("document.querySelector('.chip').click()");
  await rows(page, "1 row is still here.");
  await clean(page);
  await accessible(page, "futures");

  const two = await open({}, "#" + link.split("#")[1]);
  await two.wait("the futures", "return document.querySelectorAll('.chip').length === 2");
  await two.click(".ask .skip");
  await rows(two, "1 row is still here.");
  await two.run("[...document.querySelectorAll('.chip')][1].click()");
  await rows(two, "0 rows are left.");
  assert.match(await two.run(text), /What|clock=\+0ms/);
  await clean(two);
});

test("earlier runs outlive a reload, keep their names, and are compared", async () => {
  const page = await open({}, `#story/${STORY}`);
  await page.wait("the story", "return document.querySelector('.cm-content')?.value.length > 0");
  await page.click("#run");
  await rows(page, "1 row is still here.");
  await page.keys("Escape");
  await page.keys("Control", "s");
  await page.wait("the field", "return document.activeElement.id === 'run-name'");
  await page.run("const name = document.activeElement; name.value = '20 ms ahead'; name.dispatchEvent(new Event('change', { bubbles: true }))");
  await page.run("location.reload()");
  await page.wait("the page again", "return document.querySelector('.cm-content')?.value.includes('clock=+20ms')");
  await page.type("CREATE TABLE t (k int PRIMARY KEY);\nINSERT INTO t (k) VALUES (1);\nDELETE FROM t WHERE k = 1;\nSELECT * FROM t;\n");
  await page.click("#run");
  await rows(page, "0 rows are left.");
  await page.click("#tab-4");
  await page.wait("both", "return document.querySelectorAll('.history li').length === 2");
  assert.match(await page.text(".history li:not(.now)"), /20 ms ahead/);
  writeFileSync("target/screens/history-1440-light.png", await page.shot());
  await page.run("[...document.querySelectorAll('.history button')].find((button) => button.textContent === 'Compare').click()");
  await page.wait("the difference", "return document.querySelector('.difference') && document.querySelectorAll('.chip').length === 2");
  await page.click("#tab-4");
  await page.run("document.querySelector('.history [aria-label=\"Forget 20 ms ahead\"]').click()");
  await page.wait("it to go", "return document.querySelectorAll('.history li').length === 1");
  await clean(page);

  // A browser that keeps nothing more says so once, and the text stays.
  await page.run("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }");
  await page.type("CREATE TABLE u (k int PRIMARY KEY);\n");
  await page.wait("the notice", "return document.querySelector('.says')?.textContent.includes('keeps no more of your work')");
  assert.match(await page.run(text), /CREATE TABLE u/);
});

test("a lesson to its end: guess, see, and do it yourself; what is done is remembered", async () => {
  const page = await open({}, "");
  await page.click("a[href='#lesson/1-equal-dates']");
  await page.wait("the question", "return !!document.querySelector('.lesson .pick')");
  await page.click(".lesson .pick");
  await rows(page, "0 rows are left.");
  assert.match(await page.text(".lesson"), /up to and including/);
  await page.click(".lesson > footer .btn.run");
  await page.wait("the next question", "return document.querySelectorAll('.lesson .ask').length === 2 && !!document.querySelector('.lesson .ask .pick:not(.was)')");
  await page.run("[...document.querySelectorAll('.lesson .ask')].at(-1).querySelector('.pick').click()");
  await page.wait("the task", "return document.querySelectorAll('.check li').length === 2");
  assert.equal(await page.run("return document.querySelectorAll('.check li.ok').length"), 1, "one row is not there yet");
  await page.type((await page.run(text)).replace(/'grace'\) USING TIMESTAMP 1000/, "'grace') USING TIMESTAMP 1001"));
  await page.click("#run");
  await page.wait("all of it done", "return document.querySelectorAll('.check li.ok').length === 2");
  await page.click(".lesson > footer a.btn.run");
  await page.wait("the next lesson", "return document.querySelector('.lesson h1')?.textContent === 'Two clocks'");
  await page.go(PAGE + "?again#start");
  await page.wait("what is done", "return document.querySelectorAll('.ladder .done').length === 1");
  assert.equal(await page.text(".ladder .next h3"), "Two clocks");
  await page.click(".hero .btn", "Go on with lesson 2");
  await page.wait("the lesson that is next", "return document.querySelector('.lesson h1')?.textContent === 'Two clocks'");
  await clean(page);
});
