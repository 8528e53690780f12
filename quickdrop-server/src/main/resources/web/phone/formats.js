/** Which container and codecs this browser can record. */

/** Best first: MP4 plays everywhere and is what iPhones have; WebM is the rest. */
const WISHES = [
  "video/mp4;codecs=avc1.42E01E,mp4a.40.2",
  "video/mp4;codecs=avc1",
  "video/mp4",
  "video/webm;codecs=vp9,opus",
  "video/webm;codecs=vp8,opus",
  "video/webm",
];

/**
 * @param {(mime: string) => boolean} isSupported `MediaRecorder.isTypeSupported`
 * @returns {string} empty: let the recorder choose
 */
export function chooseFormat(isSupported) {
  return WISHES.find((mime) => isSupported(mime)) ?? "";
}

/**
 * @param {string} mime what the recorder really makes
 * @returns {string} a file ending without the dot
 */
export function extensionOf(mime) {
  const type = mime.split(";")[0].trim().toLowerCase();
  if (type.endsWith("/mp4")) return "mp4";
  if (type.endsWith("/webm")) return "webm";
  if (type.endsWith("/quicktime")) return "mov";
  if (type.endsWith("matroska")) return "mkv";
  return "bin";
}
