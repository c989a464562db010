// How good the samples are: a table of measures by source, samples beside their nearest training images, sharpness.

/** @import { GenerateData, Quality, QualityKey, QualityNews, QualityRow } from "../shared/messages.js" */
/** @import { Theme } from "../shared/scene.js" */
/** @import { Option } from "./controls.js" */
/** @import { Scene } from "./scene.js" */

import { ask, json } from "../shared/asking.js"
import { el, say, show } from "../shared/dom.js"
import { help } from "../shared/help.js"
import { pause } from "../shared/mounting.js"
import { axis, plotArea, purge, react } from "../shared/plotting.js"
import { inColour } from "../shared/swatch.js"
import { csvLink, offerCsv, questionHead } from "../shared/tools.js"
import { WORDS as SHARED } from "../shared/words.js"
import { button, select } from "./controls.js"
import { WORDS } from "./words.js"

const OFTEN = 1000 // ms between looks at a question on its way
const { quality: words } = WORDS

export class QualityPanel {
  /** @param {GenerateData} data */
  constructor(data) {
    this.data = data
    this.key = "" // under which the answer is kept
    this.theme = /** @type {Theme} */ ("light") // of the pictures on the screen
    this.closed = false
    /** @type {Quality | null} */
    this.answer = null
    /** @type {Scene | null} */
    this.scene = null
    this.texts = data.texts.quality
    this.vae = ""
    const others = data.vaes.length > 0 ? words.noVae : words.noneTrained
    const none = data.own_vae ? words.ownVae : others
    const vaes = select(
      words.vae,
      [["", none], ...data.vaes.map(({ id, name }) => /** @type {Option} */ ([id, name]))],
      "",
      (value) => {
        this.vae = value
      },
      this.texts.vae,
    )
    vaes.box.disabled = data.vaes.length === 0
    const { images, steps } = data.scored
    this.go = button(words.score(images), () => this.ask(), { "data-testid": "labg-score" })
    this.phase = el("span", { class: "labg-phase", role: "status" })
    this.problem = el("p", { class: "labd-problem labg-problem", role: "alert", hidden: true })
    this.table = el("div", {
      class: "labg-scroll",
      tabindex: 0,
      role: "region",
      "aria-label": this.texts.help.question,
      hidden: true,
    })
    const empty = words.empty(this.texts.empty, images, steps)
    this.foot = el(
      "p",
      { class: "labd-foot" },
      data.own_vae || data.vaes.length ? empty : `${empty} ${this.texts.no_vae}`,
    )
    this.own = el("img", { class: "labg-strip" })
    this.near = el("img", { class: "labg-strip" })
    this.far = el("p", { class: "labd-foot" })
    this.owner = el("span", {}, words.sample)
    this.pairs = el(
      "div",
      { hidden: true },
      questionHead(this.texts.pairs.help),
      el("div", { class: "labg-strips" }, this.owner, this.own, el("span", {}, words.nearest), this.near),
      this.far,
    )
    this.plots = Object.entries(this.texts.sharpness).map(([key, texts]) => {
      const plot = plotArea({ class: "lab-plot", "aria-label": texts.question })
      return {
        key,
        texts,
        plot,
        node: el(
          "div",
          { class: "labg-right" },
          questionHead(texts),
          el("div", { class: "labg-plot labg-small" }, plot),
        ),
      }
    })
    this.legend = el("p", { class: "labd-foot labg-legend" })
    this.sharp = el(
      "div",
      { hidden: true },
      el("div", { class: "labg-three" }, ...this.plots.map(({ node }) => node)),
      this.legend,
    )
    this.csv = csvLink(SHARED.tools.csvOf(this.texts.help.question), { hidden: true })
    this.node = el(
      "section",
      { class: "lab-panel labg-quality", "data-testid": "labg-quality" },
      questionHead(this.texts.help, this.csv),
      el("div", { class: "labg-controls" }, vaes.node, el("span", { class: "labg-buttons" }, this.go, this.phase)),
      this.problem,
      this.table,
      this.foot,
      this.pairs,
      this.sharp,
    )
  }

  async ask() {
    this.go.disabled = true
    show(this.problem, false)
    say(this.phase, words.asking)
    try {
      /** @type {QualityKey} */
      const { key } = await ask(`${this.data.addresses.ask}/quality`, {
        checkpoint: this.data.checkpoint,
        vae: this.vae || null,
      })
      this.key = key
      await this.fetch()
    } catch (error) {
      if (!this.closed) this.fail(error)
    } finally {
      this.go.disabled = false
      say(this.phase, "")
    }
  }

  /** @param {unknown} error */
  fail(error) {
    say(this.problem, /** @type {Error} */ (error).message)
    show(this.problem, true)
  }

  /** Look until the answer is there. */
  async fetch() {
    while (!this.closed) {
      if (this.scene) this.theme = this.scene.theme
      /** @type {QualityNews} */
      const news = await json(`${this.data.addresses.quality}/${this.key}-${this.theme}.json`, { cache: "no-store" })
      if (news.answer) {
        this.take(news.answer)
        return
      }
      say(this.phase, words.phase(news.phase ?? ""))
      await pause(OFTEN)
    }
  }

  /** @param {Quality} answer */
  take(answer) {
    this.answer = answer
    this.table.replaceChildren(this.tabled(answer))
    show(this.table, true)
    const { judge, count, reference, steps, seed, scored, epoch } = answer
    const trusted = judge ? words.judge(judge.fitted, judge.error, judge.heldout) : this.texts.no_judge
    say(
      this.foot,
      [words.compared(epoch, count, reference), words.dreams(steps, seed, scored ?? ""), trusted].join(" "),
    )
    const { own, nearest } = answer.pairs
    const distance = answer.pairs.distance.map((value) => value ?? 0)
    this.own.src = own
    this.near.src = nearest
    this.own.alt = words.samples(answer.pairs.count)
    this.near.alt = words.nearestEach
    say(this.owner, words.sample)
    say(this.far, words.far(answer.pairs_of, Math.min(...distance), Math.max(...distance)))
    show(this.pairs, true)
    show(this.sharp, true)
    this.offer(answer)
    this.draw()
  }

  /** @param {Quality} answer */
  tabled({ rows, classes }) {
    const measures = this.texts.measures.filter(({ key }) =>
      rows.some((row) => row.measures[key] !== undefined && row.measures[key] !== null),
    )
    const head = el(
      "tr",
      {},
      el("th", { scope: "col" }, words.measure),
      el("th", { scope: "col" }, words.ideal),
      ...rows.map((row) =>
        el("th", { scope: "col", class: row.key === "dreams" || row.key === "held" ? "labg-mine" : null }, row.title),
      ),
    )
    const body = measures.flatMap((measure, at) => {
      const group =
        measure.group === measures[at - 1]?.group
          ? []
          : [
              el(
                "tr",
                { class: "labg-group" },
                el("th", { colspan: rows.length + 2, scope: "colgroup" }, measure.group),
              ),
            ]
      const ideal = measure.ideal
        .replace("{classes}", String(classes))
        .replace("{log}", Math.log(Math.max(classes, 1)).toFixed(3))
      const cells = rows.map((row) => {
        const value = row.measures[measure.key]
        return el("td", {}, value === null || value === undefined ? words.unmeasured : value.toFixed(measure.digits))
      })
      const name = el("span", { class: "labg-name" }, measure.label, ...help(measure))
      return [
        ...group,
        el("tr", {}, el("th", { scope: "row" }, name), el("td", { class: "labg-ideal" }, ideal), ...cells),
      ]
    })
    return el("table", { class: "lab-table" }, el("thead", {}, head), el("tbody", {}, ...body))
  }

  /** @param {Quality} answer */
  offer({ rows }) {
    const cells = (/** @type {QualityRow} */ row) => this.texts.measures.map(({ key }) => row.measures[key] ?? "")
    const lines = [
      ["source", ...this.texts.measures.map(({ key }) => key)],
      ...rows.map((row) => [`"${row.title}"`, ...cells(row)]),
    ]
    offerCsv(this.csv, lines.map((line) => line.join(",")).join("\n"), `quality-${this.data.run}.csv`)
  }

  draw() {
    const { scene, answer } = this
    if (!answer || !scene?.plotly) return
    const { plotly, colours } = scene
    const keys = answer.rows.map((row) => row.key).filter((key) => answer.histograms.ink.shares[key] && key !== "noise")
    const titles = Object.fromEntries(answer.rows.map((row) => [row.key, row.title]))
    const colour = (/** @type {string} */ key) =>
      key === "real" ? colours.muted : scene.layers[["dreams", "held", "vae"].indexOf(key)]
    for (const { key: name, texts, plot } of this.plots) {
      const { low, high, shares } = answer.histograms[name]
      const width = (high - low) / shares.real.length
      const x = shares.real.map((_, at) => low + (at + 0.5) * width)
      react(
        { plotly, colours },
        plot,
        keys.map((key) => ({
          type: "scatter",
          mode: "lines",
          x,
          y: shares[key].map((share) => 100 * (share ?? 0)),
          name: titles[key],
          line: { color: colour(key), width: 2, shape: "hvh", dash: key === "real" ? "dot" : "solid" },
          hovertemplate: `${titles[key]}  <b>%{y:.1f} %</b><extra></extra>`,
        })),
        {
          xaxis: axis(scene, { title: texts.axis, nticks: 5, tickformat: "~g" }),
          yaxis: axis(scene, { title: words.images, nticks: 4, rangemode: "tozero" }),
        },
        name,
      )
    }
    this.legend.replaceChildren(...keys.map((key) => inColour(colour(key), titles[key])))
  }

  /** @param {Scene} scene */
  update(scene) {
    this.scene = scene
    if (this.answer && this.theme !== scene.theme) {
      this.theme = scene.theme
      this.fetch().catch((error) => this.fail(error))
    } else this.draw()
  }

  close() {
    this.closed = true
    purge(...this.plots.map(({ plot }) => plot))
  }
}
