// The source article's table, and this run's own row beside it: error in its unit, filters, how local and how coarse.

import { figure } from "./bars.js"
import { el } from "./dom.js"
import { help } from "./help.js"

const COLUMNS = 6
const ROWS = 2
const MEASURES = [
  ["mse", "squared error per pixel"],
  ["root", "its root, per pixel"],
  ["cross_entropy", "cross-entropy, nats per pixel"],
  ["localisation", "localisation, % of the image"],
  ["scale", "spatial scale, pixels"],
]

export class Article {
  constructor(texts) {
    const [button, panel] = help(texts)
    this.body = el("div", { class: "labf-table-scroll", tabindex: 0, role: "region", "aria-label": texts.question })
    this.node = el(
      "section",
      { class: "labf-article lab-panel", "data-testid": "labf-article" },
      el("div", { class: "lab-head" }, el("h3", { class: "lab-title" }, texts.question), el("span", { class: "lab-tools" }, button, panel)),
      this.body,
    )
  }

  update(scene, columns) {
    const key = JSON.stringify([columns, scene.theme, scene.options.scheme, scene.address])
    if (this.key === key) return
    this.key = key
    const head = el("tr", {}, el("th", { scope: "col" }), ...columns.map(({ epoch }) => el("th", { scope: "col" }, `epoch ${epoch}`)))
    const theirs = [
      this.group("Source article: 500 units on MNIST", columns.length),
      this.row("what it sees", columns.map(({ seen }) => seen)),
      this.row("error, no unit named", columns.map(({ error }) => error.toFixed(3))),
    ]
    const ours = [
      this.group("This run, first layer", columns.length),
      this.row("filters", columns.map(({ run, epoch }) => (run ? this.picture(scene, run, epoch) : "not reached"))),
      ...MEASURES.map(([name, label]) => this.row(label, columns.map(({ run }) => (run ? figure(run[name]) : "–")))),
    ]
    this.body.replaceChildren(el("table", { class: "lab-table labf-table" }, el("thead", {}, head), el("tbody", {}, ...theirs, ...ours)))
  }

  group(title, columns) {
    return el("tr", { class: "labf-group" }, el("th", { colspan: columns + 1, scope: "colgroup" }, title))
  }

  row(label, cells) {
    return el("tr", {}, el("th", { scope: "row" }, label), ...cells.map((cell) => el("td", {}, cell)))
  }

  picture(scene, run, epoch) {
    const src = `${scene.address}/filters/${run.picture}/${COLUMNS}x${ROWS}x2-${scene.options.scheme}-shared-100-training-0-${scene.theme}.png`
    return el("img", { class: "labf-few", src, alt: `The first ${COLUMNS * ROWS} filters at epoch ${epoch}`, loading: "lazy" })
  }

  clear() {
    this.key = null
    this.body.replaceChildren()
  }
}
