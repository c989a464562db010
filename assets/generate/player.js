// One dream as it comes: asks for the next part in time, keeps what came, and moves a clock over it. It draws nothing.

import { ask } from "./controls.js"

const AHEAD = 2.5 // seconds of pictures to have in hand
const LEAST = 6 // pictures in hand at least

export class Player {
  /** `onPicture(player)` when another picture is due; `onNews(player)` when a part has come; `onProblem(sentence)`. */
  constructor(address, question, pictures, events) {
    this.address = address
    this.question = question
    this.pictureAddress = pictures // (key, number) -> url
    this.events = events
    this.key = ""
    this.ready = 0
    this.total = Infinity
    this.steps = []
    this.temperature = []
    this.energy = [] // by picture, of every chain
    this.images = new Map()
    this.at = -1
    this.clock = 0
    this.speed = 10
    this.playing = true
    this.asking = null
    this.closed = false
    this.last = 0
    this.tick = (now) => this.turn(now)
    requestAnimationFrame(this.tick)
  }

  get ended() {
    return this.at >= this.total - 1
  }

  close() {
    this.closed = true
    this.asking?.abort()
  }

  /** Go to a picture that is here. */
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

  turn(now) {
    if (this.closed) return
    const passed = Math.min(0.25, (now - this.last) / 1000)
    this.last = now
    if (this.playing && this.ready) {
      this.clock = Math.min(this.clock + passed * this.speed, this.ready - 1)
      this.reach(Math.floor(this.clock))
    }
    if (this.playing && !this.asking && this.ready < this.total && this.ready - this.clock < Math.max(LEAST, AHEAD * this.speed)) {
      this.fetch()
    }
    requestAnimationFrame(this.tick)
  }

  /** Show picture `at` if it has come, else stay where we are until it has. */
  reach(at) {
    for (let next = at; next < Math.min(this.ready, at + LEAST); next += 1) this.load(next)
    const image = this.images.get(at)
    if (at < 0 || at === this.at || !image?.complete || !image.naturalWidth) return
    this.at = at
    this.events.onPicture(this)
  }

  load(number) {
    if (this.images.has(number)) return
    const image = new Image()
    image.src = this.pictureAddress(this.key, number)
    image.onload = () => !this.closed && !this.playing && this.reach(Math.floor(this.clock))
    image.onerror = () => this.images.delete(number) // had to make room: the next part asked for brings it back
    this.images.set(number, image)
  }

  async fetch() {
    this.asking = new AbortController()
    try {
      const answer = await ask(this.address, { ...this.question, have: this.ready, wanted: this.ready + 1 }, this.asking.signal)
      if (this.closed) return
      this.take(answer)
    } catch (error) {
      if (this.closed || error.name === "AbortError") return
      this.playing = false
      this.events.onProblem(error.message)
    } finally {
      this.asking = null
    }
  }

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
    for (let number = Math.max(0, this.at); number < Math.min(this.ready, this.at + LEAST); number += 1) this.load(number)
    this.events.onNews(this)
  }
}
