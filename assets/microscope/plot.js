// A small line plot in SVG: axes, lines, levels, error bars and the values under the pointer. Drawn anew each time: a few
// dozen elements, far below a frame.

/** @import { Colours } from "../shared/scene.js" */
/** @import { Axis } from "./scale.js" */

import { el } from "../shared/dom.js"
import { figure } from "./numbers.js"
import { Scale } from "./scale.js"
import { Sheet, sizeOf } from "./sheet.js"

/**
 * A line through points (x, y), with a hole where y is null or infinite.
 * @typedef {{ name: string, colour: string, points: [number, number | null][], dash?: boolean, width?: number }} Line
 */
/** @typedef {{ name: string, colour: string, dash?: boolean }} Entry of the legend */
/** @typedef {{ value: number, label: string }} Level a horizontal line */
/** @typedef {{ x: number, y: number, colour: string }} Dot */
/**
 * A dot with an error bar; `shift`: px beside its place.
 * @typedef {Dot & { low: number, high: number, shift: number, strong: boolean }} Bar
 */
/**
 * `marks`: upright lines at these x; `legend`: where it is not the lines'; `hover`: the words at an x.
 * @typedef {object} Spec
 * @property {Axis} x
 * @property {Axis} y
 * @property {Line[]} lines
 * @property {Level[]} levels
 * @property {Colours} colours
 * @property {(x: number) => string} hover
 * @property {number[]} [marks]
 * @property {Dot[]} [dots]
 * @property {Bar[]} [bars]
 * @property {Entry[]} [legend]
 */

const MARGIN = { left: 52, right: 12, top: 10, bottom: 34 }
const MOST = 400 // points of a drawn line

/** What was drawn last, and where. */
class Drawn {
  /**
   * @param {Spec} spec
   * @param {number} width
   * @param {number} height
   */
  constructor(spec, width, height) {
    this.spec = spec
    this.width = width
    this.height = height
    this.right = width - MARGIN.right
    this.floor = height - MARGIN.bottom
    this.x = new Scale(spec.x, MARGIN.left, this.right)
    this.y = new Scale(spec.y, this.floor, MARGIN.top)
  }
}

export class Plot {
  constructor() {
    this.sheet = new Sheet({ class: "labm-plot", role: "img" })
    this.picture = this.sheet.node
    this.tip = el("div", { class: "labm-tip", hidden: true })
    this.legend = el("div", { class: "labm-legend" })
    this.legended = "" // the entries that the legend shows
    /** @type {Drawn | null} */
    this.drawn = null
    this.node = el(
      "div",
      { class: "labm-plot-frame" },
      this.legend,
      el("div", { class: "labm-plot-box" }, this.picture, this.tip),
    )
    this.picture.addEventListener("pointermove", (event) => this.hover(event))
    this.picture.addEventListener("pointerleave", () => {
      this.tip.hidden = true
    })
  }

  /** @param {Spec} spec */
  draw(spec) {
    const [width, height] = sizeOf(this.picture)
    if (!width || !height) return
    this.drawLegend(spec.legend ?? spec.lines)
    const drawn = new Drawn(spec, width, height)
    this.drawn = drawn
    this.sheet.begin(width, height)
    this.axes(drawn)
    for (const mark of spec.marks ?? []) this.mark(drawn, mark)
    for (const level of spec.levels) this.level(drawn, level)
    for (const line of spec.lines) this.line(drawn, line)
    for (const { x, y, colour } of spec.dots ?? []) {
      this.sheet.add("circle", { cx: drawn.x.at(x), cy: drawn.y.at(y), r: 4, fill: colour })
    }
    for (const bar of spec.bars ?? []) this.bar(drawn, bar)
    this.sheet.end()
  }

  /** @param {Drawn} drawn */
  axes({ spec, width, height, right, floor, x, y }) {
    const { sheet } = this
    const text = { fill: spec.colours.muted, "font-size": 11 }
    for (const tick of y.ticks(height / 45)) {
      const at = y.at(tick)
      sheet.add("line", { x1: MARGIN.left, x2: right, y1: at, y2: at, stroke: spec.colours.grid })
      sheet.add("text", { ...text, x: MARGIN.left - 6, y: at + 4, "text-anchor": "end" }, figure(tick))
    }
    for (const tick of x.ticks(width / 80)) {
      sheet.add("text", { ...text, x: x.at(tick), y: floor + 15, "text-anchor": "middle" }, figure(tick))
    }
    const centre = [(MARGIN.left + right) / 2, (MARGIN.top + floor) / 2]
    sheet.add("text", { ...text, x: centre[0], y: height - 4, "text-anchor": "middle" }, spec.x.label)
    const upright = `translate(11 ${centre[1]}) rotate(-90)`
    sheet.add("text", { ...text, transform: upright, "text-anchor": "middle" }, spec.y.label)
  }

  /**
   * @param {Drawn} drawn
   * @param {number} mark
   */
  mark({ spec, floor, x }, mark) {
    const at = x.at(mark)
    const stroke = { stroke: spec.colours.muted, "stroke-dasharray": "1 3" }
    this.sheet.add("line", { x1: at, x2: at, y1: MARGIN.top, y2: floor, ...stroke })
  }

  /**
   * @param {Drawn} drawn
   * @param {Level} level
   */
  level({ spec, right, y }, { value, label }) {
    const at = y.at(value)
    const { muted } = spec.colours
    this.sheet.add("line", { x1: MARGIN.left, x2: right, y1: at, y2: at, stroke: muted, "stroke-dasharray": "5 4" })
    const text = { fill: muted, "font-size": 10.5, "text-anchor": "end" }
    this.sheet.add("text", { x: right - 2, y: at - 4, ...text }, label)
  }

  /**
   * @param {Drawn} drawn
   * @param {Line} line
   */
  line(drawn, { colour, dash, points, width }) {
    const every = Math.ceil(points.length / MOST)
    let path = ""
    let pen = "M"
    for (const [at, [x, y]] of points.entries()) {
      if (at % every && at !== points.length - 1) continue
      const draws = y !== null && Number.isFinite(y)
      if (draws) path += `${pen}${drawn.x.at(x).toFixed(1)} ${drawn.y.at(y).toFixed(1)}`
      pen = draws ? "L" : "M"
    }
    this.sheet.add("path", {
      d: path,
      fill: "none",
      stroke: colour,
      "stroke-width": width ?? 2,
      "stroke-dasharray": dash ? "4 4" : null,
      "stroke-linejoin": "round",
    })
  }

  /**
   * @param {Drawn} drawn
   * @param {Bar} bar
   */
  bar(drawn, { x, y, low, high, colour, shift, strong }) {
    const at = drawn.x.at(x) + shift
    const clip = (/** @type {number} */ value) => {
      const place = Number.isFinite(value) ? drawn.y.at(value) : -Math.sign(value) * 1e9
      return Math.max(MARGIN.top, Math.min(drawn.floor, place))
    }
    const stroke = { stroke: colour, "stroke-width": strong ? 2.5 : 1.5 }
    this.sheet.add("line", { ...stroke, x1: at, x2: at, y1: clip(low), y2: clip(high) })
    for (const end of [low, high].filter(Number.isFinite)) {
      this.sheet.add("line", { ...stroke, x1: at - 3, x2: at + 3, y1: clip(end), y2: clip(end) })
    }
    this.sheet.add("circle", { cx: at, cy: clip(y), r: strong ? 5 : 3.5, fill: colour })
  }

  /** @param {Entry[]} entries those without a name are left out */
  drawLegend(entries) {
    const key = entries.map((entry) => entry.name + entry.colour).join()
    if (this.legended === key) return
    this.legended = key
    this.legend.replaceChildren(...entries.filter((entry) => entry.name).map(legendEntry))
  }

  /** @param {PointerEvent} event */
  hover(event) {
    if (!this.drawn) return
    const box = this.picture.getBoundingClientRect()
    const pointer = event.clientX - box.left
    const words = this.drawn.spec.hover(this.drawn.x.valueAt(pointer))
    this.tip.hidden = !words
    this.tip.textContent = words
    const left = pointer > box.width / 2
    this.tip.style.left = left ? "auto" : `${pointer + 12}px`
    this.tip.style.right = left ? `${box.width - pointer + 12}px` : "auto"
  }
}

/** @param {Entry} entry */
function legendEntry({ name, colour, dash }) {
  return el("span", {}, el("i", { style: `border-top: 2px ${dash ? "dashed" : "solid"} ${colour}` }), name)
}
