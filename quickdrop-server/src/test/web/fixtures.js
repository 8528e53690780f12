/** Small helpers of the tests of the pages. */
import { UploadSender } from "../../main/resources/web/shared/upload-sender.js";

/** A sender with its clock, as the page drives it: one call per fact. */
export class Sending {
  nowMs = 1_000;
  sender;

  /** @param canRepair whether its bytes can be read again */
  constructor(canRepair = () => false) {
    this.sender = new UploadSender("take-1", () => ({ mime: "video/webm", ext: "webm", ts: 7 }), canRepair);
  }

  /** @returns everything that may be sent now */
  drain() {
    const out = [];
    for (let next = this.sender.poll(this.nowMs); next; next = this.sender.poll(this.nowMs)) out.push(next);
    return out;
  }

  /** Connected, asked and answered: bytes flow from `bytes` on. */
  open(bytes = 0) {
    this.sender.connected();
    this.drain();
    this.started(bytes);
  }

  started(bytes) {
    this.hear({ type: "started", fileName: "a.webm", resumed: true, bytes });
  }

  progress(bytes) {
    this.hear({ type: "progress", bytes, chunks: 1 });
  }

  error(reason, expectedOffset) {
    this.hear({ type: "error", reason, expectedOffset });
  }

  saved(bytes, sha256) {
    this.hear({ type: "saved", fileName: "a.webm", bytes, chunks: 1, sha256, expectedBytes: bytes });
  }

  hear(message) {
    this.sender.received({ sessionId: "take-1", ...message }, this.nowMs);
  }

  wait(ms) {
    this.nowMs += ms;
    this.sender.tick(this.nowMs);
  }
}

/** The byte ranges of chunks, for comparison. */
export function ranges(outgoing) {
  return outgoing.filter((o) => o.kind === "chunk").map((o) => [o.offset, o.offset + o.length]);
}

/** The types of text messages. */
export function texts(outgoing) {
  return outgoing.filter((o) => o.kind === "text").map((o) => o.message.type);
}

/** Mulberry32: reproducible dice. */
export function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
