// Small pictures made of SVG: histograms and lines over time. They cost little, so they can follow every move.

import { el } from "../shared/dom.js"
import { fixed, rounded } from "../shared/numbers.js"
import { WORDS } from "./words.js"

const NAMESPACE = "http://www.w3.org/2000/svg"

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number>} attributes
 * @param {Node[]} children
 */
function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(NAMESPACE, tag)
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value))
  node.append(...children)
  return node
}

/**
 * A picture that fills its place, 300 wide and 100 high in its own units.
 * @param {string} name
 * @param {Node[]} children
 */
function chart(name, ...children) {
  return svg("svg", { viewBox: "0 0 300 100", preserveAspectRatio: "none", class: name, role: "img" }, ...children)
}

/**
 * A few significant digits at most, with a real minus sign.
 * @param {number | null | undefined} value
 * @param {number} digits
 */
export function figure(value, digits = 3) {
  if (value === null || value === undefined) return WORDS.noNumber
  return rounded(value, digits)
}

/** A histogram as bars; heights are square roots of the counts. */
export class Histogram {
  /**
   * @param {string} title
   * @param {string} unit
   * @param {string} what it is of
   */
  constructor(title, unit, what) {
    this.what = what
    this.bars = svg("path", { class: "labf-bars" })
    this.zero = svg("line", { class: "labf-zero", y1: 0, y2: 100 })
    this.chart = chart("labf-histogram", this.zero, this.bars)
    this.low = el("span")
    this.high = el("span")
    this.middle = el("span")
    this.node = el(
      "div",
      { class: "labf-small" },
      el("h3", {}, title, el("span", { class: "labf-unit" }, unit)),
      this.chart,
      el("div", { class: "labf-ends" }, this.low, this.middle, this.high),
    )
  }

  /**
   * `counts` over equal bins from low to high, drawn on the range `ends`, which is at least as wide.
   * @param {number[]} counts
   * @param {number} low
   * @param {number} high
   * @param {[number, number]} ends
   */
  draw(counts, low, high, ends = [low, high]) {
    const most = Math.sqrt(Math.max(...counts, 1))
    const unit = 300 / (ends[1] - ends[0])
    const wide = ((high - low) / counts.length) * unit
    const left = (low - ends[0]) * unit
    const bar = (/** @type {number} */ count, /** @type {number} */ bin) => {
      if (!count) return ""
      const tall = Math.max(1.5, (98 * Math.sqrt(count)) / most)
      return `M${(left + bin * wide).toFixed(2)} 100v${-tall.toFixed(2)}h${Math.max(wide - 0.8, 0.4).toFixed(2)}V100Z`
    }
    this.bars.setAttribute("d", counts.map(bar).join(""))
    const zero = String(-ends[0] * unit)
    this.zero.setAttribute("x1", zero)
    this.zero.setAttribute("x2", zero)
    this.low.textContent = figure(ends[0], 2)
    this.high.textContent = figure(ends[1], 2)
    this.middle.textContent = ends[0] < 0 ? "0" : ""
    const total = counts.reduce((sum, count) => sum + count, 0)
    const peak = counts.indexOf(Math.max(...counts))
    const at = low + ((peak + 0.5) * (high - low)) / counts.length
    this.chart.setAttribute(
      "aria-label",
      WORDS.histograms.picture(this.what, total, figure(low), figure(high), figure(at, 2)),
    )
  }

  clear() {
    this.bars.setAttribute("d", "")
    for (const node of [this.low, this.middle, this.high]) node.textContent = ""
    this.chart.setAttribute("aria-label", WORDS.histograms.empty(this.what))
  }
}

/** One number over epochs, with a mark at a moment and its value there. */
export class Line {
  /**
   * @param {string} title
   * @param {string} unit
   * @param {number} factor from the stored number to the unit
   */
  constructor(title, unit, factor = 1) {
    this.title = title
    this.unit = unit
    this.factor = factor
    /** @type {number[]} */
    this.x = []
    /** @type {(number | null)[]} */
    this.y = []
    this.place = (/** @type {number} */ _epoch) => 0 // of an epoch in the picture
    this.line = svg("path", { class: "labf-line" })
    this.mark = svg("line", { class: "labf-linemark", y1: 0, y2: 100 })
    this.chart = chart("labf-sparkline", this.mark, this.line)
    this.value = el("b", { class: "labf-value" })
    this.top = el("span", { class: "labf-top" })
    this.low = el("span", { class: "labf-low" })
    this.from = el("span")
    this.to = el("span")
    this.node = el(
      "div",
      { class: "labf-small" },
      el("h3", {}, title, this.value),
      el("div", { class: "labf-linebox" }, this.chart, this.top, this.low),
      el("div", { class: "labf-ends" }, this.from, this.to),
    )
  }

  /**
   * @param {number[]} x
   * @param {(number | null)[]} y
   */
  draw(x, y) {
    this.x = x
    this.y = y.map((value) => (value === null ? null : value * this.factor))
    const known = this.y.filter((value) => value !== null)
    if (!known.length) {
      this.clear()
      return
    }
    let [low, high] = [Math.min(...known), Math.max(...known)]
    if (high - low < 1e-9) [low, high] = [low - 0.5, high + 0.5]
    const begin = x[0]
    const end = x[x.length - 1]
    const span = Math.max(end - begin, 1e-9)
    this.place = (/** @type {number} */ epoch) => (300 * (epoch - begin)) / span
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
    this.line.setAttribute("d", known.length === 1 ? "M0 50L300 50" : path.join(""))
    this.top.textContent = figure(high)
    this.low.textContent = figure(low)
    this.from.textContent = WORDS.unit.from(begin)
    this.to.textContent = fixed(end)
    this.chart.setAttribute(
      "aria-label",
      WORDS.unit.line(this.title, begin, end, this.written(known[0]), this.written(known.at(-1))),
    )
  }

  /**
   * With its unit.
   * @param {number | null | undefined} value
   */
  written(value) {
    return `${figure(value)}${this.unit}`
  }

  /**
   * Move the mark to the measured moment at this place of the columns drawn.
   * @param {number} place
   */
  at(place) {
    if (!this.x.length || place < 0) return
    this.mark.style.display = ""
    this.value.textContent = this.written(this.y[place])
    const x = String(this.place(this.x[place]))
    this.mark.setAttribute("x1", x)
    this.mark.setAttribute("x2", x)
  }

  clear() {
    this.x = []
    this.line.setAttribute("d", "")
    this.mark.style.display = "none"
    for (const node of [this.value, this.top, this.low, this.from, this.to]) node.textContent = ""
  }
}
