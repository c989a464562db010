// Curves of two runs made comparable: all layers of one in a single curve, and the difference at shared moments only.

/** @import { RecordedStage } from "./messages.js" */
/** @import { Series } from "./series.js" */

/** @typedef {{ x: number[], y: (number | null)[], stage: string[] }} Whole a metric over all layers of a run */
/** @typedef {Whole & { a: (number | null)[], b: (number | null)[] }} Difference between two runs, and both numbers */

/**
 * {x, y, stage} of a metric over all layers, with a hole where a layer ends.
 * @param {Series} series
 * @param {string} metric
 * @param {RecordedStage[]} stages
 * @param {number} factor
 */
export function together(series, metric, stages, factor) {
  /** @type {Whole} */
  const all = { x: [], y: [], stage: [] }
  for (const { stage, curve } of series.of(metric, stages)) {
    if (all.x.length) push(all, curve.x[0], null, stage.key)
    for (const [at, epoch] of curve.x.entries()) {
      const value = curve.y[at]
      push(all, epoch, value === null ? null : Number((value * factor).toPrecision(6)), stage.key)
    }
  }
  return all
}

/**
 * {x, y, a, b, stage}: b − a wherever both have a number at the same epoch of the same layer. Nothing is interpolated.
 * @param {Whole} a
 * @param {Whole} b
 */
export function difference(a, b) {
  const others = new Map(b.x.map((epoch, at) => [`${b.stage[at]} ${epoch}`, b.y[at]]))
  /** @type {Difference} */
  const apart = { x: [], y: [], a: [], b: [], stage: [] }
  for (const [at, epoch] of a.x.entries()) {
    const [stage, own] = [a.stage[at], a.y[at]]
    const other = others.get(`${stage} ${epoch}`) ?? null
    if (own === null || other === null) continue
    // Layers that learn together share their epochs: a line must not run back from one to the next.
    if (epoch < (apart.x.at(-1) ?? epoch)) {
      push(apart, epoch, null, stage)
      apart.a.push(null)
      apart.b.push(null)
    }
    push(apart, epoch, other - own, stage)
    apart.a.push(own)
    apart.b.push(other)
  }
  return apart
}

/**
 * @param {Whole} all
 * @param {number} epoch
 * @param {number | null} value
 * @param {string} stage
 */
function push(all, epoch, value, stage) {
  all.x.push(epoch)
  all.y.push(value)
  all.stage.push(stage)
}
