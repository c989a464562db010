// The frame around every drawing of the page: a question, tools (table, CSV, help), a body and one line of words.

import { el, say, show } from "./dom.js"
import { help } from "./help.js"
import { sizeOf } from "./sheet.js"

const MOST_ROWS = 600

export class Panel {
  constructor(key, page, ...tools) {
    this.key = key
    this.page = page
    this.texts = page.texts.panels[key]
    this.body = el("div", { class: "labm-body" })
    this.foot = el("p", { class: "labm-foot", "data-testid": `labm-foot-${key}` })
    this.numbers = el("div", { class: "lab-numbers", hidden: true, tabindex: 0, role: "region", "aria-label": `Table: ${this.texts.question}` })
    this.tabler = el("button", { type: "button", class: "lab-tool", "aria-pressed": "false", "aria-label": `Table of ${this.texts.question}`, onclick: () => this.toggle() }, "table")
    const csv = el("button", { type: "button", class: "lab-tool", "aria-label": `Download as CSV: ${this.texts.question}`, onclick: () => this.save() }, "csv")
    this.node = el(
      "section",
      { class: `lab-panel labm-panel labm-${key}`, "data-testid": `labm-${key}` },
      el("div", { class: "lab-head" }, el("h3", { class: "lab-title" }, this.texts.question), el("span", { class: "lab-tools" }, ...tools, this.tabler, csv, ...help(this.texts))),
      el("div", { class: "labm-canvas" }, this.body, this.numbers),
      this.foot,
    )
    this.shown = 0
  }

  toggle() {
    const open = this.numbers.hidden
    show(this.numbers, open)
    this.tabler.setAttribute("aria-pressed", String(open))
    this.shown = 0
    this.page.redraw()
  }

  update(scene) {
    this.draw(scene)
    const now = performance.now()
    if (this.numbers.hidden || now - this.shown < 400) return // a table that changes faster cannot be read
    this.shown = now
    this.numbers.replaceChildren(this.table())
  }

  table() {
    const { head, rows, total = rows.length } = this.rows(MOST_ROWS)
    const cells = ([first, ...others]) => el("tr", {}, el("th", { scope: "row" }, text(first)), ...others.map((value) => el("td", {}, text(value))))
    const caption = total > MOST_ROWS ? `the first ${MOST_ROWS} of ${total.toLocaleString("en")} rows; the CSV holds all` : `${total} rows`
    return el("table", { class: "lab-table" }, el("caption", {}, caption),
      el("thead", {}, el("tr", {}, ...head.map((name) => el("th", { scope: "col" }, name)))),
      el("tbody", {}, ...rows.slice(0, MOST_ROWS).map(cells)))
  }

  save() {
    const { head, rows } = this.rows()
    const lines = [head, ...rows].map((row) => row.map((value) => value ?? "").join(","))
    const url = URL.createObjectURL(new Blob([`${lines.join("\n")}\n`], { type: "text/csv" }))
    el("a", { href: url, download: `microscope-${this.key}.csv` }).click()
    setTimeout(() => URL.revokeObjectURL(url), 1000)
  }

  /** What is drawn, in words: for the line below and for those who do not see the drawing. */
  words(drawing, sentence, foot = sentence) {
    drawing.setAttribute("aria-label", `${this.texts.question} ${sentence}`)
    say(this.foot, foot)
  }

  close() {}
}

function text(value) {
  if (value === null || value === undefined) return "–"
  return typeof value === "number" ? figure(value) : value
}

/** A few significant digits, as people read them. */
export function figure(value, digits = 4) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–"
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞"
  const size = Math.abs(value)
  const words = size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(1) : value.toLocaleString("en", { maximumSignificantDigits: digits })
  return words.replace("-", "−")
}

/** With so many decimals, and a true minus. */
export function fixed(value, decimals = 2) {
  if (!Number.isFinite(value)) return figure(value)
  const text = value.toFixed(decimals)
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−")
}

/** A canvas of the size of its box in device pixels, cleared, with a context in CSS pixels; null while it has no size. */
export function painted(canvas) {
  const [width, height] = sizeOf(canvas)
  if (!width || !height) return null
  const scale = window.devicePixelRatio || 1
  const size = [Math.round(width * scale), Math.round(height * scale)]
  if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size
  const paint = canvas.getContext("2d")
  paint.setTransform(scale, 0, 0, scale, 0, 0)
  paint.clearRect(0, 0, width, height)
  return { paint, width, height }
}
