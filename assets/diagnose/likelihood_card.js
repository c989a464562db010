// How likely held-out images are: what was estimated while training, and estimates asked for by hand, whose cost is said
// before they start. One worker computes one at a time; every viewer sees all of them.

import { epochRange } from "./axis.js"
import { PlotCard } from "./card.js"
import { el, say, show } from "./dom.js"
import { axis, figure, moment, react } from "./drawing.js"
import { answerOf, post } from "./asking.js"

const CHAINS = [20, 100, 500]
const TEMPERATURES = [100, 1000, 10_000, 100_000]
const AGAIN = 1000 // ms between two looks at an estimate on its way
const METRICS = ["log_likelihood_exact", "log_likelihood_ais", "log_likelihood_rais"]

export class LikelihoodCard extends PlotCard {
  constructor(spec, page) {
    super(spec, page)
    this.node.classList.add("labd-wide")
    this.chains = this.select("chains", CHAINS, 100)
    this.temperatures = this.select("temperatures", TEMPERATURES, 1000)
    this.button = el("button", { type: "button", class: "labd-button", "data-testid": "labd-likelihood-ask", onclick: () => this.ask() }, "")
    this.cancel = el("button", { type: "button", class: "lab-tool", hidden: true, "data-testid": "labd-likelihood-cancel", onclick: () => this.giveUp() }, "")
    this.words = el("p", { class: "labd-words", role: "status", "data-testid": "labd-likelihood-words" })
    this.side = el("div", { class: "labd-asked" },
      el("label", { class: "labd-field" }, "Chains", this.chains),
      el("label", { class: "labd-field" }, "Temperatures", this.temperatures),
      el("div", { class: "labd-go" }, this.button, this.cancel),
      this.words)
    this.node.querySelector(".labd-canvas").before(this.side)
    this.clear()
  }

  select(name, values, usual) {
    const node = el("select", { class: "labd-select", "aria-label": `Annealing ${name}`, "data-testid": `labd-likelihood-${name}` },
      ...values.map((value) => el("option", { value, selected: value === usual }, value.toLocaleString("en"))))
    node.onchange = () => this.forget()
    return node
  }

  // -- when ---------------------------------------------------------------------------------------------------------------

  update(scene) {
    this.scene = scene
    if (this.run !== scene.run) {
      this.run = scene.run
      this.look()
    }
    this.offer(scene)
    super.update(scene)
  }

  reason(scene) {
    if (this.curves(scene).length || this.done().length) return ""
    return scene.checkpoint ? "Nothing estimated yet: ask for it here, or set “Likelihood every” to have it while training." : "There is no checkpoint to evaluate yet."
  }

  state(scene) {
    return `${scene.series.revision} ${scene.epoch} ${JSON.stringify(this.list)}`
  }

  done() {
    return this.list.filter((item) => item.state === "done")
  }

  get wanted() {
    return { checkpoint: this.scene.checkpoint[0], chains: Number(this.chains.value), temperatures: Number(this.temperatures.value) }
  }

  /** The estimate of what is chosen, if somebody has asked for it. */
  get known() {
    const { checkpoint, chains, temperatures } = this.wanted
    return this.list.find((item) => item.checkpoint === checkpoint && item.chains === chains && item.temperatures === temperatures)
  }

  // -- asking -------------------------------------------------------------------------------------------------------------

  offer(scene) {
    show(this.side, Boolean(scene.checkpoint))
    if (!scene.checkpoint) return
    const { known } = this
    const busy = this.pricing || this.isOnItsWay(known)
    this.button.disabled = busy || Boolean(this.price?.too_long)
    show(this.button, known?.state !== "done")
    show(this.cancel, Boolean(this.price) || this.isOnItsWay(known))
    say(this.cancel, this.isOnItsWay(known) ? "stop" : "not now")
    say(this.button, this.pricing ? "Trying what it costs…" : this.price ? "Start" : `Estimate epoch ${scene.checkpoint[1].toFixed(2)}`)
    say(this.words, this.sentence(known))
    this.words.dataset.kind = this.problem || known?.state === "failed" ? "bad" : known?.warning ? "warning" : ""
  }

  sentence(known) {
    if (this.problem) return this.problem
    if (known?.state === "failed") return known.problem
    if (known?.state === "waiting") return "In line behind another estimate."
    if (known?.state === "running") return `A worker is at it: ${Math.round(known.elapsed)} of about ${span(known.expected)}.`
    if (known?.state === "done") return result(known)
    if (!this.price) return "The cost is tried and told before anything starts."
    const how = this.price.exact ? "exact, by enumeration" : `${this.chains.value} chains at ${Number(this.temperatures.value).toLocaleString("en")} temperatures, up and down`
    const cost = `It would take a worker about ${span(this.price.seconds)} (${how}; ${this.price.images.toLocaleString("en")} held-out images).`
    return this.price.too_long ? `${cost} The lab waits an hour at most: choose fewer chains or temperatures.` : `${cost} Training goes on, more slowly.`
  }

  async ask() {
    this.problem = ""
    if (this.known?.state === "failed") this.price = null
    await (this.price ? this.start() : this.askPrice())
  }

  async askPrice() {
    const { run } = this
    this.pricing = true
    this.list = this.list.filter((item) => item !== this.known)
    this.offer(this.scene)
    const [answer, problem] = await post(`${this.scene.addresses.diagnose}/likelihood/cost`, this.wanted)
    if (this.run !== run) return
    this.pricing = false
    this.price = answer
    this.problem = problem
    this.page.draw()
  }

  async start() {
    const { run } = this
    const body = { ...this.wanted, expected: Math.ceil(this.price.seconds) }
    this.price = null
    this.button.disabled = true
    const [answer, problem] = await post(`${this.scene.addresses.diagnose}/likelihood`, body)
    if (this.run !== run) return
    this.problem = problem
    if (answer) this.take(answer)
    this.page.draw()
  }

  isOnItsWay(known) {
    return known?.state === "waiting" || known?.state === "running"
  }

  /** Not to be started after all, or stopped on its way. */
  async giveUp() {
    const { run } = this
    if (!this.isOnItsWay(this.known)) return this.forget()
    const [answer, problem] = await post(`${this.scene.addresses.diagnose}/likelihood/stop`, this.wanted)
    if (this.run !== run) return
    this.problem = problem
    if (answer) this.take(answer)
    this.page.draw()
  }

  forget() {
    this.price = null
    this.problem = ""
    this.page.draw()
  }

  /** What has been asked for, by whomever. */
  async look() {
    const { run } = this
    clearTimeout(this.timer)
    const [answer] = await answerOf(fetch(`${this.scene.addresses.diagnose}/likelihood`, { cache: "no-store" }))
    if (this.run !== run) return
    if (answer) this.take(answer)
    else this.timer = setTimeout(() => this.look(), 5 * AGAIN)
    this.page.draw()
  }

  take(list) {
    this.list = list
    clearTimeout(this.timer)
    if (list.some((item) => item.state === "waiting" || item.state === "running")) this.timer = setTimeout(() => this.look(), AGAIN)
  }

  // -- drawing ------------------------------------------------------------------------------------------------------------

  curves(scene) {
    return METRICS.flatMap((metric) => scene.series.of(metric, scene.stages).map((entry) => ({ ...entry, metric })))
  }

  draw(scene) {
    this.csv.href = `data:text/csv;charset=utf-8,${encodeURIComponent(this.rows(scene).map((row) => row.join(",")).join("\n"))}\n`
    this.csv.download = `run-${scene.run}-likelihood.csv`
    const drawn = this.curves(scene)
    const values = [...drawn.flatMap(({ curve }) => curve.y), ...this.done().flatMap((item) => METRICS.map((name) => item.metrics[name]))].filter((value) => value !== null && value !== undefined)
    react(scene, this.plot, [...this.measured(drawn, scene), ...this.asked(scene)], {
      showlegend: true,
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { size: 11 } },
      margin: { l: 60, r: 12, t: 26, b: 36 },
      hovermode: "closest",
      xaxis: axis(scene, { range: epochRange(scene.reached, scene.epochs), nticks: 9, title: "epoch of the whole run" }),
      yaxis: axis(scene, { title: "nats per image", nticks: 6, tickformat: "~g", range: around(values) }),
      shapes: scene.epoch === null ? [] : [moment(scene, scene.epoch)],
    }, `${scene.run} likelihood`)
    this.describe(...this.summary(drawn))
  }

  /** The two curves of training with the band between them, in which the truth lies. */
  measured(drawn, scene) {
    const stage = drawn[0]?.index ?? 0
    const colour = scene.layers[stage % scene.layers.length]
    const line = (metric, name, more) => {
      const found = drawn.find((entry) => entry.metric === metric)
      if (!found) return []
      return [{ type: "scatter", mode: "lines+markers", cliponaxis: false, x: found.curve.x, y: found.curve.y, name, line: { color: colour, width: 2 }, marker: { size: 5, color: colour },
        hovertemplate: `${name}, epoch %{x:.2f}  <b>%{y:.2f} nats</b><extra></extra>`, ...more }]
    }
    return [
      ...line("log_likelihood_exact", "exact, while training", {}),
      ...line("log_likelihood_rais", "reverse AIS, while training", { line: { color: colour, width: 2, dash: "dash" } }),
      ...line("log_likelihood_ais", "AIS, while training", { fill: "tonexty", fillcolor: scene.colours.band }),
    ]
  }

  /** Estimates by hand: points with their 3 sigma bars, those not to be believed hollow. */
  asked(scene) {
    const found = this.done()
    const colour = scene.colours.text
    const points = (name, label, symbol) => {
      const own = found.filter((item) => item.metrics[`log_likelihood_${name}`] !== undefined)
      if (!own.length) return []
      const value = (item) => item.metrics[`log_likelihood_${name}`]
      const end = (item, which) => item.metrics[`log_likelihood_${name}_${which}`]
      return [{
        type: "scatter", mode: "markers", cliponaxis: false, x: own.map((item) => item.epoch), y: own.map(value), name: label,
        marker: { size: 9, color: colour, symbol: own.map((item) => item.warning ? `${symbol}-open` : symbol) },
        error_y: name === "exact" ? undefined : {
          type: "data", symmetric: false, color: colour, thickness: 1.2, width: 4,
          array: own.map((item) => (end(item, "high") ?? value(item)) - value(item)),
          arrayminus: own.map((item) => value(item) - (end(item, "low") ?? value(item))),
        },
        text: own.map((item) => `${item.chains} chains, ${item.temperatures.toLocaleString("en")} temperatures`),
        hovertemplate: `${label}, epoch %{x:.2f}  <b>%{y:.2f} nats</b><br>%{text}<extra></extra>`,
      }]
    }
    return [...points("exact", "exact", "circle"), ...points("ais", "AIS ± 3σ", "triangle-up"), ...points("rais", "reverse AIS ± 3σ", "triangle-down")]
  }

  summary(drawn) {
    const parts = drawn.map(({ metric, curve }) => `${NAMES[metric]} while training: ${figure(curve.y.at(-1))} nats at epoch ${curve.x.at(-1).toFixed(2)}`)
    const last = this.done().at(-1)
    if (last) parts.push(`${last.kind}, ${last.images.toLocaleString("en")} held-out images; ${last.binarisation}`)
    return parts
  }

  rows(scene) {
    const head = ["source", "epoch", "estimator", "chains", "temperatures", "nats per image", "low", "high"]
    const curves = this.curves(scene).flatMap(({ metric, curve }) => curve.x.map((epoch, at) => ["training", epoch, NAMES[metric], "", "", curve.y[at] ?? "", "", ""]))
    const asked = this.done().flatMap((item) => METRICS.filter((name) => item.metrics[name] !== undefined).map((name) =>
      ["asked", item.epoch, NAMES[name], item.chains, item.temperatures, item.metrics[name], item.metrics[`${name}_low`] ?? "", item.metrics[`${name}_high`] ?? ""]))
    return [head, ...curves, ...asked]
  }

  clear() {
    super.clear()
    clearTimeout(this.timer)
    show(this.side, false) // until it is known what there is to ask about
    this.run = null
    this.list = []
    this.price = null
    this.pricing = false
    this.problem = ""
  }

  close() {
    clearTimeout(this.timer)
    this.run = null
    super.close()
  }
}

const NAMES = { log_likelihood_exact: "exact", log_likelihood_ais: "AIS", log_likelihood_rais: "reverse AIS" }

function result({ metrics, warning, kind, seconds, epoch }) {
  const exact = metrics.log_likelihood_exact
  const value = exact === undefined
    ? `between ${ends(metrics, "rais")} (reverse AIS) and ${ends(metrics, "ais")} (AIS) nats per image`
    : `${exact.toFixed(2)} nats per image, exact`
  return `Epoch ${epoch.toFixed(2)}: ${kind} ${value}, in ${span(seconds)}. ${warning}`
}

/** "-101.32 [-101.60, -100.98]": the ends of the 3 sigma interval, an open one where it has none. */
function ends(metrics, name) {
  const end = (which, open) => metrics[`log_likelihood_${name}_${which}`]?.toFixed(2) ?? open
  return `${metrics[`log_likelihood_${name}`].toFixed(2)} [${end("low", "−∞")}, ${end("high", "∞")}]`.replaceAll("-", "−")
}

function span(seconds) {
  if (seconds < 1) return "a second"
  return seconds < 90 ? `${Math.round(seconds)} seconds` : `${Math.round(seconds / 60)} minutes`
}

function around(values) {
  if (!values.length) return undefined
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const room = Math.max((high - low) * 0.12, 1)
  return [low - room, high + room]
}
