/** What the page says about the bytes that this phone keeps: how many, how safely, and what became of some. */
import { byId, el, setText } from "../shared/dom.js";
import { elsewhereWords, keepingWords, lostWords } from "./words.js";

/**
 * @param {import("../shared/journal/journal.js").Journal} journal
 * @param {import("./keeping.js").Keeping} keeping
 * @param {import("./unfinished.js").Unfinished} unfinished
 */
export function showKeeping(journal, keeping, unfinished) {
  const { kind, refused, trouble } = journal;
  const { persisted, roomBytes } = keeping;
  const { words, tone } = keepingWords({ kind, refused, persisted, roomBytes, trouble: trouble?.name ?? null });
  byId("keeping").hidden = words === "";
  byId("keeping").dataset.tone = tone;
  setText(byId("keeping"), words);
  byId("elsewhere").hidden = unfinished.elsewhere === 0;
  setText(byId("elsewhere"), elsewhereWords(unfinished.elsewhere));
  showLost(unfinished);
}

/** @param {import("./unfinished.js").Unfinished} unfinished */
function showLost(unfinished) {
  const card = byId("lost");
  if (card.hidden === (unfinished.lost === 0)) return;
  card.hidden = unfinished.lost === 0;
  if (card.hidden) return;
  const { title, words } = lostWords(unfinished.lost);
  const understood = el("button", { type: "button", class: "button", onclick: () => void unfinished.forgetLost() }, "I have read it");
  card.replaceChildren(el("h2", {}, title), el("p", {}, words), el("div", { class: "actions" }, understood));
}
