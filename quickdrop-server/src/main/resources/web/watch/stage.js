/** All watched screens: which, in what order, how they share the window, and which of them has it for itself. */
import { byId } from "../shared/dom.js";
import { formatHash, MAX_WATCHED, parseHash } from "./hash-state.js";
import { grid, neighbour, tracks } from "./layout.js";
import { TileView } from "./tile-view.js";

/** As in tile.css, CSS pixels. */
const GAP = 8;
const BAR = 44;
/** In a narrow window the details stand below the picture rather than on it. */
const NARROW = 496;
const INFO = 128;

export class Stage {
  info = false;
  /** @type {TileView[]} */
  tiles = [];

  #engine;
  #onAction;
  #onChange;
  /** @type {TileView | null} the one that fills the window */
  #big = null;
  #columns = 1;
  #place = byId("tiles");
  #views;

  /**
   * @param {import("./engine.js").Engine} engine
   * @param {(tile: TileView, action: import("./tile-view.js").TileAction) => void} onAction
   * @param {() => void} onChange what is watched is other than before
   */
  constructor(engine, onAction, onChange) {
    this.#engine = engine;
    this.#onAction = onAction;
    this.#onChange = onChange;
    this.#views = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        this.tiles.find((tile) => tile.element === target)?.setInView(isIntersecting);
      }
    });
    new ResizeObserver(() => this.arrange()).observe(byId("stage"));
  }

  get big() {
    return this.#big;
  }

  /** What the address says is watched. */
  restore() {
    const { watched, big, info } = parseHash(location.hash);
    this.info = info;
    const old = this.tiles;
    const kept = watched.map((one) => old.find((tile) => tile.desktopClientId === one.desktopClientId && tile.monitorId === one.monitorId));
    for (const tile of old) if (!kept.includes(tile)) this.#take(tile);
    this.tiles = [];
    watched.forEach((one, place) => {
      const tile = kept[place];
      if (!tile) return this.#put(one);
      this.tiles.push(tile);
      this.#place.append(tile.element);
      if (tile.stopped !== one.stopped) this.toggle(tile);
    });
    this.#big = this.tiles.find((tile) => tile.key === big) ?? null;
    this.#changed();
  }

  /**
   * @param {string} desktopClientId
   * @param {number} monitorId
   * @returns {TileView | undefined}
   */
  find(desktopClientId, monitorId) {
    return this.tiles.find((tile) => tile.desktopClientId === desktopClientId && tile.monitorId === monitorId);
  }

  /**
   * @param {string} desktopClientId
   * @param {number} monitorId
   * @returns {boolean} false: there are as many as can be
   */
  add(desktopClientId, monitorId) {
    if (this.find(desktopClientId, monitorId)) return true;
    if (this.tiles.length >= MAX_WATCHED) return false;
    this.#big = null;
    this.#put({ desktopClientId, monitorId, stopped: false });
    this.#changed();
    return true;
  }

  /** @param {TileView} tile */
  close(tile) {
    const place = this.tiles.indexOf(tile);
    const focused = tile.element.contains(document.activeElement);
    this.#take(tile);
    this.#changed();
    if (focused) this.tiles[Math.min(place, this.tiles.length - 1)]?.element.focus();
  }

  /** @param {TileView | null} tile null: all again */
  setBig(tile) {
    this.#big = this.#big === tile ? null : tile;
    this.#changed();
    tile?.element.focus({ preventScroll: true });
  }

  /** @param {TileView} tile */
  toggle(tile) {
    if (tile.facts?.state === "refused" && !tile.stopped) return tile.retry();
    tile.stopped = !tile.stopped;
    tile.stream();
    this.#changed();
  }

  toggleInfo() {
    this.info = !this.info;
    this.#changed();
  }

  /** @returns {TileView | null} the one with the focus, or the one that is alone */
  get current() {
    const focused = this.tiles.find((tile) => tile.element.contains(document.activeElement));
    return focused ?? this.#big ?? (this.tiles.length === 1 ? this.tiles[0] : null);
  }

  /** @param {string} key an arrow */
  move(key) {
    const from = this.tiles.findIndex((tile) => tile.element.contains(document.activeElement));
    const to = from < 0 ? 0 : neighbour(from, key, this.#big ? 1 : this.#columns, this.tiles.length);
    const tile = this.tiles[to];
    if (!tile) return;
    if (this.#big) {
      // Alone on the window, the arrows leaf through the screens.
      const step = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
      const next = this.tiles[(this.tiles.indexOf(this.#big) + step + this.tiles.length) % this.tiles.length];
      if (next !== this.#big) this.setBig(next);
    } else {
      tile.element.focus();
    }
  }

  /**
   * The list says which monitor is the primary one of desktops that were named without.
   * @param {Map<string, import("./words.js").Desktop>} desktops
   */
  resolve(desktops) {
    for (const tile of [...this.tiles]) {
      if (tile.monitorId !== null) continue;
      const monitors = desktops.get(tile.desktopClientId)?.monitors ?? [];
      const primary = monitors.find((monitor) => monitor.isPrimary) ?? monitors[0];
      if (!primary) continue;
      if (this.find(tile.desktopClientId, primary.index)) this.#take(tile);
      else tile.monitorId = primary.index;
      tile.stream();
      this.#changed();
    }
  }

  /** Lets the tiles share the window anew. */
  arrange() {
    const stage = byId("stage");
    const shown = this.#big ? [this.#big] : this.tiles;
    byId("nothing").hidden = this.tiles.length > 0;
    if (shown.length === 0) return;
    const room = { width: stage.clientWidth, height: stage.clientHeight };
    const bar = this.info && innerWidth <= NARROW ? BAR + INFO : BAR;
    const { columns, rows, scrolls } = grid(shown.map((tile) => tile.aspect), room, { gap: GAP, bar });
    this.#columns = columns;
    const place = this.#place;
    place.dataset.scrolls = String(scrolls);
    const shares = tracks(shown.length, columns);
    place.style.gridTemplateColumns = `repeat(${shares.tracks}, minmax(0, 1fr))`;
    place.style.gridTemplateRows = scrolls ? "" : `repeat(${rows}, minmax(0, 1fr))`;
    for (const tile of this.tiles) {
      tile.element.hidden = !shown.includes(tile);
      tile.element.style.gridColumn = `span ${shares.spans[shown.indexOf(tile)] ?? 1}`;
      tile.element.style.setProperty("--aspect", String(tile.aspect));
    }
  }

  /** @param {import("./hash-state.js").Watched} watched */
  #put(watched) {
    const tile = new TileView(watched, this.#engine, this.#onAction);
    this.tiles.push(tile);
    this.#place.append(tile.element);
    this.#views.observe(tile.element);
    tile.stream();
  }

  /** @param {TileView} tile */
  #take(tile) {
    this.#views.unobserve(tile.element);
    if (this.#big === tile) this.#big = null;
    this.tiles = this.tiles.filter((other) => other !== tile);
    tile.remove();
  }

  #changed() {
    const hash = formatHash({
      watched: this.tiles.map((tile) => tile.watched),
      big: this.#big?.key ?? null,
      info: this.info,
    });
    if (hash !== location.hash) history.replaceState(null, "", hash || location.pathname + location.search);
    this.arrange();
    this.#onChange();
  }
}
