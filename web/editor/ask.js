// What could stand at the caret, and what stands under the pointer: both are asked of the page, which asks its worker.
import { autocompletion } from "@codemirror/autocomplete";
import { hoverTooltip } from "@codemirror/view";

/** Who waits for an answer, by number. */
const waiting = new Map();
let asked = 0;

/** An answer longer in coming is not waited for, ms: a run may hold the worker. */
const PATIENCE = 3000;

function ask(host, kind, at) {
  const id = ++asked;
  return new Promise((done) => {
    waiting.set(id, done);
    setTimeout(() => told(id, ""), PATIENCE);
    host(kind, id, at, "");
  });
}

/** The answer came: `from,to,word,kind,help` for each word, apart by characters that no text has. */
export function told(id, said) {
  waiting.get(id)?.(said ? said.split("\u0002").map((word) => word.split("\u0001")) : []);
  waiting.delete(id);
}

export const completing = (host) => autocompletion({
  icons: false,
  // `clock=` wants its value.
  activateOnCompletion: (word) => word.label.endsWith("="),
  override: [async (context) => {
    const word = context.matchBefore(/[\w.=@-]+/), line = context.state.doc.lineAt(context.pos);
    // Nothing is offered in the middle of nothing, but after `=`, `.` or a directive's word it is.
    if (!context.explicit && !word && !/^\s*--@ .*\s$/.test(line.text.slice(0, context.pos - line.from))) return null;
    const words = await ask(host, "complete", context.pos);
    if (context.aborted || !words.length) return null;
    const from = +words[0][0];
    return { from, options: words.map(([, , label, detail, info], at) => ({ label, detail, info: info || undefined, boost: -at })), validFor: /^[\w-]*$/ };
  }],
});

export const hovering = (host) => hoverTooltip(async (view, at) => {
  const [word] = await ask(host, "explain", at);
  if (!word) return null;
  const [from, to, title, detail, help] = word;
  return { pos: +from, end: +to, above: true, create() {
    const dom = document.createElement("div"), head = document.createElement("b"), kind = document.createElement("span"), said = document.createElement("p");
    dom.className = "explains";
    head.textContent = title;
    kind.textContent = detail;
    said.textContent = help;
    dom.append(head, kind, said);
    return { dom };
  } };
}, { hoverTime: 350 });
