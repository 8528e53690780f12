/** One run of a `MediaRecorder`, with its bytes in order. Two runs never make one file. */
import { chooseFormat } from "./formats.js";

/** What a picture of 1080 lines needs; a phone on Wi-Fi sends it easily. */
const VIDEO_BITS_PER_SECOND = 5_000_000;
const AUDIO_BITS_PER_SECOND = 128_000;
/** Some browsers never say that they stopped. */
const STOP_TIMEOUT_MS = 5_000;

export class RecorderRun {
  /** What the recorder really makes, known for sure once bytes came. */
  mime;
  /** When recording really began; behind the request by what the camera takes. */
  startedAt = moment();
  /** Up to when everything that was recorded is in. */
  lastBytesAt = this.startedAt;

  #recorder;
  #onBytes;
  #onFinished;
  /** Blob reads, one after the other: they may not overtake each other. */
  #reads = Promise.resolve();
  #finished = false;
  #broken = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #stopTimer;

  /**
   * Starts at once. Throws what the browser throws when it cannot record.
   * @param {MediaStream} stream
   * @param {number} timesliceMs how often the recorder hands over what it has
   * @param {() => void} onStarted
   * @param {(bytes: Uint8Array) => void} onBytes in order
   * @param {(problem: string | null) => void} onFinished once, after the last bytes
   */
  constructor(stream, timesliceMs, onStarted, onBytes, onFinished) {
    this.#onBytes = onBytes;
    this.#onFinished = onFinished;
    if (typeof MediaRecorder === "undefined") throw new DOMException("no MediaRecorder", "NotSupportedError");
    const wished = chooseFormat((mime) => MediaRecorder.isTypeSupported(mime));
    /** @type {MediaRecorderOptions & {videoKeyFrameIntervalDuration: number}} */
    const options = {
      mimeType: wished || undefined,
      videoBitsPerSecond: VIDEO_BITS_PER_SECOND,
      audioBitsPerSecond: AUDIO_BITS_PER_SECOND,
      videoKeyFrameIntervalDuration: 1_000, // an interrupted file then loses a second at most
    };
    const recorder = new MediaRecorder(stream, options);
    this.#recorder = recorder;
    this.mime = recorder.mimeType || wished || "video/webm";
    recorder.onstart = () => {
      this.startedAt = moment();
      onStarted();
    };
    recorder.ondataavailable = (event) => this.#read(event.data);
    recorder.onerror = (event) => {
      this.#problem ??= `The recorder stopped: ${/** @type {any} */ (event).error?.name ?? "unknown error"}.`;
      this.stop();
    };
    recorder.onstop = () => this.#finishAfterReads();
    recorder.start(timesliceMs);
  }

  /** @type {string | null} */
  #problem = null;

  /** Asks for what the recorder has now: the page may be frozen at any moment. */
  flush() {
    if (this.#recorder.state === "recording") this.#recorder.requestData();
  }

  /** The last bytes and `onFinished` follow. */
  stop() {
    if (this.#recorder.state !== "inactive") this.#recorder.stop();
    this.#stopTimer ??= setTimeout(() => this.#finishAfterReads(), STOP_TIMEOUT_MS);
  }

  /** @param {Blob} blob */
  #read(blob) {
    if (blob.size === 0) return; // Safari hands these out; they are no end
    if (this.#finished) {
      console.warn(`the recorder handed over ${blob.size} bytes after it was given up`);
      return;
    }
    this.mime = this.#recorder.mimeType || blob.type || this.mime;
    const at = moment();
    this.#reads = this.#reads.then(async () => {
      if (this.#broken) return; // behind a hole nothing fits any more
      try {
        this.#onBytes(new Uint8Array(await blob.arrayBuffer()));
        this.lastBytesAt = at;
      } catch (error) {
        console.error("a piece of the recording cannot be read", error);
        this.#broken = true;
        this.#problem = "The phone could not read back a piece of the recording; it ends there.";
        this.stop();
      }
    });
  }

  #finishAfterReads() {
    clearTimeout(this.#stopTimer);
    this.#stopTimer = undefined;
    this.#reads = this.#reads.then(() => {
      if (this.#finished) return;
      this.#finished = true;
      this.#onFinished(this.#problem);
    });
  }
}

/** @returns {import("./segments.js").Moment} now */
export function moment() {
  return { wallMs: Date.now(), monotonicMs: performance.now() };
}
