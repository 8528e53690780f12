/** One take on the page: how much is recorded, sent, safe; at the end the laptop's receipt. */
import { el, setText } from "../shared/dom.js";
import { clock, size } from "../shared/format.js";
import { icon } from "../shared/icons.js";
import { FileTake } from "./file-take.js";
import { failureWords, fileWords, gapWords, receiptWords, takeWords, unfinishedWords } from "./words.js";

/**
 * @typedef {object} TakeActions
 * @property {() => void} retry
 * @property {() => void} resume send what an earlier page left
 * @property {() => void} pick find the file again
 * @property {() => void} keep save the recording onto this phone
 * @property {() => void} discard
 */

/** Reasons for which another try may end differently. */
const RETRYABLE = ["session_limit", "forbidden"];

export class TakeCard {
  #take;
  #state = el("span", { class: "take-state small" });
  #sent = el("span", { class: "bar-sent" });
  #safe = el("span", { class: "bar-safe" });
  #bar = el(
    "div",
    { class: "bar", role: "progressbar", "aria-label": "Safe on the laptop", "aria-valuemin": 0, "aria-valuemax": 100 },
    this.#sent,
    this.#safe,
  );
  #recordedWords = el("span", {});
  #sentWords = el("span", { class: "legend-sent" });
  #safeWords = el("span", { class: "legend-safe" });
  #legend = el("p", { class: "legend number" }, this.#safeWords, this.#sentWords, this.#recordedWords);
  #gap = el("p", { class: "take-gap small", hidden: true });
  #end = el("div", { class: "take-end", hidden: true });
  #name = el("span", {});
  #length = el("span", { class: "muted number" });
  #shownEnd = "";
  element;
  #actions;

  /**
   * @param {import("./uploader.js").Take} take
   * @param {string} name
   * @param {TakeActions} actions
   */
  constructor(take, name, actions) {
    this.#take = take;
    this.#actions = actions;
    this.element = el(
      "li",
      { class: "take card", "data-session": take.sessionId },
      this.#gap,
      el("p", { class: "take-head" }, el("span", { class: "take-name" }, this.#name, " ", this.#length), this.#state),
      this.#bar,
      this.#legend,
      this.#end,
    );
    this.rename(name);
  }

  /** @param {string} name a take gets parts only when its recorder starts anew */
  rename(name) {
    setText(this.#name, name);
  }

  /** @param {{recording: boolean, online: boolean, first: boolean, sentBytes: number, nowTs: number}} around */
  show({ recording, online, first, sentBytes, nowTs }) {
    const { sender, part, recordedBytes } = this.#take;
    const stopping = !recording && !sender.ended;
    const { paused, safeBytes } = this.#take;
    this.element.dataset.state = paused ? "paused" : sender.state;
    if (this.#take instanceof FileTake) {
      setText(this.#state, this.#fileState(this.#take, online));
    } else {
      const { unsafeBytes, checkedBytes } = this.#take;
      const checkedPercent = checkedBytes === null ? null : Math.floor(percentOf(checkedBytes, recordedBytes));
      setText(
        this.#state,
        paused
          ? unfinishedWords(unsafeBytes)
          : checkedPercent !== null && safeBytes >= recordedBytes
            ? `Reading it back: ${checkedPercent} %`
            : takeWords({ recording, stopping, senderState: sender.state, stallReason: sender.stallReason, online, first }),
      );
      setText(this.#length, clock((this.#take.stoppedTs ?? nowTs) - this.#take.startedTs));
    }
    const percent = (/** @type {number} */ bytes) => percentOf(bytes, recordedBytes);
    this.#sent.style.width = `${percent(sentBytes)}%`;
    this.#safe.style.width = `${percent(safeBytes)}%`;
    this.#bar.setAttribute("aria-valuenow", String(Math.floor(percent(safeBytes))));
    setText(this.#safeWords, `${size(safeBytes)} safe`);
    setText(this.#sentWords, `${size(sentBytes)} sent`);
    setText(this.#recordedWords, `${size(recordedBytes)} ${this.#take instanceof FileTake ? "in all" : "recorded"}`);
    this.#legend.hidden = sender.state === "saved";
    this.#gap.hidden = !part?.cause;
    setText(this.#gap, part?.cause ? gapWords(part.gapMs, part.cause) : "");
    this.#showEnd(sender.ended);
  }

  /**
   * @param {FileTake} take
   * @param {boolean} online
   */
  #fileState({ sender, recordedBytes, paused, checkedBytes }, online) {
    return fileWords({
      senderState: sender.state,
      stallReason: sender.stallReason,
      online,
      paused,
      allSent: sender.next === sender.produced && sender.state === "sending",
      checkedPercent: checkedBytes === null ? null : Math.floor(percentOf(checkedBytes, recordedBytes)),
    });
  }

  /** @param {boolean} ended */
  #showEnd(ended) {
    const { state, receipt, failure } = this.#take.sender;
    const { paused } = this.#take;
    const missing = this.#take instanceof FileTake && (paused || failure?.reason === "phone_lost_bytes");
    const shown = missing
      ? "missing"
      : paused
        ? "paused"
        : state === "saved"
          ? "saved"
          : state === "failed"
            ? `failed:${failure?.reason}:${ended}`
            : "";
    if (shown === this.#shownEnd) return;
    this.#shownEnd = shown;
    this.#end.hidden = shown === "";
    const button = (/** @type {string} */ words, /** @type {() => void} */ run, main = false) =>
      el("button", { type: "button", class: main ? "button button-main" : "button", onclick: run }, words);
    if (state === "saved" && receipt) {
      const words = receiptWords(/** @type {any} */ (receipt), this.#take.sender.sha256);
      this.#end.replaceChildren(
        el(
          "div",
          { class: "receipt" },
          icon("check"),
          el(
            "div",
            {},
            el("p", {}, el("strong", {}, words.title)),
            el("p", { class: "receipt-line" }, "Receipt ", el("span", { class: "receipt-code number" }, words.receipt)),
            el("p", { class: "small" }, String(receipt.fileName)),
            el("p", { class: "small muted number" }, words.detail),
          ),
        ),
      );
    } else if (missing) {
      this.#end.replaceChildren(
        el("p", { class: "small" }, "A page can’t open a file by itself again. Pick the same file: it goes on where it was cut off."),
        el(
          "div",
          { class: "actions" },
          button("Pick the file again", this.#actions.pick, true),
          button("Discard", this.#actions.discard),
        ),
      );
    } else if (paused) {
      this.#end.replaceChildren(
        el("p", { class: "small muted" }, "The page was closed while this was recorded. What was recorded until then is kept on this phone."),
        el("div", { class: "actions" }, button("Resume", () => this.#resume(), true), button("Discard", this.#actions.discard)),
      );
    } else if (failure) {
      this.#end.replaceChildren(
        el("p", {}, failureWords(failure)),
        el("p", { class: "small muted" }, this.#rescueWords(ended)),
        el(
          "div",
          { class: "actions" },
          ended && this.#take.rescuable && button("Save to this phone", this.#actions.keep),
          RETRYABLE.includes(failure.reason) && button("Try again", this.#actions.retry),
          ended && button("Discard", this.#actions.discard),
        ),
      );
    } else {
      this.#end.replaceChildren();
    }
  }

  #resume() {
    // The button goes: the keyboard's focus stays at the take.
    this.element.tabIndex = -1;
    this.element.focus();
    this.#actions.resume();
  }

  /** @param {boolean} ended */
  #rescueWords(ended) {
    if (!ended) return "";
    if (this.#take instanceof FileTake) return "The file itself is still on this phone.";
    if (this.#take.rescuable) return "Its bytes are still here: keep them as a file on this phone.";
    return "Its beginning was safe on the laptop and is no longer in this phone’s memory; look for a partial recording there.";
  }
}

/**
 * @param {number} bytes
 * @param {number} ofBytes
 */
function percentOf(bytes, ofBytes) {
  return ofBytes === 0 ? 0 : (100 * bytes) / ofBytes;
}
