/**
 * The binary message that carries pictures of a screen: a header of 40 bytes, big-endian, `u8 kind=2 · u8 codec ·
 * u8 flags · u8 screen · u32 epoch · u32 frameNumber · u32 refFrame · u64 captureMicros · u32 encodeMicros · u16 width ·
 * u16 height · u8 rendition · u8 quality · u16 tileCount · u32 desktopHandle`, then one picture, or with `FLAG_TILES`
 * per tile `u16 x · u16 y · u16 w · u16 h · u32 length · bytes`. Pure.
 *
 * @typedef {object} Tile a rectangle of the screen, pixels
 * @property {number} x
 * @property {number} y
 * @property {number} width
 * @property {number} height
 * @property {Uint8Array<ArrayBuffer>} bytes the encoded picture, a view of the message
 *
 * @typedef {object} Frame
 * @property {string} mime of every picture in it
 * @property {boolean} tiled false: one picture of the whole screen
 * @property {boolean} lastPart what was received of this frame may be shown now
 * @property {number} screen index of the monitor
 * @property {number} epoch registration that it belongs to
 * @property {number} frameNumber counts what this viewer was sent of this screen and rendition
 * @property {number} width of the whole screen in this rendition, pixels
 * @property {number} height
 * @property {number} rendition see below
 * @property {number} quality 1 to 100; 100 is lossless
 * @property {number} desktopHandle which desktop, as in `stream_started`
 * @property {Tile[]} tiles
 */

export const HEADER_BYTES = 40;
export const TILE_HEADER_BYTES = 12;

/** Rendition: changed tiles of the screen at full size. */
export const TILES = 0;
/** Rendition: whole small pictures at a low rate, for lists. */
export const THUMBNAIL = 2;

export const FLAG_TILES = 2;
export const FLAG_LAST_PART = 4;

const KIND = 2;

/** What this page can show, by the number in the header. Best first as the wire names them: see {@link CODECS}. */
const MIMES = /** @type {Record<number, string>} */ ({ 1: "image/jpeg", 2: "image/webp", 3: "image/png" });

/** Wire names of the codecs that this page shows, best first. */
export const CODECS = ["webp", "png", "jpeg"];

/**
 * @param {ArrayBuffer} message
 * @returns {{frame: Frame, problem?: undefined} | {frame?: undefined, problem: string}} a problem says what was found
 *     and what is allowed
 */
export function parseFrame(message) {
  const length = message.byteLength;
  if (length <= HEADER_BYTES) return bad(`found ${length} bytes; allowed are at least ${HEADER_BYTES + 1}`);
  const view = new DataView(message);
  if (view.getUint8(0) !== KIND) return bad(`found kind ${view.getUint8(0)}; allowed is ${KIND}`);
  const mime = MIMES[view.getUint8(1)];
  if (!mime) return bad(`found codec ${view.getUint8(1)}; allowed are 1 to 3`);
  const flags = view.getUint8(2);
  const width = view.getUint16(28);
  const height = view.getUint16(30);
  if (width === 0 || height === 0) return bad(`found ${width} × ${height} pixels; allowed are at least 1 × 1`);
  const tiled = (flags & FLAG_TILES) !== 0;
  /** @type {Frame} */
  const frame = {
    mime,
    tiled,
    lastPart: (flags & FLAG_LAST_PART) !== 0,
    screen: view.getUint8(3),
    epoch: view.getUint32(4),
    frameNumber: view.getUint32(8),
    width,
    height,
    rendition: view.getUint8(32),
    quality: view.getUint8(33),
    desktopHandle: view.getUint32(36),
    tiles: [],
  };
  if (tiled) return tilesOf(frame, view);
  frame.tiles.push({ x: 0, y: 0, width, height, bytes: new Uint8Array(message, HEADER_BYTES) });
  return { frame };
}

/**
 * @param {Frame} frame
 * @param {DataView<ArrayBuffer>} view
 */
function tilesOf(frame, view) {
  const count = view.getUint16(34);
  if (count === 0) return bad("found 0 tiles; allowed is at least 1");
  let at = HEADER_BYTES;
  for (let i = 0; i < count; i++) {
    if (at + TILE_HEADER_BYTES > view.byteLength) return bad(`found ${i} tiles; announced were ${count}`);
    const x = view.getUint16(at);
    const y = view.getUint16(at + 2);
    const width = view.getUint16(at + 4);
    const height = view.getUint16(at + 6);
    const length = view.getUint32(at + 8);
    at += TILE_HEADER_BYTES;
    if (length === 0 || at + length > view.byteLength) {
      return bad(`found a tile of ${length} bytes with ${view.byteLength - at} left in the message`);
    }
    if (width === 0 || height === 0 || x + width > frame.width || y + height > frame.height) {
      return bad(`found a tile of ${width} × ${height} at ${x}, ${y} on a screen of ${frame.width} × ${frame.height}`);
    }
    frame.tiles.push({ x, y, width, height, bytes: new Uint8Array(view.buffer, at, length) });
    at += length;
  }
  if (at < view.byteLength) return bad(`found ${view.byteLength - at} bytes behind the last tile; allowed are none`);
  return { frame };
}

/**
 * @param {string} problem
 * @returns {{problem: string}}
 */
function bad(problem) {
  return { problem };
}
