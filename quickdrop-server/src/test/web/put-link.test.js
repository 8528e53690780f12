import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { base64, bytesOfHex } from "../../main/resources/web/shared/bytes.js";
import { encodeChunk } from "../../main/resources/web/shared/chunk.js";
import { crc32c } from "../../main/resources/web/shared/crc32c.js";
import { problemAsMessage } from "../../main/resources/web/shared/put-answers.js";
import { PutLink } from "../../main/resources/web/shared/put-link.js";
import { UploadSender } from "../../main/resources/web/shared/upload-sender.js";
import { dice } from "./fixtures.js";

/** The server's end as docs/http-api.md describes it, with faults that a test asks for. */
class Server {
  bytes = Buffer.alloc(0);
  /** Method, offset and length of each request. */
  log = [];
  known = false;
  saved = null;
  status = { OPTIONS: 204 };
  /** Asked before each request; what it returns is answered instead. */
  fault = () => null;
  inFlight = 0;

  fetch = async (path, { method, headers, body, signal }) => {
    assert.equal(++this.inFlight, 1, "one request at a time");
    try {
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (signal.aborted) throw signal.reason;
      this.log.push([method, headers["Upload-Offset"], body?.length ?? 0]);
      assert.equal(headers.Authorization, "Bearer key");
      return this.fault(method, headers, body) ?? this.answer(path, method, headers, body);
    } finally {
      this.inFlight--;
    }
  };

  answer(path, method, headers, body) {
    if (method === "OPTIONS") return new Response(null, { status: this.status.OPTIONS });
    if (method === "POST") {
      const start = JSON.parse(new URL(path, "https://laptop.test").searchParams.get("start"));
      assert.equal(start.type, "start");
      if (this.saved) return json(200, this.saved, this.bytes.length);
      const resumed = this.known;
      this.known = true;
      return json(201, { type: "started", sessionId: start.sessionId, fileName: "a.webm", resumed, bytes: this.bytes.length }, this.bytes.length);
    }
    assert.equal(method, "PATCH");
    assert.equal(headers["Content-Type"], "application/partial-upload");
    const offset = Number(headers["Upload-Offset"]);
    if (!this.known) return problem(404, "session_unknown");
    if (offset > this.bytes.length) return problem(409, "offset_mismatch", this.bytes.length);
    if (headers["Upload-Complete"] === "?1") {
      const sha256 = createHash("sha256").update(this.bytes).digest("hex");
      assert.equal(headers["Repr-Digest"], `sha-256=:${Buffer.from(sha256, "hex").toString("base64")}:`);
      this.saved = { type: "saved", sessionId: "take-1", fileName: "a.webm", bytes: this.bytes.length, chunks: 1, sha256, expectedBytes: this.bytes.length };
      return json(200, this.saved, this.bytes.length);
    }
    const digest = Buffer.alloc(4);
    digest.writeUInt32BE(crc32c(body));
    assert.equal(headers["Content-Digest"], `crc32c=:${digest.toString("base64")}:`);
    assert.ok(body.length <= 1024 * 1024);
    this.bytes = Buffer.concat([this.bytes, body.subarray(this.bytes.length - offset)]);
    return new Response(null, { status: 204, headers: { "Upload-Offset": String(this.bytes.length), "Upload-Complete": "?0" } });
  }
}

function json(status, body, offset) {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", "Upload-Offset": String(offset) } });
}

function problem(status, reason, offset) {
  const headers = { "Content-Type": "application/problem+json", ...(offset === undefined ? {} : { "Upload-Offset": String(offset) }) };
  return new Response(JSON.stringify({ type: "about:blank", status, reason, detail: "found" }), { status, headers });
}

/** The page's loop: a sender's machine over this link, until it is finished. */
async function upload(server, source, { until = (sender) => sender.finished } = {}) {
  const sender = new UploadSender("take-1", () => ({ mime: "video/webm", ext: "webm", ts: 7 }));
  sender.add(source.length);
  sender.end(createHash("sha256").update(source).digest("hex"), 5);
  const states = [];
  const pump = () => {
    sender.tick(performance.now());
    while (link.bufferedBytes < 1024 * 1024) {
      const out = sender.poll(performance.now());
      if (!out) break;
      link.send(out.kind === "text" ? out.message : encodeChunk(out.offset, source.subarray(out.offset, out.offset + out.length)));
    }
  };
  const link = new PutLink(() => "key", {
    onOpen: () => sender.connected(),
    onLost: () => sender.disconnected(),
    onMessage: (message) => sender.received(message, performance.now()),
    onState: () => states.push(link.state),
  }, server.fetch);
  link.start();
  const endMs = performance.now() + 20_000;
  try {
    while (!until(sender, link)) {
      assert.ok(performance.now() < endMs, `still ${sender.state}, ${link.state}; ${JSON.stringify(server.log.slice(-5))}`);
      pump();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  } finally {
    link.stop();
  }
  return { sender, states, link };
}

function noise(length) {
  const random = dice(3);
  return Uint8Array.from({ length }, () => random() * 256);
}

test("a recording goes through as requests, in parts that grow", async () => {
  const server = new Server();
  const source = noise(5_000_000);
  const { sender } = await upload(server, source);
  assert.equal(sender.state, "saved");
  assert.deepEqual(server.bytes, Buffer.from(source));
  const parts = server.log.filter(([method, , length]) => method === "PATCH" && length > 0).map(([, , length]) => length);
  assert.ok(parts[0] <= 65_536 && Math.max(...parts) > 500_000, `found ${parts}`);
  assert.equal(server.log.at(-1)[2], 0, "the end has no bytes");
});

test("requests that fail at random cost no byte", async () => {
  for (let seed = 1; seed <= 5; seed++) {
    const random = dice(seed);
    const server = new Server();
    let faults = 0;
    server.fault = (method, headers, body) => {
      if (method === "OPTIONS" || random() > 0.2 || faults++ > 6) return null;
      if (random() < 0.5) throw new TypeError("cut before it came");
      if (method === "PATCH" && body) server.answer("", method, headers, body);
      throw new TypeError("cut before the answer came");
    };
    const source = noise(700_000);
    const { sender } = await upload(server, source);
    assert.equal(sender.state, "saved", `seed ${seed}`);
    assert.deepEqual(server.bytes, Buffer.from(source), `seed ${seed}`);
  }
});

test("a damaged part is sent again", async () => {
  const server = new Server();
  let damaged = 0;
  server.fault = (method, headers, body) =>
    method === "PATCH" && body && damaged++ === 1 ? problem(400, "digest_mismatch", server.bytes.length) : null;
  const source = noise(400_000);
  const { sender } = await upload(server, source);
  assert.equal(sender.state, "saved");
  assert.deepEqual(server.bytes, Buffer.from(source));
});

test("a full disk stalls it, a refusal ends it", async () => {
  const full = new Server();
  full.fault = (method, headers, body) => (method === "PATCH" && body ? problem(507, "storage_full", 0) : null);
  const stalled = await upload(full, noise(1_000), { until: (sender) => sender.state === "stalled" });
  assert.equal(stalled.sender.stallReason, "storage_full");
  const refusing = new Server();
  refusing.fault = (method) => (method === "POST" ? problem(413, "too_large") : null);
  assert.equal((await upload(refusing, noise(1_000))).sender.failure.reason, "too_large");
});

test("an unknown key and another page's take-over are told as a WebSocket tells them", async () => {
  const stranger = new Server();
  stranger.status.OPTIONS = 401;
  const refused = await upload(stranger, noise(10), { until: (sender, link) => link.state === "refused" });
  assert.ok(refused.states.includes("refused"));
  const taken = new Server();
  taken.fault = (method) => (method === "PATCH" ? problem(409, "superseded") : null);
  const over = await upload(taken, noise(10), { until: (sender, link) => link.state === "superseded" });
  assert.ok(over.states.includes("superseded"));
});

test("each refusal means what it means on a WebSocket", () => {
  const reason = (status, name) => {
    const answer = problemAsMessage(status, name === null ? null : { reason: name, detail: "d" }, "s");
    return answer.kind === "close" ? answer.code : answer.message.reason;
  };
  assert.deepEqual(
    [
      reason(409, "offset_mismatch"), reason(409, "content_conflict"), reason(400, "digest_mismatch"), reason(400, "completed"),
      reason(404, "session_unknown"), reason(410, "session_unknown"), reason(422, "integrity_mismatch"), reason(507, "storage_full"),
      reason(503, "session_limit"), reason(503, "going_away"), reason(502, null), reason(0, null), reason(401, null), reason(409, "superseded"),
    ],
    [
      "offset_mismatch", "content_conflict", "chunk_corrupt", "end_without_start",
      "end_without_start", "session_unknown", "integrity_mismatch", "storage_full",
      "rate_limited", 1006, 1006, 1006, 4401, 4409,
    ],
  );
});

test("digests are written as HTTP wants them", () => {
  assert.equal(base64(bytesOfHex("00ff10")), "AP8Q");
});
