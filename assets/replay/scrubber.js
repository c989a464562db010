// The scrubber over the moments of a run: it is dragged, stepped, or plays by itself.

/** @import { Place } from "./app.js" */

import { el } from "../shared/dom.js"
import { button } from "./dom.js"
import { WORDS } from "./words.js"

const SPEEDS = [2, 5, 10, 20] // pictures a second
const USUAL = 5
/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowRight: 1 }

export class Scrubber {
  /**
   * @param {Place[]} places
   * @param {(stage: string) => string} labelOf
   * @param {(index: number) => void} onMove
   */
  constructor(places, labelOf, onMove) {
    this.places = places
    this.labelOf = labelOf
    this.onMove = onMove
    this.last = Math.max(0, places.length - 1)
    this.index = this.last
    this.timer = 0 // of playing; 0: it stands still
    this.range = el("input", {
      type: "range",
      min: 0,
      max: this.last,
      step: 1,
      "aria-label": WORDS.moment,
      "data-testid": "scrubber",
      oninput: () => this.go(Number(this.range.value)),
    })
    this.label = el("output", { class: "figures", "data-testid": "where" })
    const attributes = { class: "play", "data-testid": "play" }
    this.play = button(WORDS.play, WORDS.playOrPause, () => this.toggle(), attributes)
    this.speed = el(
      "select",
      { "aria-label": WORDS.speed, onchange: () => this.timer && this.start() },
      ...SPEEDS.map((speed) => el("option", { value: speed, selected: speed === USUAL }, WORDS.perSecond(speed))),
    )
    this.node = el(
      "div",
      { class: "scrubber", role: "group", "aria-label": WORDS.scrubber },
      this.play,
      this.steps(),
      this.range,
      this.label,
      this.speed,
    )
    this.node.hidden = places.length < 2
    document.addEventListener("keydown", (event) => this.press(event))
  }

  steps() {
    return el(
      "span",
      { class: "steps" },
      button("|‹", WORDS.first, () => this.go(0)),
      button("‹", WORDS.back, () => this.go(this.index - 1)),
      button("›", WORDS.on, () => this.go(this.index + 1)),
      button("›|", WORDS.last, () => this.go(this.last)),
    )
  }

  /**
   * Where it stands; null in a run of which nothing was measured.
   * @returns {Place | null}
   */
  get place() {
    return this.places[this.index] ?? null
  }

  /** @param {number} index beyond the ends: the end */
  go(index) {
    this.index = Math.max(0, Math.min(this.last, index))
    const { place } = this
    if (!place) return
    const stage = this.labelOf(place.stage)
    this.range.value = String(this.index)
    this.range.setAttribute("aria-valuetext", WORDS.spokenPlace(place, stage))
    this.label.textContent = WORDS.place(place, stage)
    this.onMove(this.index)
  }

  /**
   * The nearest place. Layers that learnt together share their epochs: of places as near, that of the film on the screen.
   * @param {number} epoch
   */
  goToEpoch(epoch) {
    const stage = this.place?.stage
    const distance = (/** @type {Place} */ place) => Math.abs(place.epoch - epoch) + (place.stage === stage ? 0 : 1e-6)
    this.go(this.places.reduce((best, place, at) => (distance(place) < distance(this.places[best]) ? at : best), 0))
  }

  /**
   * The last place at or before an update, else the first.
   * @param {number} step
   */
  goToStep(step) {
    this.go(this.places.findLastIndex((place) => place.step <= step))
  }

  // -- playing --------------------------------------------------------------------------------------------------------

  toggle() {
    if (this.timer) return this.stop()
    if (this.index === this.last) this.go(0)
    this.start()
  }

  start() {
    clearInterval(this.timer)
    this.play.textContent = WORDS.pause
    this.timer = setInterval(() => {
      this.go(this.index + 1)
      if (this.index === this.last) this.stop()
    }, 1000 / Number(this.speed.value))
  }

  stop() {
    clearInterval(this.timer)
    this.timer = 0
    this.play.textContent = WORDS.play
  }

  /**
   * Space plays and arrows scrub, wherever the focus is not on something that has its own use for them.
   * @param {KeyboardEvent} event
   */
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target instanceof Element && event.target.closest("input, select, button, summary, .scroll")) return
    if (event.key === " ") this.toggle()
    else if (event.key in STEPS) this.go(this.index + STEPS[event.key])
    else return
    event.preventDefault()
  }
}
