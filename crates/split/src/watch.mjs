// The worker in Node: its messages come from a file, and of what it posts only the number counts.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [glue, module, asked, link, seen, mark] = process.argv.slice(2);
let posted = 0;
globalThis.name = link;
globalThis.postMessage = () => posted++;
const { initSync } = await import(pathToFileURL(glue));
const exports = initSync({ module: readFileSync(module) });
await new Promise((goes) => setTimeout(goes, 10));
if (posted < 2) throw new Error("the link was not run");
const messages = readFileSync(asked);
for (let at = 0; at < messages.length;) {
  const [from, before] = [at + 4, posted];
  at = from + messages.readUInt32LE(at);
  globalThis.onmessage({ data: new Uint8Array(messages.subarray(from, at)) });
  if (posted === before) throw new Error("a message was not answered");
}
const marked = Object.keys(exports).filter((name) => name.startsWith(mark) && exports[name].value === 1);
writeFileSync(seen, marked.map((name) => name.slice(mark.length)).join(","));
