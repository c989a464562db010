// The numbers of one run as they arrive: curves by metric and stage, and the marks where a command took effect.

export class Series {
  constructor() {
    this.curves = new Map()
    this.marks = []
    this.epoch = 0 // of the last point
    this.revision = 0
  }

  /** Append what is new; true if a chart has to be drawn again. */
  add(points, marks) {
    for (const [key, [x, y]] of Object.entries(points)) {
      const curve = this.curves.get(key) ?? { x: [], y: [] }
      curve.x.push(...x)
      curve.y.push(...y)
      this.epoch = Math.max(this.epoch, x.at(-1))
      this.curves.set(key, curve)
    }
    this.marks.push(...marks.filter((mark) => mark.epoch !== null && !mark.problem))
    const changed = marks.length > 0 || Object.keys(points).length > 0
    if (changed) this.revision += 1
    return changed
  }

  /** [[stage, {x, y}], ...] of a metric, in the order of the stages. */
  of(metric, stages) {
    return stages
      .map((stage, index) => ({ stage, index, curve: this.curves.get(`${metric}/${stage.key}`) }))
      .filter((entry) => entry.curve)
  }
}
