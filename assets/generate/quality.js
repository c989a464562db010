// How good the samples are: a table of measures by source, samples beside their nearest training images, sharpness.

import { ask, button, select } from "./controls.js"
import { el, say, show } from "./dom.js"
import { axis, react } from "./drawing.js"
import { json } from "./fetching.js"
import { help } from "./help.js"

const OFTEN = 1000 // ms between looks at a question on its way

export class QualityPanel {
  constructor(data) {
    this.data = data
    this.texts = data.texts.quality
    this.vae = ""
    const none = data.own_vae ? "of this run" : data.vaes.length ? "none" : "none trained"
    const vaes = select("VAE beside it", [["", none], ...data.vaes.map(({ id, name }) => [id, name])], "", (value) => { this.vae = value }, this.texts.vae)
    vaes.box.disabled = data.vaes.length === 0
    const { images, steps } = data.scored
    this.go = button(`Score ${images.toLocaleString("en")} samples`, () => this.ask(), { "data-testid": "labg-score" })
    this.phase = el("span", { class: "labg-phase", role: "status" })
    this.problem = el("p", { class: "labd-problem labg-problem", role: "alert", hidden: true })
    this.table = el("div", { class: "labg-scroll", tabindex: 0, role: "region", "aria-label": this.texts.help.question, hidden: true })
    const empty = this.texts.empty.replace("{images}", images.toLocaleString("en")).replace("{steps}", steps)
    this.foot = el("p", { class: "labd-foot" }, data.own_vae || data.vaes.length ? empty : `${empty} ${this.texts.no_vae}`)
    this.own = el("img", { class: "labg-strip" })
    this.near = el("img", { class: "labg-strip" })
    this.far = el("p", { class: "labd-foot" })
    this.owner = el("span", {}, "sample")
    this.pairs = el("div", { hidden: true },
      el("div", { class: "lab-head" }, el("h3", { class: "lab-title" }, this.texts.pairs.help.question), el("span", { class: "lab-tools" }, ...help(this.texts.pairs.help))),
      el("div", { class: "labg-strips" }, this.owner, this.own, el("span", {}, "nearest in training"), this.near), this.far)
    this.plots = Object.entries(this.texts.sharpness).map(([key, texts]) => {
      const plot = el("div", { class: "lab-plot", role: "img", "aria-label": texts.question })
      return { key, texts, plot, node: el("div", { class: "labg-right" }, el("div", { class: "lab-head" }, el("h3", { class: "lab-title" }, texts.question), el("span", { class: "lab-tools" }, ...help(texts))), el("div", { class: "labg-plot labg-small" }, plot)) }
    })
    this.legend = el("p", { class: "labd-foot labg-legend" })
    this.sharp = el("div", { hidden: true }, el("div", { class: "labg-three" }, ...this.plots.map(({ node }) => node)), this.legend)
    this.csv = el("a", { class: "lab-tool", hidden: true, download: `quality-${data.run}.csv` }, "csv")
    this.node = el("section", { class: "lab-panel labg-quality", "data-testid": "labg-quality" },
      el("div", { class: "lab-head" }, el("h3", { class: "lab-title" }, this.texts.help.question), el("span", { class: "lab-tools" }, this.csv, ...help(this.texts.help))),
      el("div", { class: "labg-controls" }, vaes.node, el("span", { class: "labg-buttons" }, this.go, this.phase)),
      this.problem, this.table, this.foot, this.pairs, this.sharp)
  }

  async ask() {
    this.go.disabled = true
    show(this.problem, false)
    say(this.phase, "Asking…")
    try {
      const { key } = await ask(`${this.data.addresses.ask}/quality`, { checkpoint: this.data.checkpoint, vae: this.vae || null })
      this.key = key
      await this.fetch()
    } catch (error) {
      if (!this.closed) {
        say(this.problem, error.message)
        show(this.problem, true)
      }
    } finally {
      this.go.disabled = false
      say(this.phase, "")
    }
  }

  /** Look until the answer is there. */
  async fetch() {
    while (!this.closed) {
      this.theme = this.scene.theme
      const found = await json(`${this.data.addresses.quality}/${this.key}-${this.theme}.json`, { cache: "no-store" })
      if (found.answer) return this.take(found.answer)
      say(this.phase, `${found.phase}…`)
      await new Promise((resolve) => { setTimeout(resolve, OFTEN) })
    }
    return undefined
  }

  take(answer) {
    this.answer = answer
    this.table.replaceChildren(this.tabled(answer))
    show(this.table, true)
    const { judge, count, reference, steps, seed, scored, epoch } = answer
    const trusted = judge
      ? `The judge, a small CNN trained on ${judge.fitted.toLocaleString("en")} images, is wrong on ${judge.error.toFixed(2)} % of ${judge.heldout.toLocaleString("en")} held-out ones.`
      : this.texts.no_judge
    say(this.foot, `Epoch ${epoch.toFixed(2)}: ${count.toLocaleString("en")} images a column, compared with ${reference.toLocaleString("en")} training images. Dreams: ${steps} Gibbs steps from noise, seed ${seed}, ${scored} are scored and not binary samples. ${trusted}`)
    const { own, nearest, distance } = answer.pairs
    this.own.src = own
    this.near.src = nearest
    this.own.alt = `${answer.pairs.count} samples`
    this.near.alt = "The training image nearest to each"
    say(this.owner, "sample")
    say(this.far, `${answer.pairs_of}: root mean squared difference of a pixel from ${Math.min(...distance)} to ${Math.max(...distance)}, nearest among all training images of the run.`)
    show(this.pairs, true)
    show(this.sharp, true)
    this.offer(answer)
    this.draw()
  }

  tabled({ rows, classes }) {
    const measures = this.texts.measures.filter(({ key }) => rows.some((row) => row.measures[key] !== undefined && row.measures[key] !== null))
    const head = el("tr", {}, el("th", { scope: "col" }, "measure"), el("th", { scope: "col" }, "ideal"),
      ...rows.map((row) => el("th", { scope: "col", class: row.key === "dreams" || row.key === "held" ? "labg-mine" : null }, row.title)))
    const body = measures.flatMap((measure, at) => {
      const group = measure.group === measures[at - 1]?.group ? [] : [el("tr", { class: "labg-group" }, el("th", { colspan: rows.length + 2, scope: "colgroup" }, measure.group))]
      const ideal = measure.ideal.replace("{classes}", classes).replace("{log}", Math.log(Math.max(classes, 1)).toFixed(3))
      const cells = rows.map((row) => {
        const value = row.measures[measure.key]
        return el("td", {}, value === null || value === undefined ? "–" : value.toFixed(measure.digits))
      })
      const name = el("span", { class: "labg-name" }, measure.label, ...help(measure))
      return [...group, el("tr", {}, el("th", { scope: "row" }, name), el("td", { class: "labg-ideal" }, ideal), ...cells)]
    })
    return el("table", { class: "lab-table" }, el("thead", {}, head), el("tbody", {}, ...body))
  }

  offer({ rows }) {
    const cells = (row) => this.texts.measures.map(({ key }) => row.measures[key] ?? "")
    const lines = [["source", ...this.texts.measures.map(({ key }) => key)], ...rows.map((row) => [`"${row.title}"`, ...cells(row)])]
    this.csv.href = `data:text/csv;charset=utf-8,${encodeURIComponent(lines.map((line) => line.join(",")).join("\n"))}`
    show(this.csv, true)
  }

  draw() {
    const { scene, answer } = this
    if (!answer || !scene?.plotly) return
    const keys = answer.rows.map((row) => row.key).filter((key) => answer.histograms.ink.shares[key] && key !== "noise")
    const titles = Object.fromEntries(answer.rows.map((row) => [row.key, row.title]))
    const colour = (key) => (key === "real" ? scene.colours.muted : scene.layers[["dreams", "held", "vae"].indexOf(key)])
    for (const { key: name, texts, plot } of this.plots) {
      const { low, high, shares } = answer.histograms[name]
      const width = (high - low) / shares.real.length
      const x = shares.real.map((_, at) => low + (at + 0.5) * width)
      react(scene, plot, keys.map((key) => ({
        type: "scatter", mode: "lines", x, y: shares[key].map((share) => 100 * share), name: titles[key],
        line: { color: colour(key), width: 2, shape: "hvh", dash: key === "real" ? "dot" : "solid" },
        hovertemplate: `${titles[key]}  <b>%{y:.1f} %</b><extra></extra>`,
      })), {
        xaxis: axis(scene, { title: texts.axis, nticks: 5, tickformat: "~g" }),
        yaxis: axis(scene, { title: "% of images", nticks: 4, rangemode: "tozero" }),
      }, name)
    }
    this.legend.replaceChildren(...keys.map((key) => el("span", {}, el("i", { class: "lab-swatch", style: `background: ${colour(key)}` }), titles[key])))
  }

  update(scene) {
    this.scene = scene
    if (this.answer && this.theme !== scene.theme) {
      this.theme = scene.theme
      this.fetch().catch((error) => {
        say(this.problem, error.message)
        show(this.problem, true)
      })
    } else this.draw()
  }

  close() {
    this.closed = true
    for (const { plot } of this.plots) if (plot.data) window.Plotly?.purge(plot)
  }
}
