/** The phone page: wires camera, recorder, uploader and what is shown. */
import { byId, el, setText } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { Journal } from "../shared/journal/journal.js";
import { toast } from "../shared/toasts.js";
import { Camera } from "./camera.js";
import { check } from "./checks.js";
import { startDoctor } from "./doctor.js";
import { OfflineCopy } from "./offline.js";
import { startFiles } from "./page-files.js";
import { forgetDevice, knownDevice, onPairedElsewhere, pair, pairingHelp, takeSecretFromAddress } from "./pairing.js";
import { Keeping } from "./keeping.js";
import { showKeeping } from "./keeping-view.js";
import { MemoryWatch } from "./memory-watch.js";
import { Notice } from "./notice.js";
import { saveToPhone } from "./rescue.js";
import { RecordingDesk } from "./recording-desk.js";
import { FileTake } from "./file-take.js";
import { TakeList } from "./take-list.js";
import { showBeliefs } from "./beliefs.js";
import { showCamera, showCameraHelp } from "./studio-view.js";
import { trustHelp, untrustedCertificate } from "./trust-help.js";
import { Unfinished } from "./unfinished.js";
import { Uploader } from "./uploader.js";
import { WakeLock } from "./wake-lock.js";
import { connectionWords, discardWords } from "./words.js";

/** @typedef {import("./uploader.js").Take} Take */

const say = (/** @type {string} */ text, /** @type {Parameters<typeof toast>[2]} */ options = {}) =>
  toast(byId("toasts"), text, options);

const journal = new Journal(() => new Worker("/assets/shared/journal/worker.js", { type: "module" }));
const keeping = new Keeping(() => show());
const unfinished = new Unfinished(journal, (take) => add(take), () => show());

const camera = new Camera(
  (words) => desk.interrupted(words),
  () => void desk.comeBack(),
);
const desk = new RecordingDesk(camera, {
  onTake: (take) => add(take),
  onBytes: () => {
    memoryWatch.look();
    show();
  },
  onTakeOver: (take, problem) => {
    if (problem) say(problem, { tone: "bad" });
    if (take.recordedBytes === 0) {
      uploader.remove(take);
      if (!problem) say("Nothing was recorded: that was too short.");
    }
    uploader.pump();
    show();
  },
  onChange: () => show(),
  onCameraError: (error) => showCameraHelp(error),
}, journal);
const uploader = new Uploader(
  `wss://${location.host}/ws`.replace(/^wss/, location.protocol === "https:" ? "wss" : "ws"),
  () => knownDevice()?.key ?? null,
  (saved, failed) => {
    if (saved) say(`${saved.sender.receipt?.fileName ?? "The take"} is safe on the laptop.`, { tone: "good" });
    if (failed) {
      if (failed === desk.take) desk.stop();
      say(`${failed.name ?? "A take"} could not be brought to the laptop. See below.`, { tone: "bad" });
    }
    linkChanged();
    show();
  },
);
const notice = new Notice();
const memoryWatch = new MemoryWatch(uploader, desk, say);
const wakeLock = new WakeLock();
const offline = new OfflineCopy();
void offline.keep();

const takeList = new TakeList(uploader, {
  resume: (take) => !(take instanceof FileTake) && void take.resume(journal),
  pick: () => byId("send-files").click(),
  keep: saveToPhone,
  discard,
});

/** @param {Take} take one that begins, or one that an earlier page left */
function add(take) {
  take.onKept = () => {
    uploader.pump();
    show();
  };
  uploader.add(take);
  if (take.left) byId("studio").hidden = false; // also of a phone that is not paired any more
  show();
}

// ---- Pairing and connection ---------------------------------------------------------------------------------------

/** The laptop itself is the operator and needs no pairing. */
const onTheLaptop = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);

async function pairFromAddress() {
  const secret = takeSecretFromAddress();
  if (!secret) return enter();
  showPairing({ title: "Pairing…", words: "One moment: the laptop is asked to know this phone.", retryable: false });
  await tryPairing(secret);
}

/** @param {string} secret */
async function tryPairing(secret) {
  try {
    const device = await pair(secret);
    say(`Paired as “${device.name}”.`, { tone: "good" });
    enter();
  } catch (error) {
    const help = pairingHelp(error);
    if (knownDevice()) {
      say(`${help.title}. This phone is paired already, so that does not matter.`);
      enter();
    } else {
      showPairing(help, () => tryPairing(secret));
    }
  }
}

/** To the recording view, if the laptop may know us. */
function enter() {
  if (!knownDevice() && !onTheLaptop) return showPairing(null);
  byId("pairing").hidden = true;
  byId("studio").hidden = false;
  uploader.link.start();
  show();
}

/**
 * @param {{title: string, words: string, retryable: boolean} | null} help null: the invitation
 * @param {() => void} [retry]
 */
function showPairing(help, retry) {
  // Takes that are not safe yet stay in sight.
  const atRisk = uploader.takes.some((take) => take.atRisk);
  byId("studio").hidden = !atRisk;
  if (!atRisk) camera.close();
  byId("pairing").hidden = false;
  setText(byId("pairing-title"), help?.title ?? "Scan the code on your laptop");
  setText(
    byId("pairing-words"),
    help?.words ??
      "Open QuickDrop on the laptop and point this phone’s camera app at the square code there. You need to do this once.",
  );
  byId("pairing-actions").replaceChildren(
    ...(help?.retryable && retry ? [button("Try again", retry)] : []),
  );
  setText(byId("connection"), "Not paired");
  byId("connection").dataset.tone = "wait";
}

function linkChanged() {
  const { link } = uploader;
  if (uploader.hello) desk.advise(uploader.hello);
  if (link.state === "refused" && byId("pairing").hidden) {
    const revoked = link.refusal === "revoked";
    if (!knownDevice()) return showPairing(null);
    forgetDevice();
    showPairing({
      title: revoked ? "This phone was removed" : "The laptop does not know this phone",
      words: revoked
        ? "Somebody removed it on the laptop. Scan the code there to pair it again."
        : "Scan the code on the laptop to pair it. Takes that are not safe yet stay on this phone while this page is open.",
      retryable: false,
    });
  } else if (link.state === "superseded") {
    notice.show("superseded", "Another page is sending this phone’s take", ["This one stopped so that they do not disturb each other."], [
      button("Take back", () => link.start()),
    ]);
  } else if (link.state === "waiting" && !link.everOpened && link.failures >= 2 && notice.key !== "trust") {
    void untrustedCertificate().then((untrusted) => {
      if (untrusted && !link.everOpened) notice.show("trust", ...trustHelp());
    });
  } else if (link.state === "open" && link.way === "https") {
    notice.show("https", "WebSocket is blocked here: sending over plain HTTPS", ["Everything arrives all the same, a little slower. “Connection help” below says what may block it."]);
  } else if (link.state === "open") {
    notice.show("");
  }
}

// ---- Camera and recording -----------------------------------------------------------------------------------------

byId("record").addEventListener("click", () => {
  byId("camera-error").hidden = true;
  if (desk.recording) desk.stop();
  else void desk.start();
  void keeping.ask();
});
byId("open-camera").addEventListener("click", () => void desk.openCamera());
byId("try-again").addEventListener("click", () => {
  byId("camera-error").hidden = true;
  void desk.openCamera();
});
byId("flip").addEventListener("click", () => void desk.flip());
byId("mute").addEventListener("click", () => {
  camera.mute(!camera.muted);
  show();
});

// ---- What is shown ------------------------------------------------------------------------------------------------

let showPlanned = false;
function show() {
  if (showPlanned) return;
  showPlanned = true;
  // Not requestAnimationFrame: a page in the background still has to be right when it comes back.
  setTimeout(() => {
    showPlanned = false;
    showNow();
  }, 50);
}

function showNow() {
  const { link } = uploader;
  if (byId("pairing").hidden) {
    const state = connectionWords(link);
    setText(byId("connection"), state.words);
    byId("connection").dataset.tone = state.tone;
  }
  showCamera(camera, desk);
  takeList.show(desk.take, memoryWatch.heldBytes);
  showKeeping(journal, keeping, unfinished);
  wakeLock.want(desk.recording || uploader.takes.some((take) => take.atRisk && !take.paused && take.sender.state !== "failed"));
}

/** @param {Take} take */
function discard(take) {
  const { recordedBytes: bytes, safeBytes } = take;
  const file = "Send it no further? The file stays on this phone.";
  if (!confirm(take instanceof FileTake ? file : discardWords({ bytes, safeBytes }))) return;
  uploader.remove(take);
  show();
}

/**
 * @param {string} words
 * @param {() => void} run
 */
function button(words, run) {
  return el("button", { type: "button", class: "button button-main", onclick: run }, words);
}

// ---- The page's own life ------------------------------------------------------------------------------------------

addEventListener("beforeunload", (event) => {
  if (!uploader.takes.some((take) => take.losable)) return;
  event.preventDefault();
  event.returnValue = ""; // older browsers ask only with this
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") {
    desk.flush();
    if (!desk.recording) camera.close();
  } else {
    void desk.comeBack();
  }
  show();
});
addEventListener("pagehide", () => desk.flush());
addEventListener("pageshow", () => {
  void desk.comeBack();
  show();
});
addEventListener("hashchange", () => void pairFromAddress());
onPairedElsewhere(() => enter());
setInterval(() => show(), 500);

startDoctor(() => check(uploader, offline, journal.kind, knownDevice()?.key ?? null), say);
showBeliefs(uploader, desk, offline);
byId("flip").prepend(icon("flip"));
void pairFromAddress();
void unfinished.look();
startFiles(() => uploader.takes.filter((take) => take instanceof FileTake), add, say);
