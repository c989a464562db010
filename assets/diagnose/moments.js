// The frames of a run: which there are, the one at the slider, and their numbers, fetched once each.

const KEPT = 200

export class Moments {
  /** `together`: all layers are looked at at the same moments. */
  constructor(address, onArrival, together = false) {
    this.address = address
    this.together = together
    this.onArrival = onArrival
    this.list = [] // {id, epoch, stage}, in order
    this.known = new Map()
    this.coming = new Set()
  }

  add(frames) {
    this.list.push(...frames.map(([id, epoch, stage]) => ({ id, epoch, stage })))
    return frames.length > 0
  }

  /** Those of one layer, or all. */
  of(stage) {
    return stage ? this.list.filter((frame) => frame.stage === stage) : this.list
  }

  /** The numbers of a frame if they are here; else null, and `onArrival` is called once they are. */
  get(id) {
    const found = this.known.get(id)
    if (!found) this.fetch(id)
    return found ?? null
  }

  async fetch(id) {
    if (this.coming.has(id)) return
    this.coming.add(id)
    try {
      const answer = await fetch(`${this.address}/frame/${id}.json`)
      if (answer.ok) this.known.set(id, await answer.json())
      else this.list = this.list.filter((frame) => frame.id !== id) // thinned out since
      while (this.known.size > KEPT) this.known.delete(this.known.keys().next().value)
      this.onArrival()
    } catch {
      // Offline: the feed says so, and the next drawing asks again.
    } finally {
      this.coming.delete(id)
    }
  }

  /** The newest frame of each layer up to place `index`, in the order of the layers. */
  ofEachLayer(index) {
    const found = new Map()
    const current = this.list[index]
    const reached = this.list.filter((frame, at) => at <= index || (this.together && frame.epoch <= current.epoch))
    for (const frame of reached) found.set(frame.stage, frame)
    return [...found.values()].sort((a, b) => a.epoch - b.epoch || a.stage.localeCompare(b.stage))
  }

  /** At most `most` frames of one layer up to place `index`, the last of them included; denser near the start. */
  history(index, most) {
    const current = this.list[index]
    const own = this.list.slice(0, index + 1).filter((frame) => frame.stage === current.stage)
    const wanted = new Set()
    for (let at = 0; at < most; at += 1) wanted.add(Math.round((own.length - 1) * (at / (most - 1)) ** 1.7))
    return [...wanted].filter((at) => at >= 0).map((at) => own[at])
  }
}
