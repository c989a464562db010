// The numbers of one run as they arrive: curves by metric and stage, and the marks where a command took effect.

/** @import { Live, Mark, RecordedStage } from "./messages.js" */
/** @import { Curve } from "./scene.js" */

/** @typedef {Mark & { epoch: number, step: number }} Placed a command that was obeyed */

/** @typedef {{ stage: RecordedStage, index: number, curve: Curve }} Entry a metric's curve in a stage */

export class Series {
  constructor() {
    /** @type {Map<string, Curve>} */
    this.curves = new Map()
    /** @type {Map<string, Curve>} */
    this.ghosts = new Map() // of the run that this one was branched from
    /** @type {Placed[]} */
    this.marks = []
    this.epoch = 0 // of the last point
    this.revision = 0
  }

  /**
   * Append what is new; true if a chart has to be drawn again.
   * @param {Live["points"]} points
   * @param {Mark[]} marks
   * @param {Live["ghosts"]} ghosts
   */
  add(points, marks, ghosts = {}) {
    this.append(this.curves, points)
    this.append(this.ghosts, ghosts)
    this.marks.push(...marks.filter(isPlaced))
    const changed = marks.length > 0 || Object.keys(points).length > 0 || Object.keys(ghosts).length > 0
    if (changed) this.revision += 1
    return changed
  }

  /**
   * @param {Map<string, Curve>} curves
   * @param {Live["points"]} points
   */
  append(curves, points) {
    for (const [key, [x, y]] of Object.entries(points)) {
      const curve = curves.get(key) ?? { x: [], y: [] }
      curve.x.push(...x)
      curve.y.push(...y)
      this.epoch = Math.max(this.epoch, x.at(-1) ?? 0)
      curves.set(key, curve)
    }
  }

  /**
   * [[stage, {x, y}], ...] of a metric, in the order of the stages.
   * @param {string} metric
   * @param {RecordedStage[]} stages
   * @param {Map<string, Curve>} curves
   * @returns {Entry[]}
   */
  of(metric, stages, curves = this.curves) {
    return stages.flatMap((stage, index) => {
      const curve = curves.get(`${metric}/${stage.key}`)
      return curve ? [{ stage, index, curve }] : []
    })
  }
}

/**
 * @param {Mark} mark
 * @returns {mark is Placed}
 */
function isPlaced(mark) {
  return mark.epoch !== null && !mark.problem
}
