// Over training: the true log-likelihood of the data.

/** @import { Page, Scene } from "./scene.js" */

import { Panel } from "./panel.js"
import { Plot } from "./plot.js"
import { pointAt, updates } from "./updates.js"
import { WORDS } from "./words.js"

const DEEPEST = 60 // nats below the best that are drawn

export class LikelihoodPanel extends Panel {
  /** @param {Page} page */
  constructor(page) {
    super("likelihood", page)
    this.plot = new Plot()
    this.body.append(this.plot.node)
  }

  /** @param {Scene} scene */
  draw({ experiment, colours, layers }) {
    const { history, marks, data } = experiment
    const now = experiment.truth().logLikelihood
    const best = -data.entropy
    const lowest = history.reduce((low, point) => Math.min(low, point.logLikelihood), now)
    const room = Math.min(best - lowest || 1, DEEPEST)
    /** @type {[number, number][]} */
    const points = [
      ...history.map(({ update, logLikelihood }) => pair(update, logLikelihood)),
      [experiment.updates, now],
    ]
    this.plot.draw({
      x: updates(history),
      y: {
        range: [Math.max(lowest, best - DEEPEST) - 0.06 * room, best + 0.1 * room],
        label: WORDS.likelihood.axis,
      },
      lines: [{ name: "", colour: layers[0], points }],
      dots: [{ x: experiment.updates, y: Math.max(now, best - DEEPEST), colour: layers[0] }],
      levels: [{ value: best, label: WORDS.likelihood.best(best) }],
      marks,
      colours,
      hover: (x) => {
        const { update, logLikelihood } = pointAt(history, x)
        return WORDS.likelihood.at(update, WORDS.units.nats(logLikelihood, 3))
      },
    })
    this.words(this.plot.picture, WORDS.likelihood.now(experiment.updates, WORDS.units.nats(now, 3), best - now))
  }

  /** @param {Scene} scene */
  rows({ experiment }) {
    return {
      head: WORDS.likelihood.head,
      rows: experiment.history.map(({ update, logLikelihood }) => [update, logLikelihood]),
    }
  }
}

/**
 * @param {number} x
 * @param {number} y
 * @returns {[number, number]}
 */
const pair = (x, y) => [x, y]
