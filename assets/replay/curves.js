// Curves in SVG: x is the epoch of the whole run, a vertical line marks the scrubber. Dragging on a chart scrubs.

const MARGIN = { left: 56, right: 12, top: 10, bottom: 8, last: 34 }
const HEIGHT = { error: 190, activity: 130, dead: 110, other: 130 }

/** Ticks at 1, 2 or 5 times a power of ten. */
function ticks(low, high, count) {
  const rough = (high - low) / Math.max(1, count)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999)
  const found = []
  for (let tick = Math.ceil(low / step - 1e-9) * step; tick <= high + step * 1e-9; tick += step) found.push(Number(tick.toPrecision(12)))
  return found
}

class Curves {
  constructor(app, data) {
    this.app = app
    this.numbers = new Numbers(data.numbers)
    const drawn = new Set(data.charts.flatMap((chart) => chart.series.map((series) => series.metric)))
    const others = data.numbers.columns.filter((name) => !drawn.has(name))
    this.charts = data.charts.map((spec) => new Chart(this, spec, data))
    if (others.length) this.charts.push(new OtherChart(this, others, data))
    const epochs = data.numbers.rows.map((row) => row[1])
    this.from = epochs.reduce((least, epoch) => Math.min(least, epoch), 0)
    this.to = Math.max(epochs.reduce((most, epoch) => Math.max(most, epoch), 0), ...data.moments.map((moment) => moment.epoch), 0.01)
    this.node = el("section", { class: "panel", "aria-label": "Curves" }, ...this.charts.map((chart) => chart.node))
    this.charts.at(-1).isLast = true
    new ResizeObserver(() => this.draw()).observe(this.node)
  }

  draw() {
    for (const chart of this.charts) chart.draw()
    this.move()
  }

  move() {
    for (const chart of this.charts) chart.move(this.app.position)
  }
}

/** The measured numbers, by metric and stage, in order. */
class Numbers {
  constructor({ columns, rows }) {
    this.columns = columns
    this.rows = rows
    this.cache = new Map()
  }

  curve(metric, stage, factor) {
    const key = `${metric} ${stage} ${factor}`
    if (!this.cache.has(key)) {
      const column = 3 + this.columns.indexOf(metric)
      const points = column < 3 ? [] : this.rows
        .filter((row) => row[2] === stage && row[column] !== null)
        .map((row) => ({ step: row[0], epoch: row[1], value: typeof row[column] === "number" ? row[column] * factor : null, text: row[column] }))
      this.cache.set(key, points)
    }
    return this.cache.get(key)
  }
}

class Chart {
  constructor(curves, spec, data) {
    this.curves = curves
    this.spec = spec
    this.data = data
    this.isLast = false
    this.log = false
    this.values = el("div", { class: "values figures", "aria-live": "off", "data-testid": `values-${spec.key}` })
    this.picture = svg("svg", { role: "img", "data-testid": `chart-${spec.key}` })
    this.head = el("div", { class: "bar" }, el("h2", {}, spec.help.question), ...this.tools())
    this.node = el("div", { class: "chart" }, this.head, this.values, this.picture, help(spec.help))
    this.picture.addEventListener("pointerdown", (event) => this.drag(event))
    this.picture.addEventListener("pointermove", (event) => event.buttons && this.drag(event))
  }

  tools() {
    if (!this.spec.can_be_log) return []
    return [choice("Scale of the axis", { linear: "linear", log: "log" }, "linear", (value) => {
      this.log = value === "log"
      this.curves.draw()
    })]
  }

  lines() {
    return this.spec.series.flatMap((series) => this.data.stages.map((stage, index) => ({
      series,
      stage,
      colour: this.curves.app.colours.layers[index % this.curves.app.colours.layers.length],
      points: this.curves.numbers.curve(series.metric, index, series.factor),
    }))).filter((line) => line.points.length)
  }

  // -- drawing ------------------------------------------------------------------------------------------------------

  draw() {
    const width = this.picture.parentElement.clientWidth
    if (!width) return
    const bottom = this.isLast ? MARGIN.last : MARGIN.bottom
    const height = (HEIGHT[this.spec.key] ?? HEIGHT.other) + bottom
    this.box = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - bottom }
    this.picture.setAttribute("viewBox", `0 0 ${width} ${height}`)
    this.picture.setAttribute("height", height)
    const lines = this.lines()
    this.range = this.valueRange(lines)
    this.cursor = svg("g")
    const curves = lines.map((line) => svg("path", { class: `curve ${line.series.dots ? "dots" : line.series.dashed || line.series.dotted ? "dashed" : ""}`, d: this.path(line.points, line.series.dots), stroke: line.colour }))
    this.picture.replaceChildren(...this.band(), ...this.axes(), ...this.marks(), ...curves, this.cursor)
    this.picture.setAttribute("aria-label", this.description(lines))
  }

  valueRange(lines) {
    const values = lines.flatMap((line) => line.points.map((point) => point.value)).filter((value) => value !== null && (!this.log || value > 0))
    if (!values.length) return [0, 1]
    let low = values.reduce((least, value) => Math.min(least, value))
    let high = values.reduce((most, value) => Math.max(most, value))
    if (this.log) return [low / 1.15, high * 1.15]
    if (this.spec.band) {
      low = Math.min(low, this.spec.band[0])
      high = Math.max(high, this.spec.band[1])
    }
    if (this.spec.from_zero === false) {
      const room = Math.max((high - low) * 0.08, Math.abs(high) * 0.005)
      return [low - room, high + room]
    }
    if (low > 0 && low < 0.6 * high) low = 0
    if (high < 0 && high > 0.6 * low) high = 0
    if (low === 0 && high === 0) return [0, 1]
    const room = (high - low || Math.abs(high)) * 0.06
    return [low === 0 ? 0 : low - room, high === 0 ? 0 : high + room]
  }

  x(epoch) {
    const { from, to } = this.curves
    return this.box.left + ((epoch - from) / (to - from)) * (this.box.right - this.box.left)
  }

  y(value) {
    const [low, high] = this.log ? this.range.map(Math.log) : this.range
    const share = ((this.log ? Math.log(value) : value) - low) / (high - low)
    return this.box.bottom - share * (this.box.bottom - this.box.top)
  }

  /** A hole where a number is not finite. */
  path(points, dots = false) {
    let pen = "M"
    const parts = []
    for (const { epoch, value } of points) {
      const draws = value !== null && (!this.log || value > 0)
      if (draws) parts.push(`${pen}${this.x(epoch).toFixed(1)} ${this.y(value).toFixed(1)}`)
      pen = draws && !dots ? "L" : "M"
    }
    if (dots) return parts.map((part) => `${part}h0.01`).join("")
    return parts.length === 1 ? `${parts[0]}h0.01` : parts.join("")
  }

  axes() {
    const { left, right, top, bottom } = this.box
    const nodes = []
    for (const tick of this.valueTicks()) {
      const at = this.y(tick)
      nodes.push(svg("line", { class: "gridline", x1: left, x2: right, y1: at, y2: at }))
      nodes.push(svg("text", { x: left - 6, y: at + 4, "text-anchor": "end" }, digits(tick, 4) + (this.spec.suffix ?? "")))
    }
    nodes.push(svg("line", { class: "axis", x1: left, x2: right, y1: bottom, y2: bottom }))
    nodes.push(svg("text", { transform: `translate(11 ${(top + bottom) / 2}) rotate(-90)`, "text-anchor": "middle" }, this.spec.axis))
    for (const tick of ticks(this.curves.from, this.curves.to, Math.min(10, (right - left) / 70))) {
      nodes.push(svg("line", { class: "gridline", x1: this.x(tick), x2: this.x(tick), y1: top, y2: bottom }))
      if (this.isLast) nodes.push(svg("text", { x: this.x(tick), y: bottom + 15, "text-anchor": "middle" }, digits(tick, 4)))
    }
    if (this.isLast) nodes.push(svg("text", { x: (left + right) / 2, y: bottom + 31, "text-anchor": "middle" }, "epoch of the whole run"))
    return nodes
  }

  valueTicks() {
    const [low, high] = this.range
    if (!this.log) return ticks(low, high, Math.max(2, (this.box.bottom - this.box.top) / 34))
    const found = []
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
      for (const factor of [1, 2, 5]) {
        const tick = Number((factor * 10 ** power).toPrecision(6))
        if (tick >= low && tick <= high) found.push(tick)
      }
    }
    return found.length > 1 ? found : [Number(low.toPrecision(2)), Number(high.toPrecision(2))].filter((tick) => tick >= low && tick <= high)
  }

  band() {
    if (!this.spec.band) return []
    const [low, high] = this.spec.band.map((value) => this.y(value))
    return [svg("rect", { class: "band", x: this.box.left, width: this.box.right - this.box.left, y: high, height: low - high },
      svg("title", {}, `${this.spec.band[0]} to ${this.spec.band[1]} ${this.spec.suffix}`))]
  }

  marks() {
    return this.data.commands.filter((command) => command.epoch !== null).map((command) => {
      const at = this.x(command.epoch)
      return svg("g", {}, svg("title", {}, `${command.text}, epoch ${epochText(command.epoch)}`),
        svg("line", { class: "mark", x1: at, x2: at, y1: this.box.top, y2: this.box.bottom }),
        svg("path", { class: "mark-head", d: `M${at - 4} ${this.box.top - 6}h8l-4 6z` }))
    })
  }

  // -- the scrubber's place -----------------------------------------------------------------------------------------

  move(position) {
    if (!this.box) return
    const now = this.lines().map((line) => ({ ...line, point: latest(line.points, position) })).filter((line) => line.point)
    this.values.replaceChildren(...now.map((line) => this.value(line)))
    if (!this.cursor || !position) return
    const at = this.x(position.epoch)
    const dots = now.filter(({ point }) => point.value !== null && (!this.log || point.value > 0)).map(({ point, colour }) =>
      svg("circle", { class: "dot", r: 4, cx: this.x(point.epoch), cy: this.y(point.value), fill: colour }))
    this.cursor.replaceChildren(svg("line", { class: "cursor", x1: at, x2: at, y1: this.box.top - 4, y2: this.box.bottom }), ...dots)
  }

  value({ series, stage, colour, point }) {
    const several = this.data.stages.length > 1
    const name = [several ? stage.label : "", this.spec.series.length > 1 ? series.name : ""].filter(Boolean).join(", ")
    const key = svg("svg", { viewBox: "0 0 18 8", "aria-hidden": "true" }, svg("line", { x1: 0, x2: 18, y1: 4, y2: 4, stroke: colour, "stroke-width": series.dots ? 4 : 2.5, "stroke-linecap": series.dots ? "round" : "butt", "stroke-dasharray": series.dots ? "0.1 6" : series.dashed || series.dotted ? "5 3" : false }))
    const number = point.value === null ? String(point.text) : digits(point.value, this.spec.digits ?? 3) + (this.spec.suffix ?? "")
    return el("span", {}, key, ...(name ? [`${name} `] : []), el("b", {}, number))
  }

  drag(event) {
    const box = this.picture.getBoundingClientRect()
    const share = (event.clientX - box.left - this.box.left) / (this.box.right - this.box.left)
    const epoch = this.curves.from + Math.max(0, Math.min(1, share)) * (this.curves.to - this.curves.from)
    this.curves.app.goToEpoch(epoch)
    event.preventDefault()
  }

  description(lines) {
    const parts = lines.map(({ series, stage, points }) =>
      `${stage.label}, ${series.name}: from ${digits(points[0].value, 3)} to ${digits(points.at(-1).value, 3)}`)
    return `Line chart over epochs. ${this.spec.help.question} ${this.spec.axis}. ${parts.join("; ") || "Nothing was measured"}. The numbers are in the table below.`
  }
}

/** Any other metric, chosen from a list. */
class OtherChart extends Chart {
  constructor(curves, names, data) {
    const named = (name) => name.replaceAll("_", " ").replace("heldout", "held-out")
    const spec = (name) => ({
      key: "other",
      axis: named(name),
      series: [{ metric: name, name: named(name), dashed: false, factor: 1 }],
      digits: 4,
      help: { question: "Another number", look: "Everything else that was measured while training, one number at a time; ? in the lab's own pages explains each.", formula: "", unit: "", split: "" },
    })
    super(curves, spec(names[0]), data)
    const select = el("select", { onchange: () => {
      this.spec = spec(select.value)
      curves.draw()
    } }, ...names.map((name) => el("option", { value: name }, named(name))))
    this.head.append(el("label", { class: "field" }, "show", select))
  }
}

/** The last point at or before the scrubber's update, found by halving; null before the first. */
function latest(points, position) {
  if (!position) return points.at(-1) ?? null
  let low = 0
  let high = points.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (points[middle].step <= position.step) low = middle + 1
    else high = middle
  }
  return points[low - 1] ?? null
}
