/**
 * A file of the phone on its way to the laptop. To the uploader and the list it is what a `Take` is; only its bytes are
 * there from the beginning, and its checksum comes while it is sent.
 */
import { FileByteStore } from "../shared/file-byte-store.js";
import { newSessionId } from "../shared/session-id.js";
import { UploadSender } from "../shared/upload-sender.js";

/** What the protocol allows; the server cleans further. */
const EXTENSION = /^[A-Za-z0-9]{1,8}$/;
const MAX_LABEL_CHARS = 200;
const MAX_MIME_CHARS = 200;

/**
 * @typedef {object} KnownFile what tells a file apart when it is picked again
 * @property {string} name
 * @property {number} size bytes
 * @property {number} lastModified milliseconds since 1970
 * @property {string} type
 */

/**
 * @param {KnownFile} file
 * @param {number} ts
 * @returns {import("../shared/upload-sender.js").Description}
 */
export function describeFile({ name, size, type }, ts) {
  const dot = name.lastIndexOf(".");
  const ending = dot > 0 ? name.slice(dot + 1) : "";
  const fits = EXTENSION.test(ending);
  return {
    mime: type.length > 0 && type.length <= MAX_MIME_CHARS ? type : "application/octet-stream",
    ext: fits ? ending.toLowerCase() : "bin",
    label: (fits ? name.slice(0, dot) : name).slice(0, MAX_LABEL_CHARS),
    ts,
    totalBytes: size,
  };
}

export class FileTake {
  sessionId;
  startedTs;
  stoppedTs;
  /** @type {string | null} */
  sha256 = null;
  /** Files are no part of a take. */
  part = null;
  name;
  sender;
  recordedBytes;
  onKept = () => {};
  /** Its bytes are missing until the person picks the file again. */
  paused = false;
  /** How much of it went into its checksum; null when nothing does. @type {number | null} */
  checkedBytes = null;
  left = null;
  /** @type {import("../shared/byte-store.js").ByteStore} */
  store;
  /** @type {KnownFile} */
  known;
  /** SHA-256 of its first MiB, once known. @type {string | null} */
  head = null;

  /**
   * @param {KnownFile} known
   * @param {{sessionId: string, startedTs: number, head?: string | null}} [before] of a page before this one
   */
  constructor(known, before = { sessionId: newSessionId(), startedTs: Date.now() }) {
    this.known = known;
    this.name = known.name;
    this.sessionId = before.sessionId;
    this.startedTs = before.startedTs;
    this.stoppedTs = before.startedTs;
    this.head = before.head ?? null;
    this.recordedBytes = known.size;
    this.sender = new UploadSender(
      this.sessionId,
      () => describeFile(known, this.startedTs),
      () => this.store.whole,
    );
    this.sender.add(known.size);
    this.store = new FileByteStore(new Blob([]));
  }

  /**
   * Here are its bytes.
   * @param {Blob} file
   * @param {import("../shared/byte-store.js").ByteStore} store that reads it
   * @param {Pick<import("../shared/file-hashes.js").FileHashes, "of">} hashes
   * @returns {Promise<void>} when its checksum is known; what is sent meanwhile does not wait for that
   */
  async readFrom(file, store, hashes) {
    this.paused = false;
    this.store = store;
    if (this.sender.state === "failed") this.sender.retry();
    this.onKept();
    if (this.sender.ended) return;
    this.checkedBytes = 0;
    try {
      const { head, sha256 } = await hashes.of(file, (bytes) => {
        this.checkedBytes = bytes;
      });
      this.head = head;
      this.sha256 = sha256;
      if (!this.sender.ended) this.sender.end(sha256);
    } catch (error) {
      console.warn(`the file of ${this.sessionId} cannot be read any more`, error);
      this.sender.giveUp("phone_lost_bytes");
    } finally {
      this.checkedBytes = null;
      this.onKept();
    }
  }

  get mime() {
    return describeFile(this.known, this.startedTs).mime;
  }

  get safeBytes() {
    return this.sender.acknowledged;
  }

  get unsafeBytes() {
    return this.sender.state === "saved" ? 0 : this.recordedBytes - this.sender.acknowledged;
  }

  /** Whether it is not wholly on the laptop yet. */
  get atRisk() {
    return this.sender.state !== "saved";
  }

  /** Whether closing the page now would cut it off. The file itself stays on the phone. */
  get losable() {
    return this.atRisk && !this.paused && !this.sender.finished && !this.store.lasting;
  }

  /** It is a file of this phone already. */
  get rescuable() {
    return false;
  }

  acknowledgedMore() {}

  /** @returns {Promise<Blob>} */
  async toBlob() {
    throw new Error("a file of the phone needs no rescue");
  }
}
