// Who is taken for whom: the confusion matrix, the images behind a cell of it, and the surest mistakes.

/** @import { Cell, ClassifyData, Confusion, ConfusionRow } from "../shared/messages.js" */
/** @import { Component } from "../shared/scene.js" */

import { ask } from "../shared/asking.js"
import { choice, el, say, show } from "../shared/dom.js"
import { csvLink, offerCsv } from "../shared/tools.js"
import { csv, matrix } from "./confusion_matrix.js"
import { percent } from "./share.js"
import { ClassifyView, panel, plainPanel } from "./view.js"
import { WORDS } from "./words.js"

const MOST = 100 // images of a cell
const { mistakes: words } = WORDS

export class MistakesView extends ClassifyView {
  /** @param {Component<ClassifyData>} component */
  constructor(component) {
    super(component)
    /** @type {Confusion | null} */
    this.answer = null
    /** @type {ConfusionRow | null} */
    this.classifier = null
    /** @type {Map<string, Cell>} */
    this.kept = new Map()
    this.judging = false
    this.wanted = "" // the cell looked at
    const { texts } = this.data
    this.chooser = el("span")
    this.csv = csvLink(words.csv, { hidden: true })
    this.head = el("p", { class: "labc-verdict", "data-testid": "labc-error" })
    this.table = el("div", { class: "labc-matrix" })
    this.cellTitle = el("p", { class: "labc-foot", "aria-live": "polite", "data-testid": "labc-cell" })
    this.cell = shelf(words.behind)
    this.mistakes = shelf(texts.mistakes.question)
    this.button = el("button", { type: "button", class: "labd-button", hidden: true, onclick: () => this.judge() }, "")
    const behind = plainPanel(words.behind, this.cellTitle, this.cell)
    behind.classList.add("labc-behind")
    this.body = el(
      "div",
      { class: "labc-two" },
      panel(texts.confusion, [this.chooser, this.csv], this.head, this.table),
      el("div", { class: "labc-stacked" }, behind, panel(texts.mistakes, [], this.mistakes)),
    )
    this.node.append(this.button, this.body)
  }

  change() {
    this.answer = null
    this.kept = new Map()
    this.complain("")
    show(this.body, false)
    this.judge()
  }

  recolour() {
    this.kept = new Map()
    this.judge()
  }

  redraw() {
    const { checkpoint } = this.data
    const isStale = this.answer !== null && checkpoint !== null && this.answer.checkpoint !== checkpoint[0]
    show(this.button, isStale && !this.judging)
    say(this.button, checkpoint ? words.judge(checkpoint[1]) : "")
  }

  async judge() {
    const { run } = this.data
    this.judging = true
    this.complain("")
    try {
      /** @type {Confusion} */
      const answer = await ask(`${this.data.addresses.classify}/confusion`, { theme: this.theme })
      if (run !== this.data.run) return
      const same = answer.rows.find((row) => row.classifier === this.classifier?.classifier)
      this.answer = answer
      show(this.body, true)
      this.draw(answer, same ?? answer.rows[answer.rows.length - 1])
    } catch (error) {
      if (run === this.data.run) this.complain(/** @type {Error} */ (error).message)
    } finally {
      this.judging = false
      this.redraw()
    }
  }

  /**
   * @param {Confusion} answer
   * @param {ConfusionRow} chosen
   */
  draw(answer, chosen) {
    const { rows } = answer
    const names = Object.fromEntries(rows.map((row) => [row.classifier, row.label]))
    this.chooser.replaceChildren(
      ...(rows.length > 1
        ? [
            choice(words.classifier, names, chosen.classifier, (id) => {
              const row = rows.find((each) => each.classifier === id)
              if (row) this.drawMatrix(answer, row)
            }),
          ]
        : []),
    )
    this.drawMatrix(answer, chosen)
  }

  /**
   * @param {Confusion} answer
   * @param {ConfusionRow} row
   */
  drawMatrix(answer, row) {
    this.classifier = row
    const { names } = answer
    this.head.replaceChildren(
      el("b", {}, words.error(row.error, answer.sign)),
      el("span", {}, words.of(row.deviation, answer.images, row.label, answer.epoch)),
    )
    this.table.replaceChildren(matrix(row, names, (truth, guess) => this.open(truth, guess)))
    this.table.classList.toggle("labc-dense", names.length > 12)
    offerCsv(this.csv, csv(row, names), `run-${this.data.run}-confusion.csv`)
    this.mistakes.replaceChildren(
      ...row.mistakes.map((each) =>
        picture(
          each.picture ?? "",
          words.taken(names[each.truth], names[each.answer]),
          words.arrow(names[each.truth], names[each.answer]),
          percent(each.probability),
          each.number,
        ),
      ),
    )
    if (!row.mistakes.length) this.mistakes.append(el("p", { class: "labc-foot" }, words.none))
    this.open(row.worst[0], row.worst[1])
  }

  /**
   * The images behind a cell.
   * @param {number} truth
   * @param {number} guess
   */
  async open(truth, guess) {
    if (!this.answer || !this.classifier) return
    const { names, checkpoint } = this.answer
    const { classifier, confusion } = this.classifier
    const count = confusion[truth][guess]
    for (const button of this.table.querySelectorAll("button")) {
      const here = button.dataset.cell === `${truth}-${guess}`
      button.setAttribute("aria-pressed", String(here))
      button.tabIndex = here ? 0 : -1
    }
    const wanted = `${classifier} ${truth} ${guess}`
    this.wanted = wanted
    const taken = words.taken(names[truth], names[guess])
    const all = words.cell(count, taken)
    say(this.cellTitle, count > MOST ? words.surest(all, MOST) : all)
    if (!count) {
      this.cell.replaceChildren(el("p", { class: "labc-foot" }, words.emptyCell))
      return
    }
    try {
      const { images } = await this.imagesOf({ checkpoint, classifier, truth, answer: guess, theme: this.theme })
      if (this.wanted !== wanted) return
      this.cell.replaceChildren(
        ...images.map((each) => picture(each.picture, taken, percent(each.probability), "", each.number)),
      )
    } catch (error) {
      const { message } = /** @type {Error} */ (error)
      if (this.wanted === wanted) this.cell.replaceChildren(el("p", { class: "labc-problem" }, message))
    }
  }

  /**
   * From the server the first time.
   * @param {Record<string, unknown>} question
   */
  async imagesOf(question) {
    const key = JSON.stringify(question)
    /** @type {Cell} */
    const cell = this.kept.get(key) ?? (await ask(`${this.data.addresses.classify}/cell`, question))
    this.kept.set(key, cell)
    return cell
  }
}

/**
 * @param {string} address
 * @param {string} alt
 * @param {string} first
 * @param {string} second line below
 * @param {number} number
 */
function picture(address, alt, first, second, number) {
  return el(
    "figure",
    { class: "labc-image", title: words.image(number + 1) },
    el("img", { class: "labc-pixels", src: address, alt }),
    el("figcaption", {}, first, ...(second ? [el("br"), second] : [])),
  )
}

/**
 * Where images stand; it scrolls, by keyboard too.
 * @param {string} label
 */
function shelf(label) {
  return el("div", { class: "labc-images", tabindex: 0, role: "region", "aria-label": label })
}
