/** Small helpers of the tests of the viewer page. */
import { HEADER_BYTES, TILE_HEADER_BYTES } from "../../main/resources/web/watch/frame.js";

/**
 * A binary message as the server sends it.
 * @param {object} fields of the header, and `tiles` [x, y, w, h, bytes] or `picture` bytes
 * @returns {ArrayBuffer}
 */
export function encodeFrame(fields = {}) {
  const { codec = 1, lastPart = true, screen = 0, epoch = 3, frameNumber = 1, width = 256, height = 128 } = fields;
  const { rendition = 0, quality = 75, desktopHandle = 7, tiles, picture = new Uint8Array([9]) } = fields;
  const payload = tiles ? tiles.reduce((sum, tile) => sum + TILE_HEADER_BYTES + tile[4].length, 0) : picture.length;
  const bytes = new Uint8Array(HEADER_BYTES + payload);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 2);
  view.setUint8(1, codec);
  view.setUint8(2, (tiles ? 2 : 1) | (lastPart ? 4 : 0));
  view.setUint8(3, screen);
  view.setUint32(4, epoch);
  view.setUint32(8, frameNumber);
  view.setBigUint64(16, 123_456n);
  view.setUint16(28, width);
  view.setUint16(30, height);
  view.setUint8(32, rendition);
  view.setUint8(33, quality);
  view.setUint16(34, tiles?.length ?? 0);
  view.setUint32(36, desktopHandle);
  let at = HEADER_BYTES;
  for (const [x, y, w, h, data] of tiles ?? []) {
    [x, y, w, h].forEach((value, i) => view.setUint16(at + 2 * i, value));
    view.setUint32(at + 8, data.length);
    bytes.set(data, at + TILE_HEADER_BYTES);
    at += TILE_HEADER_BYTES + data.length;
  }
  if (!tiles) bytes.set(picture, HEADER_BYTES);
  return bytes.buffer;
}

/** A parsed frame whose tiles are told apart by their one byte. */
export function frameOf(frameNumber, tiles, fields = {}) {
  return {
    mime: "image/png",
    tiled: true,
    lastPart: true,
    screen: 0,
    epoch: 3,
    frameNumber,
    width: 256,
    height: 128,
    rendition: 0,
    quality: 75,
    desktopHandle: 7,
    tiles: tiles.map(([x, y, id]) => ({ x, y, width: 128, height: 128, bytes: new Uint8Array([id]) })),
    ...fields,
  };
}

/** Something that was decoded and must be closed once. */
export class Picture {
  closed = 0;

  constructor(id) {
    this.id = id;
  }

  close() {
    this.closed++;
  }
}

/** A canvas that remembers what was painted. */
export class PaintedSurface {
  /** @type {Map<string, number>} what is where */
  glass = new Map();
  /** @type {number[]} numbers of the frames, in order */
  frames = [];

  paint(batches) {
    for (const batch of batches) {
      this.frames.push(batch.frameNumber);
      for (const piece of batch.pieces) {
        if (!piece.picture) continue;
        this.glass.set(`${piece.x},${piece.y}`, piece.picture.id);
        piece.picture.close();
        piece.picture = null;
      }
    }
  }
}
