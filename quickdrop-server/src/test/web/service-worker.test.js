import assert from "node:assert/strict";
import { test } from "node:test";
import { keepShared } from "../../main/resources/web/sw/share.js";
import { keep } from "../../main/resources/web/sw/worker.js";

const ORIGIN = "https://laptop.test:8443";
const SET = { version: "v1", etags: { "/phone": '"p1"', "/assets/a.js": '"a1"' } };

/** A service worker's surroundings: a network that a test fills, and caches. */
class World {
  location = { origin: ORIGIN };
  /** By path: answers of the server, or nothing while it is away. */
  network = new Map([
    ["/phone", () => reply("page 1", '"p1"', "v1")],
    ["/assets/a.js", () => reply("part 1", '"a1"')],
    ["/api/info", () => reply("secret", '"x"')],
  ]);
  asked = [];
  updates = 0;
  #stores = new Map();
  #listeners = {};
  registration = { update: async () => this.updates++ };
  clients = { claim: async () => {} };
  caches = {
    open: async (name) => {
      if (!this.#stores.has(name)) this.#stores.set(name, new Map());
      const store = this.#stores.get(name);
      return { put: async (path, response) => store.set(path, response), match: async (path) => store.get(path)?.clone() };
    },
    has: async (name) => this.#stores.has(name),
    keys: async () => [...this.#stores.keys()],
    delete: async (name) => this.#stores.delete(name),
  };

  skipWaiting = async () => {};
  fetch = async (request) => {
    const path = typeof request === "string" ? request : new URL(request.url).pathname;
    this.asked.push(path);
    const answer = this.network.get(path);
    if (!answer) throw new TypeError("Failed to fetch");
    return answer();
  };
  addEventListener = (name, listener) => (this.#listeners[name] = listener);

  async life(name) {
    let work;
    this.#listeners[name]({ waitUntil: (promise) => (work = promise) });
    await work;
  }

  /** @returns what the worker answers, or "left alone" */
  async get(path, { mode = "no-cors", method = "GET", origin = ORIGIN } = {}) {
    let answer;
    const request = { url: origin + path, mode, method };
    this.#listeners.fetch({ request, respondWith: (promise) => (answer = promise) });
    return answer ? (await answer).text() : "left alone";
  }

  page() {
    return this.get("/phone", { mode: "navigate" });
  }
}

function reply(text, etag, version) {
  return new Response(text, { headers: { ETag: etag, ...(version ? { "QuickDrop-Version": version } : {}) } });
}

async function installed() {
  const world = new World();
  keep(world, SET);
  await world.life("install");
  await world.life("activate");
  return world;
}

test("the page and its parts open while the laptop is away", async () => {
  const world = await installed();
  world.network.clear();
  assert.equal(await world.page(), "page 1");
  assert.equal(await world.get("/phone?shared", { mode: "navigate" }), "page 1");
  assert.equal(await world.get("/assets/a.js"), "part 1");
});

test("the network goes first, and a laptop that does not answer is not waited for", { timeout: 20_000 }, async () => {
  const world = await installed();
  world.network.set("/phone", () => reply("page 1 again", '"p1"', "v1"));
  assert.equal(await world.page(), "page 1 again");
  world.network.set("/phone", () => new Promise(() => {}));
  assert.equal(await world.page(), "page 1");
});

test("a laptop that answers with an error does not hide the page", async () => {
  const world = await installed();
  world.network.set("/phone", () => new Response("busy", { status: 503 }));
  assert.equal(await world.page(), "page 1");
});

test("two versions never mix: with another page all kept parts go, and the new set is asked for", async () => {
  const world = await installed();
  world.network.set("/phone", () => reply("page 2", '"p2"', "v2"));
  world.network.set("/assets/a.js", () => reply("part 2", '"a2"'));
  assert.equal(await world.page(), "page 2");
  assert.equal(await world.get("/assets/a.js"), "part 2");
  assert.equal(world.updates, 1);
  assert.deepEqual(await world.caches.keys(), []);
});

test("a set is installed whole, with the contents that were named, or not at all", async () => {
  for (const spoil of [
    (world) => world.network.set("/assets/a.js", () => reply("part 2", '"a2"')),
    (world) => world.network.delete("/assets/a.js"),
    (world) => world.network.set("/phone", () => new Response("", { status: 503 })),
  ]) {
    const world = new World();
    keep(world, SET);
    spoil(world);
    await assert.rejects(world.life("install"));
  }
});

test("an old set is thrown away by the new worker, and nothing of others is touched", async () => {
  const world = new World();
  await world.caches.open("quickdrop-phone-v0");
  await world.caches.open("of-somebody-else");
  keep(world, SET);
  await world.life("install");
  await world.life("activate");
  assert.deepEqual((await world.caches.keys()).sort(), ["of-somebody-else", "quickdrop-phone-v1"]);
});

test("nothing but the set is kept or even looked at", async () => {
  const world = await installed();
  assert.equal(await world.get("/api/info"), "left alone");
  assert.equal(await world.get("/", { mode: "navigate" }), "left alone");
  assert.equal(await world.get("/phone"), "left alone", "a probe must reach the laptop");
  assert.equal(await world.get("/assets/a.js", { method: "POST" }), "left alone");
  assert.equal(await world.get("/assets/a.js", { origin: "https://elsewhere.test" }), "left alone");
  assert.ok(!world.asked.includes("/api/info"));
});

test("shared files are shelved and the page opens", async () => {
  const kept = [];
  const form = new FormData();
  form.append("files", new File(["picture"], "a.jpg", { type: "image/jpeg", lastModified: 7 }));
  form.append("files", new File(["words"], "b.txt"));
  form.append("title", "not a file");
  const request = new Request(`${ORIGIN}/phone/share`, { method: "POST", body: form });
  const answer = await keepShared(request, "/phone", { put: async (file) => kept.push(file) });
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.get("Location"), `${ORIGIN}/phone?shared`);
  assert.deepEqual(kept.map(({ known }) => known.name), ["a.jpg", "b.txt"]);
  assert.equal(await kept[0].content.text(), "picture");
  assert.equal(new Set(kept.map(({ sessionId }) => sessionId)).size, 2);
});

test("what could not be shelved is said", async () => {
  const share = async (form, shelf) => {
    const request = new Request(`${ORIGIN}/phone/share`, { method: "POST", body: form });
    return (await keepShared(request, "/phone", shelf)).headers.get("Location");
  };
  const form = new FormData();
  form.append("files", new File(["picture"], "a.jpg"));
  const full = { put: () => Promise.reject(new DOMException("full", "QuotaExceededError")) };
  assert.match(await share(form, full), /\?shared=failed$/);
  assert.match(await share(new FormData(), full), /\?shared=nothing$/);
});
