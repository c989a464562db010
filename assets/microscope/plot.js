// A small line plot in SVG: axes, lines, levels, error bars and the values under the pointer. Drawn anew each time: a few
// dozen elements, far below a frame.

import { el } from "./dom.js"
import { figure } from "./panel.js"
import { Sheet, sizeOf } from "./sheet.js"

const MARGIN = { left: 52, right: 12, top: 10, bottom: 34 }
const MOST = 400 // points of a drawn line

export class Plot {
  constructor() {
    this.sheet = new Sheet({ class: "labm-plot", role: "img" })
    this.picture = this.sheet.node
    this.tip = el("div", { class: "labm-tip", hidden: true })
    this.legend = el("div", { class: "labm-legend" })
    this.node = el("div", { class: "labm-plot-frame" }, this.legend, el("div", { class: "labm-plot-box" }, this.picture, this.tip))
    this.picture.addEventListener("pointermove", (event) => this.hover(event))
    this.picture.addEventListener("pointerleave", () => { this.tip.hidden = true })
  }

  /** `spec`: x and y ({ range, label, log }), lines ({ name, colour, dash, points }), levels, bars, marks, colours. */
  draw(spec) {
    const { sheet } = this
    const [width, height] = sizeOf(this.picture)
    if (!width || !height) return
    this.spec = spec
    this.drawLegend(spec)
    this.x = scale(spec.x, MARGIN.left, width - MARGIN.right)
    this.y = scale(spec.y, height - MARGIN.bottom, MARGIN.top)
    sheet.begin(width, height)
    this.axes(spec, width, height)
    for (const mark of spec.marks ?? []) sheet.add("line", { x1: this.x(mark), x2: this.x(mark), y1: MARGIN.top, y2: height - MARGIN.bottom, stroke: spec.colours.muted, "stroke-dasharray": "1 3" })
    for (const level of spec.levels ?? []) this.level(level, width, spec.colours)
    for (const line of spec.lines) this.line(line)
    for (const { x, y, colour } of spec.dots ?? []) sheet.add("circle", { cx: this.x(x), cy: this.y(y), r: 4, fill: colour })
    for (const bar of spec.bars ?? []) this.bar(bar, height)
    sheet.end()
  }

  axes({ x, y, colours }, width, height) {
    const text = { fill: colours.muted, "font-size": 11 }
    for (const tick of ticks(y, height / 45)) {
      this.sheet.add("line", { x1: MARGIN.left, x2: width - MARGIN.right, y1: this.y(tick), y2: this.y(tick), stroke: colours.grid })
      this.sheet.add("text", { ...text, x: MARGIN.left - 6, y: this.y(tick) + 4, "text-anchor": "end" }, figure(tick))
    }
    for (const tick of ticks(x, width / 80)) {
      this.sheet.add("text", { ...text, x: this.x(tick), y: height - MARGIN.bottom + 15, "text-anchor": "middle" }, figure(tick))
    }
    this.sheet.add("text", { ...text, x: (MARGIN.left + width - MARGIN.right) / 2, y: height - 4, "text-anchor": "middle" }, x.label)
    this.sheet.add("text", { ...text, transform: `translate(11 ${(MARGIN.top + height - MARGIN.bottom) / 2}) rotate(-90)`, "text-anchor": "middle" }, y.label)
  }

  level({ value, label, colour }, width, colours) {
    const at = this.y(value)
    this.sheet.add("line", { x1: MARGIN.left, x2: width - MARGIN.right, y1: at, y2: at, stroke: colour ?? colours.muted, "stroke-dasharray": "5 4" })
    this.sheet.add("text", { x: width - MARGIN.right - 2, y: at - 4, "text-anchor": "end", fill: colours.muted, "font-size": 10.5 }, label)
  }

  line({ colour, dash, points, width }) {
    const every = Math.ceil(points.length / MOST)
    let path = ""
    let drawing = false
    points.forEach(([x, y], at) => {
      if (at % every && at !== points.length - 1) return
      if (y === null || !Number.isFinite(y)) {
        drawing = false
        return
      }
      path += `${drawing ? "L" : "M"}${this.x(x).toFixed(1)} ${this.y(y).toFixed(1)}`
      drawing = true
    })
    this.sheet.add("path", { d: path, fill: "none", stroke: colour, "stroke-width": width ?? 2, "stroke-dasharray": dash ? "4 4" : null, "stroke-linejoin": "round" })
  }

  bar({ x, y, low, high, colour, shift, strong }, height) {
    const at = this.x(x) + shift
    const clip = (value) => Math.max(MARGIN.top, Math.min(height - MARGIN.bottom, value === -Infinity ? 1e9 : value === Infinity ? -1e9 : this.y(value)))
    const stroke = { stroke: colour, "stroke-width": strong ? 2.5 : 1.5 }
    this.sheet.add("line", { ...stroke, x1: at, x2: at, y1: clip(low), y2: clip(high) })
    for (const end of [low, high]) if (Number.isFinite(end)) this.sheet.add("line", { ...stroke, x1: at - 3, x2: at + 3, y1: clip(end), y2: clip(end) })
    this.sheet.add("circle", { cx: at, cy: clip(y), r: strong ? 5 : 3.5, fill: colour })
  }

  drawLegend({ lines, legend }) {
    const entries = legend ?? lines
    const key = entries.map((entry) => entry.name + entry.colour).join()
    if (this.legended === key) return
    this.legended = key
    this.legend.replaceChildren(...entries.filter((entry) => entry.name).map(({ name, colour, dash }) =>
      el("span", {}, el("i", { style: `border-top: 2px ${dash ? "dashed" : "solid"} ${colour}` }), name)))
  }

  hover(event) {
    const { spec } = this
    if (!spec) return
    const box = this.picture.getBoundingClientRect()
    const pointer = event.clientX - box.left
    const words = spec.hover ? spec.hover(this.x.inverse(pointer)) : ""
    this.tip.hidden = !words
    this.tip.textContent = words
    const left = pointer > box.width / 2
    this.tip.style.left = left ? "auto" : `${pointer + 12}px`
    this.tip.style.right = left ? `${box.width - pointer + 12}px` : "auto"
  }
}

function scale({ range: [low, high], log }, from, to) {
  const place = (value) => log ? Math.log(value) : value
  const [first, last] = [place(low), place(high)]
  const at = (value) => from + (place(value) - first) / (last - first || 1) * (to - from)
  at.inverse = (pixel) => {
    const value = first + (pixel - from) / (to - from) * (last - first)
    return log ? Math.exp(value) : value
  }
  return at
}

/** Round numbers within the range, about `count` of them. */
function ticks({ range: [low, high], log, at }, count) {
  if (at) return at
  if (log) {
    const found = []
    for (let power = Math.ceil(Math.log10(low) - 1e-9); power <= Math.log10(high) + 1e-9; power += 1) found.push(10 ** power)
    return found
  }
  const rough = (high - low) / Math.max(2, count)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * [1, 2, 5, 10].find((times) => times * power >= rough)
  const found = []
  for (let tick = Math.ceil(low / step - 1e-9); tick * step <= high + step * 1e-9; tick += 1) found.push(tick * step || 0)
  return found
}
