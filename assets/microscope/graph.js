// The bipartite graph: hidden units above, visible ones below, an edge a weight, and the Gibbs chain on it. A click on an
// edge or a unit chooses its weight or bias.

/** @import { Model } from "./model.js" */
/** @import { Scene } from "./scene.js" */
/** @import { Walk } from "./walk.js" */

import { signed } from "./colours.js"
import { bits, hiddenUnit, visibleUnit } from "./names.js"
import { Sheet, sizeOf } from "./sheet.js"
import { WORDS } from "./words.js"

const TOP = 34
const FOOT = 42 // px below the visible units, for their names
const NEAR = 9 // px from an edge that still mean it

/**
 * A unit as it is drawn; `outside`: where its name stands, `drawn`: its side was drawn last.
 * @typedef {object} Unit
 * @property {number} x
 * @property {number} y
 * @property {number} outside
 * @property {string} name
 * @property {boolean} on
 * @property {number} probability
 * @property {boolean} drawn
 * @property {boolean} chosen
 */

/** Where things lie in the drawing: x of the units of each side. */
class Layout {
  /**
   * @param {Model} model
   * @param {number} width
   * @param {number} height
   */
  constructor(model, width, height) {
    const along = (/** @type {number} */ at, /** @type {number} */ count) => ((at + 0.5) * width) / count
    this.model = model
    this.bottom = height - FOOT
    this.hidden = Array.from({ length: model.hidden }, (_, j) => along(j, model.hidden))
    this.visible = Array.from({ length: model.visible }, (_, i) => along(i, model.visible))
    this.radius = Math.min(11, width / model.visible / 2 - 2)
  }

  /**
   * The parameter at a place, or null.
   * @param {number} x
   * @param {number} y
   */
  nearest(x, y) {
    const { model } = this
    const first = model.hidden * model.visible
    const near = (/** @type {number[]} */ places, /** @type {number} */ row) =>
      places.findIndex((place) => Math.hypot(place - x, row - y) < this.radius + 5)
    const [i, j] = [near(this.visible, this.bottom), near(this.hidden, TOP)]
    if (i >= 0) return first + i
    if (j >= 0) return first + model.visible + j
    return y > TOP && y < this.bottom ? this.nearestEdge(x, y) : null
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  nearestEdge(x, y) {
    const { visible, W } = this.model
    let best = null
    let least = NEAR
    for (const at of W.keys()) {
      const [from, to] = [this.hidden[Math.floor(at / visible)], this.visible[at % visible]]
      const [dx, dy] = [to - from, this.bottom - TOP]
      const away = Math.abs(dx * (y - TOP) - dy * (x - from)) / Math.hypot(dx, dy)
      if (away < least) [best, least] = [at, away]
    }
    return best
  }
}

export class Graph {
  /** @param {(parameter: number) => void} onChoose */
  constructor(onChoose) {
    this.onChoose = onChoose
    this.sheet = new Sheet({ class: "labm-graph", role: "img", "data-testid": "labm-graph" })
    this.node = this.sheet.node
    /** @type {Layout | null} */
    this.layout = null
    this.node.addEventListener("click", (event) => this.choose(event))
  }

  /** @param {Scene} scene */
  draw(scene) {
    const [width, height] = sizeOf(this.node)
    if (!width) return
    const { model, walk } = scene.experiment
    const layout = new Layout(model, width, height)
    this.layout = layout
    this.sheet.begin(width, height)
    this.edges(scene, layout)
    this.units(scene, layout)
    this.sheet.end()
    const state = WORDS.names.joint(bits(walk.v, model.visible), bits(walk.h, model.hidden))
    this.node.setAttribute("aria-label", WORDS.model.graph(model.visible, model.hidden, state))
  }

  /**
   * @param {Scene} scene
   * @param {Layout} layout
   */
  edges(scene, layout) {
    const { hidden, visible } = scene.experiment.model
    for (let j = 0; j < hidden; j += 1) {
      for (let i = 0; i < visible; i += 1) this.edge(scene, layout, i, j)
    }
  }

  /**
   * Thicker and more coloured the larger the weight; faint where it carries nothing in the step that was drawn last.
   * @param {Scene} scene
   * @param {Layout} layout
   * @param {number} i
   * @param {number} j
   */
  edge({ experiment, stops, most, chosen, colours }, layout, i, j) {
    const { model, walk } = experiment
    const at = j * model.visible + i
    const share = Math.min(1, Math.abs(model.W[at]) / most)
    const isChosen = at === chosen
    this.sheet.add("line", {
      x1: layout.hidden[j],
      y1: TOP,
      x2: layout.visible[i],
      y2: layout.bottom,
      stroke: isChosen ? colours.text : signed(stops, Math.sign(model.W[at]) * (0.35 + 0.65 * share), 1),
      "stroke-width": isChosen ? 3 : 0.4 + 4.2 * share,
      opacity: isChosen ? 1 : opacityOf(walk, i, j),
    })
  }

  /**
   * @param {Scene} scene
   * @param {Layout} layout
   */
  units(scene, layout) {
    const { model, walk } = scene.experiment
    const { tables } = scene.experiment.truth()
    const first = model.hidden * model.visible
    for (let j = 0; j < model.hidden; j += 1) {
      this.unit(scene, layout.radius, {
        x: layout.hidden[j],
        y: TOP,
        outside: TOP - layout.radius - 9,
        name: hiddenUnit(j),
        on: isOn(walk.h, j),
        probability: tables.hiddenMean(walk.v, j),
        drawn: walk.drawn === "hidden",
        chosen: scene.chosen === first + model.visible + j,
      })
    }
    for (let i = 0; i < model.visible; i += 1) {
      this.unit(scene, layout.radius, {
        x: layout.visible[i],
        y: layout.bottom,
        outside: layout.bottom + layout.radius + 17,
        name: visibleUnit(i),
        on: isOn(walk.v, i),
        probability: tables.visibleMean[walk.h * model.visible + i],
        drawn: walk.drawn === "visible",
        chosen: scene.chosen === first + i,
      })
    }
  }

  /**
   * Full: on. The ring is the probability with which the side was or will be drawn, given the other side.
   * @param {Scene} scene
   * @param {number} r
   * @param {Unit} unit
   */
  unit({ colours }, r, { x, y, outside, name, on, probability, drawn, chosen }) {
    const page = colours.surface
    const round = 2 * Math.PI * (r + 2.5)
    this.sheet.add("circle", { cx: x, cy: y, r: r + 2.5, fill: page, stroke: colours.grid, "stroke-width": 3 })
    this.sheet.add("circle", {
      cx: x,
      cy: y,
      r: r + 2.5,
      fill: "none",
      stroke: drawn ? colours.accent : colours.muted,
      "stroke-width": 3,
      "stroke-dasharray": `${probability * round} ${round}`,
      transform: `rotate(-90 ${x} ${y})`,
    })
    this.sheet.add("circle", {
      cx: x,
      cy: y,
      r,
      fill: on ? colours.text : page,
      stroke: chosen ? colours.accent : colours.muted,
      "stroke-width": chosen ? 3 : 1,
    })
    this.sheet.add(
      "text",
      {
        x,
        y: outside,
        "text-anchor": "middle",
        "font-size": r < 9 ? 9.5 : 11,
        fill: chosen ? colours.text : colours.muted,
        "font-weight": chosen ? 700 : 400,
      },
      name,
    )
  }

  /** @param {MouseEvent} event */
  choose(event) {
    const box = this.node.getBoundingClientRect()
    const found = this.layout?.nearest(event.clientX - box.left, event.clientY - box.top) ?? null
    if (found !== null) this.onChoose(found)
  }
}

/**
 * @param {number} state
 * @param {number} unit
 */
const isOn = (state, unit) => ((state >>> unit) & 1) === 1

/**
 * Of the edge of visible unit i and hidden unit j: faint where its sender is off; the side drawn last was sent to.
 * @param {Walk} walk
 * @param {number} i
 * @param {number} j
 */
function opacityOf(walk, i, j) {
  if (walk.drawn === "") return 0.9
  return (walk.drawn === "hidden" ? isOn(walk.v, i) : isOn(walk.h, j)) ? 0.9 : 0.16
}
