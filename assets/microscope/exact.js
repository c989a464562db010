// The truth by enumeration: log Z, p(v), the mean log-likelihood of the data and its gradient.
//
//   log Z = logsumexp_h [c.h + sum_i softplus(b_i + (W^T h)_i)]          at most 2^8 terms
//   gradient = <h v^T, v, h>_data - <h v^T, v, h>_model, both exact, h in the data phase by its probability
//
// A gradient is one row in the order of `Model.theta`: W, b, c.

/** @import { Data } from "./data.js" */
/** @import { Tables } from "./model.js" */

/** @typedef {{ angle: number | null, error: number | null }} Comparison degrees, and a share of the truth's length */

import { logSumExp, softplus } from "./model.js"

/**
 * The log weight of each hidden state, its sum log Z, and p(h).
 * @param {Tables} tables
 */
export function hiddenDistribution(tables) {
  const { visible, hiddenCount, hidden, model, visibleField } = tables
  const logWeight = new Float64Array(hiddenCount)
  for (let h = 0; h < hiddenCount; h += 1) {
    let sum = 0
    for (let j = 0; j < hidden; j += 1) if ((h >>> j) & 1) sum += model.c[j]
    for (let i = 0; i < visible; i += 1) sum += softplus(visibleField[h * visible + i])
    logWeight[h] = sum
  }
  const logZ = logSumExp(logWeight)
  return { logWeight, logZ, p: logWeight.map((value) => Math.exp(value - logZ)) }
}

/**
 * <h v^T>, <v>, <h> of the model, in one row.
 * @param {Tables} tables
 * @param {Float64Array} p
 */
export function modelMoments(tables, p) {
  const { visible, hidden, hiddenCount, visibleMean } = tables
  const row = new Float64Array(hidden * visible + visible + hidden)
  for (let h = 0; h < hiddenCount; h += 1) {
    for (let i = 0; i < visible; i += 1) row[hidden * visible + i] += p[h] * visibleMean[h * visible + i]
    for (let j = 0; j < hidden; j += 1) {
      if (!((h >>> j) & 1)) continue
      row[hidden * visible + visible + j] += p[h]
      for (let i = 0; i < visible; i += 1) row[j * visible + i] += p[h] * visibleMean[h * visible + i]
    }
  }
  return row
}

/**
 * <p(h|v) v^T>, <v>, <p(h|v)> over visible states with weights that sum to 1 (all equal when null), in one row.
 * @param {Tables} tables
 * @param {Uint32Array} states
 * @param {Float64Array | null} weights
 */
export function momentsOf(tables, states, weights = null) {
  const { visible, hidden } = tables
  const row = new Float64Array(hidden * visible + visible + hidden)
  const even = 1 / states.length
  for (let at = 0; at < states.length; at += 1) {
    const v = states[at]
    const weight = weights ? weights[at] : even
    for (let i = 0; i < visible; i += 1) if ((v >>> i) & 1) row[hidden * visible + i] += weight
    for (let j = 0; j < hidden; j += 1) {
      const share = weight * tables.hiddenMean(v, j)
      row[hidden * visible + visible + j] += share
      const from = j * visible
      for (let bits = v; bits; bits &= bits - 1) row[from + 31 - Math.clz32(bits & -bits)] += share
    }
  }
  return row
}

/**
 * Mean over the data of -F(v), in nats; minus log Z it is the mean log-likelihood.
 * @param {Tables} tables
 * @param {Data} data
 */
export function meanLogWeight(tables, data) {
  let sum = 0
  for (let at = 0; at < data.states.length; at += 1) sum += data.p[at] * tables.logWeight(data.states[at])
  return sum
}

/**
 * log p(v) for every visible state.
 * @param {Tables} tables
 * @param {number} logZ
 */
export function visibleDistribution(tables, logZ) {
  const found = new Float64Array(tables.visibleCount)
  for (let v = 0; v < found.length; v += 1) found[v] = tables.logWeight(v) - logZ
  return found
}

/**
 * The sum over all entries of the variance of (p(h|v) v^T, v, p(h|v)) under p(v): what one exact sample scatters.
 * @param {Tables} tables
 * @param {Float64Array} logP
 * @param {Float64Array} moments
 */
export function momentVariance(tables, logP, moments) {
  let second = 0
  for (let v = 0; v < logP.length; v += 1) {
    const p = Math.exp(logP[v])
    if (p < 1e-12) continue
    let hidden = 0
    for (let j = 0; j < tables.hidden; j += 1) hidden += tables.hiddenMean(v, j) ** 2
    const ones = countOnes(v)
    second += p * (hidden * ones + ones + hidden)
  }
  return Math.max(0, second - moments.reduce((sum, value) => sum + value * value, 0))
}

/**
 * @param {Float64Array} first
 * @param {Float64Array} second
 */
export function difference(first, second) {
  return first.map((value, at) => value - second[at])
}

/** @param {Float64Array} row */
export function norm(row) {
  return Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
}

/**
 * The angle between two directions in degrees, and |estimate - truth| / |truth|; null where the truth is no direction.
 * @param {Float64Array} estimate
 * @param {Float64Array} truth
 * @returns {Comparison}
 */
export function compare(estimate, truth) {
  const [size, length] = [norm(estimate), norm(truth)]
  if (length < 1e-12) return { angle: null, error: null }
  const product = estimate.reduce((sum, value, at) => sum + value * truth[at], 0)
  const cosine = size > 0 ? Math.max(-1, Math.min(1, product / size / length)) : 0
  return { angle: (Math.acos(cosine) * 180) / Math.PI, error: norm(difference(estimate, truth)) / length }
}

/** @param {number} bits */
export function countOnes(bits) {
  let count = 0
  for (let rest = bits; rest; rest &= rest - 1) count += 1
  return count
}
