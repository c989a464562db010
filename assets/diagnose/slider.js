// One moment for all cards: a native range over the frames of a run, which follows a live run while at its right end.

/** @import { Kept } from "./scene.js" */

import { el, say, show } from "../shared/dom.js"
import { placesRange, setPlaces } from "../shared/range.js"
import { WORDS } from "./words.js"

const { slider: words } = WORDS

export class Slider {
  /** @param {() => void} onMove */
  constructor(onMove) {
    this.onMove = onMove
    this.index = 0
    this.count = 0
    this.follow = true
    this.range = placesRange({ class: "labd-range", "aria-label": words.epoch, "data-testid": "labd-range" })
    this.range.oninput = () => this.byHand(Number(this.range.value))
    this.where = el("output", { class: "labd-where", "data-testid": "labd-where" })
    this.back = this.button("‹", words.back, () => this.byHand(this.index - 1))
    this.on = this.button("›", words.on, () => this.byHand(this.index + 1))
    this.node = el("div", { class: "labd-slider" }, this.back, this.range, this.on, this.where)
  }

  /**
   * @param {string} sign
   * @param {string} label
   * @param {() => void} onclick
   */
  button(sign, label, onclick) {
    return el("button", { type: "button", class: "lab-tool", "aria-label": label, onclick }, sign)
  }

  /** @param {number} index */
  byHand(index) {
    if (index < 0 || index >= this.count) return
    this.index = index
    this.follow = index === this.count - 1
    this.onMove()
  }

  /**
   * The run has these frames now.
   * @param {Kept[]} list
   * @param {boolean} alive
   * @param {(stage: string) => string} label
   */
  update(list, alive, label) {
    const shown = this.index
    this.count = list.length
    this.index = this.follow ? Math.max(0, this.count - 1) : Math.min(shown, Math.max(0, this.count - 1))
    setPlaces(this.range, this.count, this.index)
    show(this.node, this.count > 0)
    const frame = list[this.index]
    const moment = frame ? words.moment(label(frame.stage), frame.epoch) : ""
    const said = this.follow ? words.following(moment) : words.held(moment)
    say(this.where, frame && alive ? said : moment)
    this.range.setAttribute("aria-valuetext", moment)
  }

  clear() {
    this.index = this.count = 0
    this.follow = true
  }
}
