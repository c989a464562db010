// What the source article claims, this run's figures at the same epochs, and what its own numbers say in words.

/** @import { ArticleColumn, FeaturesData, OwnColumn } from "../shared/messages.js" */
/** @import { Scene } from "./scene.js" */

import { el, show } from "../shared/dom.js"
import { questionHead } from "../shared/tools.js"
import { figure } from "./bars.js"
import { WORDS } from "./words.js"

const COLUMNS = 6
const ROWS = 2
const { article: words } = WORDS

export class Article {
  /** @param {FeaturesData["texts"]["article"]} texts */
  constructor(texts) {
    this.key = "" // of what is on the screen
    this.rows = texts.rows
    this.body = el("div", { class: "labf-table-scroll", tabindex: 0, role: "region", "aria-label": texts.question })
    this.verdict = el("ul", { class: "labf-verdict", "data-testid": "labf-verdict" })
    this.own = el("div", {}, el("h3", {}, WORDS.article.verdict), this.verdict)
    this.node = el(
      "section",
      { class: "labf-article lab-panel", "data-testid": "labf-article" },
      questionHead(texts),
      this.own,
      this.body,
    )
  }

  /**
   * @param {Scene} scene
   * @param {ArticleColumn[]} columns
   * @param {string[]} verdict
   */
  update(scene, columns, verdict) {
    const key = JSON.stringify([columns, verdict, scene.theme, scene.options.scheme, scene.address])
    if (this.key === key) return
    this.key = key
    this.verdict.replaceChildren(...verdict.map((sentence) => el("li", {}, sentence)))
    show(this.own, verdict.length > 0)
    const head = el("tr", {}, el("td"), ...columns.map(({ epoch }) => el("th", { scope: "col" }, words.epoch(epoch))))
    const theirs = [
      this.group(words.theirs, columns.length),
      this.row(
        words.seen,
        columns.map(({ seen }) => seen),
      ),
      this.row(
        words.error,
        columns.map(({ error }) => error.toFixed(3)),
      ),
    ]
    const ours = [
      this.group(words.ours, columns.length),
      this.row(
        words.filters,
        columns.map(({ run, epoch }) => (run ? this.picture(scene, run, epoch) : words.notReached)),
      ),
      ...this.rows.map(([name, label]) =>
        this.row(
          label,
          columns.map(({ run }) => (run ? figure(run[/** @type {keyof OwnColumn} */ (name)]) : WORDS.noNumber)),
        ),
      ),
    ]
    this.body.replaceChildren(
      el("table", { class: "lab-table labf-table" }, el("thead", {}, head), el("tbody", {}, ...theirs, ...ours)),
    )
  }

  /**
   * @param {string} title
   * @param {number} columns
   */
  group(title, columns) {
    return el("tr", { class: "labf-group" }, el("th", { colspan: columns + 1, scope: "colgroup" }, title))
  }

  /**
   * @param {string} label
   * @param {(Node | string)[]} cells
   */
  row(label, cells) {
    return el("tr", {}, el("th", { scope: "row" }, label), ...cells.map((cell) => el("td", {}, cell)))
  }

  /**
   * @param {Scene} scene
   * @param {OwnColumn} run
   * @param {number} epoch
   */
  picture(scene, run, epoch) {
    if (run.picture === null) return words.noPicture
    const src = `${scene.address}/filters/${run.picture}/${COLUMNS}x${ROWS}x2-${scene.options.scheme}-shared-100-training-0-${scene.theme}.png`
    return el("img", {
      class: "labf-few",
      src,
      alt: words.picture(COLUMNS * ROWS, epoch),
      loading: "lazy",
    })
  }

  clear() {
    this.key = ""
    this.body.replaceChildren()
  }
}
