// AIS and its reverse beside the true log Z, for more and more temperatures. It computes between the frames, on the
// parameters of one moment, and shows the difference from the log Z of that very moment.

import { annealed, reverseAnnealed } from "./annealing.js"
import { el, say } from "./dom.js"
import { fixed, Panel } from "./panel.js"
import { Plot } from "./plot.js"
import { Random } from "./random.js"

const LADDER = [2, 3, 5, 10, 20, 50, 100, 200, 500, 1000]
const CHAINS = 100
const SLICE = 10 // ms of a frame

export class AnnealingPanel extends Panel {
  constructor(page) {
    super("annealing", page)
    this.plot = new Plot()
    this.range = el("input", { type: "range", class: "labm-range", min: 0, max: LADDER.length - 1, step: 1, value: 6, id: "labm-temperatures", "data-testid": "labm-temperatures" })
    this.range.oninput = () => {
      this.restart()
      page.redraw()
    }
    this.count = el("output", { class: "labm-pace" })
    this.body.append(el("div", { class: "labm-control" }, el("label", { for: "labm-temperatures" }, "temperatures"), this.range, this.count), this.plot.node)
    this.found = []
    this.job = null
    this.wanted = null
  }

  get temperatures() {
    return LADDER[Number(this.range.value)]
  }

  set temperatures(count) {
    this.range.value = String(Math.max(0, LADDER.indexOf(count)))
    this.restart()
  }

  restart() {
    this.wanted = null
  }

  /** Work for a while; another model than the one at work is taken up when that one is finished. False: all is done. */
  work(experiment) {
    const truth = experiment.truth()
    if (this.job === null && this.wanted !== truth) {
      this.wanted = truth
      this.began = []
      this.job = this.ladder(truth, experiment)
    }
    if (this.job === null) return false
    const end = performance.now() + SLICE
    while (performance.now() < end) {
      if (this.job.next().done) {
        this.job = null
        this.found = this.began
        return true
      }
      // A still model shows each rung as it comes; a moving one keeps the last whole ladder.
      if (this.wanted === experiment.found && this.began.length > 1) this.found = this.began
    }
    return true
  }

  *ladder(truth, experiment) {
    const base = experiment.data.baseRates()
    for (const count of LADDER.filter((rung) => rung <= this.temperatures)) {
      const below = yield* annealed(truth.tables, base, CHAINS, count, new Random(experiment.seed + 11))
      const above = yield* reverseAnnealed(truth.tables, truth.p, base, CHAINS, count, new Random(experiment.seed + 12))
      this.began = [...this.began, { count, truth: truth.logZ, below, above }]
      yield null
    }
  }

  draw(scene) {
    const { colours, layers } = scene
    this.scene = scene
    say(this.count, this.temperatures.toLocaleString("en"))
    const { found } = this
    const last = found.at(-1)
    const bars = found.flatMap(({ count, truth, below, above }) => [
      { x: count, y: below.logZ - truth, low: below.low - truth, high: below.high - truth, colour: layers[0], shift: -3, strong: count === last.count },
      { x: count, y: above.logZ - truth, low: above.low - truth, high: above.high - truth, colour: layers[1], shift: 3, strong: count === last.count },
    ])
    const reach = bars.reduce((most, bar) => Math.max(most, ...[bar.y, bar.low, bar.high].filter(Number.isFinite).map(Math.abs)), 0.1)
    const end = calm(Math.min(reach, 12) * 1.08)
    this.plot.draw({
      x: { range: [1.6, 1300], log: true, label: "temperatures", at: LADDER },
      y: { range: [-end, end], label: "estimate − true log Z, nats" },
      levels: [{ value: 0, label: "" }],
      lines: [],
      legend: [{ name: "AIS", colour: layers[0] }, { name: "reverse AIS", colour: layers[1] }],
      bars,
      colours,
      hover: (x) => {
        const near = found.reduce((best, item) => !best || Math.abs(Math.log(item.count / x)) < Math.abs(Math.log(best.count / x)) ? item : best, null)
        return near ? `${near.count} temperatures: AIS ${fixed(near.below.logZ - near.truth, 3)}, reverse ${fixed(near.above.logZ - near.truth, 3)}` : ""
      },
    })
    this.words(this.plot.picture, last ? this.sentence(last) : "Computing…")
  }

  sentence({ count, truth, below, above }) {
    const [low, high] = [below.low - truth, above.high - truth]
    const gap = above.logZ - below.logZ
    const inside = below.low <= truth && truth <= above.high
    const reach = `true log Z ${fixed(truth, 3)} nats, bracket ${fixed(low, 2)} to ${fixed(high, 2)} around it`
    if (!Number.isFinite(low) || !Number.isFinite(high)) return `${count} temperatures are too few: the weights scatter so much that the error bar has no end (${reach}). Choose more.`
    if (!inside) return `${count} temperatures are too few: the truth lies outside the bracket (${reach}). Choose more.`
    if (high - low > 1) return `${count} temperatures leave the bracket wider than 1 nat (${reach}). Choose more, or read the two estimates as a range of ${fixed(Math.abs(gap), 2)} nats.`
    return `With ${count} temperatures: ${reach}.`
  }

  rows() {
    return {
      head: ["temperatures", "true log Z", "AIS", "AIS low", "AIS high", "reverse AIS", "reverse low", "reverse high"],
      rows: this.found.map(({ count, truth, below, above }) => [count, truth, below.logZ, below.low, below.high, above.logZ, above.low, above.high]),
    }
  }
}

function calm(value) {
  return [0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5, 8, 13].find((end) => end >= value) ?? 13
}
