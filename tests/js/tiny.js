// A tiny RBM for tests, and what follows from it by enumeration of all joint states: independent of the page's tables.

import { Data } from "../../assets/microscope/data.js"
import { Model, Tables } from "../../assets/microscope/model.js"
import { Random } from "../../assets/microscope/random.js"

/** A model with weights and biases of about `scale`, the same for the same seed. */
export function tinyModel(visible, hidden, scale = 0.9, seed = 7) {
  const model = new Model(visible, hidden)
  const random = new Random(seed)
  for (let at = 0; at < model.theta.length; at += 1) model.theta[at] = scale * random.normal()
  return model
}

export const tablesOf = (model) => new Tables(model)

export function tinyData(bits, patterns, counts) {
  const [shape, kind] = [[1, bits], "image"]
  return new Data({ name: "test", title: "a test", kind, shape, bits, patterns, counts, about: "" })
}

export const bit = (state, unit) => (state >>> unit) & 1

export const range = (count) => Array.from({ length: count }, (_, at) => at)

/** E(v, h) = -b.v - c.h - h.W v, term by term. */
export function energyOf({ visible, hidden, W, b, c }, v, h) {
  let sum = 0
  for (const i of range(visible)) sum += b[i] * bit(v, i)
  for (const j of range(hidden)) sum += c[j] * bit(h, j)
  for (const j of range(hidden)) for (const i of range(visible)) sum += bit(h, j) * W[j * visible + i] * bit(v, i)
  return -sum
}

/** Every joint state with its probability: {v, h, p}. */
export function jointOf(model) {
  const states = range(2 ** model.visible).flatMap((v) => range(2 ** model.hidden).map((h) => ({ v, h })))
  const weights = states.map(({ v, h }) => Math.exp(-energyOf(model, v, h)))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return { logZ: Math.log(total), states: states.map((state, at) => ({ ...state, p: weights[at] / total })) }
}

/** p(v) of every visible state, by summing the joint ones. */
export function marginalOf(model) {
  const p = new Array(2 ** model.visible).fill(0)
  for (const state of jointOf(model).states) p[state.v] += state.p
  return p
}

/** The mean of (h v^T, v, h) under weights of joint states, in the order of `theta`. */
export function meansOf({ visible, hidden }, states) {
  const row = new Array(hidden * visible + visible + hidden).fill(0)
  for (const { v, h, p } of states) {
    for (const j of range(hidden)) for (const i of range(visible)) row[j * visible + i] += p * bit(h, j) * bit(v, i)
    for (const i of range(visible)) row[hidden * visible + i] += p * bit(v, i)
    for (const j of range(hidden)) row[hidden * visible + visible + j] += p * bit(h, j)
  }
  return row
}

/** Fails where two rows of numbers differ by more than `tolerance` anywhere. */
export function assertClose(actual, expected, tolerance = 1e-12) {
  const [one, other] = [Array.from(actual), Array.from(expected)]
  if (one.length !== other.length) throw new Error(`${one.length} numbers where ${other.length} are expected`)
  for (const [at, value] of one.entries())
    if (!(Math.abs(value - other[at]) <= tolerance)) throw new Error(`at ${at}: ${value} instead of ${other[at]}`)
}
