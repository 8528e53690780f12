/** What the buttons and keys of a watched screen do. */
import { savePicture, takeScreenshot } from "./screenshots.js";
import { monitorWords } from "./words.js";

/**
 * @typedef {import("./tile-view.js").TileView} TileView
 *
 * @typedef {object} Page what the actions need of it
 * @property {() => import("./stage.js").Stage} stage
 * @property {(clientId: string) => import("./words.js").Desktop | null} desktop
 * @property {() => boolean} connected
 * @property {(words: string, tone?: "good" | "bad", action?: {words: string, run: () => void}) => void} say
 * @property {() => void} show
 */

export class TileActions {
  #engine;
  #commands;
  #options;
  #page;

  /**
   * @param {import("./engine.js").Engine} engine
   * @param {import("./commands.js").Commands} commands
   * @param {import("./options-dialog.js").OptionsDialog} options
   * @param {Page} page
   */
  constructor(engine, commands, options, page) {
    this.#engine = engine;
    this.#commands = commands;
    this.#options = options;
    this.#page = page;
  }

  /**
   * @param {TileView} tile
   * @param {import("./tile-view.js").TileAction} action
   */
  run(tile, action) {
    const stage = this.#page.stage();
    const desktop = this.#page.desktop(tile.desktopClientId);
    const known = desktop !== null && desktop.state !== "pending"; // one that is away does it when it is back
    if (action === "toggle") stage.toggle(tile);
    else if (action === "zoom") tile.toggleZoom();
    else if (action === "info") stage.toggleInfo();
    else if (action === "big") stage.setBig(tile);
    else if (action === "close") stage.close(tile);
    else if (action === "fullscreen") void this.#fullscreen(tile);
    else if (action === "options" && desktop && known) this.#options.open(desktop);
    else if (action === "save") void this.#save(tile);
    else if (action === "screenshot" && known && !tile.busy) void this.#screenshot(tile);
    this.#page.show();
  }

  /** @param {TileView} tile */
  async #fullscreen(tile) {
    try {
      if (document.fullscreenElement) await document.exitFullscreen();
      else if (tile.element.requestFullscreen) await tile.element.requestFullscreen();
      else this.#page.stage().setBig(tile); // phones of Apple give full screen to videos only
    } catch (error) {
      console.warn("the browser gives no full screen", error);
      this.#page.stage().setBig(tile);
    }
  }

  /** @param {TileView} tile */
  async #screenshot(tile) {
    if (!this.#page.connected()) return this.#page.say("The server is out of reach.", "bad");
    const online = this.#page.desktop(tile.desktopClientId)?.state === "online";
    tile.busy = online;
    this.#page.show();
    const title = this.#titleOf(tile);
    const late = (/** @type {() => void} */ show) => this.#page.say(`The screenshot of ${title} is here.`, "good", { words: "Show", run: show });
    const problem = await takeScreenshot(this.#commands, tile, title, { online, late });
    tile.busy = false;
    if (problem) this.#page.say(problem, "bad");
    this.#page.show();
  }

  /** @param {TileView} tile */
  async #save(tile) {
    const png = tile.facts && tile.facts.width > 0 ? await this.#engine.png(tile.surface) : null;
    if (png) savePicture(png, this.#titleOf(tile));
    else this.#page.say("There is no picture yet.");
  }

  /** @param {TileView} tile */
  #titleOf(tile) {
    const desktop = this.#page.desktop(tile.desktopClientId);
    const monitor = desktop?.monitors.find((one) => one.index === tile.monitorId);
    const name = desktop?.friendlyName ?? tile.desktopClientId;
    return desktop && monitor && desktop.monitors.length > 1 ? `${name}, ${monitorWords(monitor, desktop.monitors.length)}` : name;
  }
}
