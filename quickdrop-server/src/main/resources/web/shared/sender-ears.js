/** What follows from what the laptop says of an upload. Pure; a part of `UploadSender`. */
import { Complaints } from "./complaints.js";
import { ANSWER_TIMEOUT_MS } from "./sender-life.js";

/** @typedef {import("./upload-sender.js").WireMessage} WireMessage */

export class SenderEars {
  #life;
  #complaints = new Complaints(ANSWER_TIMEOUT_MS);

  /** @param {import("./sender-life.js").SenderLife} life */
  constructor(life) {
    this.#life = life;
  }

  /**
   * A message of the server that concerns this session.
   * @param {WireMessage} message
   * @param {number} nowMs monotonic
   */
  hear(message, nowMs) {
    switch (message.type) {
      case "started":
        return this.#started(message.bytes);
      case "progress":
        return this.#progress(message.bytes, nowMs);
      case "saved":
        return this.#saved(message);
      case "blocks":
        return this.#blocks(/** @type {any} */ (message));
      case "error":
        return this.#refused(message, nowMs);
      default:
        return; // a newer server may say more than this page knows
    }
  }

  /** @param {number} bytes durable */
  #started(bytes) {
    if (bytes < this.#life.window.acknowledged) {
      return this.#life.fail("acknowledged_lost", `safe were ${this.#life.window.acknowledged} bytes, the laptop now has ${bytes}`);
    }
    if (bytes > this.#life.window.produced) {
      return this.#life.fail("server_ahead", `recorded are ${this.#life.window.produced} bytes, the laptop speaks of ${bytes}`);
    }
    this.#life.turn++;
    this.#life.repair.interrupted();
    this.#life.window.continueAt(bytes);
    this.#life.stallReason = null;
    this.#life.state = "sending";
    this.#life.deadlineMs = Infinity;
  }

  /**
   * @param {number} bytes
   * @param {number} nowMs
   */
  #progress(bytes, nowMs) {
    if (bytes > this.#life.window.produced) {
      return this.#life.fail("server_ahead", `recorded are ${this.#life.window.produced} bytes, the laptop speaks of ${bytes}`);
    }
    // While it reads its disk, the laptop repeats how far it is as a sign of life.
    if (this.#life.state === "ending") this.#life.awaitAnswer(nowMs);
    else if (this.#life.state === "repairing") this.#life.repair.alive(nowMs);
    if (bytes <= this.#life.window.acknowledged) return;
    this.#life.window.acknowledge(bytes);
    if (this.#life.state === "sending") this.#life.deadlineMs = this.#life.window.inFlight ? nowMs + ANSWER_TIMEOUT_MS : Infinity;
  }

  /** @param {import("./repair.js").Blocks} blocks what the laptop has instead of what `end` stated */
  #blocks(blocks) {
    const begins = this.#life.state === "ending";
    if (!begins && !(this.#life.state === "repairing" && this.#life.repair.awaitsBlocks)) return; // of a round that is over
    if (begins && !this.#life.repair.begin()) {
      return this.#life.fail("integrity_mismatch", "the laptop has other bytes, although what differs was sent again");
    }
    if (!this.#life.repair.look(blocks, this.#life.window.produced)) {
      return this.#life.fail("integrity_mismatch", "the laptop compares bytes that were never recorded");
    }
    this.#life.turn++;
    this.#life.state = "repairing";
  }

  /** @param {WireMessage} message */
  #saved(message) {
    const ended = this.#life.ended;
    if (!ended) return this.#life.fail("server_ahead", "the laptop says saved while the recording goes on");
    if (message.bytes !== ended.totalBytes || message.sha256 !== ended.sha256) {
      return this.#life.fail("integrity_mismatch", `the laptop saved ${message.bytes} bytes with another checksum`);
    }
    this.#life.window.continueAt(ended.totalBytes);
    this.#life.receipt = message;
    this.#life.state = "saved";
    this.#life.deadlineMs = Infinity;
  }

  /**
   * @param {WireMessage} message
   * @param {number} nowMs
   */
  #refused(message, nowMs) {
    const reason = String(message.reason);
    const flowing = this.#life.state === "sending" || this.#life.state === "ending";
    const verdict = this.#complaints.judge(reason, message.expectedOffset, this.#life.window, nowMs, flowing);
    switch (verdict.does) {
      case "ask":
        if (this.#life.state !== "opening") this.#life.open();
        return;
      case "rewind":
        this.#life.turn++;
        this.#life.window.next = verdict.offset;
        this.#life.state = "sending";
        this.#life.awaitAnswer(nowMs);
        return;
      case "stall":
        this.#life.state = "stalled";
        this.#life.stallReason = reason;
        this.#life.deadlineMs = verdict.untilMs;
        return;
      case "fail":
        this.#life.fail(reason, message.detail);
    }
  }
}
