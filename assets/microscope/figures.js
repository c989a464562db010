// The figures of the moment, as a row of names and values.

/** @import { MicroscopeData } from "../shared/messages.js" */
/** @import { Experiment } from "./experiment.js" */

import { el, say } from "../shared/dom.js"
import { counted } from "../shared/numbers.js"
import { figure } from "./numbers.js"
import { WORDS } from "./words.js"

export class Figures {
  /** @param {MicroscopeData["texts"]["figures"]} names */
  constructor(names) {
    this.node = el("dl", { class: "labm-figures", "data-testid": "labm-figures" })
    this.likelihood = this.entry("likelihood", names.likelihood)
    this.best = this.entry("best", names.best)
    this.gap = this.entry("gap", names.gap)
    this.logZ = this.entry("logz", names.logz)
    this.gradient = this.entry("gradient", names.gradient)
    this.updates = this.entry("updates", names.updates)
    this.time = this.entry("time", names.time)
  }

  /**
   * @param {string} key
   * @param {string} name
   */
  entry(key, name) {
    const value = el("dd", { "data-testid": `labm-figure-${key}` })
    this.node.append(el("div", {}, el("dt", {}, name), value))
    return value
  }

  /**
   * @param {Experiment} experiment
   * @param {number} took ms to compute and draw
   */
  draw(experiment, took) {
    const { logLikelihood, logZ, size } = experiment.truth()
    const { nats, milliseconds } = WORDS.units
    const best = -experiment.data.entropy
    say(this.likelihood, nats(logLikelihood, 3))
    say(this.best, nats(best, 3))
    say(this.gap, nats(best - logLikelihood, 3))
    say(this.logZ, nats(logZ, 3))
    say(this.gradient, figure(size, 3))
    say(this.updates, counted(experiment.updates))
    say(this.time, milliseconds(took))
  }
}
