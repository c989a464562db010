// Where axes begin and end, and where labels of marks stand.

import assert from "node:assert/strict"
import { test } from "node:test"
import { calm, endTicks, epochRange, extent, logStep, tickCount, valueRange } from "../../assets/shared/axis.js"
import { drawMarks, gather } from "../../assets/shared/marks.js"

test("a calm number is the next of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten", () => {
  assert.deepEqual([1, 1.01, 1.6, 2.1, 4.4, 7, 8.1, 12, 0.06].map(calm), [1, 1.5, 2, 3, 5, 8, 10, 15, 0.06])
  assert.deepEqual([0, -3, Number.NaN].map(calm), [0, 0, 0])
})

test("epochs go a little beyond where a run is and never beyond its last", () => {
  assert.deepEqual(epochRange(3, 20), [0, 4]) // 3.12 becomes 4
  assert.deepEqual(epochRange(19.9, 20), [0, 20])
  assert.deepEqual(epochRange(0, 20), [0, 0.2])
  assert.deepEqual(epochRange(12, 20, 10), [10, 13]) // 2.08 beyond 10 becomes 3
  assert.deepEqual(epochRange(3, 0), [0, 4]) // the plan is not known yet
})

test("the extent skips holes, and there is none without numbers", () => {
  assert.deepEqual(extent([{ y: [3, null, -1] }, { y: [7] }]), [-1, 7])
  assert.equal(extent([{ y: [null] }, { y: [] }]), null)
})

const chart = (more) => ({ key: "error", band: null, suffix: "", from_zero: true, ...more })

test("labels have room for themselves on a plot of any height, and counts no fractions", () => {
  const dead = chart({ key: "dead" })
  for (let height = 1; height < 300; height += 1) {
    const count = tickCount(height, [0, 5], dead)
    assert.ok(count >= 1 && count <= 5)
    assert.ok(count === 1 || height / count >= 15)
    const step = logStep(height, [-2, 0])
    assert.ok(step === 1 || (Math.log10(2) * height) / 2 >= 15)
  }
  assert.equal(tickCount(40, [0, 5], dead), 2)
  assert.equal(endTicks(40, 2, [0, 5]), null)
  assert.deepEqual(endTicks(24, 1, [0, 15]), [0, 15])
  assert.deepEqual(endTicks(9, 1, [0, 15]), [15])
  assert.equal(tickCount(260, [0, 0.08], chart({})), 12)
  assert.equal(logStep(200, [-1, -0.5]), null)
})

test("a linear axis begins at zero, holds its band and ends at 100 %", () => {
  assert.deepEqual(valueRange([2, 2.7], chart({}), false), [0, 3])
  assert.deepEqual(valueRange(null, chart({}), false), [0, 1])
  assert.deepEqual(valueRange([0, 0], chart({ key: "dead" }), false), [0, 5])
  assert.deepEqual(valueRange([1, 2], chart({ band: [5, 20] }), false), [0, 27])
  assert.deepEqual(valueRange([10, 97], chart({ suffix: " %" }), false), [0, 100])
})

test("a logarithmic axis holds both ends, and zero is no end of it", () => {
  const [low, high] = valueRange([0.01, 10], chart({}), true)
  assert.ok(low < -2 && low > -2.1 && high > 1 && high < 1.1)
  assert.ok(Math.abs(valueRange([0, 1], chart({}), true)[0] + 9.08) < 1e-9)
})

test("values far from zero stand between whole steps", () => {
  const [low, high] = valueRange([-103, -98], chart({ from_zero: false }), false)
  // A quarter of the span is 1.25, so steps are 1.5: -69 of them are the last below -103, -65 the first above -98.
  assert.deepEqual([low, high], [-103.5, -97.5])
})

const mark = (epoch, text, step = 10) => ({ epoch, step, text, problem: "" })
const near = (groups) => groups.map(({ label, anchor, texts }) => ({ label, anchor, count: texts.length }))

test("marks within ten pixels are told as one, the others have labels of their own", () => {
  const groups = gather([mark(1, "paused"), mark(1.05, "resumed"), mark(5, "stopped")], [0, 10], 1000)
  assert.deepEqual(near(groups), [
    { label: "paused +1", anchor: "left", count: 2 },
    { label: "stopped", anchor: "left", count: 1 },
  ])
  assert.deepEqual(groups[0].texts, ["paused (epoch 1.00, update 10)", "resumed (epoch 1.05, update 10)"])
})

test("a label without room is left to the hover of the one before it", () => {
  const groups = gather([mark(1, "a rather long label"), mark(1.5, "hidden"), mark(8, "free")], [0, 10], 1000)
  assert.deepEqual(near(groups), [
    { label: "a rather long label", anchor: "left", count: 2 },
    { label: "", anchor: "left", count: 1 },
    { label: "free", anchor: "left", count: 1 },
  ])
})

test("a label at the right end grows to the left; marks outside are not drawn", () => {
  const groups = gather([mark(-1, "before"), mark(9.9, "at the end"), mark(11, "after")], [0, 10], 1000)
  assert.deepEqual(near(groups), [{ label: "at the end", anchor: "right", count: 1 }])
})

test("a long text is cut, and only what has a label is annotated", () => {
  const long = "x".repeat(40)
  const { shapes, annotations } = drawMarks([mark(1, long), mark(1.3, "near")], [0, 10], 1000, { muted: "grey" })
  assert.deepEqual(
    shapes.map(({ x0, x1 }) => [x0, x1]),
    [
      [1, 1],
      [1.3, 1.3],
    ],
  )
  assert.deepEqual(
    annotations.map(({ text }) => text),
    [`${"x".repeat(29)}…`],
  )
})
