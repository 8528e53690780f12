/**
 * From the tap on Record to the last byte: opens the camera, runs the recorder, and begins a new segment (a take of
 * its own, since two recorder runs can't be joined) when the camera is flipped or was taken away.
 */
import { span } from "../shared/format.js";
import { RecorderRun } from "./recorder.js";
import { Take } from "./take.js";

/** Until the server says what suits it. Safari makes no parts shorter than this. */
const TIMESLICE_MS = 1_000;
/** An interruption shorter than this leaves no gap worth a new segment. */
const SHORT_GAP_MS = 1_000;
/** Start a new segment this much before the longest recording that the server takes. */
const ROLL_BEFORE_LIMIT_BYTES = 64 * 1024 * 1024;

/**
 * @typedef {object} DeskEvents
 * @property {(take: Take) => void} onTake a take began
 * @property {(take: Take) => void} onBytes it grew
 * @property {(take: Take, problem: string | null) => void} onTakeOver it is over, its bytes are complete
 * @property {() => void} onChange something to show changed
 * @property {(error: DOMException) => void} onCameraError
 */

/** @typedef {{take: Take, run: RecorderRun, part: number, over: Promise<void>, stopping: boolean}} Segment */

export class RecordingDesk {
  /** When the tap on Record was, monotonic. */
  startedAtMs = 0;
  /** @type {string | null} why the camera is away, while recording */
  interruption = null;
  /** A request to the camera is under way: further taps wait. */
  busy = false;

  #camera;
  #events;
  /** @type {Segment | null} */
  #segment = null;
  #interruptedAtMs = 0;
  #wantsToGoOn = false;
  #hints = { timesliceMs: TIMESLICE_MS, maxRecordingBytes: Infinity };

  /**
   * @param {import("./camera.js").Camera} camera
   * @param {DeskEvents} events
   */
  constructor(camera, events) {
    this.#camera = camera;
    this.#events = events;
  }

  get recording() {
    return this.#segment !== null || this.#wantsToGoOn;
  }

  /** @returns {Take | null} the take that grows now */
  get take() {
    return this.#segment?.take ?? null;
  }

  /** @param {import("../shared/upload-sender.js").WireMessage} hello */
  advise(hello) {
    const timesliceMs = Number(hello.recorderHints?.timesliceMs);
    if (timesliceMs >= 250 && timesliceMs <= 10_000) this.#hints.timesliceMs = timesliceMs;
    const maxRecording = Number(hello.limits?.maxRecording);
    if (maxRecording > 0) this.#hints.maxRecordingBytes = maxRecording;
  }

  /** Opens the camera without recording. */
  async openCamera() {
    await this.#exclusively(() => this.#camera.open());
  }

  async start() {
    if (this.recording) return;
    await this.#exclusively(async () => {
      await this.#camera.open();
      this.startedAtMs = performance.now();
      this.#begin(1);
    });
  }

  stop() {
    this.#wantsToGoOn = false;
    this.interruption = null;
    this.#endSegment();
    this.#events.onChange();
  }

  /** The other camera; a recording goes on with it in a new segment. */
  async flip() {
    await this.#exclusively(async () => {
      const part = this.#segment?.part ?? 0;
      await this.#endSegment();
      try {
        await this.#camera.flip();
      } finally {
        if (part > 0 && this.#camera.live) this.#begin(part + 1);
      }
    });
  }

  /** The page may be frozen at any moment. */
  flush() {
    this.#segment?.run.flush();
  }

  /** @param {string} words */
  interrupted(words) {
    if (!this.recording) return this.#events.onChange();
    this.flush();
    this.#interruptedAtMs ||= performance.now();
    this.interruption = `${words} What is recorded is kept.`;
    if (!this.#camera.live) {
      this.#wantsToGoOn = true;
      this.#lastPart = this.#segment?.part ?? this.#lastPart;
      this.#endSegment();
      if (document.visibilityState === "visible") void this.comeBack();
    }
    this.#events.onChange();
  }

  #lastPart = 1;

  /** The camera is there again, or the page is in front again: a recording goes on in a new segment. */
  async comeBack() {
    if (!this.recording || this.#interruptedAtMs === 0) return;
    if (this.#camera.stream?.getTracks().some((track) => track.readyState === "live" && track.muted)) return;
    const gapMs = performance.now() - this.#interruptedAtMs;
    if (this.#segment && gapMs < SHORT_GAP_MS) return this.#goesOn();
    await this.#exclusively(async () => {
      const part = this.#segment?.part ?? this.#lastPart;
      await this.#endSegment();
      await this.#camera.open();
      this.#wantsToGoOn = false;
      const take = this.#begin(part + 1);
      take.note =
        gapMs < SHORT_GAP_MS
          ? "Before this part the phone took the camera away for a moment."
          : `Before this part the phone paused the recording for ${span(gapMs)}.`;
    });
    if (!this.busy) this.#goesOn();
  }

  #goesOn() {
    this.#interruptedAtMs = 0;
    this.interruption = null;
    this.#wantsToGoOn = false;
    this.#events.onChange();
  }

  /**
   * @param {() => Promise<unknown>} work one at a time: a second tap meanwhile does nothing
   */
  async #exclusively(work) {
    if (this.busy) return;
    this.busy = true;
    this.#events.onChange();
    try {
      await work();
    } catch (error) {
      this.#wantsToGoOn = false;
      this.#events.onCameraError(
        error instanceof DOMException ? error : new DOMException(String(error), "UnknownError"),
      );
    } finally {
      this.busy = false;
      this.#events.onChange();
    }
  }

  /**
   * @param {number} part 1 for the first segment
   * @returns {Take}
   */
  #begin(part) {
    if (!this.#camera.stream) throw new DOMException("the camera is closed", "AbortError");
    const take = new Take(part);
    let finished = () => {};
    const over = new Promise((/** @type {(nothing: void) => void} */ resolve) => (finished = resolve));
    const run = new RecorderRun(
      this.#camera.stream,
      this.#hints.timesliceMs,
      (bytes) => {
        take.append(bytes);
        this.#events.onBytes(take);
        const { maxRecordingBytes } = this.#hints;
        const longest = Math.max(maxRecordingBytes / 2, maxRecordingBytes - ROLL_BEFORE_LIMIT_BYTES);
        if (take.recordedBytes > longest) this.#roll(segment);
      },
      (problem) => {
        void take.finish();
        const unexpected = this.#segment === segment;
        if (unexpected) this.#segment = null;
        this.#events.onTakeOver(take, problem ?? (unexpected && !this.interruption ? "The recording ended." : null));
        finished();
      },
    );
    take.recordedAs(() => run.mime);
    const segment = { take, run, part, over, stopping: false };
    this.#segment = segment;
    this.#events.onTake(take);
    return take;
  }

  /** @returns {Promise<void>} when its last bytes are in */
  #endSegment() {
    const segment = this.#segment;
    if (!segment) return Promise.resolve();
    this.#segment = null;
    segment.take.stoppedTs = Date.now();
    segment.run.stop();
    return segment.over;
  }

  /** @param {Segment} segment that reached the longest length the server takes */
  #roll(segment) {
    if (this.#segment !== segment || this.busy) return;
    void this.#exclusively(async () => {
      this.#endSegment();
      this.#begin(segment.part + 1);
    });
  }
}
