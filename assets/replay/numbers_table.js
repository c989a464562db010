// Every number, a page of rows at a time; the page follows the scrubber.

/** @import { Place } from "./app.js" */
/** @import { Measurement, Measurements } from "./measurements.js" */

import { el } from "../shared/dom.js"
import { counted, fixed } from "../shared/numbers.js"
import { button, keep } from "./dom.js"
import { digits } from "./numbers.js"
import { head, scrolling } from "./table.js"
import { WORDS } from "./words.js"

const PAGE = 50 // rows

export class NumbersTable {
  /**
   * @param {Measurements} measurements
   * @param {string} run its id
   * @param {(stage: string) => string} labelOf
   */
  constructor(measurements, run, labelOf) {
    this.measurements = measurements
    this.labelOf = labelOf
    this.first = 0
    this.current = -1 // the row where the scrubber stands
    /** @type {Place | null} */
    this.place = null
    this.body = el("tbody")
    this.where = el("span", { class: "caption figures" })
    this.before = button(WORDS.earlier, WORDS.earlierRows, () => this.turn(-PAGE), { class: "quiet" })
    this.after = button(WORDS.later, WORDS.laterRows, () => this.turn(PAGE), { class: "quiet" })
    const save = () => keep(new Blob([measurements.csv()], { type: "text/csv" }), `run-${run}.csv`)
    this.details = el(
      "details",
      { ontoggle: () => this.follow(this.place) },
      el("summary", {}, el("h2", {}, WORDS.everyNumber)),
      el("div", { class: "bar" }, this.where, this.before, this.after),
      scrolling(WORDS.tableOfAll, this.table()),
    )
    this.node = el(
      "section",
      { class: "panel stack", "aria-label": WORDS.numbers },
      el(
        "div",
        { class: "bar" },
        el("p", { class: "muted" }, WORDS.measured(measurements.rows.length, measurements.columns.length)),
        button(WORDS.saveCsv, WORDS.aboutCsv, save, { "data-testid": "csv" }),
      ),
      this.details,
    )
  }

  table() {
    const metrics = this.measurements.columns.map((name) => name.replaceAll("_", " "))
    const columns = [WORDS.update, WORDS.epoch, WORDS.stage, ...metrics].map((name) => ({ name }))
    return el("table", { "data-testid": "numbers" }, head(columns), this.body)
  }

  /** @param {number} by */
  turn(by) {
    const last = Math.max(0, this.measurements.rows.length - PAGE)
    this.show(Math.max(0, Math.min(last, this.first + by)))
  }

  /** @param {Place | null} place */
  follow(place) {
    this.place = place
    if (!this.details.open) return
    const { rows } = this.measurements
    const at = place ? rows.findLastIndex((row) => row.step <= place.step) : rows.length - 1
    this.current = at
    const isThere = this.body.childElementCount > 0 && at >= this.first && at < this.first + PAGE
    this.show(isThere ? this.first : Math.max(0, Math.floor(at / PAGE) * PAGE))
  }

  /** @param {number} first */
  show(first) {
    this.first = first
    const { rows } = this.measurements
    const shown = rows.slice(first, first + PAGE)
    this.body.replaceChildren(...shown.map((row, at) => this.row(row, first + at === this.current)))
    this.where.textContent = rows.length ? WORDS.rows(first + 1, first + shown.length, rows.length) : WORDS.noRows
    this.before.disabled = first === 0
    this.after.disabled = first + PAGE >= rows.length
  }

  /**
   * @param {Measurement} row
   * @param {boolean} isCurrent
   */
  row({ step, epoch, stage, values }, isCurrent) {
    const cells = values.map((value) => el("td", {}, value === null ? "" : digits(value, 6)))
    return el(
      "tr",
      { "aria-current": isCurrent ? "true" : null },
      el("th", { scope: "row" }, counted(step)),
      el("td", {}, fixed(epoch)),
      el("td", {}, this.labelOf(stage)),
      ...cells,
    )
  }
}
