// What there is to scrub through in one run, and how local and how coarse its filters are: asked again whenever the run
// has moved on.

/** @import { Film, Measures, SameFilm } from "../shared/messages.js" */

import { json } from "../shared/asking.js"

const AGAIN = 1000 // ms between two lists of a live run, more while the server does not answer

export class Listing {
  /**
   * What is new, and why there is no list.
   * @param {string} address
   * @param {{
   *   onList(list: Film): void,
   *   onMeasures(points: Measures["points"]): void,
   *   onTrouble(sentence: string): void,
   * }} events
   */
  constructor(address, { onList, onMeasures, onTrouble }) {
    this.address = address
    this.onList = onList
    this.onMeasures = onMeasures
    this.onTrouble = onTrouble
    this.revision = ""
    this.measuredTo = 0
    this.failures = 0
    this.waiting = false // for the pause after a list to end
    this.again = false
    this.measuring = false
    this.closed = false
  }

  /** Ask what there is, at most about once a second. */
  async refresh() {
    if (this.waiting || this.closed) {
      this.again = true
      return
    }
    this.waiting = true
    this.again = false
    try {
      const query = new URLSearchParams({ revision: this.revision })
      /** @type {Film | SameFilm} */
      const list = await json(`${this.address}/index?${query}`, { cache: "no-store" })
      this.take(list)
      this.failures = 0
    } catch (error) {
      const { status, message } = /** @type {Error & { status?: number }} */ (error)
      this.failures += 1
      this.again = status !== 404
      if (!this.closed) this.onTrouble(message)
    }
    setTimeout(
      () => {
        this.waiting = false
        if (this.again && !this.closed) this.refresh()
      },
      AGAIN * 2 ** Math.min(3, this.failures),
    )
  }

  /** @param {Film | SameFilm} list */
  take(list) {
    if (this.closed || !("positions" in list)) return
    this.revision = list.revision
    this.onList(list)
    this.measure()
  }

  /** The measures of each new picture, computed on the server, part after part. */
  async measure() {
    if (this.measuring) return
    this.measuring = true
    try {
      for (let more = true; more && !this.closed; ) {
        /** @type {Measures} */
        const answer = await json(`${this.address}/measures?after=${this.measuredTo}`, { cache: "no-store" })
        if (this.closed) return
        this.measuredTo = answer.cursor
        more = answer.more
        this.onMeasures(answer.points)
      }
    } catch {
      // A picture was thinned out meanwhile, or the server is away: the next list asks again.
    } finally {
      this.measuring = false
    }
  }

  close() {
    this.closed = true
  }
}
