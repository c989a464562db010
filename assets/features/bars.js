// Small pictures made of SVG: histograms and lines over time. They cost little, so they can follow every move.

import { el } from "./dom.js"

const NAMESPACE = "http://www.w3.org/2000/svg"

export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(NAMESPACE, tag)
  for (const [name, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(name, value)
  node.append(...children)
  return node
}

/** Four significant digits at most, with a real minus sign. */
export function figure(value, digits = 3) {
  if (value === null || value === undefined) return "–"
  return String(Number(value.toPrecision(digits))).replace("-", "−")
}

/** A histogram as bars; heights are square roots of the counts. */
export class Histogram {
  constructor(title, unit, what) {
    this.what = what
    this.bars = svg("path", { class: "labf-bars" })
    this.zero = svg("line", { class: "labf-zero", y1: 0, y2: 100 })
    this.chart = svg("svg", { viewBox: "0 0 300 100", preserveAspectRatio: "none", class: "labf-histogram", role: "img" }, this.zero, this.bars)
    this.low = el("span")
    this.high = el("span")
    this.middle = el("span")
    this.node = el("div", { class: "labf-small" }, el("h4", {}, title, el("span", { class: "labf-unit" }, unit)), this.chart,
      el("div", { class: "labf-ends" }, this.low, this.middle, this.high))
  }

  /** `counts` over equal bins from low to high, drawn on the range `ends`, which is at least as wide. */
  draw(counts, low, high, ends = [low, high], middle = null) {
    const most = Math.sqrt(Math.max(...counts, 1))
    const unit = 300 / (ends[1] - ends[0])
    const wide = ((high - low) / counts.length) * unit
    const left = (low - ends[0]) * unit
    const bar = (count, at) => {
      if (!count) return ""
      const tall = Math.max(1.5, (98 * Math.sqrt(count)) / most)
      return `M${(left + at * wide).toFixed(2)} 100v${-tall.toFixed(2)}h${Math.max(wide - 0.8, 0.4).toFixed(2)}V100Z`
    }
    this.bars.setAttribute("d", counts.map(bar).join(""))
    const zero = (0 - ends[0]) * unit
    this.zero.setAttribute("x1", zero)
    this.zero.setAttribute("x2", zero)
    this.low.textContent = figure(ends[0], 2)
    this.high.textContent = figure(ends[1], 2)
    this.middle.textContent = middle ?? (ends[0] < 0 ? "0" : "")
    const total = counts.reduce((sum, count) => sum + count, 0)
    const peak = counts.indexOf(Math.max(...counts))
    const at = low + ((peak + 0.5) * (high - low)) / counts.length
    this.chart.setAttribute("aria-label", `Histogram of ${this.what}: ${total.toLocaleString("en")} values from ${figure(low)} to ${figure(high)}, most of them near ${figure(at, 2)}.`)
  }

  clear() {
    this.bars.setAttribute("d", "")
    for (const node of [this.low, this.middle, this.high]) node.textContent = ""
    this.chart.setAttribute("aria-label", `Histogram of ${this.what}: nothing recorded yet.`)
  }
}

/** One number over epochs, with a mark at a moment and its value there. */
export class Line {
  constructor(title, unit, factor = 1) {
    this.title = title
    this.unit = unit
    this.factor = factor
    this.line = svg("path", { class: "labf-line" })
    this.mark = svg("line", { class: "labf-linemark", y1: 0, y2: 100 })
    this.chart = svg("svg", { viewBox: "0 0 300 100", preserveAspectRatio: "none", class: "labf-sparkline", role: "img" }, this.mark, this.line)
    this.value = el("b", { class: "labf-value" })
    this.top = el("span", { class: "labf-top" })
    this.low = el("span", { class: "labf-low" })
    this.from = el("span")
    this.to = el("span")
    this.node = el("div", { class: "labf-small" }, el("h4", {}, title, this.value), el("div", { class: "labf-linebox" }, this.chart, this.top, this.low),
      el("div", { class: "labf-ends" }, this.from, this.to))
  }

  draw(x, y) {
    this.x = x
    this.y = y.map((value) => (value === null ? null : value * this.factor))
    const known = this.y.filter((value) => value !== null)
    if (!known.length) return this.clear()
    let [low, high] = [Math.min(...known), Math.max(...known)]
    if (high - low < 1e-9) [low, high] = [low - 0.5, high + 0.5]
    const begin = x[0]
    const span = Math.max(x.at(-1) - begin, 1e-9)
    this.place = (epoch) => (300 * (epoch - begin)) / span
    let pen = "M"
    const path = this.y.map((value, at) => {
      if (value === null) {
        pen = "M"
        return ""
      }
      const text = `${pen}${this.place(x[at]).toFixed(1)} ${(96 - (92 * (value - low)) / (high - low)).toFixed(1)}`
      pen = "L"
      return text
    })
    // A single moment is no line: a short stroke shows it.
    this.line.setAttribute("d", known.length === 1 ? `M0 50L300 50` : path.join(""))
    this.top.textContent = figure(high)
    this.low.textContent = figure(low)
    this.from.textContent = `epoch ${begin.toFixed(2)}`
    this.to.textContent = x.at(-1).toFixed(2)
    this.chart.setAttribute("aria-label", `${this.title} over epochs ${begin.toFixed(2)} to ${x.at(-1).toFixed(2)}: from ${figure(known[0])}${this.unit} to ${figure(known.at(-1))}${this.unit}.`)
  }

  /** Move the mark to the measured moment at this place of the columns drawn. */
  at(place) {
    if (!this.x?.length || place < 0) return
    this.mark.style.display = ""
    this.value.textContent = `${figure(this.y[place])}${this.unit}`
    const x = this.place(this.x[place])
    this.mark.setAttribute("x1", x)
    this.mark.setAttribute("x2", x)
  }

  clear() {
    this.x = null
    this.line.setAttribute("d", "")
    this.mark.style.display = "none"
    for (const node of [this.value, this.top, this.low, this.from, this.to]) node.textContent = ""
  }
}
