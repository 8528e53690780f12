/** The phone page: wires camera, recorder, uploader and what is shown. */
import { byId, el, setText } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { toast } from "../shared/toasts.js";
import { Camera } from "./camera.js";
import { OfflineCopy } from "./offline.js";
import { startFiles } from "./page-files.js";
import { forgetDevice, knownDevice, onPairedElsewhere, pair, pairingHelp, takeSecretFromAddress } from "./pairing.js";
import { saveToPhone } from "./rescue.js";
import { RecordingDesk } from "./recording-desk.js";
import { FileTake } from "./file-take.js";
import { TakeList } from "./take-list.js";
import { showCamera, showCameraHelp } from "./studio-view.js";
import { trustHelp, untrustedCertificate } from "./trust-help.js";
import { Uploader } from "./uploader.js";
import { WakeLock } from "./wake-lock.js";
import { connectionWords } from "./words.js";

/** @typedef {import("./uploader.js").Take} Take */

/** Bytes waiting in memory: from here on the person is warned, and from there on recording stops. */
const MEMORY_WARNING_BYTES = 512 * 1024 * 1024;
const MEMORY_LIMIT_BYTES = 1024 * 1024 * 1024;

const say = (/** @type {string} */ text, /** @type {Parameters<typeof toast>[2]} */ options = {}) =>
  toast(byId("toasts"), text, options);

const camera = new Camera(
  (words) => desk.interrupted(words),
  () => void desk.comeBack(),
);
const desk = new RecordingDesk(camera, {
  onTake: (take) => {
    take.onKept = () => {
      uploader.pump();
      show();
    };
    uploader.add(take);
    show();
  },
  onBytes: () => {
    watchMemory();
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
});
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
const wakeLock = new WakeLock();
const offline = new OfflineCopy();
void offline.keep();

const takeList = new TakeList(uploader, { pick: () => byId("send-files").click(), keep: saveToPhone, discard });

let memoryWarned = false;
/** What the notice on top is about. */
let noticeKey = "";

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
    notice("superseded", "Another page is sending this phone’s take", ["This one stopped so that they do not disturb each other."], [
      button("Take back", () => link.start()),
    ]);
  } else if (link.state === "waiting" && !link.everOpened && link.failures >= 2 && noticeKey !== "trust") {
    void untrustedCertificate().then((untrusted) => {
      if (untrusted && !link.everOpened) notice("trust", ...trustHelp());
    });
  } else if (link.state === "open") {
    notice("");
  }
}

/**
 * @param {string} key empty: none
 * @param {string} [title]
 * @param {(string | Node)[]} [words]
 * @param {Node[]} [actions]
 */
function notice(key, title = "", words = [], actions = []) {
  if (key === noticeKey) return;
  noticeKey = key;
  byId("notice").hidden = key === "";
  setText(byId("notice-title"), title);
  byId("notice-words").replaceChildren(...words);
  byId("notice-actions").replaceChildren(...actions);
}

// ---- Camera and recording -----------------------------------------------------------------------------------------

function watchMemory() {
  const heldBytes = memoryHeld();
  if (heldBytes > MEMORY_LIMIT_BYTES && desk.recording) {
    desk.stop();
    say("Recording stopped: this phone’s memory is full of takes that are not on the laptop yet. Nothing is lost.", {
      tone: "bad",
      ms: 20_000,
    });
  } else if (heldBytes > MEMORY_WARNING_BYTES && !memoryWarned) {
    memoryWarned = true;
    say("Much is waiting in this phone’s memory. Go back into the laptop’s network soon.", { tone: "bad", ms: 10_000 });
  } else if (heldBytes < MEMORY_WARNING_BYTES / 2) {
    memoryWarned = false;
  }
}

function memoryHeld() {
  return uploader.takes.reduce((sum, take) => sum + take.store.heldBytes, 0);
}

byId("record").addEventListener("click", () => {
  byId("camera-error").hidden = true;
  if (desk.recording) desk.stop();
  else void desk.start();
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
  takeList.show(desk.take, memoryHeld());
  wakeLock.want(desk.recording || uploader.takes.some((take) => take.atRisk && take.sender.state !== "failed"));
}

/** @param {Take} take */
function discard(take) {
  const question = take instanceof FileTake ? "Send it no further? The file stays on this phone." : "Discard this take? It exists only on this phone.";
  if (!confirm(question)) return;
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
  if (!uploader.takes.some((take) => take.atRisk)) return;
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

/** For the tests: what this page believes, to be read only. */
Object.defineProperty(window, "quickdrop", {
  value: Object.freeze({
    get takes() {
      return uploader.takes.map((take) => ({
        sessionId: take.sessionId,
        produced: take.recordedBytes,
        acknowledged: take.sender.acknowledged,
        sha256: take.sha256,
        state: take === desk.take ? "recording" : take.sender.state,
      }));
    },
    get offline() {
      return offline.state;
    },
    get connection() {
      return uploader.link.state;
    },
  }),
});

byId("flip").prepend(icon("flip"));
void pairFromAddress();
startFiles(
  () => uploader.takes.filter((take) => take instanceof FileTake),
  (take) => {
    take.onKept = () => {
      uploader.pump();
      show();
    };
    uploader.add(take);
    show();
  },
  say,
);
