// How likely held-out images are: what was estimated while training, and estimates asked for by hand, whose cost is said
// before they start.

/** @import { Page } from "../shared/card.js" */
/** @import { Card as CardSpec, Estimate, CostAnswer } from "../shared/messages.js" */
/** @import { Done, Wanted } from "./estimates.js" */
/** @import { Estimated, Estimator } from "./likelihood_plot.js" */
/** @import { Scene } from "./scene.js" */

import { PlotCard } from "../shared/card.js"
import { el, say, show } from "../shared/dom.js"
import { counted, fixed } from "../shared/numbers.js"
import { figure, react } from "../shared/plotting.js"
import { offerCsv } from "../shared/tools.js"
import { Estimates, isOnItsWay } from "./estimates.js"
import { csv, curves, layout, numberOf, traces } from "./likelihood_plot.js"
import { WORDS } from "./words.js"

const CHAINS = [20, 100, 500]
const { likelihood: words } = WORDS
const TEMPERATURES = [100, 1000, 10_000, 100_000]

/** @extends {PlotCard<Scene>} */
export class LikelihoodCard extends PlotCard {
  /**
   * @param {CardSpec} spec
   * @param {Page} page
   */
  constructor(spec, page) {
    super(spec, page)
    this.node.classList.add("labd-wide")
    this.estimates = new Estimates(() => page.draw())
    this.checkpoint = 0 // the newest one
    this.chains = this.select("chains", words.annealingChains, CHAINS, 100)
    this.temperatures = this.select("temperatures", words.annealingTemperatures, TEMPERATURES, 1000)
    this.button = el(
      "button",
      { type: "button", class: "labd-button", "data-testid": "labd-likelihood-ask", onclick: () => this.ask() },
      "",
    )
    this.cancel = el(
      "button",
      {
        type: "button",
        class: "lab-tool",
        hidden: true,
        "data-testid": "labd-likelihood-cancel",
        onclick: () => this.estimates.giveUp(this.chosen),
      },
      "",
    )
    this.how = el("p", { class: "labd-words", role: "status", "data-testid": "labd-likelihood-words" })
    this.side = el(
      "div",
      { class: "labd-asked", hidden: true },
      el("label", { class: "labd-field" }, words.chains, this.chains),
      el("label", { class: "labd-field" }, words.temperatures, this.temperatures),
      el("div", { class: "labd-go" }, this.button, this.cancel),
      this.how,
    )
    this.node.querySelector(".labd-canvas")?.before(this.side)
  }

  /**
   * @param {string} name
   * @param {string} label
   * @param {number[]} values
   * @param {number} usual
   */
  select(name, label, values, usual) {
    const node = el(
      "select",
      { class: "labd-select", "aria-label": label, "data-testid": `labd-likelihood-${name}` },
      ...values.map((value) => el("option", { value, selected: value === usual }, counted(value))),
    )
    node.onchange = () => this.estimates.forget()
    return node
  }

  /** @param {Scene} scene */
  update(scene) {
    this.estimates.of(scene.run, scene.addresses.diagnose, scene.alive)
    this.offer(scene)
    super.update(scene)
  }

  /** @param {Scene} scene */
  reason(scene) {
    if (curves(scene).length || this.estimates.done.length) return ""
    return scene.checkpoint ? words.nothing : words.noCheckpoint
  }

  /** @param {Scene} scene */
  state(scene) {
    return `${scene.series.revision} ${scene.epoch} ${JSON.stringify(this.estimates.list)}`
  }

  // -- asking -------------------------------------------------------------------------------------------------------------

  /** @returns {Wanted} */
  get chosen() {
    return {
      checkpoint: this.checkpoint,
      chains: Number(this.chains.value),
      temperatures: Number(this.temperatures.value),
    }
  }

  async ask() {
    if (this.estimates.price) this.button.disabled = true
    await this.estimates.ask(this.chosen)
  }

  /** @param {Scene} scene */
  offer(scene) {
    show(this.side, Boolean(scene.checkpoint))
    if (!scene.checkpoint) return
    const [newest, epoch] = scene.checkpoint
    this.checkpoint = newest
    const { price, pricing, problem } = this.estimates
    const known = this.estimates.known(this.chosen)
    const busy = pricing || isOnItsWay(known)
    this.button.disabled = busy || Boolean(price?.too_long)
    show(this.button, known?.state !== "done")
    show(this.cancel, Boolean(price) || isOnItsWay(known))
    say(this.cancel, isOnItsWay(known) ? words.stop : words.notNow)
    const next = price ? words.start : words.estimate(epoch)
    say(this.button, pricing ? words.trying : next)
    say(this.how, problem || this.about(known) || this.offerOf(price))
    const doubt = known?.warning ? "warning" : ""
    this.how.dataset.kind = problem || known?.state === "failed" ? "bad" : doubt
  }

  /**
   * How the estimate of just this goes; "" where nobody has asked for it.
   * @param {Estimate | undefined} known
   */
  about(known) {
    switch (known?.state) {
      case "failed":
        return known.problem
      case "waiting":
        return words.waiting
      case "running":
        return words.running(known.elapsed, known.expected)
      case "done":
        return result(/** @type {Done} */ (known), this.spec.axis)
      default:
        return ""
    }
  }

  /** @param {CostAnswer | null} price */
  offerOf(price) {
    if (!price) return words.before
    const { chains, temperatures } = this.chosen
    const how = price.exact ? words.byEnumeration : words.byAnnealing(chains, temperatures)
    const cost = words.cost(price.seconds, how, price.images)
    return price.too_long ? words.tooLong(cost) : words.affordable(cost)
  }

  // -- drawing ------------------------------------------------------------------------------------------------------------

  /** @param {Scene} scene */
  draw(scene) {
    const { done } = this.estimates
    const { axis, sign } = this.spec
    const drawn = curves(scene)
    offerCsv(this.csv, csv(drawn, done, axis), `run-${scene.run}-likelihood.csv`)
    react(
      scene,
      this.plot,
      traces(drawn, done, scene, sign),
      layout(drawn, done, scene, this.spec),
      `${scene.run} likelihood`,
    )
    this.describe(...this.summary(drawn, done.at(-1)))
    return true
  }

  /**
   * @param {Estimated[]} drawn
   * @param {Done | undefined} last
   */
  summary(drawn, last) {
    const { sign } = this.spec
    const parts = drawn.map(({ estimator, curve }) =>
      words.trained(words.estimators[estimator], figure(curve.y.at(-1)), sign, curve.x.at(-1) ?? Number.NaN),
    )
    if (!last) return parts
    if (last !== this.estimates.known(this.chosen)) parts.push(result(last, this.spec.axis))
    parts.push(words.of(last.kind, last.images, last.binarisation))
    return parts
  }

  clear() {
    super.clear()
    show(this.side, false) // until it is known what there is to ask about
    this.estimates.clear()
  }

  close() {
    this.estimates.close()
    super.close()
  }
}

/**
 * @param {Done} item
 * @param {string} unit
 */
function result(item, unit) {
  const exact = numberOf(item, "exact")
  const value =
    typeof exact === "number" ? words.exactly(exact, unit) : together(item)(ends(item, "rais"), ends(item, "ais"), unit)
  return words.result(item.epoch, item.kind, value, item.seconds, item.warning)
}

/**
 * What is said of both estimates: where their intervals overlap neither is the pessimistic one, and where one of them has
 * no end that says less.
 * @param {Done} item
 */
function together(item) {
  const [low, reverseLow] = [numberOf(item, "ais", "_low"), numberOf(item, "rais", "_low")]
  const [high, reverseHigh] = [numberOf(item, "ais", "_high"), numberOf(item, "rais", "_high")]
  const { NEGATIVE_INFINITY: below, POSITIVE_INFINITY: above } = Number
  if ((low ?? below) > (reverseHigh ?? above) || (reverseLow ?? below) > (high ?? above)) return words.between
  return [low, high, reverseLow, reverseHigh].every((end) => typeof end === "number") ? words.agreed : words.overlapping
}

/**
 * "-101.32 [-101.60, -100.98]": the ends of the 3 sigma interval, an open one where it has none.
 * @param {Done} item
 * @param {Estimator} estimator
 */
function ends(item, estimator) {
  const written = (/** @type {number | null | undefined} */ value, /** @type {string} */ open) =>
    value === null || value === undefined ? open : fixed(value)
  const low = written(numberOf(item, estimator, "_low"), "−∞")
  const high = written(numberOf(item, estimator, "_high"), "∞")
  return `${written(numberOf(item, estimator), "")} [${low}, ${high}]`.replaceAll("-", "−")
}
