// AIS and its reverse beside the true log Z, for more and more temperatures. It computes between the frames, on the
// parameters of one moment, and shows the difference from the log Z of that very moment.

/** @import { Estimate } from "./annealing.js" */
/** @import { Experiment } from "./experiment.js" */
/** @import { Bar } from "./plot.js" */
/** @import { Page, Scene } from "./scene.js" */
/** @import { Truth } from "./truth.js" */

import { el, say } from "../shared/dom.js"
import { counted } from "../shared/numbers.js"
import { annealed, reverseAnnealed } from "./annealing.js"
import { Panel } from "./panel.js"
import { Plot } from "./plot.js"
import { Random } from "./random.js"
import { WORDS } from "./words.js"

/**
 * Both estimates with `count` temperatures, and the true log Z.
 * @typedef {{ count: number, truth: number, below: Estimate, above: Estimate }} Rung
 */

const LADDER = [2, 3, 5, 10, 20, 50, 100, 200, 500, 1000]
const CHAINS = 100
const SLICE = 10 // ms of a frame
const ENDS = [0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5, 8] // of the axis, in nats
const FURTHEST = 13

export class AnnealingPanel extends Panel {
  /** @param {Page} page */
  constructor(page) {
    super("annealing", page)
    this.plot = new Plot()
    this.range = el("input", {
      type: "range",
      class: "labm-range",
      min: 0,
      max: LADDER.length - 1,
      step: 1,
      value: 6,
      id: "labm-temperatures",
      "data-testid": "labm-temperatures",
    })
    this.range.oninput = () => {
      this.restart()
      page.redraw()
    }
    this.count = el("output", { class: "labm-pace" })
    const label = el("label", { for: "labm-temperatures" }, WORDS.annealing.temperatures)
    this.body.append(el("div", { class: "labm-control" }, label, this.range, this.count), this.plot.node)
    /** @type {Rung[]} */
    this.found = [] // what is shown
    /** @type {Rung[]} */
    this.begun = [] // what the job has found
    /** @type {Generator<null, void> | null} */
    this.job = null
    /** @type {Truth | null} */
    this.wanted = null // what the job is about, or was when it was done
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

  /**
   * Work for a while; another model than the one at work is taken up when that one is finished. False: all is done.
   * @param {Experiment} experiment
   */
  work(experiment) {
    const truth = experiment.truth()
    if (this.job === null && this.wanted !== truth) {
      this.wanted = truth
      this.begun = []
      this.job = this.climb(truth, experiment)
    }
    if (this.job === null) return false
    const end = performance.now() + SLICE
    while (performance.now() < end) {
      if (this.job.next().done) {
        this.job = null
        this.found = this.begun
        return true
      }
      // A still model shows each rung as it comes; a moving one keeps the last whole ladder.
      if (this.wanted === truth && this.begun.length > 1) this.found = this.begun
    }
    return true
  }

  /**
   * @param {Truth} truth
   * @param {Experiment} experiment
   * @returns {Generator<null, void>}
   */
  *climb(truth, experiment) {
    const { tables, p, logZ } = truth
    const base = experiment.data.baseRates()
    for (const count of LADDER.filter((rung) => rung <= this.temperatures)) {
      const below = yield* annealed(tables, base, CHAINS, count, new Random(experiment.seed + 11))
      const above = yield* reverseAnnealed(tables, p, base, CHAINS, count, new Random(experiment.seed + 12))
      this.begun = [...this.begun, { count, truth: logZ, below, above }]
      yield null
    }
  }

  /** @param {Scene} scene */
  draw({ colours, layers }) {
    const { found } = this
    const last = found.at(-1)
    say(this.count, counted(this.temperatures))
    const bars = found.flatMap((rung) => [
      barOf(rung, rung.below, { colour: layers[0], shift: -3, strong: rung === last }),
      barOf(rung, rung.above, { colour: layers[1], shift: 3, strong: rung === last }),
    ])
    const end = endOf(bars)
    this.plot.draw({
      x: { range: [1.6, 1300], log: true, label: WORDS.annealing.temperatures, at: LADDER },
      y: { range: [-end, end], label: WORDS.annealing.axis },
      levels: [{ value: 0, label: "" }],
      lines: [],
      legend: [
        { name: WORDS.annealing.ais, colour: layers[0] },
        { name: WORDS.annealing.reverse, colour: layers[1] },
      ],
      bars,
      colours,
      hover: (x) => (found.length ? rungWords(nearest(found, x)) : ""),
    })
    this.words(this.plot.picture, last ? sentence(last) : WORDS.annealing.computing)
  }

  rows() {
    return {
      head: WORDS.annealing.head,
      rows: this.found.map(({ count, truth, below, above }) => [
        count,
        truth,
        below.logZ,
        below.low,
        below.high,
        above.logZ,
        above.low,
        above.high,
      ]),
    }
  }
}

/**
 * An estimate as its difference from the truth.
 * @param {Rung} rung
 * @param {Estimate} estimate
 * @param {Pick<Bar, "colour" | "shift" | "strong">} look
 * @returns {Bar}
 */
function barOf({ count, truth }, { logZ, low, high }, look) {
  return { x: count, y: logZ - truth, low: low - truth, high: high - truth, ...look }
}

/**
 * Where the axis ends.
 * @param {Bar[]} bars
 */
function endOf(bars) {
  const reaches = bars.flatMap(({ y, low, high }) => [y, low, high].filter(Number.isFinite).map(Math.abs))
  const reach = Math.min(Math.max(0.1, ...reaches), 12) * 1.08
  return ENDS.find((end) => end >= reach) ?? FURTHEST
}

/**
 * The one whose count is nearest to x on the logarithmic axis.
 * @param {Rung[]} rungs
 * @param {number} x
 */
function nearest(rungs, x) {
  const away = (/** @type {Rung} */ { count }) => Math.abs(Math.log(count / x))
  return rungs.reduce((best, rung) => (away(rung) < away(best) ? rung : best))
}

/** @param {Rung} rung */
const rungWords = ({ count, truth, below, above }) =>
  WORDS.annealing.rung(count, below.logZ - truth, above.logZ - truth)

/**
 * Has the bracket closed around the truth?
 * @param {Rung} rung
 */
function sentence({ count, truth, below, above }) {
  const { annealing, units } = WORDS
  const [low, high] = [below.low - truth, above.high - truth]
  const reach = annealing.reach(units.nats(truth, 3), low, high)
  if (!Number.isFinite(low) || !Number.isFinite(high)) return annealing.endless(count, reach)
  if (low > 0 || high < 0) return annealing.outside(count, reach)
  if (high - low > 1) return annealing.wide(count, reach, units.nats(Math.abs(above.logZ - below.logZ)))
  return annealing.closed(count, reach)
}
