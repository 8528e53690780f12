/** The viewfinder: preview, controls, timer, and help when the camera does not come. */
import { byId, el, setText } from "../shared/dom.js";
import { clock, size } from "../shared/format.js";
import { icon } from "../shared/icons.js";
import { cameraHelp } from "./camera.js";

/**
 * @param {import("./camera.js").Camera} camera
 * @param {import("./recording-desk.js").RecordingDesk} desk
 */
export function showCamera(camera, desk) {
  /** @type {HTMLVideoElement} */
  const preview = byId("preview");
  if (preview.srcObject !== camera.stream) {
    preview.srcObject = camera.stream;
    if (camera.stream) preview.play().catch((error) => console.warn("the preview waits for a tap", error));
  }
  preview.hidden = !camera.live;
  preview.classList.toggle("mirrored", camera.facing === "user");
  byId("camera-closed").hidden = camera.live || desk.busy || !byId("camera-error").hidden;
  // Not `disabled`: that would take the keyboard's focus away in mid-tap. The desk ignores taps while it is busy.
  byId("record").setAttribute("aria-disabled", String(desk.busy));
  byId("flip").setAttribute("aria-disabled", String(desk.busy));
  byId("record").setAttribute("aria-pressed", String(desk.recording));
  byId("record").setAttribute("aria-label", desk.recording ? "Stop" : "Record");
  const mute = byId("mute");
  mute.setAttribute("aria-pressed", String(camera.muted));
  mute.disabled = camera.silent;
  const muteWords = camera.silent ? "No mic" : camera.muted ? "Muted" : "Mute";
  if (mute.dataset.words !== muteWords) {
    mute.dataset.words = muteWords;
    mute.replaceChildren(icon(camera.muted || camera.silent ? "micOff" : "mic"), el("span", {}, muteWords));
  }
  byId("recording-strip").hidden = !desk.recording;
  setText(byId("timer"), clock(desk.recording ? performance.now() - desk.startedAtMs : 0));
  setText(byId("take-size"), size(desk.take?.recordedBytes ?? 0));
  byId("interruption").hidden = desk.interruption === null;
  setText(byId("interruption"), desk.interruption ?? "");
}

/** @param {DOMException} error what the browser said */
export function showCameraHelp(error) {
  const help = cameraHelp(error.name);
  setText(byId("camera-error-title"), help.title);
  setText(byId("camera-error-words"), help.words);
  byId("camera-error").hidden = false;
  console.warn("the camera or the recorder failed", error);
}
