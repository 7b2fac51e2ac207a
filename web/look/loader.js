// The worker begins with the half that the first runs call. When something of the other is called, it is fetched, once, and the call waits.
import init from "./worker.js";
let first;
self.more = () => {
  const asked = new XMLHttpRequest();
  asked.open("GET", new URL("worker_more.wasm", import.meta.url), false);
  asked.responseType = "arraybuffer";
  try { asked.send() } catch { }
  if (asked.status !== 200) throw new Error("The rest of the worker cannot be loaded. Your text is kept: run it again when the network is back.");
  try { new WebAssembly.Instance(new WebAssembly.Module(asked.response), { first }) } catch { throw new Error("The halves of the worker are of different versions. Reload the page.") }
};
first = await init();
