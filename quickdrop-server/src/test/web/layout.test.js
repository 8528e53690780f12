import assert from "node:assert/strict";
import { test } from "node:test";
import { geometry, grid, neighbour, tracks } from "../../main/resources/web/watch/layout.js";

const WIDE = { width: 1280, height: 820 };
const EXTRA = { gap: 8, bar: 44 };
const same = (count, aspect = 16 / 9) => Array.from({ length: count }, () => aspect);

test("tiles share the window so that most picture shows", () => {
  const shapes = [1, 2, 3, 4, 5, 6, 9].map((count) => grid(same(count), WIDE, EXTRA));
  assert.deepEqual(shapes.map(({ columns, rows }) => `${columns}×${rows}`), ["1×1", "1×2", "2×2", "2×2", "3×2", "3×2", "3×3"]);
  assert.ok(shapes.every((shape) => !shape.scrolls));
});

test("upright screens stand side by side, wide ones in a narrow window below each other", () => {
  assert.equal(grid(same(3, 9 / 16), WIDE, EXTRA).columns, 3);
  assert.deepEqual(grid(same(2), { width: 390, height: 700 }, EXTRA), { columns: 1, rows: 2, scrolls: false });
});

test("more than fits scrolls rather than shrinks to stamps", () => {
  assert.deepEqual(grid(same(8), { width: 390, height: 700 }, EXTRA), { columns: 1, rows: 8, scrolls: true });
  const many = grid(same(36), WIDE, EXTRA);
  assert.ok(many.scrolls && many.columns >= 2, JSON.stringify(many));
});

test("nothing at all is one empty cell", () => {
  assert.deepEqual(grid([], WIDE, EXTRA).columns, 1);
});

test("a last row that is not full shares the whole width", () => {
  assert.deepEqual(tracks(5, 3), { tracks: 6, spans: [2, 2, 2, 3, 3] });
  assert.deepEqual(tracks(6, 3), { tracks: 3, spans: [1, 1, 1, 1, 1, 1] });
  assert.deepEqual(tracks(1, 1), { tracks: 1, spans: [1] });
  for (let count = 1; count <= 36; count++) {
    for (let columns = 1; columns <= count; columns++) {
      const { tracks: all, spans } = tracks(count, columns);
      const last = spans.slice(-(count % columns || columns));
      assert.equal(last.reduce((sum, span) => sum + span, 0), all, `${count} in ${columns}`);
    }
  }
});

test("arrows lead to the neighbour and stop at the edges", () => {
  // 0 1 2
  // 3 4
  const to = (from, key) => neighbour(from, key, 3, 5);
  assert.deepEqual([to(0, "ArrowRight"), to(0, "ArrowDown"), to(4, "ArrowUp"), to(3, "ArrowLeft")], [1, 3, 1, 2]);
  assert.deepEqual([to(0, "ArrowLeft"), to(4, "ArrowRight"), to(1, "ArrowUp"), to(4, "ArrowDown")], [0, 4, 1, 4]);
  assert.equal(to(2, "ArrowDown"), 4); // nothing straight below
});

test("monitors keep their true places, left of the primary one included", () => {
  const at = (index, x, y, width, height) => ({ index, x, y, width, height });
  const { aspect, places } = geometry([at(0, 0, 0, 1000, 500), at(1, -500, 250, 500, 500)]);
  assert.equal(aspect, 1500 / 750);
  assert.deepEqual(places.map((p) => [p.monitor.index, p.left, p.top, p.width, p.height]), [
    [1, 0, 250 / 750, 500 / 1500, 500 / 750],
    [0, 500 / 1500, 0, 1000 / 1500, 500 / 750],
  ]);
});
