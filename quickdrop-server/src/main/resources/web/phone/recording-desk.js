/**
 * From the tap on Record to the last byte: opens the camera, runs the recorder, and begins a new segment (a take of
 * its own, since two recorder runs can't be joined) when the camera is flipped or was taken away.
 */
import { newSessionId } from "../shared/session-id.js";
import { moment, RecorderRun } from "./recorder.js";
import { Segments } from "./segments.js";
import { Take } from "./take.js";

/** Until the server says what suits it. Safari makes no parts shorter than this. */
const TIMESLICE_MS = 1_000;
/** An interruption shorter than this leaves no gap worth a new segment. */
const SHORT_GAP_MS = 1_000;
/** A recorder that gives up sooner than this is not started again by itself: it would only give up again. */
const WORTH_ANOTHER_RUN_MS = 3_000;
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

/** @typedef {{take: Take, run: RecorderRun, over: Promise<void>}} Segment */

export class RecordingDesk {
  /** When the tap on Record was, monotonic. */
  startedAtMs = 0;
  /** @type {string | null} why the camera is away, while recording */
  interruption = null;
  /** A request to the camera is under way: further taps wait. */
  busy = false;

  #camera;
  #events;
  #journal;
  /** @type {Segment | null} */
  #segment = null;
  /** Of the take from tap to tap. @type {Segments | null} */
  #segments = null;
  #interruptedAtMs = 0;
  #wantsToGoOn = false;
  #hints = { timesliceMs: TIMESLICE_MS, maxRecordingBytes: Infinity };

  /**
   * @param {import("./camera.js").Camera} camera
   * @param {DeskEvents} events
   * @param {import("../shared/journal/journal.js").Journal} journal where takes wait
   */
  constructor(camera, events, journal) {
    this.#camera = camera;
    this.#journal = journal;
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
      this.#segments = null;
      this.#begin();
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
      const recording = this.#segment !== null;
      await this.#endSegment("flip");
      try {
        await this.#camera.flip();
      } finally {
        if (recording && this.#camera.live) this.#begin();
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
    this.#segments?.stopped(document.visibilityState === "hidden" ? "hidden" : "interrupted", moment());
    this.interruption = `${words} What is recorded is kept.`;
    if (!this.#camera.live) {
      this.#wantsToGoOn = true;
      this.#endSegment();
      if (document.visibilityState === "visible") void this.comeBack();
    }
    this.#events.onChange();
  }

  /** The camera is there again, or the page is in front again: a recording goes on in a new segment. */
  async comeBack() {
    if (!this.recording || this.#interruptedAtMs === 0) return;
    if (this.#camera.stream?.getTracks().some((track) => track.readyState === "live" && track.muted)) return;
    const gapMs = performance.now() - this.#interruptedAtMs;
    if (this.#segment && gapMs < SHORT_GAP_MS) {
      this.#segments?.wentOn();
      return this.#goesOn();
    }
    await this.#exclusively(async () => {
      if (this.#segment) this.#segments?.recordedUntil(this.#segment.run.lastBytesAt);
      await this.#endSegment();
      await this.#camera.open();
      this.#wantsToGoOn = false;
      this.#begin();
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

  /** The next part of the take, or the first. */
  #begin() {
    if (!this.#camera.stream) throw new DOMException("the camera is closed", "AbortError");
    this.#segments ??= new Segments(newSessionId());
    const take = new Take(this.#segments.begin(), this.#journal);
    let finished = () => {};
    const over = new Promise((/** @type {(nothing: void) => void} */ resolve) => (finished = resolve));
    const run = new RecorderRun(
      this.#camera.stream,
      this.#hints.timesliceMs,
      () => this.#segments?.started(take.part, run.startedAt),
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
        const goesOn = unexpected && this.#goOnAfterFailure(segment);
        const words = problem ?? (unexpected && !this.interruption ? "The recording ended." : null);
        this.#events.onTakeOver(take, words && goesOn ? `${words} It goes on in a new part.` : words);
        finished();
      },
    );
    this.#segments?.started(take.part, run.startedAt); // until the recorder says better, or in case it never does
    take.recordedAs(() => run.mime);
    const segment = { take, run, over };
    this.#segment = segment;
    this.#events.onTake(take);
  }

  /**
   * @param {import("./segments.js").Cause} [cause] why, if the take goes on; else it was told before, or the take is over
   * @returns {Promise<void>} when its last bytes are in
   */
  #endSegment(cause) {
    const segment = this.#segment;
    if (!segment) return Promise.resolve();
    this.#segment = null;
    segment.take.stoppedTs = Date.now();
    if (cause) this.#segments?.stopped(cause, moment());
    segment.run.stop();
    return segment.over;
  }

  /**
   * The recorder gave up, while the camera is well.
   * @param {Segment} segment
   * @returns {boolean} whether another one takes over
   */
  #goOnAfterFailure({ run }) {
    const ranMs = run.lastBytesAt.monotonicMs - run.startedAt.monotonicMs;
    if (this.interruption || this.busy || !this.#camera.live || ranMs < WORTH_ANOTHER_RUN_MS) return false;
    this.#segments?.stopped("recorder", run.lastBytesAt);
    void this.#exclusively(async () => this.#begin());
    return true;
  }

  /** @param {Segment} segment that reached the longest length the server takes */
  #roll(segment) {
    if (this.#segment !== segment || this.busy) return;
    void this.#exclusively(async () => {
      this.#endSegment("rolled");
      this.#begin();
    });
  }
}
