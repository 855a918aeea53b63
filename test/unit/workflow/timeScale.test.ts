import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  fitView,
  makeAxis,
  makeTicks,
  panView,
  positionOf,
  type Stretch,
  timeAt,
  timeAtX,
  xOf,
  zoomView,
} from "../../../src/workflow/timeScale.ts";

const second = 1000;
const hour = 3600 * second;
const stretch = (from: number, to: number): Stretch => ({ from: from * second, to: to * second });

const cases = fc
  .tuple(
    fc.integer({ min: 0, max: 1e6 }),
    fc.array(fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 300 })), { maxLength: 8 }),
  )
  .map(([origin, items]) => {
    const busy = items.map(([start, length]) => stretch(origin + start, origin + start + length));
    const to = Math.max(origin * second, ...busy.map((item) => item.to));
    return { axis: makeAxis(origin * second, to, busy), busy, from: origin * second, to };
  });

test("a long idle stretch is folded, and only that", () => {
  const axis = makeAxis(0, 2 * hour, [stretch(0, 60), { from: 2 * hour - 60 * second, to: 2 * hour }]);
  assert.deepEqual(axis.folds, [{ from: 60 * second, to: 2 * hour - 60 * second }]);
  assert.equal(axis.length, 120 * second * 1.04);
  assert.equal(positionOf(axis, 30 * second), 30 * second);
  assert.equal(positionOf(axis, 2 * hour), axis.length);

  assert.deepEqual(makeAxis(0, 100 * second, [stretch(0, 50), stretch(60, 100)]).folds, []);
  assert.deepEqual(makeAxis(0, 2 * hour, [stretch(0, 60)], false).folds, []);
  assert.deepEqual(makeAxis(0, 4 * second, [stretch(0, 1), stretch(3, 4)]).folds, [], "too short to be worth it");
  assert.deepEqual(makeAxis(0, hour, [stretch(5, 5)]).folds, [], "nothing but points: nothing to see between folds");
});

test("an axis of no length is still a map", () => {
  const axis = makeAxis(5000, 5000, []);
  assert.deepEqual([positionOf(axis, 5000), timeAt(axis, 0), axis.length > 0], [0, 5000, true]);
  assert.ok(Number.isFinite(xOf(axis, fitView(axis, 100), 5000)));
});

test("the map is strictly increasing, invertible, and keeps what is busy to scale", () => {
  fc.assert(
    fc.property(
      cases,
      fc.array(fc.double({ min: -0.1, max: 1.1, noNaN: true }), { minLength: 2, maxLength: 8 }),
      (made, shares) => {
        const { axis, busy } = made;
        const times = shares.map((share) => axis.from + share * (axis.to - axis.from)).sort((a, b) => a - b);
        for (const time of times) assert.ok(Math.abs(timeAt(axis, positionOf(axis, time)) - time) < 0.01);
        for (let i = 1; i < times.length; i++) {
          if (times[i]! - times[i - 1]! > 1) assert.ok(positionOf(axis, times[i]!) > positionOf(axis, times[i - 1]!));
        }
        for (const { from, to } of busy) {
          assert.ok(Math.abs(positionOf(axis, to) - positionOf(axis, from) - (to - from)) < 1e-6);
        }
        for (const fold of axis.folds) {
          assert.ok(busy.every((item) => item.to <= fold.from || item.from >= fold.to));
          assert.ok(positionOf(axis, fold.to) - positionOf(axis, fold.from) < fold.to - fold.from);
        }
      },
    ),
  );
});

test("the map, as the slow way has it: second by second", () => {
  fc.assert(
    fc.property(cases, ({ axis, from, to }) => {
      const foldedLength =
        axis.folds.length === 0 ? 0 : positionOf(axis, axis.folds[0]!.to) - positionOf(axis, axis.folds[0]!.from);
      const at = from + Math.floor((to - from) / 2 / second) * second;
      let position = 0;
      for (let time = from; time < at; time += second) {
        const fold = axis.folds.find((item) => item.from <= time && time < item.to);
        position += fold ? (foldedLength * second) / (fold.to - fold.from) : second;
      }
      assert.ok(Math.abs(positionOf(axis, at) - position) < 1);
    }),
    { numRuns: 30 },
  );
});

test("fit shows everything; zoom keeps what is under the pointer and stays within the axis", () => {
  fc.assert(
    fc.property(
      cases,
      fc.array(fc.tuple(fc.double({ min: 0.1, max: 10, noNaN: true }), fc.integer({ min: 0, max: 800 })), {
        maxLength: 6,
      }),
      ({ axis }, zooms) => {
        const width = 800;
        let view = fitView(axis, width);
        assert.ok(Math.abs(xOf(axis, view, axis.from)) < 1e-6 && Math.abs(xOf(axis, view, axis.to) - width) < 1e-6);
        for (const [factor, x] of zooms) {
          const under = timeAtX(axis, view, x);
          const next = zoomView(axis, view, width, factor, x);
          const inside = next.left > 1e-6 && next.left + width / next.scale < axis.length - 1e-6;
          if (inside) assert.ok(Math.abs(xOf(axis, next, under) - x) < 0.01);
          assert.ok(next.left >= 0 && next.left + width / next.scale <= axis.length * (1 + 1e-9));
          view = next;
        }
      },
    ),
  );
  const axis = makeAxis(0, 100 * second, [stretch(0, 100)]);
  const near = zoomView(axis, fitView(axis, 500), 500, 2, 250);
  assert.deepEqual([timeAtX(axis, near, 0), timeAtX(axis, near, 250)], [25 * second, 50 * second]);
  const part = fitView(axis, 500, stretch(20, 30));
  assert.deepEqual([xOf(axis, part, 20 * second), xOf(axis, part, 30 * second)], [0, 500]);
  assert.equal(panView(axis, part, 500, -1e9).left, 0);
  assert.equal(panView(axis, part, 500, 1e9).left, 90 * second);
});

test("ticks stand at whole steps, apart from each other, never in a fold", () => {
  const axis = makeAxis(0, 274 * second, [stretch(0, 274)]);
  assert.deepEqual(
    makeTicks(axis, fitView(axis, 480), 480).map(({ offset }) => offset / second),
    [0, 60, 120, 180, 240],
  );
  fc.assert(
    fc.property(
      cases,
      fc.integer({ min: 50, max: 2000 }),
      fc.double({ min: 1, max: 1e5, noNaN: true }),
      (made, width, factor) => {
        const view = zoomView(made.axis, fitView(made.axis, width), width, factor, width / 3);
        const ticks = makeTicks(made.axis, view, width, 80);
        assert.ok(ticks.length <= width / 80 + 2);
        for (const [i, tick] of ticks.entries()) {
          assert.equal(tick.time, made.axis.from + tick.offset);
          assert.equal(tick.offset % second, 0);
          assert.ok(tick.x > -1e-3 && tick.x < width + 1e-3);
          assert.ok(i === 0 || tick.x - ticks[i - 1]!.x >= 80 - 1e-6);
          assert.ok(made.axis.folds.every((fold) => tick.time <= fold.from || tick.time >= fold.to));
        }
      },
    ),
  );
});
