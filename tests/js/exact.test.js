// The truth by enumeration, against a second enumeration of all joint states.

import assert from "node:assert/strict"
import { test } from "node:test"
import {
  compare,
  countOnes,
  difference,
  hiddenDistribution,
  meanLogWeight,
  modelMoments,
  momentsOf,
  momentVariance,
  visibleDistribution,
} from "../../assets/microscope/exact.js"
import { assertClose, bit, jointOf, marginalOf, meansOf, range, tablesOf, tinyData, tinyModel } from "./tiny.js"

const SIZES = [
  [3, 2],
  [4, 3],
  [9, 2],
]
const DATA = { patterns: [5, 2, 7], counts: [3, 1, 2] }

for (const [visible, hidden] of SIZES) {
  const model = tinyModel(visible, hidden)
  const tables = tablesOf(model)
  const joint = jointOf(model)

  test(`log Z, p(h) and p(v) of ${visible} + ${hidden} units`, () => {
    const { logZ, p } = hiddenDistribution(tables)
    assertClose([logZ], [joint.logZ], 1e-11)
    const hiddens = range(2 ** hidden).map((h) =>
      joint.states.reduce((sum, state) => sum + (state.h === h ? state.p : 0), 0),
    )
    assertClose(p, hiddens)
    assertClose(visibleDistribution(tables, logZ).map(Math.exp), marginalOf(model))
  })

  test(`moments of the model of ${visible} + ${hidden} units`, () => {
    const { p } = hiddenDistribution(tables)
    assertClose(modelMoments(tables, p), meansOf(model, joint.states))
  })

  test(`the gradient of ${visible} + ${hidden} units is the slope of the mean log-likelihood`, () => {
    const data = tinyData(visible, DATA.patterns, DATA.counts)
    const likelihood = (of) => {
      const its = tablesOf(of)
      return meanLogWeight(its, data) - hiddenDistribution(its).logZ
    }
    const moments = modelMoments(tables, hiddenDistribution(tables).p)
    const gradient = difference(momentsOf(tables, data.states, data.p), moments)
    const step = 1e-5
    const slopes = range(model.theta.length).map((at) => {
      const [up, down] = [model.copy(), model.copy()]
      up.theta[at] += step
      down.theta[at] -= step
      return (likelihood(up) - likelihood(down)) / (2 * step)
    })
    assertClose(gradient, slopes, 1e-8)
  })

  test(`the scatter of one exact sample of ${visible} + ${hidden} units`, () => {
    const { p, logZ } = hiddenDistribution(tables)
    const probability = marginalOf(model)
    // The variance of (p(h|v) v^T, v, p(h|v)), entry by entry.
    const rows = range(2 ** visible).map((v) => {
      const on = range(hidden).map((j) => tables.hiddenMean(v, j))
      return [
        ...on.flatMap((mean) => range(visible).map((i) => mean * bit(v, i))),
        ...range(visible).map((i) => bit(v, i)),
        ...on,
      ]
    })
    const scatter = range(rows[0].length).reduce((sum, at) => {
      const mean = rows.reduce((total, row, v) => total + probability[v] * row[at], 0)
      return sum + rows.reduce((total, row, v) => total + probability[v] * (row[at] - mean) ** 2, 0)
    }, 0)
    const found = momentVariance(tables, visibleDistribution(tables, logZ), modelMoments(tables, p))
    assertClose([found], [scatter], 1e-9)
  })
}

test("without weights every state counts the same, one that comes twice twice", () => {
  const tables = tablesOf(tinyModel(3, 2))
  const even = momentsOf(tables, Uint32Array.of(5, 2, 5, 5))
  const weighted = momentsOf(tables, Uint32Array.of(5, 2), Float64Array.of(0.75, 0.25))
  assertClose(even, weighted)
})

test("the angle between directions, and the error as a share of the truth", () => {
  const row = (...values) => Float64Array.of(...values)
  const angles = (found, truth) => compare(found, truth).angle
  assertClose(
    [angles(row(0, 2), row(3, 0)), angles(row(-1, 0), row(5, 0)), angles(row(1, 1), row(1, 0))],
    [90, 180, 45],
    1e-9,
  )
  assertClose([compare(row(0, 2), row(3, 0)).error], [Math.sqrt(13) / 3])
  assertClose([compare(row(4, 0), row(4, 0)).error, angles(row(0, 0), row(4, 0))], [0, 90], 1e-9)
  assert.deepEqual(compare(row(1, 2), row(0, 0)), { angle: null, error: null })
})

test("ones are counted", () => {
  assert.deepEqual([0, 1, 6, 255, 2 ** 16 - 1].map(countOnes), [0, 1, 2, 8, 16])
})
