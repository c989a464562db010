// What is true of a model, found by enumeration; the tables over all visible states are made when somebody asks for them.

/** @import { Data } from "./data.js" */
/** @import { Model } from "./model.js" */

import {
  difference,
  hiddenDistribution,
  meanLogWeight,
  modelMoments,
  momentsOf,
  norm,
  visibleDistribution,
} from "./exact.js"
import { Tables } from "./model.js"

const TOP = 512 // most probable visible states that are kept at hand

export class Truth {
  /**
   * @param {Model} model with its parameters over T
   * @param {Data} data
   */
  constructor(model, data) {
    this.tables = new Tables(model)
    const { logZ, logWeight, p } = hiddenDistribution(this.tables)
    this.logZ = logZ
    this.hiddenLogWeight = logWeight
    this.p = p // of hidden states
    this.moments = modelMoments(this.tables, p)
    this.positive = momentsOf(this.tables, data.states, data.p)
    this.logLikelihood = meanLogWeight(this.tables, data) - logZ
    this.gradient = difference(this.positive, this.moments)
    this.size = norm(this.gradient)
    /** @type {Float64Array | null} */
    this.distribution = null
    /** @type {number[] | null} */
    this.best = null
  }

  /** log p(v) of every visible state. */
  get logP() {
    this.distribution ??= visibleDistribution(this.tables, this.logZ)
    return this.distribution
  }

  /** The most probable visible states, the most probable first. */
  get top() {
    this.best ??= largest(this.logP, TOP)
    return this.best
  }
}

/**
 * Where the largest values lie, falling.
 * @param {Float64Array} values
 * @param {number} count
 */
function largest(values, count) {
  const least = values.length > count ? values.slice().sort()[values.length - count] : Number.NEGATIVE_INFINITY
  const found = []
  for (let at = 0; at < values.length; at += 1) if (values[at] >= least) found.push(at)
  return found.sort((a, b) => values[b] - values[a]).slice(0, count)
}
