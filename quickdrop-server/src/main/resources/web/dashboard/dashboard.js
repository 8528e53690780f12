/** The dashboard: wires the server's live messages and its API to the panels. */
import { ApiError } from "../shared/api.js";
import { byId, setText } from "../shared/dom.js";
import { span } from "../shared/format.js";
import { capacity, usualRate } from "../shared/capacity.js";
import { Link } from "../shared/link.js";
import { ArrivingPanel } from "./arriving-panel.js";
import { ClusterPanel } from "./cluster-panel.js";
import { DesktopsPanel } from "./desktops-panel.js";
import { DoctorPanel } from "./doctor-panel.js";
import { ExpiredPanel } from "./expiry.js";
import { DevicesPanel } from "./devices-panel.js";
import { LiveState } from "./live-state.js";
import { ask, operatorToken, takeTokenFromAddress, useOperatorToken } from "../shared/operator.js";
import { PairingPanel } from "./pairing-panel.js";
import { RecordingsPanel } from "./recordings-panel.js";

/** Ages, rates and countdowns move without a message. */
const REFRESH_MS = 1_000;
/** While `/api/info` cannot be had. */
const RETRY_MS = 2_000;

const live = new LiveState();
const pairing = new PairingPanel();
const devices = new DevicesPanel(() => pairing.renew());
const desktops = new DesktopsPanel();
const arriving = new ArrivingPanel();
const recordings = new RecordingsPanel();
const expired = new ExpiredPanel();
const cluster = new ClusterPanel();
const doctor = new DoctorPanel();
const link = new Link(
  `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`,
  operatorToken,
  {
    onOpen: () => link.send({ type: "subscribe_observer" }),
    onLost: () => {
      fresh = false;
      pairing.pause();
      show();
    },
    onMessage: (message) => received(message),
    onState: () => {
      if (link.state === "refused") askForToken("The server does not accept this token any more.");
      show();
    },
  },
);

/** Whether what is shown is what the server says now. */
let fresh = false;
/** When the server was last heard, milliseconds since 1970; 0: never. */
let heardTs = 0;

async function open() {
  /** @type {any} */
  let info;
  try {
    info = await ask("GET", "/api/info");
  } catch (error) {
    const refused = error instanceof ApiError && (error.status === 401 || error.status === 403);
    if (refused) return askForToken(operatorToken() ? "The server does not accept this token." : "");
    setText(byId("connection"), "Server out of reach, trying…");
    setTimeout(() => void open(), RETRY_MS);
    return;
  }
  byId("operator").hidden = true;
  byId("board").hidden = false;
  recordings.setLocal(info.local === true);
  setText(byId("fingerprint"), String(info.caFingerprint ?? ""));
  if (!info.local) {
    // <video> and downloads can't carry a bearer token: a cookie for reading content only does.
    await ask("POST", "/api/media-session").catch((error) => console.warn("no media session", error));
  }
  pairing.offer(info.addresses ?? [], info.addressProblem);
  if (link.state !== "open" && link.state !== "connecting") link.start();
  void devices.refresh();
  show();
}

/** @param {string} words what was wrong with the last token */
function askForToken(words) {
  useOperatorToken(null);
  link.stop();
  byId("board").hidden = true;
  byId("operator").hidden = false;
  setText(
    byId("operator-words"),
    `${words} Paste the operator’s token. The server printed it in its terminal when it started.`.trim(),
  );
  setText(byId("connection"), "Token needed");
  byId("connection").dataset.tone = "bad";
  byId("operator-token").focus();
}

/** @param {import("../shared/upload-sender.js").WireMessage} message */
function received(message) {
  const seenBefore = heardTs > 0;
  heardTs = Date.now();
  if (!live.apply(message, performance.now(), heardTs)) return;
  if (message.type === "snapshot") {
    const back = !fresh && seenBefore;
    fresh = true;
    // After a restart the addresses may be others, and the old codes are gone.
    if (back) void open();
  }
  if (message.type === "phone_status") void devices.refresh();
  if (message.type === "snapshot" || message.type === "recording_removed" || message.type === "recording_updated") void expired.refresh();
  show();
}

function show() {
  showConnection();
  devices.showConnected(live.phonesConnected);
  if (heardTs > 0) desktops.show(live.desktops, Date.now(), !fresh);
  arriving.show(live, performance.now(), !fresh);
  if (heardTs > 0) {
    recordings.show(live.recordings, live.sessions.values(), Date.now(), live.cluster);
    cluster.show(live, Date.now(), !fresh);
  }
  doctor.tick(performance.now(), fresh && live.phonesConnected === 0 && byId("operator").hidden);
  document.body.dataset.stale = String(!fresh && heardTs > 0);
  showRoom();
  byId("output-dir").hidden = live.outputDir === null;
  setText(byId("output-dir"), live.outputDir === null ? "" : `In ${live.outputDir}`);
  const calls = live.sessions.size + live.desktops.all.filter((desktop) => desktop.state === "pending").length;
  document.title = calls > 0 ? `(${calls}) QuickDrop` : "QuickDrop";
}

/** How long the disk lasts, and early words when that is not long. */
function showRoom() {
  const free = live.freeBytes;
  if (free === null) return;
  const arriving = [...live.sessions.keys()].reduce((sum, id) => sum + live.rate(id, performance.now()), 0);
  const room = capacity(free, fresh ? arriving : 0, usualRate(live.recordings));
  setText(byId("room"), room.words);
  byId("room").dataset.tone = room.tone;
  byId("low-room").hidden = !room.low;
  setText(
    byId("low-room"),
    free > 0
      ? `${room.words}. Make room on this laptop soon: when it is full, phones keep what is not here yet, and send it when there is room again.`
      : "The disk is full. Nothing that arrived is lost; phones keep the rest and send it by themselves when there is room.",
  );
}

function showConnection() {
  if (!byId("operator").hidden) return;
  const pill = byId("connection");
  pill.dataset.tone = fresh ? "good" : "wait";
  setText(pill, fresh ? "Live" : heardTs === 0 ? "Connecting…" : "Reconnecting…");
  byId("stale").hidden = fresh || heardTs === 0;
  if (!fresh && heardTs > 0) {
    const since = new Date(heardTs).toLocaleTimeString();
    const next = link.retryInMs > 1000 ? ` Next try in ${span(link.retryInMs)}.` : "";
    setText(byId("stale"), `Lost touch with the server. This is how things stood at ${since}.${next}`);
  }
}

byId("operator-form").addEventListener("submit", (/** @type {Event} */ event) => {
  event.preventDefault();
  useOperatorToken(byId("operator-token").value.trim());
  byId("operator-token").value = "";
  void open();
});
addEventListener("hashchange", () => {
  if (takeTokenFromAddress()) void open();
});
setInterval(() => show(), REFRESH_MS);
setInterval(() => {
  if (fresh && document.visibilityState === "visible") void devices.refresh();
}, 30_000);

takeTokenFromAddress();
void open();
