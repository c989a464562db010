// Frames of diagnostics, which never change, by id: fetched once.

import { json } from "../shared/asking.js"

/** @template Frame */
export class Frames {
  /**
   * @param {string} address
   * @param {() => void} onArrival
   */
  constructor(address, onArrival) {
    this.address = address
    this.onArrival = onArrival
    /** @type {Map<number, Frame>} */
    this.known = new Map()
    /** @type {Map<number, Promise<boolean>>} */
    this.coming = new Map() // id -> the promise of its arrival
    /** @type {number[]} */
    this.ahead = []
    this.walking = false
  }

  /**
   * The frame if it is here; else null, and `onArrival` is called once it is.
   * @param {number} id
   */
  get(id) {
    const found = this.known.get(id)
    if (found) return found
    this.fetch(id).then((isNew) => isNew && this.onArrival())
    return null
  }

  /**
   * Fetch these one after the other in the background; replaces what was asked for before.
   * @param {number[]} ids
   */
  prefetch(ids) {
    this.ahead = ids.filter((id) => !this.known.has(id))
    if (!this.walking) this.walk()
  }

  async walk() {
    this.walking = true
    for (let id = this.ahead.shift(); id !== undefined; id = this.ahead.shift()) await this.fetch(id)
    this.walking = false
  }

  /**
   * Whether it has arrived by this; who asks while it is on its way waits for the same arrival.
   * @param {number} id
   * @returns {Promise<boolean>}
   */
  fetch(id) {
    if (this.known.has(id)) return Promise.resolve(false)
    const coming = this.coming.get(id) ?? this.bring(id)
    this.coming.set(id, coming)
    return coming
  }

  /** @param {number} id */
  async bring(id) {
    try {
      this.known.set(id, await json(`${this.address}/frame/${id}.json`))
      return true
    } catch {
      return false // thinned out since, or offline: the next list of what there is says which
    } finally {
      this.coming.delete(id)
    }
  }
}
