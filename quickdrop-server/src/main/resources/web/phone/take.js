/** One recording of this phone: its bytes, its checksum, and how far the laptop has it. */
import { MemoryByteStore } from "../shared/byte-store.js";
import { Sha256 } from "../shared/sha256.js";
import { UploadSender } from "../shared/upload-sender.js";
import { extensionOf } from "./formats.js";

export class Take {
  sessionId = newSessionId();
  startedTs = Date.now();
  /** @type {number | null} when recording stopped */
  stoppedTs = null;
  /** @type {string | null} of everything, once it is over */
  sha256 = null;
  sender;
  /** @type {import("../shared/byte-store.js").ByteStore} */
  store = new MemoryByteStore();

  #hash = new Sha256();
  #mime = () => "video/webm";

  /** @param {(sessionId: string) => import("./segments.js").TakePart} part which part of a take this is */
  constructor(part) {
    this.part = part(this.sessionId);
    this.sender = new UploadSender(this.sessionId, () => ({
      mime: this.#mime(),
      ext: extensionOf(this.#mime()),
      ts: this.startedTs,
      take: this.part,
    }));
  }

  /** @param {() => string} mime the recorder knows it for sure only after its first bytes */
  recordedAs(mime) {
    this.#mime = mime;
  }

  get mime() {
    return this.#mime();
  }

  /** @param {Uint8Array} bytes the next bytes of the recording */
  append(bytes) {
    this.#hash.update(bytes);
    this.store.append(bytes);
    this.sender.add(bytes.length);
  }

  /** Nothing more will come. */
  finish() {
    this.stoppedTs ??= Date.now();
    this.sha256 = this.#hash.hex();
    this.sender.end(this.sha256, Math.max(0, this.stoppedTs - this.startedTs));
  }

  /** Bytes that only this phone has. */
  get unsafeBytes() {
    return this.sender.state === "saved" ? 0 : this.sender.produced - this.sender.acknowledged;
  }

  /** Whether closing the page now would lose something. */
  get atRisk() {
    return this.sender.state !== "saved" && (this.sender.produced > 0 || !this.sender.ended);
  }

  /** Whether the phone still holds the whole recording, so that it can be kept here. */
  get rescuable() {
    return this.sender.produced > 0 && this.store.start === 0 && this.store.heldBytes === this.sender.produced;
  }

  /** @returns {Blob} */
  toBlob() {
    return new Blob(/** @type {BlobPart[]} */ (this.store.rest()), { type: this.#mime() });
  }
}

/** @returns {string} unique for ever, and readable in a log */
function newSessionId() {
  const random = crypto.getRandomValues(new Uint8Array(8));
  const time = new Date().toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  return `${time}-${Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
