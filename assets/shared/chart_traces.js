// What plotly.js is told of a live chart: its lines, and how they lie on the page.

/** @import { Chart, Line } from "./chart.js" */
/** @import { Chart as Spec, Series as Metric } from "./messages.js" */
/** @import { ChartScene, Colours, Curve, Settings } from "./scene.js" */

import { endTicks, extent, logStep, tickCount, valueRange } from "./axis.js"
import { dashOf } from "./legend.js"
import { drawMarks } from "./marks.js"
import { counted } from "./numbers.js"
import { axis, epochAxis } from "./plotting.js"
import { WORDS } from "./words.js"

const MARGIN = { l: 52, r: 10, t: 16, b: 8 }
const LAST_MARGIN = { ...MARGIN, b: 34 }
const { chart: words } = WORDS

/**
 * In the unit of the axis.
 * @param {Curve} curve
 * @param {Metric} series
 */
export function scaled({ y }, { factor }) {
  return factor === 1 ? y : y.map((value) => (value === null ? null : value * factor))
}

/**
 * @param {Line} line
 * @param {Spec} spec
 * @param {ChartScene} scene
 * @returns {Settings}
 */
export function lineTrace({ stage, index, curve, series }, spec, scene) {
  const name = spec.series.length > 1 ? words.line(stage.label, series.name) : stage.label
  const unit = spec.hover.replace("{units}", counted(stage.units))
  const color = scene.layers[index % scene.layers.length]
  const isAlone = series.dots || curve.x.length < 2
  const line = spec.marked ? "lines+markers" : "lines"
  return {
    type: "scatter",
    mode: isAlone ? "markers" : line,
    x: curve.x,
    y: scaled(curve, series),
    name,
    connectgaps: false,
    line: { color, width: 2, dash: dashOf(series) },
    marker: { size: 5, color },
    hovertemplate: `${name}  <b>%{y:.${spec.digits}~g}</b>${unit}<extra></extra>`,
  }
}

/**
 * The parent's curve under the child's, thin and grey, silent on hover.
 * @param {Line} line
 * @param {ChartScene} scene
 * @returns {Settings}
 */
export function ghostTrace({ curve, series }, { colours }) {
  return {
    type: "scatter",
    mode: series.dots ? "markers" : "lines",
    x: curve.x,
    y: scaled(curve, series),
    connectgaps: false,
    opacity: 0.6,
    line: { color: colours.muted, width: 1, dash: dashOf(series) },
    marker: { size: 4, color: colours.muted },
    hoverinfo: "skip",
    name: words.parent,
  }
}

/**
 * @param {Chart} chart
 * @param {Line[]} drawn
 * @param {ChartScene} scene
 * @param {[number, number]} range
 * @returns {Settings}
 */
export function chartLayout({ spec, plot, isFirst, isLast, log, yzoom }, drawn, scene, range) {
  const { colours, series } = scene
  const margin = isLast ? LAST_MARGIN : MARGIN
  const { shapes, annotations } = drawMarks(series.marks, range, plot.clientWidth - margin.l - margin.r, colours)
  const curves = drawn.map((line) => ({ y: scaled(line.curve, line.series) }))
  const height = plot.clientHeight - margin.t - margin.b
  const values = yzoom ?? valueRange(extent(curves), spec, log)
  const ticks = tickCount(height, values, spec)
  return {
    margin,
    datarevision: series.revision,
    dragmode: "zoom",
    xaxis: epochAxis(scene, {
      range,
      showticklabels: isLast,
      nticks: 8,
      showspikes: false,
      title: isLast ? WORDS.epochOfRun : "",
    }),
    yaxis: axis(scene, {
      title: spec.axis,
      type: log ? "log" : "linear",
      range: values,
      nticks: ticks,
      tickvals: (!log && !yzoom && endTicks(height, ticks, values)) || undefined,
      dtick: (log && logStep(height, values)) || undefined,
      tickformat: "~g",
      ticksuffix: spec.suffix,
    }),
    shapes: [...bandOf(spec, colours), ...shapes],
    annotations: isFirst ? annotations : [],
  }
}

/**
 * The band that a curve should lie in; the legend says what it is.
 * @param {Spec} spec
 * @param {Colours} colours
 * @returns {Settings[]}
 */
function bandOf({ band }, colours) {
  if (!band) return []
  const [y0, y1] = band
  const fill = { fillcolor: colours.band, line: { width: 0 }, layer: "below" }
  return [{ type: "rect", xref: "paper", yref: "y", x0: 0, x1: 1, y0, y1, ...fill }]
}
