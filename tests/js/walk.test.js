// A Gibbs chain and its visits, a tiny data set, and states in words.

import assert from "node:assert/strict"
import { test } from "node:test"
import { fromGray, gray } from "../../assets/microscope/data.js"
import { bits, cell, parameterName, visibleState } from "../../assets/microscope/names.js"
import { Random } from "../../assets/microscope/random.js"
import { Walk } from "../../assets/microscope/walk.js"
import { assertClose, marginalOf, range, tablesOf, tinyData, tinyModel } from "./tiny.js"

test("half-steps draw the sides in turn, and a visible state counts when it is drawn", () => {
  const tables = { sampleHidden: (v) => v + 1, sampleVisible: (h) => 10 * h }
  const walk = new Walk(3, 2, null)
  walk.half(tables)
  assert.deepEqual([walk.v, walk.h, walk.drawn, walk.next, walk.total], [3, 4, "hidden", "visible", 0])
  walk.half(tables)
  assert.deepEqual([walk.v, walk.h, walk.drawn, walk.next, walk.total], [40, 4, "visible", "hidden", 1])
  assert.deepEqual([...walk.visits], [[40, 1]])
  walk.forget()
  assert.deepEqual([walk.v, walk.total, walk.visits.size, walk.steps], [40, 0, 0, 2])
})

test("the distance is half the sum of absolute differences", () => {
  const walk = new Walk(0, 1, null)
  const logP = Float64Array.of(0.5, 0.25, 0.125, 0.125).map(Math.log)
  assert.equal(walk.distance(logP), null)
  walk.visits = new Map([
    [0, 1],
    [3, 3],
  ])
  walk.total = 4
  // Shares 1/4, 0, 0, 3/4 against 1/2, 1/4, 1/8, 1/8: (1/4 + 1/4 + 1/8 + 5/8) / 2.
  assertClose([walk.distance(logP)], [0.625])
})

test("a long walk visits states as often as the model says", () => {
  const model = tinyModel(4, 3)
  const tables = tablesOf(model)
  const walk = new Walk(0, 3, new Random(9))
  for (let step = 0; step < 400_000; step += 1) walk.half(tables)
  assert.ok(walk.distance(Float64Array.from(marginalOf(model), Math.log)) < 0.02)
})

test("probabilities, entropy and smoothed base rates of data", () => {
  const data = tinyData(3, [1, 6], [3, 1])
  assertClose(data.p, [0.75, 0.25])
  assertClose([data.entropy], [-(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25))])
  // Unit 0 is on in 3 of 4 cases, units 1 and 2 in 1 of 4: (3 + 1) / 6 and (1 + 1) / 6.
  assertClose(data.baseRates(), [Math.log(2), Math.log(0.5), Math.log(0.5)])
  const [first, second] = [0.7, 0.8].map((uniform) => data.draw({ uniform: () => uniform }))
  assert.deepEqual([first, second, data.share.get(6), data.share.get(2)], [1, 6, 0.25, undefined])
})

test("neighbours in Gray code differ in one bit, and the code can be read back", () => {
  for (const number of range(256)) {
    assert.equal(fromGray(gray(number)), number)
    const changed = gray(number) ^ gray(number + 1)
    assert.equal(changed & (changed - 1), 0)
  }
})

test("states and parameters have names", () => {
  assert.equal(visibleState(0b10_0110, { kind: "image", shape: [2, 3] }), "011·001")
  assert.equal(visibleState(0b0110_0011, { kind: "plane", shape: [16, 16] }), "column 3, row 5")
  assert.deepEqual(cell(0b0110_0011), { column: 2, row: 4 })
  assert.equal(bits(0b0101, 4), "1010")
  const names = range(11).map((at) => parameterName(at, { visible: 3, hidden: 2 }))
  assert.deepEqual(names.slice(0, 4), [
    "weight of v0 – h0",
    "weight of v1 – h0",
    "weight of v2 – h0",
    "weight of v0 – h1",
  ])
  assert.deepEqual(names.slice(6), ["bias of v0", "bias of v1", "bias of v2", "bias of h0", "bias of h1"])
})
