/** The viewer page: wires the server's messages, the list of desktops and the watched screens. */
import { ApiError } from "../shared/api.js";
import { byId, setText } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { toast } from "../shared/toasts.js";
import { ask, operatorToken, takeTokenFromAddress, useOperatorToken } from "../shared/operator.js";
import { CommandTray } from "./command-tray.js";
import { Commands, randomKey } from "./commands.js";
import { DesktopPanel } from "./desktop-panel.js";
import { Engine } from "./engine.js";
import { FirstDesktop } from "./first-desktop.js";
import { TILES } from "./frame.js";
import { meaningOf } from "./keys.js";
import { OptionsDialog } from "./options-dialog.js";
import { RefugeBanner } from "./refuge-banner.js";
import { Stage } from "./stage.js";
import { TileActions } from "./tile-actions.js";
import { linkWords, viewerName } from "./words.js";

/** @typedef {import("./words.js").Desktop} Desktop */

/** Ages, countdowns and gaps in the plots move without a message. */
const REFRESH_MS = 1_000;
/** While `/api/info` cannot be had. */
const RETRY_MS = 2_000;
/** Below this the list covers the screens. */
const NARROW_PX = 720;

/** @type {Map<string, Desktop>} by clientId */
let desktops = new Map();
/** Whether the list above was ever told. */
let listed = false;
/** When the list came, milliseconds since 1970. */
let listedAtTs = 0;
let link = { state: "idle", refusal: /** @type {string | null} */ (null), retryAtMs: 0, ready: false, everReady: false };
let showing = 0;

const engine = await Engine.start(heard);
const commands = new Commands((message) => engine.tell({ kind: "send", message }), () => soon());
const tray = new CommandTray(commands);
const refuge = new RefugeBanner();
const options = new OptionsDialog(commands);
const firstDesktop = new FirstDesktop((words, tone) => say(words, tone));
const actions = new TileActions(engine, commands, options, {
  stage: () => stage,
  desktop: (clientId) => desktops.get(clientId) ?? null,
  connected: () => link.ready,
  say,
  show,
});
const stage = new Stage(engine, (tile, action) => actions.run(tile, action), () => show());
const panel = new DesktopPanel(engine, { toggle, watchAll, isWatched: (id, monitor) => stage.find(id, monitor) !== undefined });

async function open() {
  try {
    refuge.learn(await ask("GET", "/api/info"));
  } catch (error) {
    if (error instanceof ApiError && (error.status === 401 || error.status === 403)) {
      return askForToken(operatorToken() ? "The server does not accept this token." : "");
    }
    setText(byId("connection"), "Server out of reach, trying…");
    setTimeout(() => void open(), RETRY_MS);
    return;
  }
  byId("operator").hidden = true;
  byId("board").hidden = false;
  engine.tell({
    kind: "connect",
    url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`,
    token: operatorToken(),
    viewerId: `web-${randomKey().slice(0, 16)}`,
    viewerName: viewerName(navigator.userAgent),
  });
  stage.arrange();
  show();
}

/** @param {string} words what was wrong with the last token */
function askForToken(words) {
  useOperatorToken(null);
  engine.tell({ kind: "disconnect" });
  byId("board").hidden = true;
  byId("operator").hidden = false;
  setText(
    byId("operator-words"),
    `${words} Paste the operator’s token. The server printed it in its terminal when it started.`.trim(),
  );
  byId("operator-token").focus();
  show();
}

/** @param {Parameters<Parameters<typeof Engine.start>[0]>[0]} news */
function heard(news) {
  if (news.kind === "link") {
    if (news.ready && !link.ready) greeted();
    link = {
      state: news.state,
      refusal: news.refusal,
      retryAtMs: performance.now() + news.retryInMs,
      ready: news.ready,
      everReady: link.everReady || news.ready,
    };
    if (news.state === "refused") askForToken("The server does not accept this token any more.");
  } else if (news.kind === "stream") {
    hearStream(news.facts);
  } else {
    hearMessage(news.message);
  }
  soon();
}

/** The server answers, perhaps again: it may have missed what was asked, and others may have joined it. */
function greeted() {
  commands.reconnected();
  ask("GET", "/api/info").then(
    (info) => refuge.learn(info),
    (error) => console.warn("which other servers there are is not known", error),
  );
}

/** @param {import("./stream.js").StreamFacts} facts */
function hearStream(facts) {
  if (!facts.key.endsWith(`:${TILES}`)) return panel.hear(facts);
  const tile = stage.tiles.find((one) => `${one.key}:${TILES}` === facts.key);
  if (!tile) return;
  const before = tile.aspect;
  tile.facts = facts;
  if (tile.aspect !== before) stage.arrange();
}

/** @param {import("../shared/upload-sender.js").WireMessage} message */
function hearMessage(message) {
  if (message.type === "desktop_clients_list") {
    desktops = new Map(message.clients.map((/** @type {Desktop} */ desktop) => [desktop.clientId, desktop]));
    listed = true;
    listedAtTs = Date.now();
    stage.resolve(desktops);
    options.refresh(desktops);
  } else if (message.type === "stream_stats" && message.rendition === TILES) {
    stage.find(message.desktopClientId, message.monitorId)?.hearStats(message);
  } else if (message.type === "command_status") {
    commands.heard(message);
  } else if (message.type === "error") {
    commands.refused(message);
  }
}

/** Shows what was heard, once per turn however much it was. Not by animation frames, which rest in hidden tabs. */
function soon() {
  showing ||= window.setTimeout(() => show(), 0);
}

function show() {
  window.clearTimeout(showing);
  showing = 0;
  for (const tile of stage.tiles) {
    tile.show({
      connected: link.ready,
      listed,
      desktop: desktops.get(tile.desktopClientId) ?? null,
      info: stage.info,
      big: stage.big === tile,
    });
  }
  tray.show(desktops, link.ready, Date.now());
  refuge.show(link.ready || !link.everReady);
  if (listed) panel.show([...desktops.values()], link.ready ? null : listedAtTs);
  firstDesktop.show(listed && desktops.size === 0);
  byId("nothing").hidden = stage.tiles.length > 0;
  setText(byId("nothing-title"), desktops.size > 0 ? "Nothing is watched" : listed ? "No desktop yet" : "Looking for desktops…");
  setText(
    byId("nothing-words"),
    desktops.size > 0
      ? "Pick a screen from the list: one, or several at once."
      : listed ? "The list has a line that adds one. It appears here by itself." : "",
  );
  document.body.dataset.listed = String(listed);
  document.body.dataset.painting = engine.place;
  document.title = stage.tiles.length > 0 ? `(${stage.tiles.length}) Desktops · QuickDrop` : "Desktops · QuickDrop";
  const words = linkWords({ ...link, retryInMs: Math.max(0, link.retryAtMs - performance.now()) });
  if (!byId("operator").hidden) Object.assign(words, { short: "Token needed", tone: "bad" });
  setText(byId("connection"), words.short);
  byId("connection").dataset.tone = words.tone;
}

/**
 * @param {string} desktopClientId
 * @param {number} monitorId
 */
function toggle(desktopClientId, monitorId) {
  const tile = stage.find(desktopClientId, monitorId);
  if (tile) return stage.close(tile);
  if (!stage.add(desktopClientId, monitorId)) return say("That many screens at once is more than this page shows.", "bad");
  if (innerWidth < NARROW_PX) setPanel(false);
}

/** @param {string} desktopClientId */
function watchAll(desktopClientId) {
  for (const monitor of desktops.get(desktopClientId)?.monitors ?? []) stage.add(desktopClientId, monitor.index);
  if (innerWidth < NARROW_PX) setPanel(false);
}

/**
 * @param {string} words
 * @param {"good" | "bad"} [tone]
 * @param {{words: string, run: () => void}} [action] then it stays longer
 */
function say(words, tone, action) {
  toast(byId("toasts"), words, { tone, action, ms: action ? 60_000 : undefined });
}

/** @param {boolean} isOpen */
function setPanel(isOpen) {
  document.body.dataset.panel = isOpen ? "open" : "closed";
  byId("panel-button").setAttribute("aria-expanded", String(isOpen));
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  const meaning = meaningOf(event, {
    tag: document.activeElement?.tagName ?? "BODY",
    dialog: document.querySelector("dialog[open]") !== null || byId("board").hidden,
  });
  if (!meaning) return;
  const tile = stage.current;
  if (meaning.kind === "panel") setPanel(document.body.dataset.panel !== "open");
  else if (meaning.kind === "help") byId("help").showModal();
  else if (meaning.kind === "leave") {
    if (stage.big && !document.fullscreenElement) stage.setBig(stage.big);
    return; // full screen is left by the browser
  } else if (meaning.kind === "move") {
    if (!tile?.pan(meaning.key)) {
      if (stage.tiles.length < 2) return;
      stage.move(meaning.key);
    }
  } else if (meaning.action === "info") {
    stage.toggleInfo();
  } else if (tile) {
    actions.run(tile, meaning.action);
  } else {
    return;
  }
  event.preventDefault();
}

byId("panel-button").prepend(icon("monitor"));
byId("help-button").append(icon("help"));
byId("help-button").addEventListener("click", () => byId("help").showModal());
byId("panel-button").addEventListener("click", () => setPanel(document.body.dataset.panel !== "open"));
byId("operator-form").addEventListener("submit", (/** @type {Event} */ event) => {
  event.preventDefault();
  useOperatorToken(byId("operator-token").value.trim());
  byId("operator-token").value = "";
  void open();
});
addEventListener("keydown", pressed);
addEventListener("hashchange", () => {
  if (takeTokenFromAddress()) void open();
  else stage.restore();
});
document.addEventListener("visibilitychange", () => {
  for (const tile of stage.tiles) tile.stream();
  panel.showVisible();
  if (document.visibilityState === "visible") engine.tell({ kind: "wake" });
});
addEventListener("pageshow", () => engine.tell({ kind: "wake" }));
document.addEventListener("fullscreenchange", () => {
  for (const tile of stage.tiles) tile.wakeBar();
  show();
});
setInterval(() => show(), REFRESH_MS);

/**
 * For tests and automation: reads what is on the canvas of a watched screen.
 * @type {{pixels: (desktopClientId: string, monitorId: number) => Promise<ImageData | null>}}
 */
const automation = {
  pixels: async (desktopClientId, monitorId) => {
    const tile = stage.find(desktopClientId, monitorId);
    return tile ? engine.pixels(tile.surface) : null;
  },
};
Object.assign(window, { quickdropWatch: automation });

takeTokenFromAddress();
if (innerWidth < NARROW_PX && location.hash.includes("watch=")) setPanel(false);
stage.restore();
void open();
