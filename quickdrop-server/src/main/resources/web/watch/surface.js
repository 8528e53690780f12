/** One canvas and what is on it. Lives where the painting is done: in the worker, or in the page on older browsers. */

/** How much of the old picture shows where a screen of another size has not been received yet. */
const KEPT_OPACITY = 0.35;

export class Surface {
  #canvas;
  #context;

  /** @param {OffscreenCanvas | HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
    const context = /** @type {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null} */ (
      canvas.getContext("2d", { alpha: false })
    );
    if (!context) throw new Error("this browser gives no 2D canvas");
    this.#context = context;
  }

  /**
   * Paints frames one over the other. It all happens in one task, so nobody sees half of it.
   * @param {import("./picture-queue.js").Batch[]} batches oldest first; their pictures are closed
   */
  paint(batches) {
    for (const { width, height, pieces } of batches) {
      this.#fit(width, height);
      for (const piece of pieces) {
        if (!piece.picture) continue;
        this.#context.drawImage(piece.picture, piece.x, piece.y, piece.width, piece.height);
        piece.picture.close();
        piece.picture = null;
      }
    }
  }

  /** @returns {ImageData} what is on the canvas now */
  pixels() {
    return this.#context.getImageData(0, 0, this.#canvas.width, this.#canvas.height);
  }

  /** @returns {Promise<Blob>} what is on the canvas now, lossless */
  async png() {
    const canvas = this.#canvas;
    if ("convertToBlob" in canvas) return canvas.convertToBlob({ type: "image/png" });
    return new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("this browser made no PNG"))), "image/png"),
    );
  }

  /**
   * A canvas that changes its size turns black. Until the new picture is there, the old one stands in for it, darkened.
   * @param {number} width
   * @param {number} height
   */
  #fit(width, height) {
    const canvas = this.#canvas;
    if (canvas.width === width && canvas.height === height) return;
    const kept = this.#copy();
    canvas.width = width;
    canvas.height = height;
    this.#context.globalAlpha = KEPT_OPACITY;
    this.#context.drawImage(kept, 0, 0, width, height);
    this.#context.globalAlpha = 1;
  }

  #copy() {
    const { width, height } = this.#canvas;
    const copy =
      typeof OffscreenCanvas === "undefined"
        ? Object.assign(document.createElement("canvas"), { width, height })
        : new OffscreenCanvas(width, height);
    const context = /** @type {OffscreenCanvasRenderingContext2D | null} */ (copy.getContext("2d"));
    context?.drawImage(this.#canvas, 0, 0);
    return copy;
  }
}
