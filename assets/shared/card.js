// The frame around every card: a question, its tools (table, CSV, help), a drawing and one line of numbers in words.

/** @import { Card as CardSpec } from "./messages.js" */
/** @import { CardScene } from "./scene.js" */

/** @typedef {{ draw(): void }} Page what is asked to draw its cards again */
/** @typedef {{ text: string, colour?: string, isGuide?: boolean }} Part of the words below a drawing */

import { el, say, show } from "./dom.js"
import { plotArea, purge } from "./plotting.js"
import { inColour } from "./swatch.js"
import { plainTable } from "./table.js"
import { csvLink, numbersOf, questionHead, tableToggle } from "./tools.js"
import { WORDS } from "./words.js"

const MOST_ROWS = 300

/**
 * Its heirs fill `body` and draw in `draw(scene)`.
 * @template {CardScene} Scene
 */
export class Card {
  /**
   * @param {CardSpec} spec
   * @param {Page} page
   */
  constructor(spec, page) {
    const { question } = spec.help
    this.tableAddress = "" // the address of the table asked for last
    this.spec = spec
    this.page = page
    this.tabled = false
    this.key = ""
    this.body = el("div", { class: "labd-body" })
    this.foot = el("p", { class: "labd-foot", "data-testid": `labd-foot-${spec.key}` })
    this.numbers = numbersOf(question)
    this.nothing = el("p", { class: "labd-nothing", hidden: true })
    this.tabler = tableToggle(question, (isTabled) => this.turn(isTabled))
    this.csv = csvLink(WORDS.tools.csvOf(question))
    this.verdict = el("b", {})
    this.node = el(
      "section",
      { class: "labd-card lab-panel", "data-testid": `labd-card-${spec.key}` },
      questionHead(spec.help, this.tabler, this.csv),
      el("p", { class: "labd-good" }, this.verdict, " ", spec.help.good),
      el("div", { class: "labd-canvas" }, this.body, this.numbers, this.nothing),
      this.foot,
    )
  }

  /** @param {boolean} isTabled */
  turn(isTabled) {
    this.tabled = isTabled
    this.key = ""
    this.page.draw()
  }

  /**
   * False for a card about one method only, in a run of another.
   * @param {string} method
   */
  appliesTo(method) {
    const { only } = this.spec
    return only.length !== 1 || only[0] === method
  }

  /**
   * Draw if there is something new to draw; `key` names what is drawn.
   * @param {Scene} scene
   */
  update(scene) {
    const reason = this.reason(scene)
    say(this.nothing, reason)
    show(this.csv, !reason)
    show(this.nothing, Boolean(reason) && !this.tabled)
    show(this.numbers, this.tabled)
    if (reason) {
      say(this.foot, "")
      say(this.verdict, "")
      this.tabler.disabled = !this.tabled
      return
    }
    this.tabler.disabled = false
    const key = `${scene.theme} ${scene.size} ${this.tabled} ${this.state(scene)}`
    if (key === this.key) return
    if (!this.draw(scene)) return
    this.key = key
    if (this.tabled) this.drawTable(scene)
  }

  /**
   * Why there is nothing to draw; "" when there is.
   * @param {Scene} _scene
   * @returns {string}
   */
  reason(_scene) {
    return ""
  }

  /**
   * Names everything that the drawing depends on, apart from theme and size.
   * @param {Scene} _scene
   * @returns {string}
   */
  state(_scene) {
    return ""
  }

  /**
   * False when what it needs is still on its way.
   * @param {Scene} _scene
   * @returns {boolean}
   */
  draw(_scene) {
    return true
  }

  /**
   * A table of the CSV itself, so that both hold the same numbers.
   * @param {Scene} _scene
   */
  drawTable(_scene) {
    this.fetchTable()
  }

  async fetchTable() {
    const address = this.csv.href
    this.tableAddress = address
    try {
      const answer = await fetch(address)
      if (!answer.ok) throw new Error("no table")
      const [head, ...rows] = (await answer.text())
        .trim()
        .split("\n")
        .map((line) => line.split(","))
      if (this.tableAddress === address) this.numbers.replaceChildren(tabled(this.spec, head, rows))
    } catch {
      if (this.tableAddress === address)
        this.numbers.replaceChildren(el("p", { class: "labd-nothing" }, WORDS.card.noTable))
      this.key = ""
    }
  }

  clear() {
    this.key = ""
    this.numbers.replaceChildren()
    say(this.foot, "")
    say(this.verdict, "")
  }

  close() {}
}

/** @param {Part} part */
function partOf({ text, colour, isGuide }) {
  if (isGuide) return el("span", {}, el("i", { class: "lab-dash" }), text)
  return colour ? inColour(colour, text) : el("span", {}, text)
}

/**
 * @param {CardSpec} spec
 * @param {string[]} head
 * @param {string[][]} rows
 */
function tabled(spec, head, rows) {
  const shown = rows.slice(0, MOST_ROWS)
  return plainTable(WORDS.card.tableCaption(spec.help.unit, MOST_ROWS, rows.length), head, shown)
}

/**
 * A card with one plot.
 * @template {CardScene} Scene
 * @extends {Card<Scene>}
 */
export class PlotCard extends Card {
  /**
   * @param {CardSpec} spec
   * @param {Page} page
   */
  constructor(spec, page) {
    super(spec, page)
    this.plot = plotArea({ class: "lab-plot", "data-testid": `labd-plot-${spec.key}` })
    this.body.append(this.plot)
  }

  /**
   * The numbers in words: one text, or parts with the colour of their line or the dashes of a guide.
   * @param {(string | Part)[]} parts
   */
  describe(...parts) {
    /** @type {Part[]} */
    const pieces = parts.map((part) => (typeof part === "string" ? { text: part } : part))
    const text = pieces.map((piece) => piece.text).join("; ")
    this.plot.setAttribute("aria-label", `${this.spec.help.question} ${text}`)
    if (this.foot.textContent === text && !pieces.some((piece) => piece.colour)) return
    this.foot.replaceChildren(...pieces.map(partOf))
  }

  close() {
    purge(this.plot)
  }
}
