/** Camera and microphone: opened on the first tap, flipped, muted, watched. */

/** @typedef {"user" | "environment"} Facing */

const VIDEO = { width: { ideal: 1920 }, height: { ideal: 1080 }, frameRate: { ideal: 30 } };

export class Camera {
  /** @type {MediaStream | null} */
  stream = null;
  /** @type {Facing} */
  facing = "environment";
  /** The person's wish; holds also before the camera is open. */
  muted = false;
  /** Whether the phone offered no microphone at all. */
  silent = false;

  #onInterrupted;
  #onBack;

  /**
   * @param {(words: string) => void} onInterrupted the phone took the camera away (a call, the lock screen)
   * @param {() => void} onBack it gave it back
   */
  constructor(onInterrupted, onBack) {
    this.#onInterrupted = onInterrupted;
    this.#onBack = onBack;
  }

  /** Whether there is a picture to record. */
  get live() {
    return this.stream?.getVideoTracks().some((track) => track.readyState === "live") ?? false;
  }

  /** Asks for camera and microphone. Rejects with the browser's error: see `cameraHelp`. */
  async open() {
    if (this.live) return;
    if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("no camera access here", "SecurityError");
    this.close();
    const video = { ...VIDEO, facingMode: { ideal: this.facing } };
    try {
      this.#use(await navigator.mediaDevices.getUserMedia({ video, audio: true }));
      this.silent = false;
    } catch (error) {
      if (/** @type {DOMException} */ (error).name !== "NotFoundError") throw error;
      // A camera without a microphone is still worth recording; no camera at all fails again here.
      this.#use(await navigator.mediaDevices.getUserMedia({ video }));
      this.silent = true;
    }
  }

  /**
   * The other camera. The sound track is kept; nothing may be recording from this stream.
   * Phones open one camera at a time, so the old one is let go first.
   */
  async flip() {
    const before = this.facing;
    this.facing = before === "user" ? "environment" : "user";
    if (!this.live) return;
    const sound = this.stream?.getAudioTracks() ?? [];
    this.stream?.getVideoTracks().forEach((track) => this.#letGo(track));
    const open = async () => {
      const fresh = await navigator.mediaDevices.getUserMedia({
        video: { ...VIDEO, facingMode: { ideal: this.facing } },
      });
      this.#use(new MediaStream([...fresh.getVideoTracks(), ...sound]));
    };
    try {
      await open();
    } catch (error) {
      this.facing = before;
      await open(); // back to the camera that worked
      throw error;
    }
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.muted = muted;
    this.stream?.getAudioTracks().forEach((track) => (track.enabled = !muted));
  }

  close() {
    this.stream?.getTracks().forEach((track) => this.#letGo(track));
    this.stream = null;
  }

  /** @param {MediaStream} stream */
  #use(stream) {
    this.stream = stream;
    this.mute(this.muted); // a disabled track is recorded as silence and can be enabled later
    for (const track of stream.getTracks()) {
      const what = track.kind === "video" ? "camera" : "microphone";
      track.onended = () => this.#onInterrupted(`The phone took the ${what} away.`);
      track.onmute = () => this.#onInterrupted(`The phone paused the ${what}.`);
      track.onunmute = () => this.#onBack();
    }
  }

  /** @param {MediaStreamTrack} track */
  #letGo(track) {
    track.onended = null;
    track.onmute = null;
    track.onunmute = null;
    track.stop();
  }
}

/**
 * @param {string} name of the `DOMException`
 * @returns {{title: string, words: string}}
 */
export function cameraHelp(name) {
  switch (name) {
    case "NotAllowedError":
      return {
        title: "The camera is not allowed",
        words:
          "Android: tap the sign left of the address, then Permissions, and allow camera and microphone. " +
          "iPhone: tap “aA” in the address bar, then Website Settings. Then try again.",
      };
    case "NotFoundError":
      return { title: "No camera found", words: "This device has no camera that the browser can see." };
    case "NotReadableError":
    case "AbortError":
      return {
        title: "The camera is busy",
        words: "Another app or a call is using it. Close that, then try again.",
      };
    case "OverconstrainedError":
      return { title: "This camera cannot do that", words: "Flip to the other camera, then try again." };
    case "SecurityError":
      return {
        title: "The browser blocks the camera here",
        words: "The camera works on https addresses only, and not in private or in-app browsers. Open this page in the phone’s own browser.",
      };
    case "NotSupportedError":
      return { title: "This browser cannot record", words: "Use a current Chrome, Firefox or Safari." };
    default:
      return { title: "The camera did not start", words: `The phone says: ${name}. Try again.` };
  }
}
