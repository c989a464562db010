// The numbers of one run as they arrive: curves by metric and stage, and the marks where a command took effect.

export class Series {
  constructor() {
    this.curves = new Map()
    this.ghosts = new Map() // of the run that this one was branched from
    this.marks = []
    this.epoch = 0 // of the last point
    this.revision = 0
  }

  /** Append what is new; true if a chart has to be drawn again. */
  add(points, marks, ghosts = {}) {
    this.append(this.curves, points)
    this.append(this.ghosts, ghosts)
    this.marks.push(...marks.filter((mark) => mark.epoch !== null && !mark.problem))
    const changed = marks.length > 0 || Object.keys(points).length > 0 || Object.keys(ghosts).length > 0
    if (changed) this.revision += 1
    return changed
  }

  append(curves, points) {
    for (const [key, [x, y]] of Object.entries(points)) {
      const curve = curves.get(key) ?? { x: [], y: [] }
      curve.x.push(...x)
      curve.y.push(...y)
      this.epoch = Math.max(this.epoch, x.at(-1))
      curves.set(key, curve)
    }
  }

  /** [[stage, {x, y}], ...] of a metric, in the order of the stages. */
  of(metric, stages, curves = this.curves) {
    return stages
      .map((stage, index) => ({ stage, index, curve: curves.get(`${metric}/${stage.key}`) }))
      .filter((entry) => entry.curve)
  }
}
