// A chart in SVG over the epochs of the whole run: lines, marks of commands, and a cursor where the scrubber stands.

/** @import { Chart as Spec, ReplayData, ReplayStage, Series } from "../shared/messages.js" */
/** @import { Place } from "./app.js" */
/** @import { Curves } from "./curves.js" */
/** @import { Point } from "./measurements.js" */

import { choice, el } from "../shared/dom.js"
import { Axes, valueRange } from "./axes.js"
import { help, svg } from "./dom.js"
import { latest } from "./measurements.js"
import { digits } from "./numbers.js"
import { WORDS } from "./words.js"

/** @typedef {"key" | "axis" | "series" | "help" | "digits" | "can_be_log" | "suffix" | "band" | "from_zero"} Used */
/** @typedef {Pick<Spec, Used>} ChartSpec as much of a chart as is drawn here */

/**
 * A metric in one stage.
 * @typedef {{ series: Series, stage: ReplayStage, colour: string, points: Point[] }} Line
 */

const [FOOT, LAST_FOOT] = [8, 34] // px below the values; the last chart has the names of the epochs there
/** @type {Record<string, number>} */
const HEIGHTS = { error: 190, activity: 130, dead: 110 }
const HEIGHT = 130
const DASHES = { dots: "0.1 6", dashed: "5 3", solid: "none" } // in the keys of lines

export class Chart {
  /**
   * @param {Curves} curves
   * @param {ChartSpec} spec
   * @param {ReplayData} data
   */
  constructor(curves, spec, data) {
    this.curves = curves
    this.spec = spec
    this.data = data
    this.isLast = false
    this.log = false
    /** @type {Axes | null} */
    this.axes = null // until there is room to draw
    this.cursor = svg("g")
    this.values = el("div", { class: "values figures", "aria-live": "off", "data-testid": `values-${spec.key}` })
    this.picture = svg("svg", { role: "img", "data-testid": `chart-${spec.key}` })
    this.head = el("div", { class: "bar" }, el("h2", {}, spec.help.question), ...this.tools())
    this.node = el("div", { class: "chart" }, this.head, this.values, this.picture, help(spec.help))
    this.picture.addEventListener("pointerdown", (event) => this.drag(event))
    this.picture.addEventListener("pointermove", (event) => event.buttons && this.drag(event))
  }

  tools() {
    if (!this.spec.can_be_log) return []
    return [
      choice(WORDS.axisScale, WORDS.axisScales, "linear", (value) => {
        this.log = value === "log"
        this.curves.draw()
      }),
    ]
  }

  /** @returns {Line[]} those that have points */
  lines() {
    const { colours, measurements } = this.curves
    return this.spec.series
      .flatMap((series) =>
        this.data.stages.map((stage, index) => ({
          series,
          stage,
          colour: colours.layers[index % colours.layers.length],
          points: measurements.curve(series.metric, stage.key, series.factor),
        })),
      )
      .filter((line) => line.points.length > 0)
  }

  /**
   * Has a value a place on the axis?
   * @param {number | null} value
   * @returns {value is number}
   */
  isDrawn(value) {
    return value !== null && (!this.log || value > 0)
  }

  // -- drawing --------------------------------------------------------------------------------------------------------

  draw() {
    const width = this.node.clientWidth
    if (!width) return
    const bottom = HEIGHTS[this.spec.key] ?? HEIGHT
    const height = bottom + (this.isLast ? LAST_FOOT : FOOT)
    this.picture.setAttribute("viewBox", `0 0 ${width} ${height}`)
    this.picture.setAttribute("height", String(height))
    const lines = this.lines()
    const values = lines
      .flatMap((line) => line.points.map((point) => point.value))
      .filter((value) => this.isDrawn(value))
    const axes = new Axes(width, bottom, this.curves.epochs, valueRange(values, this.spec, this.log), this.log)
    this.axes = axes
    this.cursor = svg("g")
    this.picture.replaceChildren(
      ...this.band(axes),
      ...valueAxis(axes, this.spec),
      ...epochAxis(axes, this.isLast),
      ...this.marks(axes),
      ...lines.map((line) => this.curve(axes, line)),
      this.cursor,
    )
    this.picture.setAttribute("aria-label", this.description(lines))
  }

  /**
   * A hole where a number is not finite; a point alone is a line without length.
   * @param {Axes} axes
   * @param {Line} line
   */
  curve(axes, { series, colour, points }) {
    const style = styleOf(series)
    let pen = "M"
    const parts = []
    for (const { epoch, value } of points) {
      const isDrawn = this.isDrawn(value)
      if (isDrawn) parts.push(`${pen}${axes.x(epoch).toFixed(1)} ${axes.y(value).toFixed(1)}`)
      pen = isDrawn && style !== "dots" ? "L" : "M"
    }
    const alone = style === "dots" || parts.length === 1
    const path = alone ? parts.map((part) => `${part}h0.01`).join("") : parts.join("")
    return svg("path", { class: `curve ${style}`, d: path, stroke: colour })
  }

  /** @param {Axes} axes */
  band(axes) {
    const { band, suffix } = this.spec
    if (!band) return []
    const [low, high] = band.map((value) => axes.y(value))
    const box = { x: axes.left, width: axes.right - axes.left, y: high, height: low - high }
    return [svg("rect", { class: "band", ...box }, svg("title", {}, WORDS.band(band, suffix)))]
  }

  /**
   * Where a command took effect.
   * @param {Axes} axes
   */
  marks(axes) {
    return this.data.commands.flatMap(({ text, epoch }) => {
      if (epoch === null) return []
      const at = axes.x(epoch)
      const name = svg("title", {}, WORDS.mark(text, epoch))
      const line = svg("line", { class: "mark", x1: at, x2: at, y1: axes.top, y2: axes.bottom })
      return [svg("g", {}, name, line, svg("path", { class: "mark-head", d: `M${at - 4} ${axes.top - 6}h8l-4 6z` }))]
    })
  }

  /** @param {Line[]} lines */
  description(lines) {
    const courses = lines.map(({ series, stage, points }) =>
      WORDS.course(stage.label, series.name, points[0].value, points[points.length - 1].value),
    )
    return WORDS.chart(this.spec.help.question, this.spec.axis, courses)
  }

  // -- the scrubber's place -------------------------------------------------------------------------------------------

  /** @param {Place | null} place */
  move(place) {
    const { axes } = this
    if (!axes) return
    const now = this.lines().flatMap((line) => {
      const point = latest(line.points, place?.step ?? null)
      return point ? [{ line, point }] : []
    })
    this.values.replaceChildren(...now.map(({ line, point }) => this.value(line, point)))
    if (!place) return
    const at = axes.x(place.epoch)
    const dots = now.flatMap(({ line, point: { epoch, value } }) =>
      this.isDrawn(value)
        ? [svg("circle", { class: "dot", r: 4, cx: axes.x(epoch), cy: axes.y(value), fill: line.colour })]
        : [],
    )
    this.cursor.replaceChildren(
      svg("line", { class: "cursor", x1: at, x2: at, y1: axes.top - 4, y2: axes.bottom }),
      ...dots,
    )
  }

  /**
   * The number of a line, behind its key.
   * @param {Line} line
   * @param {Point} point
   */
  value({ series, stage, colour }, point) {
    const { spec, data } = this
    const names = [data.stages.length > 1 ? stage.label : "", spec.series.length > 1 ? series.name : ""]
    const name = names.filter(Boolean).join(", ")
    const number = point.value === null ? String(point.text) : digits(point.value, spec.digits) + spec.suffix
    return el("span", {}, keyOf(series, colour), ...(name ? [`${name} `] : []), el("b", {}, number))
  }

  /** @param {PointerEvent} event */
  drag(event) {
    if (!this.axes) return
    const box = this.picture.getBoundingClientRect()
    this.curves.goToEpoch(this.axes.epochAt(event.clientX - box.left))
    event.preventDefault()
  }
}

/**
 * @param {Series} series
 * @returns {keyof typeof DASHES}
 */
function styleOf(series) {
  if (series.dots) return "dots"
  return series.dashed || series.dotted ? "dashed" : "solid"
}

/**
 * A piece of the line.
 * @param {Series} series
 * @param {string} colour
 */
function keyOf(series, colour) {
  const style = styleOf(series)
  const stroke = {
    stroke: colour,
    "stroke-width": style === "dots" ? 4 : 2.5,
    "stroke-linecap": style === "dots" ? "round" : "butt",
    "stroke-dasharray": DASHES[style],
  }
  const line = svg("line", { x1: 0, x2: 18, y1: 4, y2: 4, ...stroke })
  return svg("svg", { viewBox: "0 0 18 8", "aria-hidden": "true" }, line)
}

/**
 * @param {Axes} axes
 * @param {ChartSpec} spec
 */
function valueAxis(axes, { axis, suffix }) {
  const { left, right, top, bottom } = axes
  const upright = `translate(11 ${(top + bottom) / 2}) rotate(-90)`
  return [
    ...axes.valueTicks().flatMap((tick) => {
      const at = axes.y(tick)
      return [
        svg("line", { class: "gridline", x1: left, x2: right, y1: at, y2: at }),
        svg("text", { x: left - 6, y: at + 4, "text-anchor": "end" }, digits(tick, 4) + suffix),
      ]
    }),
    svg("line", { class: "axis", x1: left, x2: right, y1: bottom, y2: bottom }),
    svg("text", { transform: upright, "text-anchor": "middle" }, axis),
  ]
}

/**
 * @param {Axes} axes
 * @param {boolean} named
 */
function epochAxis(axes, named) {
  const { left, right, top, bottom } = axes
  const text = (/** @type {number} */ x, /** @type {number} */ y, /** @type {string} */ label) =>
    svg("text", { x, y, "text-anchor": "middle" }, label)
  return [
    ...axes.epochTicks().flatMap((tick) => {
      const x = axes.x(tick)
      const line = svg("line", { class: "gridline", x1: x, x2: x, y1: top, y2: bottom })
      return named ? [line, text(x, bottom + 15, digits(tick, 4))] : [line]
    }),
    ...(named ? [text((left + right) / 2, bottom + 31, WORDS.epochs)] : []),
  ]
}
