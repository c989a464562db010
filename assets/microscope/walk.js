// One Gibbs chain, half-step by half-step, and how often it has visited each visible state.

/** @import { Tables } from "./model.js" */
/** @import { Random } from "./random.js" */

export class Walk {
  /**
   * @param {number} v
   * @param {number} hidden
   * @param {Random} random
   */
  constructor(v, hidden, random) {
    this.random = random
    this.v = v
    this.h = 0
    /** @type {"hidden" | "visible"} */
    this.next = "hidden" // the side that is drawn next
    /** @type {"hidden" | "visible" | ""} */
    this.drawn = "" // the side that was drawn last
    this.hidden = hidden
    /** @type {Map<number, number>} */
    this.visits = new Map()
    this.total = 0
    this.steps = 0
  }

  /**
   * Draw one side given the other; a visible state counts when it is drawn.
   * @param {Tables} tables
   */
  half(tables) {
    this.drawn = this.next
    this.steps += 1
    if (this.next === "hidden") {
      this.h = tables.sampleHidden(this.v, this.random)
      this.next = "visible"
      return
    }
    this.v = tables.sampleVisible(this.h, this.random)
    this.visits.set(this.v, (this.visits.get(this.v) ?? 0) + 1)
    this.total += 1
    this.next = "hidden"
  }

  /** Another model: where the chain stands remains, what it visited belongs to the old one. */
  forget() {
    this.visits.clear()
    this.total = 0
  }

  /**
   * The share of the visits that a visible state has had.
   * @param {number} v
   */
  shareOf(v) {
    return this.total ? (this.visits.get(v) ?? 0) / this.total : 0
  }

  /**
   * Half the sum of |share of visits - p(v)|: 0 when they agree, 1 when they have nothing in common.
   * @param {Float64Array} logP
   */
  distance(logP) {
    if (!this.total) return null
    let common = 0
    for (const [v, count] of this.visits) common += Math.min(count / this.total, Math.exp(logP[v]))
    return Math.max(0, 1 - common)
  }
}
