// The likelihood as a plot and as a table: curves of what was estimated while training, and points for what was asked for.

/** @import { Card as CardSpec } from "../shared/messages.js" */
/** @import { Settings } from "../shared/scene.js" */
/** @import { Entry } from "../shared/series.js" */
/** @import { Done } from "./estimates.js" */
/** @import { Scene } from "./scene.js" */

import { epochRange } from "../shared/axis.js"
import { axis, LEGEND_ABOVE, moment } from "../shared/plotting.js"
import { WORDS as SHARED } from "../shared/words.js"
import { WORDS } from "./words.js"

/** @typedef {"exact" | "ais" | "rais"} Estimator */
/** @typedef {Entry & { estimator: Estimator }} Estimated a curve of training */

const { likelihood: words } = WORDS
const CSV_HEAD = ["source", "epoch", "estimator", "chains", "temperatures"]
/** @type {Record<Estimator, string>} */
const CSV_NAMES = { exact: "exact", ais: "AIS", rais: "reverse AIS" } // the same in all languages
const ESTIMATORS = /** @type {const} */ (["exact", "ais", "rais"])

/**
 * What was estimated while training.
 * @param {Pick<Scene, "series" | "stages">} scene
 * @returns {Estimated[]}
 */
export function curves({ series, stages }) {
  return ESTIMATORS.flatMap((estimator) =>
    series.of(`log_likelihood_${estimator}`, stages).map((entry) => ({ ...entry, estimator })),
  )
}

/**
 * What an estimate says, undefined where it was none of this kind; of an end, null where it is infinite.
 * @param {Done} item
 * @param {Estimator} estimator
 * @param {"" | "_low" | "_high"} end of the 3 sigma interval
 */
export function numberOf(item, estimator, end = "") {
  return item.metrics[`log_likelihood_${estimator}${end}`]
}

/**
 * Traces of all.
 * @param {Estimated[]} drawn
 * @param {Done[]} done
 * @param {Scene} scene
 * @param {string} sign of the unit
 */
export function traces(drawn, done, scene, sign) {
  return [...measured(drawn, scene, sign), ...asked(done, scene, sign)]
}

/**
 * The two curves of training with the band between them, in which the truth lies.
 * @param {Estimated[]} drawn
 * @param {Scene} scene
 * @param {string} sign
 */
function measured(drawn, scene, sign) {
  const stage = drawn[0]?.index ?? 0
  const color = scene.layers[stage % scene.layers.length]
  const line = (/** @type {Estimator} */ estimator, /** @type {Settings} */ more) => {
    const name = words.whileTraining(words.estimators[estimator])
    const known = drawn.find((entry) => entry.estimator === estimator)
    if (!known) return []
    return [
      {
        type: "scatter",
        mode: "lines+markers",
        cliponaxis: false,
        x: known.curve.x,
        y: known.curve.y,
        name,
        line: { color, width: 2 },
        marker: { size: 5, color },
        hovertemplate: `${name}, ${words.heldPoint}  <b>%{y:.2f} ${sign}</b><extra></extra>`,
        ...more,
      },
    ]
  }
  return [
    ...line("exact", {}),
    ...line("rais", { line: { color, width: 2, dash: "dash" } }),
    ...line("ais", { fill: "tonexty", fillcolor: scene.colours.band }),
  ]
}

/**
 * Estimates by hand: points with their 3 sigma bars, those not to be believed hollow.
 * @param {Done[]} done
 * @param {Scene} scene
 * @param {string} sign
 */
function asked(done, scene, sign) {
  const color = scene.colours.text
  const points = (/** @type {Estimator} */ estimator, /** @type {string} */ symbol) => {
    const name = words.points[estimator]
    const own = done.flatMap((item) => {
      const value = numberOf(item, estimator) ?? null
      return value === null ? [] : [{ item, value }]
    })
    if (!own.length) return []
    const bars = {
      type: "data",
      symmetric: false,
      color,
      thickness: 1.2,
      width: 4,
      array: own.map(({ item, value }) => (numberOf(item, estimator, "_high") ?? value) - value),
      arrayminus: own.map(({ item, value }) => value - (numberOf(item, estimator, "_low") ?? value)),
    }
    return [
      {
        type: "scatter",
        mode: "markers",
        cliponaxis: false,
        x: own.map(({ item }) => item.epoch),
        y: own.map(({ value }) => value),
        name,
        marker: { size: 9, color, symbol: own.map(({ item }) => (item.warning ? `${symbol}-open` : symbol)) },
        error_y: estimator === "exact" ? undefined : bars,
        text: own.map(({ item }) => words.asked(item.chains, item.temperatures)),
        hovertemplate: `${name}, ${words.heldPoint}  <b>%{y:.2f} ${sign}</b><br>%{text}<extra></extra>`,
      },
    ]
  }
  return [...points("exact", "circle"), ...points("ais", "triangle-up"), ...points("rais", "triangle-down")]
}

/**
 * @param {Estimated[]} drawn
 * @param {Done[]} done
 * @param {Scene} scene
 * @param {CardSpec} spec
 */
export function layout(drawn, done, scene, spec) {
  const values = [
    ...drawn.flatMap(({ curve }) => curve.y),
    ...done.flatMap((item) => ESTIMATORS.map((name) => numberOf(item, name) ?? null)),
  ].filter((value) => value !== null)
  return {
    ...LEGEND_ABOVE,
    margin: { l: 60, r: 12, t: 26, b: 36 },
    hovermode: "closest",
    xaxis: axis(scene, {
      range: epochRange(scene.reached, scene.epochs),
      nticks: 9,
      title: SHARED.epochOfRun,
    }),
    yaxis: axis(scene, { title: spec.axis, nticks: 6, tickformat: "~g", range: around(values) }),
    shapes: scene.epoch === null ? [] : [moment(scene, scene.epoch)],
  }
}

/** @param {number[]} values */
function around(values) {
  if (!values.length) return
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const room = Math.max((high - low) * 0.12, 1)
  return [low - room, high + room]
}

/**
 * All of it as CSV.
 * @param {Estimated[]} drawn
 * @param {Done[]} done
 * @param {string} unit
 */
export function csv(drawn, done, unit) {
  const head = [...CSV_HEAD, unit, "low", "high"]
  const trained = drawn.flatMap(({ estimator, curve }) =>
    curve.x.map((epoch, at) => ["training", epoch, CSV_NAMES[estimator], "", "", curve.y[at] ?? "", "", ""]),
  )
  const wanted = done.flatMap((item) =>
    ESTIMATORS.filter((name) => numberOf(item, name) !== undefined).map((name) => [
      "asked",
      item.epoch,
      CSV_NAMES[name],
      item.chains,
      item.temperatures,
      numberOf(item, name) ?? "",
      numberOf(item, name, "_low") ?? "",
      numberOf(item, name, "_high") ?? "",
    ]),
  )
  return `${[head, ...trained, ...wanted].map((row) => row.join(",")).join("\n")}\n`
}
