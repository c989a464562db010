// The measured numbers of a run, by moment and as curves by metric and stage.

/** @import { ReplayData } from "../shared/messages.js" */

/** @typedef {number | string | null} Value a string: "nan", "inf" or "-inf"; null: nothing was measured */

/**
 * What was measured at one moment; `stage`: its key, `values`: one a column.
 * @typedef {{ step: number, epoch: number, stage: string, values: Value[] }} Measurement
 */

/**
 * A point of a curve; `value` is null where it is not finite, `text` is what was stored.
 * @typedef {{ step: number, epoch: number, value: number | null, text: Value }} Point
 */

export class Measurements {
  /** @param {Pick<ReplayData, "numbers" | "stages">} data */
  constructor({ numbers, stages }) {
    this.columns = numbers.columns
    /** @type {Measurement[]} */
    this.rows = numbers.rows.map(([step, epoch, stage, ...values]) => ({
      step: Number(step),
      epoch: Number(epoch),
      stage: stages[Number(stage)].key,
      values,
    }))
    /** @type {Map<string, Point[]>} */
    this.known = new Map()
  }

  /**
   * @param {string} metric
   * @param {string} stage
   * @param {number} factor
   */
  curve(metric, stage, factor) {
    const key = `${metric} ${stage} ${factor}`
    const known = this.known.get(key)
    if (known) return known
    const points = this.points(this.columns.indexOf(metric), stage, factor)
    this.known.set(key, points)
    return points
  }

  /**
   * @param {number} column -1: the metric was not measured
   * @param {string} stage
   * @param {number} factor
   * @returns {Point[]}
   */
  points(column, stage, factor) {
    return this.rows
      .filter((row) => row.stage === stage && (row.values[column] ?? null) !== null)
      .map(({ step, epoch, values }) => {
        const text = values[column]
        return { step, epoch, value: typeof text === "number" ? text * factor : null, text }
      })
  }

  /** The same table as `export --to run.csv`: a line a number, every digit of it. */
  csv() {
    const lines = ["step,epoch,stage,name,value"]
    for (const { step, epoch, stage, values } of this.rows) {
      for (const [column, value] of values.entries()) {
        if (value !== null) lines.push(`${step},${epoch},${stage},${this.columns[column]},${value}`)
      }
    }
    return `${lines.join("\n")}\n`
  }
}

/**
 * The last point at or before an update, found by halving; null before the first. Without an update the last of all.
 * @param {Point[]} points
 * @param {number | null} step
 */
export function latest(points, step) {
  if (step === null) return points.at(-1) ?? null
  let low = 0
  let high = points.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (points[middle].step <= step) low = middle + 1
    else high = middle
  }
  return points[low - 1] ?? null
}
