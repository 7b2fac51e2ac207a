// What is drawn between the lines and beside them. All words come from the page.
import { EditorView, GutterMarker, WidgetType, gutterLineClass } from "@codemirror/view";
import { RangeSet } from "@codemirror/state";

const element = (tag, name, words = "") => {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = words;
  return made;
};

/** How an outcome stands, at the end of its last line. */
export class Tag extends WidgetType {
  constructor(words) { super(); this.words = words; }
  eq(other) { return other.words === this.words; }
  toDOM() { return element("span", "tag", this.words); }
}

/** What stands in place of lines that are hidden. */
export class Label extends WidgetType {
  constructor(name, words) { super(); this.name = name; this.words = words; }
  eq(other) { return other.words === this.words && other.name === this.name; }
  toDOM() { return element("div", this.name, this.words); }
}

/** A fault: what is so, what is known, and a button that repairs it. */
export class Note extends WidgetType {
  constructor(at, words, host) { super(); this.at = at; this.words = words; this.host = host; }
  eq(other) { return other.at === this.at && other.words.join() === this.words.join(); }
  toDOM() {
    const [said, more, repair] = this.words, all = element("div", "noted"), note = element("div", "note"), words = element("span", "", said);
    const sign = element("span", "x", "✕");
    sign.setAttribute("aria-hidden", "true");
    if (more) words.append(document.createElement("br"), more);
    note.append(sign, words);
    if (repair) {
      const button = element("button", "btn line small", repair);
      button.onclick = () => this.host("fix", this.at);
      note.append(button);
    }
    all.append(note);
    return all;
  }
  ignoreEvent() { return true; }
}

/** A class beside a line. With `more` two of the same class differ, so that what is beside the line is written anew. */
class Lined extends GutterMarker {
  constructor(name, more) { super(); this.elementClass = name; this.more = more; }
  eq(other) { return other.elementClass === this.elementClass && other.more === this.more; }
}
const BAD = new Lined("bad");

/** Line numbers of lines with a fault, and the event that the cursor is at. */
export const Here = (marks) => gutterLineClass.compute([marks, "doc"], (state) => {
  const { bad, here } = state.field(marks), found = [], line = (number) => state.doc.line(Math.min(number, state.doc.lines)).from;
  for (const number of bad) found.push(BAD.range(line(number)));
  if (here) found.push(new Lined(`here ${here.tone}`, here.event).range(line(here.line)));
  return RangeSet.of(found, true);
});
