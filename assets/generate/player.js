// One dream as it comes: asks for the next part in time, keeps what came, and moves a clock over it. It draws nothing.

/** @import { DreamNews } from "../shared/messages.js" */

import { ask } from "../shared/asking.js"

const AHEAD = 2.5 // seconds of pictures to have in hand
const LEAST = 6 // pictures in hand at least

/**
 * When another picture is due, when a part has come, and why none will.
 * @typedef {{
 *   onPicture(player: Player, image: HTMLImageElement): void,
 *   onNews(player: Player): void,
 *   onProblem(sentence: string): void,
 * }} Events
 */

export class Player {
  /**
   * @param {string} address
   * @param {Record<string, unknown>} question
   * @param {(key: string, number: number) => string} pictures addresses of them
   * @param {Events} events
   */
  constructor(address, question, pictures, events) {
    this.address = address
    this.question = question
    this.pictureAddress = pictures
    this.events = events
    this.key = ""
    this.ready = 0
    this.total = Number.POSITIVE_INFINITY
    this.columns = 0
    this.rows = 0
    /** @type {number[]} */
    this.classes = [] // of the columns
    this.pace = 0 // steps that a worker makes a second
    /** @type {number[]} */
    this.steps = []
    /** @type {(number | null)[]} */
    this.temperature = []
    /** @type {number[][]} */
    this.energy = [] // by picture, of every chain
    /** @type {Map<number, HTMLImageElement>} */
    this.images = new Map()
    this.at = -1
    this.clock = 0
    this.speed = 10
    this.playing = true
    this.hurries = false // to its last picture, without showing the others
    /** @type {AbortController | null} */
    this.asking = null
    this.closed = false
    this.last = 0
    this.tick = (/** @type {number} */ now) => this.turn(now)
    requestAnimationFrame(this.tick)
  }

  get ended() {
    return this.at >= this.total - 1
  }

  close() {
    this.closed = true
    this.asking?.abort()
  }

  /**
   * Go to a picture that is here.
   * @param {number} at
   */
  seek(at) {
    this.clock = Math.min(Math.max(0, at), this.ready - 1)
    this.reach(Math.floor(this.clock))
  }

  /** The pictures under another theme have other addresses. */
  repaint() {
    this.images.clear()
    const { at } = this
    this.at = -1
    this.reach(at)
  }

  /** @param {number} now */
  turn(now) {
    if (this.closed) return
    const passed = Math.min(0.25, (now - this.last) / 1000)
    this.last = now
    if (this.playing && this.ready) {
      this.clock = Math.min(this.clock + passed * this.speed, this.ready - 1)
      this.reach(Math.floor(this.clock))
    }
    if (!this.asking && this.ready < this.total && this.isShort) this.fetch()
    requestAnimationFrame(this.tick)
  }

  /** Whether more pictures are wanted in hand. */
  get isShort() {
    return this.hurries || (this.playing && this.ready - this.clock < Math.max(LEAST, AHEAD * this.speed))
  }

  /**
   * Show picture `at` if it has come, else stay where we are until it has.
   * @param {number} at
   */
  reach(at) {
    for (let next = at; next < Math.min(this.ready, at + LEAST); next += 1) this.load(next)
    const image = this.images.get(at)
    if (at < 0 || at === this.at || !image?.complete || !image.naturalWidth) return
    this.at = at
    this.events.onPicture(this, image)
  }

  /** @param {number} number */
  load(number) {
    if (this.images.has(number)) return
    const image = new Image()
    image.src = this.pictureAddress(this.key, number)
    image.onload = () => !this.closed && !this.playing && !this.hurries && this.reach(Math.floor(this.clock))
    image.onerror = () => this.images.delete(number) // had to make room: the next part asked for brings it back
    this.images.set(number, image)
  }

  async fetch() {
    this.asking = new AbortController()
    try {
      /** @type {DreamNews} */
      const answer = await ask(
        this.address,
        { ...this.question, have: this.ready, wanted: this.ready + 1 },
        this.asking.signal,
      )
      if (this.closed) return
      this.take(answer)
    } catch (error) {
      const { name, message } = /** @type {Error} */ (error)
      if (this.closed || name === "AbortError") return
      this.playing = false
      this.hurries = false
      this.events.onProblem(message)
    } finally {
      this.asking = null
    }
  }

  /** @param {DreamNews} answer */
  take(answer) {
    this.key = answer.key
    this.total = answer.pictures
    this.columns = answer.columns
    this.rows = answer.rows
    this.classes = answer.classes
    this.pace = answer.seconds > 0 && answer.computed ? answer.computed / answer.seconds : 0
    this.steps.push(...answer.steps)
    this.temperature.push(...answer.temperature)
    this.energy.push(...answer.free_energy)
    this.ready = answer.ready
    if (this.hurries && this.ready >= this.total) {
      this.hurries = false
      this.seek(this.total - 1)
    }
    for (let number = Math.max(0, this.at); number < Math.min(this.ready, this.at + LEAST); number += 1)
      this.load(number)
    this.events.onNews(this)
  }
}
