// The axis of updates, which curves over training have in common.

/** @import { Point } from "./experiment.js" */
/** @import { Axis } from "./scale.js" */

import { WORDS } from "./words.js"

/**
 * @param {Point[]} history
 * @returns {Axis}
 */
export function updates(history) {
  return { range: [0, Math.max(20, history[history.length - 1].update)], label: WORDS.curves.update }
}

/**
 * The last point at or before x.
 * @param {Point[]} history
 * @param {number} x
 */
export function pointAt(history, x) {
  return history.findLast((point) => point.update <= x + 0.5) ?? history[0]
}
