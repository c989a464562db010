// The bipartite graph: hidden units above, visible ones below, an edge a weight, and the Gibbs chain on it. A click on an
// edge or a unit chooses its weight or bias.

import { signed } from "./colours.js"
import { Sheet, sizeOf } from "./sheet.js"

const TOP = 34
const FOOT = 42 // px below the visible units, for their names
const NEAR = 9 // px from an edge that still mean it

export class Graph {
  constructor(onChoose) {
    this.onChoose = onChoose
    this.sheet = new Sheet({ class: "labm-graph", role: "img", "data-testid": "labm-graph" })
    this.node = this.sheet.node
    this.node.addEventListener("click", (event) => this.choose(event))
  }

  draw(scene) {
    const [width, height] = sizeOf(this.node)
    if (!width) return
    this.bottom = height - FOOT
    const { experiment, colours, stops, chosen } = scene
    const { model, walk } = experiment
    this.model = model
    const along = (at, count) => (at + 0.5) * width / count
    this.hidden = Array.from({ length: model.hidden }, (_, j) => along(j, model.hidden))
    this.visible = Array.from({ length: model.visible }, (_, i) => along(i, model.visible))
    this.radius = Math.min(11, width / model.visible / 2 - 2)
    this.sheet.begin(width, height)
    this.edges(model, walk, stops, scene.most, chosen, colours)
    this.units(scene)
    this.sheet.end()
    this.node.setAttribute("aria-label", `Graph of ${model.visible} visible and ${model.hidden} hidden units; the chain stands at v = ${bits(walk.v, model.visible)}, h = ${bits(walk.h, model.hidden)}. Weights can be chosen in the table below.`)
  }

  edges(model, walk, stops, most, chosen, colours) {
    const driver = walk.drawn === "hidden" ? "visible" : walk.drawn === "visible" ? "hidden" : ""
    for (let j = 0; j < model.hidden; j += 1) {
      for (let i = 0; i < model.visible; i += 1) {
        const at = j * model.visible + i
        const sends = driver === "" || (driver === "visible" ? walk.v >>> i & 1 : walk.h >>> j & 1)
        const share = Math.min(1, Math.abs(model.W[at]) / most)
        this.sheet.add("line", {
          x1: this.hidden[j], y1: TOP, x2: this.visible[i], y2: this.bottom,
          stroke: at === chosen ? colours.text : signed(stops, Math.sign(model.W[at]) * (0.35 + 0.65 * share), 1),
          "stroke-width": at === chosen ? 3 : 0.4 + 4.2 * share,
          opacity: at === chosen ? 1 : sends ? 0.9 : 0.16,
        })
      }
    }
  }

  units({ experiment, colours, chosen, page }) {
    const { model, walk } = experiment
    const { tables } = experiment.truth()
    const first = model.hidden * model.visible
    for (let j = 0; j < model.hidden; j += 1) {
      const probability = tables.hiddenMean(walk.v, j)
      this.unit(this.hidden[j], TOP, walk.h >>> j & 1, probability, `h${j + 1}`, walk, "hidden", chosen === first + model.visible + j, colours, page)
    }
    for (let i = 0; i < model.visible; i += 1) {
      const probability = tables.visibleMean[walk.h * model.visible + i]
      this.unit(this.visible[i], this.bottom, walk.v >>> i & 1, probability, `v${i + 1}`, walk, "visible", chosen === first + i, colours, page)
    }
  }

  /** Full: on. The ring is the probability with which the side was or will be drawn, given the other side. */
  unit(x, y, on, probability, name, walk, side, chosen, colours, page) {
    const r = this.radius
    const isDrawn = walk.drawn === side
    const round = 2 * Math.PI * (r + 2.5)
    const outside = side === "hidden" ? y - r - 9 : y + r + 17
    this.sheet.add("circle", { cx: x, cy: y, r: r + 2.5, fill: page, stroke: colours.grid, "stroke-width": 3 })
    this.sheet.add("circle", { cx: x, cy: y, r: r + 2.5, fill: "none", stroke: isDrawn ? colours.accent : colours.muted, "stroke-width": 3, "stroke-dasharray": `${probability * round} ${round}`, transform: `rotate(-90 ${x} ${y})` })
    this.sheet.add("circle", { cx: x, cy: y, r, fill: on ? colours.text : page, stroke: chosen ? colours.accent : colours.muted, "stroke-width": chosen ? 3 : 1 })
    this.sheet.add("text", { x, y: outside, "text-anchor": "middle", "font-size": r < 9 ? 9.5 : 11, fill: chosen ? colours.text : colours.muted, "font-weight": chosen ? 700 : 400 }, name)
  }

  choose(event) {
    const box = this.node.getBoundingClientRect()
    const found = this.nearest(event.clientX - box.left, event.clientY - box.top)
    if (found !== null) this.onChoose(found)
  }

  nearest(x, y) {
    const { model } = this
    const first = model.hidden * model.visible
    const near = (places, row) => places.findIndex((place) => Math.hypot(place - x, row - y) < this.radius + 5)
    const [i, j] = [near(this.visible, this.bottom), near(this.hidden, TOP)]
    if (i >= 0) return first + i
    if (j >= 0) return first + model.visible + j
    let best = null
    let least = NEAR
    for (let at = 0; at < first; at += 1) {
      const [from, to] = [this.hidden[Math.floor(at / model.visible)], this.visible[at % model.visible]]
      const [dx, dy] = [to - from, this.bottom - TOP]
      const away = Math.abs(dx * (y - TOP) - dy * (x - from)) / Math.hypot(dx, dy)
      if (away < least && y > TOP && y < this.bottom) [best, least] = [at, away]
    }
    return best
  }
}

function bits(state, count) {
  return Array.from({ length: count }, (_, at) => state >>> at & 1).join("")
}
