// The frame around every card: a question, its tools (table, CSV, help), a drawing and one line of numbers in words.

import { el, say, show } from "./dom.js"
import { help } from "./help.js"

const MOST_ROWS = 300

export class Card {
  constructor(spec, page) {
    this.spec = spec
    this.page = page
    this.tabled = false
    this.key = ""
    this.body = el("div", { class: "labd-body" })
    this.foot = el("p", { class: "labd-foot", "data-testid": `labd-foot-${spec.key}` })
    this.numbers = el("div", { class: "lab-numbers", hidden: true, tabindex: 0, role: "region", "aria-label": `Table: ${spec.help.question}` })
    this.nothing = el("p", { class: "labd-nothing", hidden: true })
    this.node = el(
      "section",
      { class: "labd-card lab-panel", "data-testid": `labd-card-${spec.key}` },
      el("div", { class: "lab-head" }, el("h3", { class: "lab-title" }, spec.help.question), this.tools()),
      el("div", { class: "labd-canvas" }, this.body, this.numbers, this.nothing),
      this.foot,
    )
  }

  tools() {
    const { question } = this.spec.help
    this.tabler = el("button", { type: "button", class: "lab-tool", "aria-pressed": "false", "aria-label": `Table of ${question}` }, "table")
    this.tabler.onclick = () => {
      this.tabled = !this.tabled
      this.tabler.setAttribute("aria-pressed", String(this.tabled))
      this.key = ""
      this.page.draw()
    }
    this.csv = el("a", { class: "lab-tool", download: "", "aria-label": `Download as CSV: ${question}` }, "csv")
    return el("span", { class: "lab-tools" }, this.tabler, this.csv, ...help(this.spec.help))
  }

  /** False for a card about one method only, in a run of another. */
  appliesTo(method) {
    const { only } = this.spec
    return only.length !== 1 || only[0] === method
  }

  /** Draw if there is something new to draw; `key` names what is drawn. */
  update(scene) {
    const reason = this.reason(scene)
    say(this.nothing, reason)
    show(this.csv, !reason)
    show(this.nothing, Boolean(reason) && !this.tabled)
    show(this.numbers, this.tabled)
    if (reason) {
      say(this.foot, "")
      this.tabler.disabled = !this.tabled
      return
    }
    this.tabler.disabled = false
    const key = `${scene.theme} ${scene.size} ${this.tabled} ${this.state(scene)}`
    if (key === this.key) return
    if (this.draw(scene) === false) return // its frame is on the way
    this.key = key
    if (this.tabled) this.drawTable(scene)
  }

  /** Why there is nothing to draw; "" when there is. */
  reason(scene) {
    return scene.frame ? "" : "The first numbers come with the first look at the run."
  }

  /** Names everything that the drawing depends on, apart from theme and size. */
  state(scene) {
    return String(scene.frame)
  }

  /** A table of the CSV itself, so that both hold the same numbers. */
  async drawTable() {
    const address = this.csv.href
    this.wanted = address
    try {
      const answer = await fetch(address)
      if (!answer.ok) throw new Error("no table")
      const [head, ...rows] = (await answer.text()).trim().split("\n").map((line) => line.split(","))
      if (this.wanted === address) this.numbers.replaceChildren(tabled(this.spec, head, rows))
    } catch {
      if (this.wanted === address) this.numbers.replaceChildren(el("p", { class: "labd-nothing" }, "The table could not be fetched; try again."))
      this.key = ""
    }
  }

  clear() {
    this.key = ""
    this.numbers.replaceChildren()
    say(this.foot, "")
  }

  close() {}
}

function tabled(spec, head, rows) {
  const shown = rows.slice(0, MOST_ROWS)
  const rest = rows.length > shown.length ? `; the first ${MOST_ROWS} of ${rows.length.toLocaleString("en")} rows, the CSV holds all` : ""
  return el(
    "table",
    { class: "lab-table" },
    el("caption", {}, `${spec.help.unit}${rest}`),
    el("thead", {}, el("tr", {}, ...head.map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, ...shown.map(([first, ...others]) =>
      el("tr", {}, el("th", { scope: "row" }, first), ...others.map((text) => el("td", {}, text))))),
  )
}

/** A card with one plot. */
export class PlotCard extends Card {
  constructor(spec, page) {
    super(spec, page)
    this.plot = el("div", { class: "lab-plot", role: "img", "data-testid": `labd-plot-${spec.key}` })
    this.body.append(this.plot)
  }

  /** The numbers in words: one text, or parts with the colour of their line. */
  describe(...parts) {
    const pieces = parts.map((part) => typeof part === "string" ? { text: part } : part)
    const text = pieces.map((piece) => piece.text).join("; ")
    this.plot.setAttribute("aria-label", `${this.spec.help.question} ${text}`)
    if (this.foot.textContent === text && !pieces.some((piece) => piece.colour)) return
    this.foot.replaceChildren(...pieces.map(({ text: words, colour }) =>
      el("span", {}, ...(colour ? [el("i", { class: "lab-swatch", style: `background: ${colour}` })] : []), words)))
  }

  close() {
    if (this.plot.data) window.Plotly?.purge(this.plot)
  }
}
