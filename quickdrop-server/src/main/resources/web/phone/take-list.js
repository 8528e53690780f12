/** Every take of this page, newest first, under one line that sums them up. */
import { byId, setText } from "../shared/dom.js";
import { roomWords } from "./room.js";
import { TakeCard } from "./take-card.js";
import { TakeGroup } from "./take-group.js";
import { summaryWords } from "./words.js";

/** @typedef {import("./uploader.js").Take} Take */

export class TakeList {
  /** @type {Map<Take, TakeCard>} */
  #cards = new Map();
  /** By take id, those with several parts and those that may get them. @type {Map<string, TakeGroup>} */
  #groups = new Map();
  #takesSoFar = 0;
  #uploader;
  #actions;

  /**
   * @param {import("./uploader.js").Uploader} uploader
   * @param {{resume: (take: Take) => void, pick: () => void, keep: (take: Take) => void, discard: (take: Take) => void}} actions
   */
  constructor(uploader, actions) {
    this.#uploader = uploader;
    this.#actions = actions;
  }

  /**
   * @param {Take | null} growing the take that is being recorded
   * @param {number} heldBytes of all takes, in this phone's memory
   */
  show(growing, heldBytes) {
    const { link, takes } = this.#uploader;
    const online = link.state === "open";
    for (const [take, card] of this.#cards) {
      if (takes.includes(take)) continue;
      this.#group(take).remove(card);
      this.#cards.delete(take);
    }
    const firstUnfinished = takes.find((take) => !take.paused && !take.sender.finished);
    for (const take of takes) {
      this.#card(take).show({
        recording: take === growing,
        online,
        first: take === firstUnfinished,
        sentBytes: this.#uploader.sentBytes(take),
        nowTs: Date.now(),
      });
    }
    const words = summaryWords({
      unsafeBytes: takes.reduce((sum, take) => sum + take.unsafeBytes, 0),
      heldBytes,
      takes: takes.length,
      failed: takes.filter((take) => take.sender.state === "failed").length,
      unfinished: takes.filter((take) => !take.sender.finished).length,
      paused: takes.filter((take) => take.paused).length,
      memoryOnlyBytes: takes.reduce((sum, take) => sum + (take.unsafeBytes > 0 && !take.store.lasting ? take.store.memoryOnlyBytes : 0), 0),
      recording: growing !== null,
      online,
    });
    setText(byId("summary"), words.title);
    setText(byId("summary-detail"), words.detail);
    // For screen readers: what changed in kind, not every kilobyte.
    setText(byId("announcement"), words.title.replace(/^.*only on/, "Some bytes are only on"));
    this.#showRoom(growing);
  }

  /** @param {Take | null} growing */
  #showRoom(growing) {
    const { room, takes } = this.#uploader;
    byId("room").hidden = room.freeBytes === null;
    if (room.freeBytes === null) return;
    const { words, early } = roomWords({
      freeBytes: room.freeBytes,
      waitingBytes: takes.reduce((sum, take) => sum + take.unsafeBytes, 0),
      recordedBytes: growing?.recordedBytes ?? 0,
      recordedMs: growing ? Date.now() - growing.startedTs : 0,
    });
    setText(byId("room"), words);
    byId("room").classList.toggle("early", early);
  }

  /** @param {Take} take */
  #card(take) {
    let card = this.#cards.get(take);
    if (card) return card;
    card = new TakeCard(take, "", {
      retry: () => this.#uploader.retry(take),
      resume: () => this.#actions.resume(take),
      pick: () => this.#actions.pick(),
      keep: () => this.#actions.keep(take),
      discard: () => this.#actions.discard(take),
    });
    this.#cards.set(take, card);
    this.#group(take).add(card);
    return card;
  }

  /** @param {Take} take */
  #group(take) {
    const id = take.part?.takeId ?? take.sessionId;
    let group = this.#groups.get(id);
    if (!group) {
      group = new TakeGroup(take.name ?? `Take ${++this.#takesSoFar}`);
      this.#groups.set(id, group);
      byId("takes").prepend(group.element);
    }
    return group;
  }
}
