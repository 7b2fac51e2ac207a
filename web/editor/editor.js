// The rich editor: CodeMirror, and as little of our own as can be. It knows no CQL: how a line is drawn, where it folds, what a
// number becomes when it is dragged, all of that it asks the page (`host`), which is Rust; what happens to the text it tells.
import { EditorState, EditorSelection, StateEffect, StateField, Transaction } from "@codemirror/state";
import { EditorView, Decoration, ViewPlugin, keymap, drawSelection, dropCursor, highlightSpecialChars, rectangularSelection, lineNumbers } from "@codemirror/view";
import { defaultKeymap, history, historyKeymap, undo, redo } from "@codemirror/commands";
import { codeFolding, foldGutter, foldKeymap, foldService, foldAll, unfoldAll } from "@codemirror/language";
import { acceptCompletion, completionKeymap, startCompletion } from "@codemirror/autocomplete";
import { Here, Label, Note, Tag } from "./parts.js";
import { dragging, stepped } from "./drag.js";
import { completing, hovering, told } from "./ask.js";
import { mine, nextStep, stepEnds, stepsJoin, turns } from "./steps.js";
import look_of_it from "./editor.css";

/** A note about what somebody is just typing waits so long, ms. */
const CALM = 700;

/** The page looks at this before it trusts a bundle that may be of another build. */
const VERSION = 1;

/** The page knows something new of the text: what is drawn is asked for again. */
const look = StateEffect.define();

/** What the page says of the text as a whole: notes under lines, what is hidden, where the cursor is. Moves with the text. */
const marks = StateField.define({
  create: () => ({ blocks: Decoration.none, bad: [], here: null, noted: new Set() }),
  update(value, tr) {
    for (const effect of tr.effects) if (effect.is(look)) return effect.value(tr.state.doc);
    return tr.docChanged ? { ...value, blocks: value.blocks.map(tr.changes) } : value;
  },
  provide: (field) => [EditorView.decorations.from(field, (value) => value.blocks),
    EditorView.atomicRanges.of((view) => view.state.field(field).blocks)],
});

/** The lines in view, drawn as the page says. */
const paint = (host) => ViewPlugin.fromClass(class {
  constructor(view) { this.decorations = draw(view, host); }
  update(update) {
    const asked = update.transactions.some((tr) => tr.effects.some((effect) => effect.is(look)));
    // The page hears of a change and answers in the same task: until then what was drawn moves along.
    if (update.docChanged && !asked) this.decorations = this.decorations.map(update.changes);
    else if (asked || update.viewportChanged) this.decorations = draw(update.view, host);
  }
}, { decorations: (plugin) => plugin.decorations });

function draw(view, host) {
  const { doc } = view.state, found = [];
  let done = 0;
  for (const { from, to } of view.visibleRanges) {
    // What is hidden within a line makes two ranges of it.
    const first = Math.max(doc.lineAt(from).number, done + 1), last = doc.lineAt(to).number;
    if (first > last) continue;
    done = last;
    // A line: its class, its pieces (`from,to,class;…`) and its tag, apart by a character that no text has.
    host("paint", first - 1, last, "").split("\n").forEach((said, at) => {
      if (first + at > doc.lines || !said) return;
      const line = doc.line(first + at), [name, pieces, tag] = said.split("\u0001");
      if (name) found.push(Decoration.line({ class: name }).range(line.from));
      for (const piece of pieces ? pieces.split(";") : []) {
        const [start, end, ink] = piece.split(",");
        const a = line.from + +start, b = Math.min(line.from + +end, line.to);
        if (a < b) found.push(Decoration.mark({ class: ink }).range(a, b));
      }
      if (tag) found.push(Decoration.widget({ widget: new Tag(tag), side: 1 }).range(line.to));
    });
  }
  return Decoration.set(found, true);
}

/** What the page sent: a line for each mark, its parts apart by a character that no text has. While somebody types, no note comes up. */
const read = (said, host, known) => (doc) => {
  const found = [], bad = [], noted = new Set();
  let here = null;
  for (const line of said ? said.split("\u0002") : []) {
    const [kind, a, b, ...words] = line.split("\u0001");
    const from = Math.min(+a, doc.lines - 1) + 1;
    if (kind === "note") {
      bad.push(from);
      if (known && !known.has(words[0])) continue;
      noted.add(words[0]);
      found.push(Decoration.widget({ widget: new Note(+b, words, host), block: true, side: 1 }).range(doc.line(from).to));
    } else if (kind === "here") here = { line: from, event: b, tone: words[0] };
    else if (kind === "hide") {
      const start = doc.line(from), end = doc.line(Math.max(from, Math.min(+b, doc.lines)));
      if (start.from < end.to) found.push(Decoration.replace({ widget: new Label(words[0], words[1]), block: true }).range(start.from, end.to));
    }
  }
  return { blocks: Decoration.set(found, true), bad, here, noted };
};

/** A line's number, or the number of the event that the cursor is at. */
const numbers = lineNumbers({
  formatNumber: (line, state) => {
    const { here } = state.field(marks);
    return here && here.line === line ? here.event : String(line);
  },
});

/** Puts the editor in the place of a plain text area, and gives the page what it needs to work it. */
function open(host, text, from, to) {
  const says = (kind, a = 0, b = 0, words = "") => host(kind, a, b, words);
  const folds = foldService.of((state, start) => {
    const line = state.doc.lineAt(start), last = +says("fold", line.number - 1);
    return last > line.number - 1 && last < state.doc.lines ? { from: line.to, to: state.doc.line(last + 1).to } : null;
  });
  const state = EditorState.create({
    doc: text,
    selection: EditorSelection.single(Math.min(from, text.length), Math.min(to, text.length)),
    extensions: [
      Here(marks), numbers, history({ joinToEvent: stepsJoin, newGroupDelay: 600 }),
      codeFolding({ placeholderText: "⋯" }), folds,
      foldGutter({ openText: "▾", closedText: "▸", foldingChanged: (update) => update.transactions.some((tr) => tr.effects.some((effect) => effect.is(look))) }),
      drawSelection(), dropCursor(), highlightSpecialChars(), EditorState.allowMultipleSelections.of(true), rectangularSelection(),
      EditorState.tabSize.of(4), EditorState.languageData.of(() => [{ commentTokens: { line: "--" } }]), EditorView.lineWrapping, marks, paint(says), completing(says), hovering(says), dragging(says),
      keymap.of([
        { key: "Alt-ArrowUp", run: stepped(says, 1), shift: stepped(says, 10) },
        { key: "Alt-ArrowDown", run: stepped(says, -1), shift: stepped(says, -10) },
        { key: "F2", run: (view) => { says("rename", view.state.selection.main.head); return true; } },
        { key: "Shift-Alt-f", run: () => { says("format"); return true; } },
        { key: "Tab", run: acceptCompletion },
        // Two spaces, as in the plain text area; Escape, then Tab, leaves.
        { key: "Tab", run: (view) => { view.dispatch(view.state.replaceSelection("  "), { userEvent: "input" }); return true; } },
        ...completionKeymap, ...foldKeymap, ...historyKeymap, ...defaultKeymap.filter((bound) => !/^(Mod-Enter|Alt-Arrow|Shift-Alt-Arrow|Alt-l|Ctrl-m)/.test(bound.key ?? "")),
      ]),
      EditorView.contentAttributes.of({ id: "text", tabindex: "0", "aria-label": "Scenario text", "aria-describedby": "keys", spellcheck: "false", autocapitalize: "off", autocomplete: "off" }),
      EditorView.updateListener.of((update) => {
        const own = update.transactions.some((tr) => tr.annotation(mine));
        if (update.docChanged && !own) {
          const live = update.transactions.some((tr) => tr.annotation(turns));
          if (!live) { typed = Date.now(); stepEnds(); }
          says(live ? "turned" : "edit", 0, 0, update.state.doc.toString());
        } else if (update.selectionSet && update.transactions.some((tr) => tr.isUserEvent("select"))) {
          says("caret", update.state.doc.lineAt(update.state.selection.main.head).number - 1);
        }
      }),
    ],
  });
  const view = new EditorView({ state });
  // What a text area has, so that whoever works the page from outside need not know which of the two it is.
  Object.defineProperty(view.contentDOM, "value", { get: () => view.state.doc.toString() });
  let scrolled = null, typed = -Infinity, later = 0, said = "";
  const show = () => {
    const rest = typed + CALM - Date.now(), known = rest > 0 ? view.state.field(marks).noted : null;
    clearTimeout(later);
    if (known) later = setTimeout(show, rest);
    view.dispatch({ effects: look.of(read(said, says, known)), annotations: Transaction.addToHistory.of(false) });
  };
  view.scrollDOM.addEventListener("scroll", () => { if (view.dom.isConnected) scrolled = view.scrollSnapshot(); }, { passive: true });
  const commands = {
    undo, redo, foldAll, unfoldAll, startCompletion, more: stepped(says, 1), less: stepped(says, -1),
    rename: () => says("rename", view.state.selection.main.head),
  };
  return {
    /** Stands in this element from now on. */
    stand(parent, top) {
      parent.append(view.dom);
      view.requestMeasure();
      if (scrolled) view.dispatch({ effects: scrolled });
      else if (top) view.requestMeasure({ read: () => {}, write: () => { view.scrollDOM.scrollTop = top; } });
    },
    focus: () => view.focus(),
    /** Makes the text this, by one change, which is one step to undo; or part of the step before. */
    put(text, joins) {
      const old = view.state.doc.toString();
      if (old === text) return;
      let from = 0, a = old.length, b = text.length;
      while (from < a && from < b && old.charCodeAt(from) === text.charCodeAt(from)) from++;
      while (a > from && b > from && old.charCodeAt(a - 1) === text.charCodeAt(b - 1)) a--, b--;
      view.dispatch({ changes: { from, to: a, insert: text.slice(from, b) }, annotations: [mine.of(true), ...nextStep(joins)] });
    },
    /** The page knows something new. */
    show: (now) => { said = now; show(); },
    /** Brings a line into view, and the caret to it when asked. */
    go(line, caret) {
      const { from } = view.state.doc.line(Math.min(line + 1, view.state.doc.lines));
      view.dispatch({ effects: EditorView.scrollIntoView(from, { y: "nearest", yMargin: 42 }), ...(caret ? { selection: { anchor: from } } : {}) });
      if (caret) view.focus();
    },
    told: (id, said) => told(id, said),
    command: (name) => { view.focus(); commands[name]?.(view); },
    /** Where the caret is. */
    caret: () => view.state.selection.main.head,
    end: () => view.destroy(),
  };
}

const style = document.createElement("style");
style.textContent = look_of_it;
document.head.append(style);
globalThis.tombstoneEditor = { version: VERSION, open };

// One that nobody sees, each time in a task of its own: what the browser compiles for it now, it need not while a reader waits.
const task = () => new Promise((next) => setTimeout(next));
await task();
open(() => "", "--", 0, 0).end();
await task();
