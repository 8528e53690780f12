/** One recording of this phone: its bytes, its checksum, and how far the laptop has it. */
import { MemoryByteStore } from "../shared/byte-store.js";
import { moment } from "../shared/format.js";
import { newSessionId } from "../shared/session-id.js";
import { Sha256 } from "../shared/sha256.js";
import { UploadSender } from "../shared/upload-sender.js";
import { extensionOf } from "./formats.js";

/** Read at once when the recording becomes a file of this phone. */
const BLOB_PIECE_BYTES = 4 * 1024 * 1024;

/** How often what the laptop has is noted in the journal: it is only for people to read. */
const NOTE_INTERVAL_MS = 5_000;

/** @typedef {import("../shared/journal/journal.js").Journal} Journal */
/** @typedef {import("../shared/journal/journal.js").JournalledTake} JournalledTake */
/** @typedef {import("./segments.js").TakePart} TakePart */

export class Take {
  sessionId;
  /** Takes are numbered by the list, those of an earlier page are told by their time. @type {string | null} */
  name;
  startedTs = Date.now();
  /** @type {number | null} when recording stopped */
  stoppedTs = null;
  /** @type {string | null} of everything, once it is over */
  sha256 = null;
  sender;
  /** Bytes recorded so far; those of the sender are on this phone's disk as well, where it has one for us. */
  recordedBytes = 0;
  /** Something about it changed by itself: bytes were kept and may be sent. */
  onKept = () => {};
  /** Left behind by an earlier page, unfinished: nothing is sent until the person says so. */
  paused = false;
  /** How much of it was read back for its checksum; null when nothing is. @type {number | null} */
  checkedBytes = null;
  /** @type {import("../shared/byte-store.js").ByteStore} */
  store;

  #hash = new Sha256();
  #mime = () => "video/webm";
  /** @type {() => import("../shared/upload-sender.js").Description} */
  #description;
  /** The type that the journal was told. */
  #notedMime = "";
  #notedAtMs = -Infinity;
  /** What the laptop had when an earlier page noted it. */
  #safeBefore = 0;
  /** @type {{totalBytes: number, sha256: string, ms: number} | null} */
  #ended = null;
  /** Bytes being kept, in order. */
  #keeping = Promise.resolve();

  /**
   * @param {TakePart} part which part of a take this is
   * @param {Journal | null} [journal] where its bytes wait; null: in memory
   * @param {JournalledTake | null} [left] what an earlier page left of it in the journal
   */
  constructor(part, journal = null, left = null) {
    this.left = left;
    this.sessionId = left?.id ?? newSessionId();
    this.part = left?.facts.part ?? part;
    this.#description = () => ({ mime: this.#mime(), ext: extensionOf(this.#mime()), ts: this.startedTs, take: this.part });
    this.sender = new UploadSender(this.sessionId, () => this.#description(), () => this.store.whole);
    if (!journal) this.store = new MemoryByteStore();
    else if (!left) this.store = journal.begin(this.sessionId, this.#facts());
    else this.store = this.#goOnWith(journal, left);
    this.name = left && `Take of ${moment(this.startedTs)}`;
  }

  /**
   * @param {Journal} journal
   * @param {JournalledTake} left
   */
  #goOnWith(journal, left) {
    const { description, startedTs, stoppedTs, ended, acknowledged } = left.facts;
    if (description) this.#description = () => description;
    this.#mime = () => description?.mime ?? "application/octet-stream";
    this.startedTs = startedTs ?? left.changedTs;
    this.stoppedTs = stoppedTs ?? Math.max(this.startedTs, left.changedTs);
    this.#safeBefore = acknowledged ?? 0;
    this.recordedBytes = left.bytes;
    this.sender.add(left.bytes);
    if (ended?.totalBytes === left.bytes) {
      this.#ended = ended;
      this.sha256 = ended.sha256;
      this.sender.end(ended.sha256, ended.ms);
    } else {
      this.paused = true;
    }
    return journal.again(left);
  }

  /** What the journal knows of it beside its bytes. */
  #facts() {
    return {
      description: this.#description(),
      part: this.part,
      startedTs: this.startedTs,
      stoppedTs: this.stoppedTs,
      ended: this.#ended,
      acknowledged: this.sender.acknowledged,
    };
  }

  /** @param {() => string} mime the recorder knows it for sure only after its first bytes */
  recordedAs(mime) {
    this.#mime = mime;
  }

  get mime() {
    return this.#mime();
  }

  /**
   * Nothing is sent before this phone has kept it.
   * @param {Uint8Array} bytes the next bytes of the recording
   */
  append(bytes) {
    this.#hash.update(bytes);
    this.recordedBytes += bytes.length;
    if (this.mime !== this.#notedMime) {
      this.#notedMime = this.mime;
      void this.store.describe(this.#facts());
    }
    const kept = this.store.append(bytes);
    this.#keeping = this.#keeping.then(() => kept).then(() => {
      this.sender.add(bytes.length);
      this.onKept();
    });
  }

  /**
   * Nothing more will come.
   * @returns {Promise<void>} when its end is kept too, and may be sent
   */
  async finish() {
    this.stoppedTs ??= Date.now();
    this.sha256 = this.#hash.hex();
    await this.#keeping;
    await this.#end(this.sha256);
  }

  /**
   * The person wants the laptop to have what an earlier page left: all of it is sent, and its end is where it broke off.
   * @param {Journal} journal
   * @returns {Promise<void>} when its checksum is known; what is sent meanwhile does not wait for that
   */
  async resume(journal) {
    if (!this.paused) return;
    this.paused = false;
    this.checkedBytes = 0;
    this.onKept();
    try {
      this.sha256 = await journal.hash(this.sessionId, (bytes) => {
        this.checkedBytes = bytes;
        this.onKept();
      });
      await this.#end(this.sha256);
    } catch (error) {
      console.error(`the journal of ${this.sessionId} cannot be read`, error);
      this.sender.giveUp("phone_lost_bytes");
    } finally {
      this.checkedBytes = null;
      this.onKept();
    }
  }

  /** @param {string} sha256 of everything */
  async #end(sha256) {
    const ms = Math.max(0, (this.stoppedTs ?? this.startedTs) - this.startedTs);
    this.#ended = { totalBytes: this.sender.produced, sha256, ms };
    await this.store.describe(this.#facts());
    this.sender.end(sha256, ms);
    this.onKept();
  }

  /**
   * The laptop has more of it.
   * @param {number} nowMs monotonic
   */
  acknowledgedMore(nowMs) {
    this.store.forget(this.sender.acknowledged);
    if (nowMs < this.#notedAtMs + NOTE_INTERVAL_MS) return;
    this.#notedAtMs = nowMs;
    void this.store.describe(this.#facts());
  }

  /** Bytes that are safe on the laptop, as far as this page knows. */
  get safeBytes() {
    const { state, acknowledged } = this.sender;
    return state === "waiting" || state === "opening" ? Math.max(acknowledged, this.#safeBefore) : acknowledged;
  }

  /** Bytes that only this phone has. */
  get unsafeBytes() {
    return this.sender.state === "saved" ? 0 : Math.max(0, this.recordedBytes - this.safeBytes);
  }

  /** Whether closing the page now would lose a part of it. */
  get losable() {
    return this.atRisk && !this.paused && (this.stoppedTs === null || this.store.memoryOnlyBytes > 0);
  }

  /** Whether there is something of it that is not wholly on the laptop yet. */
  get atRisk() {
    return this.sender.state !== "saved" && (this.recordedBytes > 0 || !this.sender.ended);
  }

  /** Whether the phone still holds the whole recording, so that it can be kept here. */
  get rescuable() {
    return this.recordedBytes > 0 && this.store.whole;
  }

  /** @returns {Promise<Blob>} the whole recording */
  async toBlob() {
    /** @type {Blob[]} each of its own, so that the browser may put them on its disk */
    const pieces = [];
    for (let at = 0; at < this.sender.produced; at += BLOB_PIECE_BYTES) {
      const length = Math.min(BLOB_PIECE_BYTES, this.sender.produced - at);
      pieces.push(new Blob([/** @type {BlobPart} */ (await this.store.read(at, length))]));
    }
    return new Blob(pieces, { type: this.#mime() });
  }
}
