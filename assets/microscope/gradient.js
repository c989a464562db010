// Over training: how far each estimator's gradient is from the exact one.

/** @import { Comparison } from "./exact.js" */
/** @import { Compared, Comparisons } from "./experiment.js" */
/** @import { Axis } from "./scale.js" */
/** @import { Page, Scene } from "./scene.js" */

import { choice } from "../shared/dom.js"
import { COMPARED, ESTIMATORS } from "./experiment.js"
import { figure } from "./numbers.js"
import { Panel } from "./panel.js"
import { Plot } from "./plot.js"
import { pointAt, updates } from "./updates.js"
import { WORDS } from "./words.js"

const COLOUR = { cd1: 1, cd10: 0, pcd: 2, tempering: 3 } // of the lab's line colours
const [SMALLEST, LARGEST] = [0.01, 100] // relative errors that are drawn

export class GradientPanel extends Panel {
  /** @param {Page} page */
  constructor(page) {
    const chosen = choice(WORDS.gradient.measure, WORDS.gradient.measures, "angle", (value) => {
      this.measure = value
      page.redraw()
    })
    super("gradient", page, chosen)
    /** @type {keyof Comparison} */
    this.measure = "angle"
    this.plot = new Plot()
    this.body.append(this.plot.node)
  }

  /** @param {Scene} scene */
  draw(scene) {
    const { experiment, colours } = scene
    const { history, marks } = experiment
    const now = experiment.comparisons()
    this.plot.draw({
      x: updates(history),
      y: this.axis(scene),
      levels: this.measure === "angle" ? [{ value: 90, label: WORDS.gradient.noHelp }] : [],
      lines: COMPARED.map((name) => this.line(name, scene)),
      // Of the moment, so that a weight dragged by hand moves them: the lines know updates only.
      dots: ESTIMATORS.flatMap((name) => {
        const y = this.drawn(now[name])
        return y === null ? [] : [{ x: experiment.updates, y, colour: colourOf(name, scene) }]
      }),
      marks,
      colours,
      hover: (x) => {
        const { update, comparisons } = pointAt(history, x)
        return WORDS.gradient.at(update, this.estimators(comparisons))
      },
    })
    this.words(this.plot.picture, WORDS.gradient.now(this.estimators(now), experiment.isExact))
  }

  /**
   * @param {Scene} scene
   * @returns {Axis}
   */
  axis({ experiment }) {
    if (this.measure === "angle") return { range: [0, 135], label: WORDS.gradient.axes.angle, at: [0, 45, 90, 135] }
    const errors = experiment.history.flatMap(({ comparisons }) => COMPARED.map((name) => comparisons[name].error ?? 0))
    const most = errors.reduce((high, error) => Math.max(high, error), 1)
    return {
      range: [SMALLEST, Math.min(LARGEST, Math.max(2, most * 1.2))],
      log: true,
      label: WORDS.gradient.axes.error,
    }
  }

  /**
   * @param {Compared} name
   * @param {Scene} scene
   */
  line(name, scene) {
    const noise = name === "noise"
    return {
      name: noise ? WORDS.gradient.noise : WORDS.methods[name],
      dash: noise,
      colour: colourOf(name, scene),
      width: noise ? 1.2 : 1.8,
      points: scene.experiment.history.map(({ update, comparisons }) => this.point(update, comparisons[name])),
    }
  }

  /**
   * @param {number} update
   * @param {Comparison} comparison
   * @returns {[number, number | null]}
   */
  point(update, comparison) {
    return [update, this.drawn(comparison)]
  }

  /** @param {Comparison} comparison */
  drawn(comparison) {
    const value = comparison[this.measure]
    if (value === null) return null
    return this.measure === "angle" ? value : Math.max(SMALLEST, Math.min(LARGEST, value))
  }

  /**
   * Of each estimator.
   * @param {Comparisons} comparisons
   */
  estimators(comparisons) {
    return ESTIMATORS.map((name) => WORDS.gradient.one(WORDS.methods[name], this.number(comparisons[name])))
  }

  /** @param {Comparison} comparison */
  number(comparison) {
    const value = comparison[this.measure]
    if (value === null) return "–"
    return this.measure === "angle" ? WORDS.units.degrees(value) : figure(value, 2)
  }

  /** @param {Scene} scene */
  rows({ experiment }) {
    const { angleOf, errorOf, columns } = WORDS.gradient
    const names = COMPARED.map((name) => columns[name])
    return {
      head: [WORDS.curves.update, ...names.map(angleOf), ...names.map(errorOf)],
      rows: experiment.history.map(({ update, comparisons }) => [
        update,
        ...COMPARED.map((name) => comparisons[name].angle),
        ...COMPARED.map((name) => comparisons[name].error),
      ]),
    }
  }
}

/**
 * @param {Compared} name
 * @param {Scene} scene
 */
function colourOf(name, { colours, layers }) {
  return name === "noise" ? colours.muted : layers[COLOUR[name]]
}
