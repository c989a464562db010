// The frames of a run: which there are, the one at the slider, and their numbers, fetched once each.

/** @import { DiagnoseNews, FrameData } from "../shared/messages.js" */
/** @import { Kept } from "./scene.js" */

const KEPT = 200

export class Moments {
  /**
   * `together`: all layers are looked at at the same moments.
   * @param {string} address
   * @param {() => void} onArrival
   * @param {boolean} together
   */
  constructor(address, onArrival, together = false) {
    this.address = address
    this.together = together
    this.onArrival = onArrival
    /** @type {Kept[]} */
    this.list = [] // in order
    /** @type {Map<number, FrameData>} */
    this.known = new Map()
    /** @type {Set<number>} */
    this.coming = new Set()
  }

  /** @param {DiagnoseNews["frames"]} frames */
  add(frames) {
    this.list.push(...frames.map(([id, epoch, stage]) => ({ id, epoch, stage })))
    return frames.length > 0
  }

  /**
   * Those of one layer, or all.
   * @param {string} stage
   */
  of(stage) {
    return stage ? this.list.filter((frame) => frame.stage === stage) : this.list
  }

  /**
   * The numbers of a frame if they are here; else null, and `onArrival` is called once they are.
   * @param {number} id
   * @returns {FrameData | null}
   */
  get(id) {
    const found = this.known.get(id)
    if (!found) this.fetch(id)
    return found ?? null
  }

  /** @param {number} id */
  async fetch(id) {
    if (this.coming.has(id)) return
    this.coming.add(id)
    try {
      const answer = await fetch(`${this.address}/frame/${id}.json`)
      if (answer.ok) this.known.set(id, await answer.json())
      else this.list = this.list.filter((frame) => frame.id !== id) // thinned out since
      for (const oldest of this.known.keys()) {
        if (this.known.size <= KEPT) break
        this.known.delete(oldest)
      }
      this.onArrival()
    } catch {
      // Offline: the feed says so, and the next drawing asks again.
    } finally {
      this.coming.delete(id)
    }
  }

  /**
   * The newest frame of each layer up to place `index`, in the order of the layers.
   * @param {number} index
   */
  ofEachLayer(index) {
    /** @type {Map<string, Kept>} */
    const newest = new Map()
    const current = this.list[index]
    const reached = this.list.filter((frame, at) => at <= index || (this.together && frame.epoch <= current.epoch))
    for (const frame of reached) newest.set(frame.stage, frame)
    return [...newest.values()].sort((a, b) => a.epoch - b.epoch || a.stage.localeCompare(b.stage))
  }

  /**
   * At most `most` frames of one layer up to place `index`, the last of them included; denser near the start.
   * @param {number} index
   * @param {number} most
   */
  history(index, most) {
    const current = this.list[index]
    const own = this.list.slice(0, index + 1).filter((frame) => frame.stage === current.stage)
    const wanted = new Set()
    for (let at = 0; at < most; at += 1) wanted.add(Math.round((own.length - 1) * (at / (most - 1)) ** 1.7))
    return [...wanted].filter((at) => at >= 0).map((at) => own[at])
  }
}
