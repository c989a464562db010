// What the colours of a mosaic mean: a bar with its two ends.

/** @import { Scene } from "./scene.js" */

import { el, say } from "../shared/dom.js"
import { endsOf } from "../shared/ends.js"
import { rounded } from "../shared/numbers.js"
import { WORDS } from "./words.js"

const { legend: words } = WORDS

export class Legend {
  constructor() {
    this.bar = el("span", { class: "lab-ramp", role: "img" })
    this.low = el("span")
    this.high = el("span")
    this.node = el("span", { class: "lab-legend-bar" }, this.low, this.bar, this.high)
  }

  /**
   * Of signed pictures: weights, or what units respond to around the mean image.
   * @param {Pick<Scene, "options" | "palette">} scene
   * @param {boolean} isColour whether they are of colour images: then zero is a middle grey in each channel
   * @param {number | null} ends of the scale, null where every unit has its own
   * @param {boolean} responds
   */
  signed({ options, palette }, isColour, ends, responds) {
    const stops = isColour ? ["#000", "#808080", "#fff"] : palette.stops[options.scheme]
    const [less, more] = endsOf(responds, isColour)
    const end = ends === null ? "" : rounded(ends, 2)
    const range = end ? words.range(end) : words.ownRange
    const label = responds ? words.responses(less, more, range) : words.weights(range)
    this.draw(stops, end ? words.from(less, end) : less, end ? words.to(more, end) : more, label)
  }

  /**
   * Of intensities.
   * @param {Pick<Scene, "palette">} scene
   * @param {boolean} isColour
   */
  ink({ palette }, isColour) {
    if (isColour) this.draw(["#000", "#fff"], words.dark, words.bright, words.brightness)
    else this.draw([palette.page, palette.ink], words.noInk, words.fullInk, words.ink)
  }

  /**
   * @param {string[]} stops
   * @param {string} low
   * @param {string} high
   * @param {string} label
   */
  draw(stops, low, high, label) {
    this.bar.style.background = `linear-gradient(to right, ${stops.join(", ")})`
    say(this.low, low)
    say(this.high, high)
    this.bar.setAttribute("aria-label", label)
  }
}
