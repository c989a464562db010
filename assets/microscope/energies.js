// The energy of every joint state as a map: visible states along, hidden states down.

/** @import { Painting } from "./canvas.js" */
/** @import { Experiment } from "./experiment.js" */
/** @import { Page, Scene } from "./scene.js" */

import { choice, el } from "../shared/dom.js"
import { enlarge, painted } from "./canvas.js"
import { energyStops, ramp } from "./colours.js"
import { fromGray } from "./data.js"
import { moved } from "./keys.js"
import { bits, visibleState } from "./names.js"
import { Panel } from "./panel.js"
import { WORDS } from "./words.js"

const MOST_COLUMNS = 512
const DEPTHS = [1, 2, 5, 10, 15, 25] // nats above the lowest energy at which the colour has faded
const STRIP = 7 // px at the top that mark states of the data

export class EnergyPanel extends Panel {
  /** @param {Page} page */
  constructor(page) {
    const chosen = choice(WORDS.energies.order, WORDS.energies.orders, "probable", (value) => {
      this.order = value
      page.redraw()
    })
    super("energies", page, chosen)
    /** @type {"probable" | "gray"} */
    this.order = "probable"
    /** @type {number[]} */
    this.visible = [] // states along
    /** @type {number[]} */
    this.hidden = [] // states down
    /** @type {[number, number] | null} */
    this.cursor = null // column and row
    this.canvas = el("canvas", { class: "labm-paint", role: "img", tabindex: 0, "data-testid": "labm-energies-canvas" })
    this.bar = el("i", { class: "lab-ramp" })
    this.most = el("span")
    this.lowest = el("span")
    this.body.append(
      el("div", { class: "labm-plot-box" }, this.canvas),
      el("div", { class: "labm-scale" }, this.lowest, this.bar, this.most),
    )
    this.canvas.onpointermove = (event) =>
      this.point(event.offsetX / this.canvas.clientWidth, (event.offsetY - STRIP) / (this.canvas.clientHeight - STRIP))
    this.canvas.onpointerleave = () => this.move(null)
    this.canvas.onkeydown = (event) => this.press(event)
  }

  /** @param {Scene} scene */
  draw(scene) {
    this.arrange(scene.experiment)
    const painting = painted(this.canvas)
    if (!painting) return
    const { experiment, stops } = scene
    const { energies, lowest, highest } = experiment.truth().tables.energies(this.visible)
    const depth = DEPTHS.find((nats) => nats >= highest - lowest) ?? DEPTHS[DEPTHS.length - 1]
    const blues = energyStops(stops)
    const picture = this.picture(energies, lowest, depth, ramp(blues))
    enlarge(painting.paint, picture, 0, STRIP, painting.width, painting.height - STRIP)
    this.marks(painting, scene)
    this.bar.style.background = `linear-gradient(to right, ${blues.join(", ")})`
    this.lowest.textContent = WORDS.units.nats(lowest, 1)
    this.most.textContent =
      highest - lowest > depth ? WORDS.energies.andAbove(lowest + depth) : WORDS.units.nats(lowest + depth, 1)
    const state = this.pointed()
    this.words(this.canvas, state ? stateWords(experiment, ...state) : this.summary(experiment, lowest))
    if (this.cursor) this.cross(painting, this.cursor, scene)
  }

  /**
   * @param {Experiment} experiment
   * @param {number} lowest
   */
  summary(experiment, lowest) {
    const visible = WORDS.energies.visible(this.visible.length, experiment.truth().tables.visibleCount)
    return WORDS.energies.all(visible, this.hidden.length, WORDS.units.nats(lowest))
  }

  /**
   * Which states are drawn, and in which order.
   * @param {Experiment} experiment
   */
  arrange(experiment) {
    const { logP, top, hiddenLogWeight } = experiment.truth()
    const visible = logP.length <= MOST_COLUMNS ? Array.from(logP.keys()) : top.slice(0, MOST_COLUMNS)
    const neighbours = (/** @type {number} */ a, /** @type {number} */ b) => fromGray(a) - fromGray(b)
    const gray = this.order === "gray"
    this.visible = visible.sort(gray ? neighbours : (a, b) => logP[b] - logP[a])
    this.hidden = Array.from(hiddenLogWeight.keys()).sort(
      gray ? neighbours : (a, b) => hiddenLogWeight[b] - hiddenLogWeight[a],
    )
  }

  /**
   * A pixel a joint state.
   * @param {Float64Array} energies
   * @param {number} lowest
   * @param {number} depth
   * @param {number[][]} colours
   */
  picture(energies, lowest, depth, colours) {
    const { visible, hidden } = this
    const picture = new ImageData(visible.length, hidden.length)
    const pixels = new Uint32Array(picture.data.buffer)
    const packed = colours.map(([red, green, blue]) => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0)
    for (const [row, h] of hidden.entries()) {
      for (let column = 0; column < visible.length; column += 1) {
        const above = (energies[column * hidden.length + h] - lowest) / depth
        pixels[row * visible.length + column] = packed[above >= 1 ? 255 : Math.floor(255 * above)]
      }
    }
    return picture
  }

  /**
   * @param {Painting} painting
   * @param {Scene} scene
   */
  marks({ paint, width }, { experiment, layers }) {
    paint.fillStyle = layers[1]
    const step = width / this.visible.length
    for (const [at, v] of this.visible.entries()) {
      if (experiment.data.share.has(v)) paint.fillRect(at * step, 0, Math.max(1, step), STRIP - 2)
    }
  }

  /**
   * @param {Painting} painting
   * @param {[number, number]} cursor
   * @param {Scene} scene
   */
  cross({ paint, width, height }, [column, row], { colours }) {
    const [dx, dy] = [width / this.visible.length, (height - STRIP) / this.hidden.length]
    paint.strokeStyle = colours.text
    paint.lineWidth = 1.5
    paint.strokeRect(column * dx - 1, STRIP + row * dy - 1, dx + 2, dy + 2)
  }

  /**
   * @param {number} across a share of the width
   * @param {number} down a share of the height
   */
  point(across, down) {
    if (!this.scene || down < 0) return
    this.move([Math.floor(across * this.visible.length), Math.floor(down * this.hidden.length)])
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const by = moved(event)
    if (!by || !this.scene) return
    event.preventDefault()
    const [column, row] = this.cursor ?? [0, 0]
    this.move([column + by[0], row + by[1]])
  }

  /** @param {[number, number] | null} cursor */
  move(cursor) {
    const within = (/** @type {number} */ place, /** @type {number[]} */ states) =>
      Math.max(0, Math.min(states.length - 1, place))
    this.cursor = cursor && [within(cursor[0], this.visible), within(cursor[1], this.hidden)]
    this.page.redraw()
  }

  /**
   * (v, h) under the cursor, which may stand where a larger model had more states.
   * @returns {[number, number] | null}
   */
  pointed() {
    if (!this.cursor) return null
    const [column, row] = this.cursor
    return [this.visible[Math.min(column, this.visible.length - 1)], this.hidden[Math.min(row, this.hidden.length - 1)]]
  }

  /**
   * All would be a hundred thousand.
   * @param {Scene} scene
   */
  rows({ experiment }, most = Number.POSITIVE_INFINITY) {
    const { tables, logZ } = experiment.truth()
    const { visible, hidden } = this
    const total = visible.length * hidden.length
    const rows = Array.from({ length: Math.min(most, total) }, (_, at) => {
      const [v, h] = [visible[Math.floor(at / hidden.length)], hidden[at % hidden.length]]
      const energy = tables.energy(v, h)
      return [
        visibleState(v, experiment.data).replace(",", ""),
        bits(h, tables.hidden),
        energy,
        Math.exp(-energy - logZ),
      ]
    })
    return { head: WORDS.energies.head, rows, total }
  }
}

/**
 * @param {Experiment} experiment
 * @param {number} v
 * @param {number} h
 */
function stateWords(experiment, v, h) {
  const { tables, logZ, logP } = experiment.truth()
  const energy = tables.energy(v, h)
  const state = WORDS.names.joint(visibleState(v, experiment.data), bits(h, tables.hidden))
  return WORDS.energies.one(state, WORDS.units.nats(energy), Math.exp(-energy - logZ), Math.exp(logP[v]))
}
