// The frame around every drawing of the page: a question, tools (table, CSV, help), a body and one line of words.

/** @import { Page, PanelKey, Scene, Table } from "./scene.js" */

import { el, say, show } from "../shared/dom.js"
import { plainTable } from "../shared/table.js"
import { numbersOf, questionHead, tableToggle } from "../shared/tools.js"
import { WORDS as SHARED } from "../shared/words.js"
import { figure } from "./numbers.js"
import { WORDS } from "./words.js"

const MOST_ROWS = 600
const READABLE = 400 // ms between two tables: one that changes faster cannot be read

/** Its heirs fill `body`, draw in `draw(scene)` and say in `rows(scene)` what the drawing shows. */
export class Panel {
  /**
   * @param {PanelKey} key
   * @param {Page} page
   * @param {HTMLElement[]} tools
   */
  constructor(key, page, ...tools) {
    this.key = key
    this.page = page
    this.texts = page.data.texts.panels[key]
    /** @type {Scene | null} */
    this.scene = null // as it was drawn last
    this.tabled = 0 // when the table was made last, in ms
    this.body = el("div", { class: "labm-body" })
    this.foot = el("p", { class: "labm-foot", "data-testid": `labm-foot-${key}` })
    this.numbers = numbersOf(this.texts.question)
    this.saver = el(
      "button",
      {
        type: "button",
        class: "lab-tool",
        "aria-label": SHARED.tools.csvOf(this.texts.question),
        onclick: () => this.save(),
      },
      SHARED.tools.csv,
    )
    this.saver.disabled = true // until there is something to save
    const tabler = tableToggle(this.texts.question, (isTabled) => this.turn(isTabled))
    this.node = el(
      "section",
      { class: `lab-panel labm-panel labm-${key}`, "data-testid": `labm-${key}` },
      questionHead(this.texts, ...tools, tabler, this.saver),
      el("div", { class: "labm-canvas" }, this.body, this.numbers),
      this.foot,
    )
  }

  /**
   * From the drawing to its numbers, and back.
   * @param {boolean} isTabled
   */
  turn(isTabled) {
    show(this.numbers, isTabled)
    this.tabled = 0
    this.page.redraw()
  }

  /** @param {Scene} scene */
  update(scene) {
    this.scene = scene
    this.saver.disabled = false
    this.draw(scene)
    const now = performance.now()
    if (this.numbers.hidden || now - this.tabled < READABLE) return
    this.tabled = now
    this.numbers.replaceChildren(tableOf(this.rows(scene, MOST_ROWS)))
  }

  /** @param {Scene} _scene */
  draw(_scene) {}

  /**
   * What the drawing shows; where all would be very many, at most so many rows.
   * @param {Scene} _scene
   * @param {number} _most
   * @returns {Table}
   */
  rows(_scene, _most = Number.POSITIVE_INFINITY) {
    return { head: [], rows: [] }
  }

  save() {
    if (!this.scene) return
    const { head, rows } = this.rows(this.scene)
    const lines = [head, ...rows].map((row) => row.map((value) => value ?? "").join(","))
    const url = URL.createObjectURL(new Blob([`${lines.join("\n")}\n`], { type: "text/csv" }))
    el("a", { href: url, download: `microscope-${this.key}.csv` }).click()
    setTimeout(() => URL.revokeObjectURL(url), 1000)
  }

  /**
   * What is drawn, in words: for the line below and for those who do not see the drawing.
   * @param {Element} drawing
   * @param {string} sentence
   */
  words(drawing, sentence) {
    drawing.setAttribute("aria-label", `${this.texts.question} ${sentence}`)
    say(this.foot, sentence)
  }
}

/** @param {Table} table */
function tableOf({ head, rows, total = rows.length }) {
  const text = (/** @type {string | number | null} */ value) => (typeof value === "string" ? value : figure(value))
  const shown = rows.slice(0, MOST_ROWS).map((row) => row.map(text))
  return plainTable(WORDS.table.caption(MOST_ROWS, total), head, shown)
}
