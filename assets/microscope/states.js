// p(v) against the data and against what the Gibbs chain has visited: as bars, or as maps of all states.

/** @import { Data } from "./data.js" */
/** @import { Experiment } from "./experiment.js" */
/** @import { Page, Scene } from "./scene.js" */

import { choice, el, show } from "../shared/dom.js"
import { painted } from "./canvas.js"
import { moved } from "./keys.js"
import { visibleState } from "./names.js"
import { Panel } from "./panel.js"
import { drawBars } from "./state_bars.js"
import { drawMaps } from "./state_maps.js"
import { WORDS } from "./words.js"

/**
 * A part of the drawing in CSS pixels, and what is at a place in it, in words.
 * @typedef {object} Spot
 * @property {number} left
 * @property {number} right
 * @property {number} bottom
 * @property {(x: number, y: number) => string} wordsAt
 */

const MOST_BARS = 44
const OTHERS = 8 // bars kept for probable states that are not among the data

export class StatesPanel extends Panel {
  /** @param {Page} page */
  constructor(page) {
    const chosen = choice(WORDS.states.showAs, WORDS.states.views, "bars", (value) => {
      this.view = value
      page.redraw()
    })
    super("states", page, chosen)
    /** @type {"bars" | "map"} */
    this.view = "bars"
    this.legended = "" // what the legend shows
    /** @type {Data | null} */
    this.data = null // whose most frequent states are `frequent`
    /** @type {number[]} */
    this.frequent = []
    /** @type {Spot[]} */
    this.spots = []
    this.at = -1 // the bar that is read by keys
    this.canvas = el("canvas", { class: "labm-paint", role: "img", tabindex: 0, "data-testid": "labm-states-canvas" })
    this.legend = el("div", { class: "labm-legend" })
    this.tip = el("div", { class: "labm-tip", hidden: true })
    this.body.append(this.legend, el("div", { class: "labm-plot-box" }, this.canvas, this.tip))
    this.canvas.onpointermove = (event) => this.hover(event.offsetX, event.offsetY)
    this.canvas.onpointerleave = () => show(this.tip, false)
    this.canvas.onkeydown = (event) => this.press(event)
  }

  /** @param {Scene} scene */
  draw(scene) {
    const painting = painted(this.canvas)
    if (!painting) return
    const { experiment } = scene
    this.drawLegend(scene)
    this.spots = this.view === "bars" ? drawBars(painting, scene, this.order(experiment)) : drawMaps(painting, scene)
    this.words(this.canvas, fit(experiment))
    if (this.at >= 0) this.point(this.at)
  }

  /** @param {Scene} scene */
  drawLegend({ experiment, layers }) {
    const { data, model, chain } = WORDS.states
    const entries = [
      [data, layers[1]],
      [model, layers[0]],
      [chain(experiment.walk.total), layers[2]],
    ]
    const key = entries.join()
    if (this.legended === key) return
    this.legended = key
    this.legend.replaceChildren(
      ...entries.map(([name, colour]) =>
        el("span", {}, el("i", { class: "lab-swatch", style: `background: ${colour}` }), name),
      ),
    )
  }

  /**
   * States in the order of the bars: those of the data, most frequent first, then the most probable others.
   * @param {Experiment} experiment
   */
  order(experiment) {
    const { data } = experiment
    if (this.data !== data) {
      this.data = data
      this.frequent = Array.from(data.states)
        .sort((a, b) => data.shareOf(b) - data.shareOf(a) || a - b)
        .slice(0, MOST_BARS - OTHERS)
    }
    const taken = new Set(this.frequent)
    const others = experiment.truth().top.filter((state) => !taken.has(state))
    return [...this.frequent, ...others.slice(0, OTHERS)]
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  hover(x, y) {
    const spot = this.spots.find(({ left, right, bottom }) => x >= left && x < right && y >= 0 && y < bottom)
    if (!spot) return show(this.tip, false)
    this.at = -1
    this.tell(spot, x, y)
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const [by] = moved(event) ?? [0]
    if (!by || this.view !== "bars") return
    event.preventDefault()
    this.at = Math.max(0, Math.min(this.spots.length - 1, this.at + by))
    this.point(this.at)
  }

  /** @param {number} at */
  point(at) {
    const spot = this.spots[at]
    if (spot && this.view === "bars") this.tell(spot, (spot.left + spot.right) / 2, 20)
  }

  /**
   * @param {Spot} spot
   * @param {number} x
   * @param {number} y
   */
  tell(spot, x, y) {
    this.tip.textContent = spot.wordsAt(x, y)
    show(this.tip, true)
    const left = x > this.canvas.clientWidth / 2
    this.tip.style.left = left ? "auto" : `${x + 12}px`
    this.tip.style.right = left ? `${this.canvas.clientWidth - x + 12}px` : "auto"
  }

  /** @param {Scene} scene */
  rows({ experiment }) {
    const { data, walk } = experiment
    const states = new Set([...this.order(experiment), ...data.states, ...experiment.truth().top])
    return {
      head: WORDS.states.head,
      rows: Array.from(states, (v) => {
        const shares = experiment.sharesOf(v)
        return [visibleState(v, data).replace(",", ""), shares.data, shares.model, walk.total ? shares.chain : null]
      }),
    }
  }
}

/**
 * How much of the model lies on the data, and how far the chain is from the model, in words.
 * @param {Experiment} experiment
 */
function fit(experiment) {
  const { data, walk } = experiment
  const { covered, noVisits, apart } = WORDS.states
  const { logP } = experiment.truth()
  const share = data.states.reduce((sum, state) => sum + Math.exp(logP[state]), 0)
  const distance = walk.distance(logP)
  return `${covered(share, data.states.length, logP.length)} ${distance === null ? noVisits : apart(distance)}`
}
