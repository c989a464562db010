// Of which moment the figures are that order the tiles of each layer: it stays while one scrubs, so that tiles keep
// their places.

/** @import { LayerFilm } from "../shared/messages.js" */

export class TileOrders {
  constructor() {
    /** @type {Map<string, number>} */
    this.frames = new Map() // id of a frame by stage
  }

  /** Another order: its moment is chosen anew. */
  clear() {
    this.frames.clear()
  }

  /**
   * The frame whose figures order a layer's tiles: its newest one when the order was chosen, or while following.
   * @param {LayerFilm} layer
   * @param {boolean} follow
   */
  frameOf({ stage, frames }, follow) {
    const newest = frames.id[frames.id.length - 1]
    const kept = this.frames.get(stage)
    if (kept && !follow && frames.id.includes(kept)) return kept
    this.frames.set(stage, newest)
    return newest
  }
}
