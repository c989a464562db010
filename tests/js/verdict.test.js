// What the numbers of a chart say of each layer.

import assert from "node:assert/strict"
import { test } from "node:test"
import { verdict } from "../../assets/diagnose/verdict.js"

const STEP = [
  [0.01, "still"],
  [1, "calm"],
  [null, "wild"],
]
const layers = (...values) => values.map((value, index) => ({ name: `layer ${index + 1}`, value }))

test("what holds for all layers is said once", () => {
  assert.equal(verdict(layers(0.2, 1), STEP), "This run: calm.")
  assert.equal(verdict(layers(7), STEP), "This run: wild.")
})

test("where layers differ each is named beside what its number says", () => {
  assert.equal(verdict(layers(0.2, 0.001, 0.3), STEP), "This run: layer 1, layer 3: calm; layer 2: still.")
})

test("nothing is said without a number, or of a chart without verdicts", () => {
  assert.equal(verdict(layers(null), STEP), "")
  assert.equal(verdict(layers(3), []), "")
})
