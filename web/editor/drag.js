// A number is dragged, or stepped with keys. What it becomes is the page's to say.
import { EditorView } from "@codemirror/view";
import { EditorSelection } from "@codemirror/state";
import { nextStep, stepEnds, turns } from "./steps.js";

/** px of a drag for one step. */
const STRIDE = 6;

/** The number at a place, if there is one: its ends. */
function number(view, host, at) {
  const line = view.state.doc.lineAt(at), said = host("number", line.number - 1, at - line.from, "");
  if (!said) return null;
  const [from, to] = said.split(",");
  return { from: line.from + +from, to: line.from + +to };
}

/** Alt and an arrow: the number at the caret goes one step up or down. */
export const stepped = (host, by) => (view) => {
  const { head } = view.state.selection.main, found = number(view, host, head);
  if (!found) return false;
  const words = host("turn", by, 0, view.state.sliceDoc(found.from, found.to));
  if (words) view.dispatch({ changes: { ...found, insert: words }, selection: { anchor: found.from + words.length }, scrollIntoView: true, annotations: [turns.of(true), ...nextStep(1)] });
  return true;
};

/** A drag along a number: one step to undo, and Escape takes it back. */
export const dragging = (host) => {
  let drag = null;
  const put = (view, words) => {
    const { from, to } = drag;
    if (view.state.sliceDoc(from, to) === words) return;
    drag.moved = true;
    // Before the change is told: what comes of it moves these ends.
    drag.to = from + words.length;
    drag.own = true;
    view.dispatch({ changes: { from, to, insert: words }, selection: EditorSelection.cursor(drag.to), annotations: [turns.of(true), ...nextStep(2)] });
    drag.own = false;
  };
  const end = (view, back) => {
    if (!drag) return;
    if (back && drag.moved) put(view, drag.words);
    drag = null;
    view.dom.classList.remove("dragging");
  };
  const follow = EditorView.updateListener.of((update) => {
    if (drag && update.docChanged && !drag.own) { drag.from = update.changes.mapPos(drag.from, -1); drag.to = update.changes.mapPos(drag.to, 1); }
  });
  return [follow, EditorView.domEventHandlers({
    pointerdown(event, view) {
      // A finger that goes up or down scrolls (`touch-action`), and other buttons are not ours.
      if (event.button || event.shiftKey || !(event.target instanceof Element) || !event.target.closest(".turns")) return false;
      const at = view.posAtCoords({ x: event.clientX, y: event.clientY });
      const found = at === null ? null : number(view, host, at);
      if (!found) return false;
      const words = view.state.sliceDoc(found.from, found.to);
      if (!host("turn", 1, 0, words)) return false;
      drag = { ...found, words, x: event.clientX, moved: false, own: false };
      stepEnds();
      const move = (event) => {
        if (!drag) return;
        if (!(event.buttons & 1)) return end(view, false);
        const steps = Math.trunc((event.clientX - drag.x) / STRIDE);
        if (!steps && !drag.moved) return;
        view.dom.classList.add("dragging");
        put(view, steps ? host("turn", steps, 0, drag.words) || drag.words : drag.words);
      };
      const over = () => { stop(); end(view, false); };
      const key = (event) => { if (event.key === "Escape" && drag) { event.preventDefault(); event.stopPropagation(); stop(); end(view, true); } };
      const stop = () => { removeEventListener("pointermove", move); removeEventListener("pointerup", over); removeEventListener("pointercancel", over); removeEventListener("keydown", key, true); };
      addEventListener("pointermove", move);
      addEventListener("pointerup", over);
      addEventListener("pointercancel", over);
      addEventListener("keydown", key, true);
      return false;
    },
    mousedown(event, view) {
      // A click still puts the caret; a drag selects nothing.
      if (!drag) return false;
      const at = view.posAtCoords({ x: event.clientX, y: event.clientY });
      if (at !== null) view.dispatch({ selection: { anchor: at }, userEvent: "select.pointer" });
      view.focus();
      event.preventDefault();
      return true;
    },
  })];
};
