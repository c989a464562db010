// The replay's numbers, axes and tiles, without a page.

import assert from "node:assert/strict"
import { test } from "node:test"
import { Axes, valueRange } from "../../assets/replay/axes.js"
import { latest, Measurements } from "../../assets/replay/measurements.js"
import { digits } from "../../assets/replay/numbers.js"
import { placeOf, tileAt, tileOf } from "../../assets/replay/tiles.js"

const data = {
  stages: [{ key: "layer1" }, { key: "layer2" }],
  numbers: {
    columns: ["error", "dead"],
    rows: [
      [0, 0, 0, 0.5, null],
      [10, 0.5, 0, "nan", 3],
      [20, 1, 1, 0.25, 7],
    ],
  },
}

test("a curve has the points of one metric in one stage, and a hole where a number is not finite", () => {
  const measurements = new Measurements(data)
  assert.deepEqual(measurements.curve("error", "layer1", 100), [
    { step: 0, epoch: 0, value: 50, text: 0.5 },
    { step: 10, epoch: 0.5, value: null, text: "nan" },
  ])
  assert.deepEqual(
    measurements.curve("dead", "layer2", 1).map(({ value }) => value),
    [7],
  )
  assert.deepEqual(measurements.curve("never", "layer1", 1), [])
})

test("the CSV has a line for each number, as it was stored", () => {
  assert.equal(
    new Measurements(data).csv(),
    "step,epoch,stage,name,value\n0,0,layer1,error,0.5\n10,0.5,layer1,error,nan\n10,0.5,layer1,dead,3\n20,1,layer2,error,0.25\n20,1,layer2,dead,7\n",
  )
})

test("the latest point is the last at or before an update, and there is none before the first", () => {
  const points = [3, 5, 7].map((step) => ({ step, epoch: step, value: step, text: step }))
  assert.deepEqual(
    [2, 3, 4, 7, 99, null].map((step) => latest(points, step)?.step ?? null),
    [null, 3, 3, 7, 7, 7],
  )
  assert.equal(latest([], null), null)
})

test("an axis of values has room beyond its ends but none beyond zero, and holds its band", () => {
  const plain = { band: null, from_zero: true }
  assert.deepEqual(valueRange([], plain, false), [0, 1])
  assert.deepEqual(valueRange([0, 0], plain, false), [0, 1])
  assert.deepEqual(valueRange([2, 10], plain, false), [0, 10.6])
  const [low, high] = valueRange([8, 10], { band: [1, 20], from_zero: true }, false)
  assert.ok(low <= 1 && high >= 20)
  const [far, away] = valueRange([-105, -100], { band: null, from_zero: false }, false)
  assert.ok(far < -105 && away > -100 && away < 0)
  assert.deepEqual(valueRange([1, 4], plain, true), [1 / 1.15, 4 * 1.15])
})

test("what an epoch has as its pixel has that epoch, and pixels beyond an axis have its ends", () => {
  const axes = new Axes(500, 190, [0, 8], [0, 1], false)
  for (const epoch of [0, 3, 8]) assert.ok(Math.abs(axes.epochAt(axes.x(epoch)) - epoch) < 1e-9)
  assert.deepEqual([axes.epochAt(-1000), axes.epochAt(9000)], [0, 8])
  assert.deepEqual([axes.y(0), axes.y(1)], [190, 10])
})

test("ticks are round numbers within the axis, also of a logarithmic one", () => {
  assert.deepEqual(new Axes(500, 190, [0, 8], [0, 1], false).epochTicks(), [0, 2, 4, 6, 8])
  assert.deepEqual(new Axes(500, 190, [0, 8], [0.03, 2], true).valueTicks(), [0.05, 0.1, 0.2, 0.5, 1, 2])
  assert.deepEqual(new Axes(500, 190, [0, 8], [0.31, 0.48], true).valueTicks(), [0.31, 0.48])
})

test("numbers keep their significant digits and have a true minus", () => {
  assert.deepEqual(
    [1 / 3, -0.5, 1e-7 / 3, -2.5e9, 100, 0, "inf", null].map((value) => digits(value, 3)),
    ["0.333", "−0.5", "3.33e-8", "−2.5e+9", "100", "0", "inf", "–"],
  )
})

test("a tile is cut out of where its pixels and its frame lie", () => {
  const tiling = { columns: 3, rows: 2, width: 2, height: 3 }
  const picture = { width: 8, height: 7, channels: 1, indices: Uint8Array.from({ length: 56 }, (_, at) => at) }
  assert.deepEqual([...tileOf(tiling, picture, 4).indices], [35, 36, 43, 44, 51, 52])
  assert.equal(tileAt(tiling, picture, 43), 4)
  const { left, top, width, height } = placeOf(tiling, 4)
  assert.deepEqual([left * 8, top * 7, width * 8, height * 7], [3, 4, 2, 3])
})
