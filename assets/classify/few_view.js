// Error against number of labels: a line a method, filling as the trainings of the experiment end.

import { el, say } from "./dom.js"
import { axis, figure, logAxis, react } from "./drawing.js"
import { Feed } from "./feed.js"
import { loadPlotly } from "./mounting.js"
import { Status } from "./status.js"
import { panel, View } from "./view.js"

const SIGNS = ["square", "circle", "diamond"]
const DASHES = ["dash", "solid", "dot"]

export class FewView extends View {
  build() {
    this.status = new Status()
    this.plot = el("div", { class: "lab-plot", role: "img", "data-testid": "labc-few" })
    this.table = el("div", { class: "labc-scroll" })
    this.foot = el("p", { class: "labc-foot", "data-testid": "labc-few-foot" })
    this.csv = el("a", { class: "lab-tool", download: "", "aria-label": "Download the results as CSV" }, "csv")
    this.resized = new ResizeObserver(() => this.redraw())
    this.resized.observe(this.parent)
    loadPlotly(this.data.addresses.plotly).then((library) => {
      this.plotly = library
      this.redraw()
    }, () => this.complain("The drawing library did not load; reload the page."))
    return [this.status.node, el("div", { class: "labc-two labc-wide" },
      panel(this.data.texts.few, [this.csv], el("div", { class: "labc-canvas labc-low" }, this.plot), this.foot),
      el("section", { class: "lab-panel labc-panel" }, el("div", { class: "lab-head" }, el("h3", { class: "lab-title" }, "In numbers")), this.table))]
  }

  change() {
    this.feed?.close()
    this.answer = null
    this.reported = this.data.seen
    this.status.clear(this.run)
    this.table.replaceChildren()
    this.feed = new Feed(`${this.data.addresses.classify}/few`, (news) => this.take(news), (kind) => this.status.setTrouble(kind))
  }

  update(component) {
    this.component = component
    super.update(component)
  }

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
    const { methods, done, all } = this.answer
    const scene = { plotly: this.plotly, colours: this.colours() }
    const { layers } = this.data.palette[this.theme]
    const traces = methods.map(({ title, points }, index) => ({
      type: "scatter", mode: "lines+markers", name: title, x: points.map((point) => point.labels), y: points.map((point) => point.mean),
      error_y: { type: "data", array: points.map((point) => point.spread), visible: true, thickness: 1.2, width: 4, color: layers[index] },
      line: { color: layers[index], width: 2, dash: DASHES[index] }, marker: { size: 8, symbol: SIGNS[index], color: layers[index] },
      customdata: points.map((point) => [point.spread, point.errors.length]),
      hovertemplate: `${title}  <b>%{y:.3~g} %</b> ± %{customdata[0]:.2~g}, %{customdata[1]} seeds<extra></extra>`,
    }))
    const counts = [...new Set(methods.flatMap(({ points }) => points.map((point) => point.labels)))].sort((a, b) => a - b)
    react(scene, this.plot, traces, {
      showlegend: true, legend: { x: 1, y: 1, xanchor: "right", yanchor: "top", font: { size: 12, color: scene.colours.text }, bgcolor: "rgba(0,0,0,0)" },
      margin: { l: 50, r: 16, t: 8, b: 42 },
      xaxis: logAxis(scene, {
        title: "labelled images", dtick: undefined, tickmode: "array", tickvals: counts, ticktext: counts.map((count) => count.toLocaleString("en")), minor: { ticks: "" },
        range: counts.length ? [Math.log10(counts[0]) - 0.15, Math.log10(counts.at(-1)) + 0.15] : undefined,
      }),
      yaxis: axis(scene, { title: "% of held-out images wrong", rangemode: "tozero", nticks: 7 }),
    }, this.data.run)
    say(this.foot, `${done} of ${all} trainings done · mean over the seeds, bars: ± one standard deviation · the same labelled images for all methods`)
    this.plot.setAttribute("aria-label", `${this.data.texts.few.question} ${methods.map(({ title, points }) => `${title}: ${points.map((point) => `${point.labels} labels ${figure(point.mean)} %`).join(", ")}`).join("; ")}`)
    this.node.dataset.done = done
    this.drawTable(methods, counts)
  }

  drawTable(methods, counts) {
    const at = (points, count) => points.find((point) => point.labels === count)
    const text = (point) => !point ? "…" : point.errors.length > 1 ? `${point.mean.toFixed(2)} ± ${point.spread.toFixed(2)}` : point.mean.toFixed(2)
    this.table.replaceChildren(el("table", { class: "lab-table" },
      el("caption", {}, "% of held-out images wrong, mean ± standard deviation over the seeds"),
      el("thead", {}, el("tr", {}, ...["labels", ...methods.map(({ title }) => title)].map((name) => el("th", { scope: "col" }, name)))),
      el("tbody", {}, ...counts.map((count) => el("tr", {}, el("th", { scope: "row" }, count.toLocaleString("en")), ...methods.map(({ points }) => el("td", {}, text(at(points, count)))))))))
    const rows = methods.flatMap(({ method, points }) => points.flatMap((point) => point.errors.map((error, place) => [method, point.labels, place + 1, error].join(","))))
    this.csv.href = `data:text/csv;charset=utf-8,${encodeURIComponent(["method,labels,seed,heldout_error_percent", ...rows].join("\n"))}`
    this.csv.download = `run-${this.data.run}-few-labels.csv`
  }

  close() {
    this.feed?.close()
    this.resized.disconnect()
    if (this.plot.data) window.Plotly?.purge(this.plot)
    super.close()
  }
}
