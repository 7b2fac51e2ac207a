// The page without a network, after one visit: a whole set of files at a time, so that page and worker are never of different builds.
// With a network everything comes from the network; this only keeps a copy.
const PREFIX = "tombstone-";
const FIXED = ["worker_loader.js", "worker_bg.wasm", "worker_more.wasm", "editor.js", "gallery.tsv", "pictures.svg", "directives.html"];

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function digest(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return PREFIX + Array.from(bytes.slice(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Keeps the set of files that this index.html names. A set that cannot be had whole is not kept, and the one before it stays.
async function keep(index) {
  const text = await index.text(), name = await digest(text);
  if ((await caches.keys()).includes(name)) return;
  const named = Array.from(text.matchAll(/(?:href|src)="\.?\/?([\w.-]+\.(?:css|js|wasm))"|from '\.?\/?([\w.-]+\.js)'|module_or_path: '\.?\/?([\w.-]+\.wasm)'/g), (m) => m[1] ?? m[2] ?? m[3]);
  const files = [...new Set(["./", ...named, ...FIXED])];
  const answers = await Promise.all(files.map((file) => fetch(file, { cache: "no-cache" })));
  if (!answers.every((answer) => answer.ok)) return;
  const set = await caches.open(name);
  await Promise.all(files.map((file, at) => set.put(new URL(file, self.registration.scope), answers[at])));
  for (const other of await caches.keys()) if (other.startsWith(PREFIX) && other !== name) await caches.delete(other);
}

// What was kept; stories that were opened are kept as they come.
async function kept(request) {
  const url = new URL(request.url);
  url.hash = url.search = "";
  return (await caches.match(home(request) ? self.registration.scope : url.href)) ?? Response.error();
}

// Whether it is the page itself that is asked for: whatever stands behind its address is the page's own business.
function home(request) {
  return request.mode === "navigate" && new URL(request.url).pathname === new URL(self.registration.scope).pathname;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith((async () => {
    try {
      const answer = await fetch(request);
      if (answer.ok && home(request)) event.waitUntil(keep(answer.clone()));
      else if (answer.ok && request.url.includes("/scenarios/")) {
        const [name] = (await caches.keys()).filter((key) => key.startsWith(PREFIX));
        if (name) event.waitUntil(caches.open(name).then((set) => set.put(request, answer.clone())));
      }
      return answer;
    } catch {
      return kept(request);
    }
  })());
});

// The first visit was fetched before this was there: its page asks for the set.
self.addEventListener("message", (event) => event.waitUntil(fetch("./").then((answer) => (answer.ok ? keep(answer) : undefined), () => undefined)));
