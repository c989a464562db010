// Where one looks: a moment of the run, and perhaps one unit.

/** @import { Place } from "./address.js" */
/** @import { Selected } from "./scene.js" */
/** @import { Timeline } from "./timeline.js" */

/** @type {Place} */
const NOWHERE = { epoch: null, layer: null, unit: null }

export class Position {
  constructor() {
    this.link = NOWHERE // where the address of the page says to look
    this.index = 0 // in the film
    this.step = -1 // the update there; none yet
    /** @type {Selected | null} */
    this.selected = null // the unit looked at
  }

  /** @param {Place | null} link of another run, if the address of the page is about it */
  change(link) {
    this.link = link ?? NOWHERE
    this.step = -1
    this.selected = null
  }

  /**
   * The film is longer now. At first where the link says, else at the newest moment.
   * @param {Timeline} timeline
   * @param {boolean} follow
   */
  take(timeline, follow) {
    if (this.step < 0) this.begin(timeline)
    this.index = follow ? timeline.last : timeline.indexOfStep(this.step)
    if (follow) this.step = timeline.step(this.index)
  }

  /** @param {Timeline} timeline */
  begin(timeline) {
    const { epoch, layer: depth, unit } = this.link
    this.step = timeline.step(epoch === null ? timeline.last : timeline.indexOfEpoch(epoch))
    if (depth === null || unit === null) return
    const layer = timeline.layers[depth - 1]
    if (layer?.depth && unit < layer.units) this.selected = { depth, unit }
  }

  /**
   * @param {Timeline} timeline
   * @param {number} index
   */
  moveTo(timeline, index) {
    this.index = index
    this.step = timeline.step(index)
  }

  /**
   * As the address of the page says it.
   * @param {number | null} epoch null at the end of the film
   * @returns {Place}
   */
  place(epoch) {
    return {
      epoch: epoch === null ? null : Number(epoch.toFixed(4)),
      layer: this.selected?.depth ?? null,
      unit: this.selected?.unit ?? null,
    }
  }
}
