/** One recording of this phone: its bytes, its checksum, and how far the laptop has it. */
import { MemoryByteStore } from "../shared/byte-store.js";
import { newSessionId } from "../shared/session-id.js";
import { Sha256 } from "../shared/sha256.js";
import { UploadSender } from "../shared/upload-sender.js";
import { extensionOf } from "./formats.js";

/** Read at once when the recording becomes a file of this phone. */
const BLOB_PIECE_BYTES = 4 * 1024 * 1024;

export class Take {
  sessionId = newSessionId();
  /** Takes are numbered by the list. @type {string | null} */
  name = null;
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
  /** @type {import("../shared/byte-store.js").ByteStore} */
  store;

  #hash = new Sha256();
  #mime = () => "video/webm";
  /** Bytes being kept, in order. */
  #keeping = Promise.resolve();

  /**
   * @param {import("./segments.js").TakePart} part which part of a take this is
   * @param {import("../shared/byte-store.js").ByteStore} [store] where its bytes wait
   */
  constructor(part, store = new MemoryByteStore()) {
    this.part = part;
    this.store = store;
    this.sender = new UploadSender(this.sessionId, () => ({
      mime: this.#mime(),
      ext: extensionOf(this.#mime()),
      ts: this.startedTs,
      take: this.part,
    }), () => this.store.whole);
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
    this.sender.end(this.sha256, Math.max(0, this.stoppedTs - this.startedTs));
    this.onKept();
  }

  /** Bytes that only this phone has. */
  get unsafeBytes() {
    return this.sender.state === "saved" ? 0 : this.recordedBytes - this.sender.acknowledged;
  }

  /** Whether closing the page now would lose something. */
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
