// What is one step to undo: a word that was typed, a run's outcomes, a drag from its beginning to its end.
import { Annotation, Transaction } from "@codemirror/state";
import { isolateHistory } from "@codemirror/commands";

/** The page did this itself, and need not be told. */
export const mine = Annotation.define();
/** Goes on with the step before. */
export const joins = Annotation.define();

/** A drag that rests for so long has ended, ms. */
const REST = 1200;
let last = -Infinity, time = 0;

/** For the history: whether a change is part of the last step. */
export const stepsJoin = (tr, adjacent) => tr.annotation(joins) ?? adjacent;

/** Annotations of a change: 0, a step of its own; 1, a number is turned; 2, the same while the hand is known to be at it, or what came of it. */
export function nextStep(how) {
  if (!how) { last = -Infinity; return [isolateHistory.of("full")]; }
  const now = Date.now(), goes = how === 2 ? last > -Infinity : now - last < REST;
  last = now;
  if (!goes) { time = now; return [isolateHistory.of("before"), Transaction.time.of(time)]; }
  // The history joins what is near in time: all of a drag is at the time of its beginning.
  return [joins.of(true), Transaction.time.of(time)];
}

/** Something else was done: a drag is over. */
export const stepEnds = () => { last = -Infinity; };
