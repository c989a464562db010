// What a model says about states, against the energy written out term by term.

import assert from "node:assert/strict"
import { test } from "node:test"
import { LIMIT, logSumExp, Model, sigmoid, softplus } from "../../assets/microscope/model.js"
import { Random } from "../../assets/microscope/random.js"
import { assertClose, bit, energyOf, range, tablesOf, tinyModel } from "./tiny.js"

// 11 visible units need both tables of fields.
const SIZES = [
  [3, 2],
  [5, 3],
  [11, 3],
]

for (const [visible, hidden] of SIZES)
  test(`energies, fields and weights of ${visible} visible and ${hidden} hidden units are those of their sums`, () => {
    const model = tinyModel(visible, hidden)
    const tables = tablesOf(model)
    const states = visible > 8 ? [0, 1, 255, 256, 257, 1365, 2047] : range(2 ** visible)
    for (const v of states) {
      const energies = range(2 ** hidden).map((h) => energyOf(model, v, h))
      assertClose(
        range(2 ** hidden).map((h) => tables.energy(v, h)),
        energies,
      )
      const weight = Math.log(energies.reduce((sum, energy) => sum + Math.exp(-energy), 0))
      assertClose([tables.logWeight(v)], [weight], 1e-11)
      for (const j of range(hidden)) {
        const field = model.c[j] + range(visible).reduce((sum, i) => sum + model.W[j * visible + i] * bit(v, i), 0)
        assertClose([tables.field(v, j), tables.hiddenMean(v, j)], [field, 1 / (1 + Math.exp(-field))])
      }
    }
  })

test("the mean of a visible unit given h is the sigmoid of its field", () => {
  const model = tinyModel(5, 3)
  const tables = tablesOf(model)
  for (const h of range(8))
    for (const i of range(5)) {
      const field = model.b[i] + range(3).reduce((sum, j) => sum + model.W[j * 5 + i] * bit(h, j), 0)
      assertClose([tables.visibleMean[h * 5 + i]], [1 / (1 + Math.exp(-field))])
    }
})

test("at the limits of the parameters a weight stays finite and exact", () => {
  const model = new Model(9, 8)
  model.theta.fill(LIMIT)
  // Every hidden field of v = 111111111 is 12 + 9 * 12 = 120: 108 from the biases and 8 log(1 + e^120), whose product
  // of eight factors would be e^960, beyond what a number holds.
  assertClose([tablesOf(model).logWeight(511)], [108 + 8 * 120], 1e-9)
})

test("W, b and c are views of one row, times scales a copy, and clamp keeps within the limit", () => {
  const model = new Model(2, 1)
  model.theta.set([1, -2, 3, 4, 50])
  assert.deepEqual([...model.W, ...model.b, ...model.c], [1, -2, 3, 4, 50])
  assert.deepEqual([...model.times(0.5).theta], [0.5, -1, 1.5, 2, 25])
  model.clamp()
  assert.deepEqual([...model.theta], [1, -2, 3, 4, LIMIT])
})

test("random weights leave the biases at 0 and have the deviation asked for", () => {
  const model = new Model(11, 8)
  model.theta.fill(5)
  model.randomise(new Random(5), 0.1)
  assert.ok([...model.b, ...model.c].every((bias) => bias === 0))
  const variance = model.W.reduce((sum, weight) => sum + weight ** 2, 0) / model.W.length
  // Of 88 weights the variance scatters by sqrt(2 / 88) = 15 %; five times that.
  assert.ok(Math.abs(variance / 0.01 - 1) < 0.76)
})

test("a sample is below its mean exactly when the uniform number is", () => {
  const model = tinyModel(3, 2)
  const tables = tablesOf(model)
  const fixed = (uniform) => ({ uniform: () => uniform })
  for (const uniform of [0.05, 0.35, 0.65, 0.95]) {
    const h = range(2).reduce((state, j) => state | (Number(uniform < tables.hiddenMean(5, j)) << j), 0)
    assert.equal(tables.sampleHidden(5, fixed(uniform)), h)
    const v = range(3).reduce((state, i) => state | (Number(uniform < tables.visibleMean[2 * 3 + i]) << i), 0)
    assert.equal(tables.sampleVisible(2, fixed(uniform)), v)
  }
})

test("softplus, sigmoid and logSumExp do not overflow", () => {
  assertClose([softplus(0), softplus(800), softplus(-800)], [Math.log(2), 800, 0])
  assertClose([sigmoid(0), sigmoid(800), sigmoid(-800)], [0.5, 1, 0])
  assertClose(
    [logSumExp(Float64Array.of(1000, 1000)), logSumExp(Float64Array.of(-1000, -1001))],
    [1000 + Math.log(2), -1000 + Math.log1p(Math.exp(-1))],
  )
})
