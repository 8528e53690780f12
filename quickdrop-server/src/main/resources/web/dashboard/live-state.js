/**
 * What the dashboard knows, kept up by the server's observer messages. Pure: the present moment comes in as an argument.
 *
 * @typedef {object} Recording
 * @property {string} id
 * @property {string} fileName
 * @property {number} bytes
 * @property {string} mime
 * @property {string} [label]
 * @property {number} [ms] duration
 * @property {number} ts start, milliseconds since 1970
 * @property {number} savedTs
 * @property {string} peer
 * @property {boolean} partial
 * @property {string} [sha256]
 * @property {boolean} [confirmed] whether the phone stated the same checksum, of its own bytes
 * @property {{atMs: number, ms: number, reason: string}[]} [gaps]
 * @property {{takeId: string, index: number, gapMs?: number, cause?: string}} [take] which part of a take it is
 * @property {number} [expiresTs] when it goes to the trash by itself, milliseconds since 1970
 * @property {{state: string, bytes?: number, sha256?: string, poster: boolean}} [playback] what was made of it for playing
 * @property {import("./cluster-state.js").InstanceName} [instance] the other instance that has the file
 *
 * @typedef {object} Session
 * @property {string} sessionId
 * @property {string} fileName
 * @property {number} bytes
 * @property {number} [totalBytes]
 * @property {string} [label]
 * @property {number} ts
 * @property {string} peer
 * @property {string} state receiving, repairing, orphaned, stalled or completing
 * @property {string} [mime]
 * @property {number} [expiresTs] until when it waits for its phone, milliseconds since 1970
 * @property {{takeId: string, index: number, gapMs?: number, cause?: string}} [take]
 * @property {import("./cluster-state.js").InstanceName} [instance] the other instance where it arrives
 */

import { ClusterState } from "./cluster-state.js";
import { DesktopList } from "./desktop-list.js";

/** Rates are measured over this long: shorter flickers, longer lags. */
const RATE_SPAN_MS = 4_000;

export class LiveState {
  /** @type {Recording[]} newest first */
  recordings = [];
  /** @type {Map<string, Session>} in order of arrival */
  sessions = new Map();
  phonesConnected = 0;
  desktops = new DesktopList();
  cluster = new ClusterState();
  /** @type {number | null} */
  freeBytes = null;
  /** @type {string | null} */
  outputDir = null;

  /** @type {Map<string, {atMs: number, bytes: number}[]>} recent progress, oldest first */
  #samples = new Map();

  /**
   * @param {import("../shared/upload-sender.js").WireMessage} message
   * @param {number} nowMs monotonic
   * @param {number} nowTs milliseconds since 1970
   * @returns {boolean} whether it was one that this page knows
   */
  apply(message, nowMs, nowTs) {
    switch (message.type) {
      case "snapshot":
        this.recordings = [...message.recordings].sort((a, b) => b.ts - a.ts);
        this.sessions = new Map(
          message.sessions
            .filter((/** @type {Session} */ session) => !this.#isSaved(session.sessionId))
            .map((/** @type {Session} */ session) => [session.sessionId, session]),
        );
        this.phonesConnected = message.phonesConnected;
        this.desktops.reset(message.desktops ?? []);
        this.cluster.reset(/** @type {any} */ (message));
        this.freeBytes = message.freeBytes;
        this.outputDir = message.outputDir ?? null;
        this.#samples = new Map();
        this.sessions.forEach((session) => this.#sample(session, nowMs));
        return true;
      case "phone_status":
        this.phonesConnected = message.connected;
        return true;
      case "recording_started":
        if (this.#isSaved(message.session.sessionId)) return true; // late news of a take that is through
        this.sessions.set(message.session.sessionId, message.session);
        this.#sample(message.session, nowMs);
        return true;
      case "recording_progress": {
        const session = this.sessions.get(message.sessionId);
        this.freeBytes = message.freeBytes;
        if (session) {
          session.bytes = message.bytes;
          session.state = message.state;
          this.#sample(session, nowMs);
        }
        return true;
      }
      case "recording_saved":
        this.#forgetSession(message.recording.id);
        this.#put(message.recording);
        return true;
      case "recording_updated":
        this.#put(message.recording);
        return true;
      case "recording_removed":
        this.#forgetSession(message.id);
        this.recordings = this.recordings.filter((recording) => recording.id !== message.id);
        return true;
      case "desktop_connected":
      case "desktop_status":
        this.desktops.put(message.desktop);
        return true;
      case "desktop_disconnected":
        this.desktops.left(message.clientId, message.removed, nowTs);
        return true;
      case "instance_status":
        this.cluster.put(message.instance);
        return true;
      case "store_status":
        this.cluster.store = message.store;
        return true;
      default:
        return false;
    }
  }

  /**
   * @param {string} sessionId
   * @param {number} nowMs monotonic
   * @returns {number} durable bytes per second of late, 0 when nothing came
   */
  rate(sessionId, nowMs) {
    const samples = this.#samples.get(sessionId) ?? [];
    const recent = samples.filter((sample) => sample.atMs >= nowMs - RATE_SPAN_MS);
    if (recent.length < 2) return 0;
    const first = recent[0];
    const last = recent[recent.length - 1];
    return (1000 * (last.bytes - first.bytes)) / Math.max(1, nowMs - first.atMs);
  }

  /** @param {string} id */
  #isSaved(id) {
    return this.recordings.some((recording) => recording.id === id);
  }

  /**
   * @param {Session} session
   * @param {number} nowMs
   */
  #sample(session, nowMs) {
    const samples = this.#samples.get(session.sessionId) ?? [];
    samples.push({ atMs: nowMs, bytes: session.bytes });
    while (samples.length > 1 && samples[0].atMs < nowMs - RATE_SPAN_MS) samples.shift();
    this.#samples.set(session.sessionId, samples);
  }

  /** @param {string} id */
  #forgetSession(id) {
    this.sessions.delete(id);
    this.#samples.delete(id);
  }

  /** @param {Recording} recording */
  #put(recording) {
    const others = this.recordings.filter((other) => other.id !== recording.id);
    this.recordings = [recording, ...others].sort((a, b) => b.ts - a.ts);
  }
}
