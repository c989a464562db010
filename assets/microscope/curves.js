// Over training: the true log-likelihood, and how far each estimator's gradient is from the exact one.

import { choice } from "./dom.js"
import { ESTIMATORS } from "./experiment.js"
import { figure, fixed, Panel } from "./panel.js"
import { Plot } from "./plot.js"

export const NAMES = { exact: "exact", cd1: "CD-1", cd10: "CD-10", pcd: "PCD", tempering: "tempering", noise: "exact samples" }
const COLOUR = { cd1: 1, cd10: 0, pcd: 2, tempering: 3 } // of the lab's line colours

/** The axis of updates, common to both. */
function updates(history) {
  return { range: [0, Math.max(20, history.at(-1).update)], label: "update" }
}

/** The last point at or before x. */
function pointAt(history, x) {
  let found = history[0]
  for (const point of history) if (point.update <= x + 0.5) found = point
  return found
}

export class LikelihoodPanel extends Panel {
  constructor(page) {
    super("likelihood", page)
    this.plot = new Plot()
    this.body.append(this.plot.node)
  }

  draw(scene) {
    const { experiment, colours, layers } = scene
    const { history, marks, data } = experiment
    this.history = history
    const best = -data.entropy
    const values = history.map((point) => point.logLikelihood)
    const lowest = values.reduce((low, value) => Math.min(low, value), experiment.truth().logLikelihood)
    const span = best - lowest || 1
    const now = experiment.truth().logLikelihood
    this.plot.draw({
      x: updates(history),
      y: { range: [Math.max(lowest, best - 60) - 0.06 * Math.min(span, 60), best + 0.1 * Math.min(span, 60)], label: "nats a case" },
      lines: [{ name: "", colour: layers[0], points: [...history.map((point) => [point.update, point.logLikelihood]), [experiment.updates, now]] }],
      dots: [{ x: experiment.updates, y: Math.max(now, best - 60), colour: layers[0] }],
      levels: [{ value: best, label: `best possible ${fixed(best)}: minus the entropy of the data` }],
      marks,
      colours,
      hover: (x) => {
        const point = pointAt(history, x)
        return `update ${point.update.toLocaleString("en")}: ${fixed(point.logLikelihood, 3)} nats`
      },
    })
    this.words(this.plot.picture, `After ${experiment.updates.toLocaleString("en")} updates ${fixed(now, 3)} nats a case, ${fixed(best - now, 3)} below the best possible. All cases, exact.`)
  }

  rows() {
    return { head: ["update", "mean log-likelihood in nats"], rows: this.history.map((point) => [point.update, point.logLikelihood]) }
  }
}

export class GradientPanel extends Panel {
  constructor(page) {
    const chosen = choice("Measure", { angle: "angle", error: "relative error" }, "angle", (value) => {
      this.measure = value
      page.redraw()
    })
    super("gradient", page, chosen)
    this.measure = "angle"
    this.plot = new Plot()
    this.body.append(this.plot.node)
  }

  draw(scene) {
    const { experiment, colours, layers } = scene
    const { history, marks } = experiment
    this.history = history
    const names = [...ESTIMATORS, "noise"]
    const colour = (name) => name === "noise" ? colours.muted : layers[COLOUR[name]]
    const lines = names.map((name) => ({
      name: name === "noise" ? "500 exact samples" : NAMES[name], dash: name === "noise", colour: colour(name), width: name === "noise" ? 1.2 : 1.8,
      points: history.map((point) => [point.update, this.drawn(point[this.measure][name])]),
    }))
    const angle = this.measure === "angle"
    const now = experiment.estimates()
    const key = this.measure
    const most = history.reduce((high, point) => Math.max(high, ...names.map((name) => point.error[name] ?? 0)), 1)
    this.plot.draw({
      x: updates(history),
      y: angle ? { range: [0, 135], label: "degrees", at: [0, 45, 90, 135] } : { range: [0.01, Math.min(100, Math.max(2, most * 1.2))], log: true, label: "|error| / |gradient|" },
      levels: angle ? [{ value: 90, label: "at right angles: no help" }] : [],
      lines,
      // Of the moment, so that a weight dragged by hand moves them: the lines know updates only.
      dots: ESTIMATORS.map((name) => ({ x: experiment.updates, y: this.drawn(now[name][key]), colour: colour(name) })).filter(({ y }) => y !== null),
      marks,
      colours,
      hover: (x) => {
        const point = pointAt(history, x)
        return `update ${point.update}: ${ESTIMATORS.map((name) => `${NAMES[name]} ${this.number(point[this.measure][name])}`).join(", ")}`
      },
    })
    this.words(this.plot.picture, `Now: ${ESTIMATORS.map((name) => `${NAMES[name]} ${this.number(now[name][key])}`).join(", ")}; ${now.exactly ? "CD is its exact expectation" : "CD is a mean of 500 chains"}.`)
  }

  drawn(value) {
    if (value === null) return null
    return this.measure === "angle" ? value : Math.max(0.01, Math.min(100, value))
  }

  number(value) {
    if (value === null) return "–"
    return this.measure === "angle" ? `${fixed(value, 0)}°` : figure(value, 2)
  }

  rows() {
    const names = [...ESTIMATORS, "noise"]
    const head = ["update", ...names.map((name) => `angle of ${NAMES[name]} in degrees`), ...names.map((name) => `relative error of ${NAMES[name]}`)]
    return { head, rows: this.history.map((point) => [point.update, ...names.map((name) => point.angle[name]), ...names.map((name) => point.error[name])]) }
  }
}
