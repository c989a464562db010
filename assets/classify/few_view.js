// Error against number of labels: a line a method, filling as the trainings of the experiment end.

/** @import { ClassifyData, FewLabels, FewLabelsLine, FewLabelsNews, FewLabelsPoint } from "../shared/messages.js" */
/** @import { Component } from "../shared/scene.js" */

import { el, say } from "../shared/dom.js"
import { Feed } from "../shared/feed.js"
import { counted } from "../shared/numbers.js"
import { axis, figure, LEGEND_ABOVE, logAxis, plotArea, purge, react } from "../shared/plotting.js"
import { Status } from "../shared/status.js"
import { plainTable } from "../shared/table.js"
import { csvLink, offerCsv } from "../shared/tools.js"
import { ClassifyView, panel, plainPanel } from "./view.js"
import { WORDS } from "./words.js"

const SIGNS = ["square", "circle", "diamond"]
const DASHES = ["dash", "solid", "dot"]
const CSV_HEAD = "method,labels,seed,heldout_error_percent"
const { few: words } = WORDS

export class FewView extends ClassifyView {
  /** @param {Component<ClassifyData>} component */
  constructor(component) {
    super(component)
    /** @type {Feed<FewLabelsNews> | null} */
    this.feed = null
    /** @type {FewLabels | null} */
    this.answer = null
    this.reported = ""
    this.status = new Status()
    this.plot = plotArea({ class: "lab-plot", "data-testid": "labc-few" })
    this.table = el("div", { class: "labc-scroll" })
    this.foot = el("p", { class: "labc-foot", "data-testid": "labc-few-foot" })
    this.csv = csvLink(words.csv)
    this.preparePlots()
    this.node.append(
      this.status.node,
      el(
        "div",
        { class: "labc-two labc-wide" },
        panel(this.data.texts.few, [this.csv], el("div", { class: "labc-canvas labc-low" }, this.plot), this.foot),
        plainPanel(words.numbers, this.table),
      ),
    )
  }

  change() {
    this.feed?.close()
    this.answer = null
    this.reported = this.data.seen
    this.status.clear(this.run)
    this.table.replaceChildren()
    this.feed = new Feed(
      `${this.data.addresses.classify}/few`,
      (news) => this.take(news),
      (kind) => this.status.setTrouble(kind),
    )
  }

  /** @param {FewLabelsNews} news */
  take(news) {
    const first = this.answer === null
    this.answer = news.few
    this.status.update(news.status, news.waiting, news.marks, first)
    const { state } = news.status
    if (state !== this.reported && state !== this.data.seen) this.component.setTriggerValue("changed", state)
    this.reported = state
    this.redraw()
  }

  redraw() {
    if (!this.plotly || !this.answer) return
    const { methods, done, all, sign } = this.answer
    const scene = { plotly: this.plotly, colours: this.colours }
    const { layers } = this.data.palette[this.theme]
    const traces = methods.map(({ title, points }, index) => ({
      type: "scatter",
      mode: "lines+markers",
      name: title,
      x: points.map((point) => point.labels),
      y: points.map((point) => point.mean),
      error_y: {
        type: "data",
        array: points.map((point) => point.spread),
        visible: true,
        thickness: 1.2,
        width: 4,
        color: layers[index],
      },
      line: { color: layers[index], width: 2, dash: DASHES[index] },
      marker: { size: 8, symbol: SIGNS[index], color: layers[index] },
      customdata: points.map((point) => [point.spread, point.errors.length]),
      hovertemplate: `${title}  <b>%{y:.3~g} ${sign}</b>${words.heldPoint}<extra></extra>`,
    }))
    const counts = [...new Set(methods.flatMap(({ points }) => points.map((point) => point.labels)))].sort(
      (a, b) => a - b,
    )
    react(
      scene,
      this.plot,
      traces,
      {
        ...LEGEND_ABOVE,
        margin: { l: 50, r: 16, t: 30, b: 42 },
        xaxis: logAxis(scene, {
          title: words.axis,
          dtick: undefined,
          tickmode: "array",
          tickvals: counts,
          ticktext: counts.map(counted),
          minor: { ticks: "" },
          range: counts.length
            ? [Math.log10(counts[0]) - 0.15, Math.log10(counts[counts.length - 1]) + 0.15]
            : undefined,
        }),
        yaxis: axis(scene, { title: this.answer.axis, rangemode: "tozero", nticks: 7 }),
      },
      this.data.run,
    )
    say(this.foot, words.done(done, all))
    const lines = methods.map(({ title, points }) =>
      words.line(
        title,
        points.map((point) => words.point(point.labels, figure(point.mean), sign)),
      ),
    )
    this.plot.setAttribute("aria-label", `${this.data.texts.few.question} ${lines.join("; ")}`)
    this.node.dataset.done = String(done)
    this.drawTable(methods, counts)
  }

  /**
   * @param {FewLabelsLine[]} methods
   * @param {number[]} counts of labels
   */
  drawTable(methods, counts) {
    const text = (/** @type {FewLabelsPoint | undefined} */ point) =>
      point ? words.cell(point.mean, point.errors.length > 1 ? point.spread : null) : words.notYet
    this.table.replaceChildren(
      plainTable(
        this.data.texts.few.unit,
        [words.labels, ...methods.map(({ title }) => title)],
        counts.map((count) => [
          counted(count),
          ...methods.map(({ points }) => text(points.find((point) => point.labels === count))),
        ]),
      ),
    )
    const rows = methods.flatMap(({ method, points }) =>
      points.flatMap((point) => point.errors.map((error, place) => [method, point.labels, place + 1, error].join(","))),
    )
    offerCsv(this.csv, [CSV_HEAD, ...rows].join("\n"), `run-${this.data.run}-few-labels.csv`)
  }

  close() {
    this.feed?.close()
    purge(this.plot)
    super.close()
  }
}
