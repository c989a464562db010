// A tiny data set as the mathematics needs it: distinct states, their probabilities, and what follows from these.

/** @import { TinySet } from "../shared/messages.js" */
/** @import { Random } from "./random.js" */

import { Drawer } from "./random.js"

export class Data {
  /**
   * `raw` comes from the server: name, title, kind, shape, bits, patterns, counts, about.
   * @param {TinySet} raw
   */
  constructor(raw) {
    this.name = raw.name
    this.title = raw.title
    this.kind = raw.kind
    this.shape = raw.shape
    this.about = raw.about
    this.visible = raw.bits
    this.states = Uint32Array.from(raw.patterns)
    this.cases = raw.counts.reduce((sum, count) => sum + count, 0)
    this.p = Float64Array.from(raw.counts, (count) => count / this.cases)
    this.entropy = -this.p.reduce((sum, p) => sum + p * Math.log(p), 0)
    this.drawer = new Drawer(this.p)
    this.share = new Map(Array.from(this.states, (state, at) => [state, this.p[at]]))
  }

  /**
   * One case at random.
   * @param {Random} random
   */
  draw(random) {
    return this.states[this.drawer.draw(random)]
  }

  /**
   * The probability of a visible state among the data.
   * @param {number} v
   */
  shareOf(v) {
    return this.share.get(v) ?? 0
  }

  /** Biases of independent units with the data's means, smoothed by one case of 1 and one of 0. */
  baseRates() {
    const base = new Float64Array(this.visible)
    for (let i = 0; i < this.visible; i += 1) {
      let mean = 0
      for (let at = 0; at < this.states.length; at += 1) if ((this.states[at] >>> i) & 1) mean += this.p[at]
      const smooth = (mean * this.cases + 1) / (this.cases + 2)
      base[i] = Math.log(smooth / (1 - smooth))
    }
    return base
  }
}

/**
 * Gray code and back: consecutive numbers differ in one bit.
 * @param {number} number
 */
export const gray = (number) => number ^ (number >>> 1)

/** @param {number} code */
export function fromGray(code) {
  let number = code
  for (let shift = 1; shift < 32; shift <<= 1) number ^= number >>> shift
  return number
}
