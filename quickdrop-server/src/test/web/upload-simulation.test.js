import assert from "node:assert/strict";
import { test } from "node:test";
import { dice, Sending } from "./fixtures.js";

/** What the server hashes on its own, bytes. */
const BLOCK = 65_536;

/**
 * A sender against a small honest server over a connection that is cut, loses acknowledgements by dying, and stalls for
 * want of disk; two takes in a row on one connection. Of every fourth pair some blocks are damaged at the server, where no
 * chunk's checksum can tell: what is said to be saved has none.
 */
function simulate(seed) {
  const random = dice(seed);
  const damages = seed % 4 === 0;
  const takes = [0, 1].map(() => ({
    total: 1 + Math.floor(random() * 400_000),
    s: new Sending(() => damages),
    received: 0,
    durable: 0,
    damaged: new Set(),
    damagesLeft: damages ? 3 : 0,
    mended: 0,
    hashing: null,
  }));
  let toServer = [];
  let toClient = [];
  let connected = false;
  let full = false;
  let nowMs = 0;
  for (let step = 0; step < 20_000; step++) {
    const take = takes.find((t) => !t.s.sender.finished);
    if (!take) return { step, takes };
    const { sender } = take.s;
    nowMs += Math.floor(random() * 400);
    for (const t of takes) {
      t.s.nowMs = nowMs;
      if (!t.s.sender.ended && random() < 0.3) {
        const more = Math.min(t.total - t.s.sender.produced, Math.floor(random() * 120_000));
        t.s.sender.add(more);
        if (t.s.sender.produced === t.total) t.s.sender.end("hash");
      }
    }
    const dies = connected && random() < 0.03;
    if (dies) {
      toServer = [];
      toClient = [];
      connected = false;
      sender.disconnected();
      take.received = take.durable; // what was not forced may be gone after a crash
    } else if (!connected && random() < 0.3) {
      connected = true;
    }
    if (connected && sender.state === "waiting") sender.connected();
    if (random() < 0.02) {
      full = !full;
      if (!full && connected) toClient.push([take, { type: "started", bytes: take.durable }]);
    }
    sender.tick(nowMs);
    if (connected) {
      for (let out = sender.poll(nowMs), n = 0; out && n < 4; out = ++n < 4 ? sender.poll(nowMs) : null) {
        if (out.kind === "hash") take.hashing = { ...out, turn: sender.turn };
        else toServer.push([take, out]);
      }
    }
    if (take.hashing && random() < 0.5) {
      if (take.hashing.turn === sender.turn) sender.hashed(hashesOf(take.hashing, new Set()));
      take.hashing = null;
    }
    for (let n = Math.floor(random() * 4); n > 0 && toServer.length > 0; n--) serve(...toServer.shift());
    if (random() < 0.4 && connected && take.received > take.durable) {
      take.durable = take.received;
      if (random() < 0.9) toClient.push([take, { type: "progress", bytes: take.durable }]); // some are never said
    }
    for (let n = Math.floor(random() * 4); n > 0 && toClient.length > 0; n--) answer(...toClient.shift());
    for (const t of takes) {
      const { acknowledged, next, produced } = t.s.sender;
      assert.ok(acknowledged <= t.durable, `seed ${seed}: acknowledged ${acknowledged} of ${t.durable} durable`);
      assert.ok(acknowledged <= next && next <= produced, `seed ${seed}: ${acknowledged} ≤ ${next} ≤ ${produced}`);
      assert.notEqual(t.s.sender.state, "failed", `seed ${seed}: ${JSON.stringify(t.s.sender.failure)}`);
    }
  }
  return assert.fail(`seed ${seed}: not saved after 20,000 steps: ${takes.map((t) => t.s.sender.state)}`);

  /** As the page does: an answer about a take that is not the present one concerns nobody. */
  function answer(take, message) {
    if (take === takes.find((t) => !t.s.sender.finished)) take.s.hear(message);
  }

  /** Blocks as this phone has them, but for those that are damaged; of the whole, its checksum. */
  function hashesOf({ offset, bytes, blockBytes }, damaged) {
    if (blockBytes === bytes && offset === 0 && damaged.size === 0) return ["hash"];
    return Array.from({ length: Math.ceil(bytes / blockBytes) }, (_, i) => {
      const number = (offset + i * blockBytes) / BLOCK;
      return damaged.has(number) ? `damaged ${number}` : `block ${number}`;
    });
  }

  /** Now and then what is written at the server is not what was sent. */
  function write(take, out) {
    const first = Math.floor(out.offset / BLOCK);
    if (out.repair) {
      take.mended++;
      take.damaged.delete(first);
    }
    if (take.damagesLeft > 0 && random() < 0.2) {
      take.damagesLeft--;
      take.damaged.add(first);
    }
  }

  function serve(take, out) {
    if (out.kind === "chunk" && out.repair) {
      if (full) return toClient.push([take, { type: "error", reason: "storage_full" }]);
      if (take.repairing) write(take, out);
    } else if (out.kind === "chunk") {
      take.repairing = false;
      if (full) return toClient.push([take, { type: "error", reason: "storage_full" }]);
      if (random() < 0.01) return toClient.push([take, { type: "error", reason: "chunk_corrupt", expectedOffset: take.received }]);
      if (out.offset > take.received) {
        return toClient.push([take, { type: "error", reason: "offset_mismatch", expectedOffset: take.received }]);
      }
      if (out.offset + out.length > take.received) write(take, { ...out, offset: take.received });
      take.received = Math.max(take.received, out.offset + out.length);
    } else if (out.message.type === "end") {
      if (take.received < out.message.totalBytes) {
        return toClient.push([take, { type: "error", reason: "offset_mismatch", expectedOffset: take.received }]);
      }
      assert.equal(take.received, take.total, `seed ${seed}: the whole, exactly`);
      take.durable = take.received;
      take.repairing = take.damaged.size > 0;
      if (take.repairing) {
        assert.ok(out.message.canRepair);
        const part = { offset: 0, bytes: take.total, blockBytes: BLOCK };
        return toClient.push([take, { type: "blocks", ...part, hashes: hashesOf(part, take.damaged) }]);
      }
      if (random() < 0.7) toClient.push([take, { type: "saved", bytes: take.total, sha256: "hash", fileName: "a" }]);
    } else {
      take.durable = take.received;
      take.repairing = false;
      if (full) toClient.push([take, { type: "error", reason: "storage_full" }]);
      else toClient.push([take, { type: "started", bytes: take.durable }]);
    }
    return undefined;
  }
}

test("2,000 pairs of takes over bad connections all arrive whole", () => {
  let mended = 0;
  for (let seed = 1; seed <= 2_000; seed++) {
    const { takes } = simulate(seed);
    for (const take of takes) {
      assert.equal(take.received, take.total, `seed ${seed}`);
      assert.equal(take.s.sender.state, "saved", `seed ${seed}`);
      assert.equal(take.damaged.size, 0, `seed ${seed}: saved, and damaged`);
      mended += take.mended;
    }
  }
  assert.ok(mended > 100, `${mended} chunks mended`);
});
