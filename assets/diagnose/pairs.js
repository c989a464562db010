// Curves of two runs made comparable: all layers of one in a single curve, and the difference at shared moments only.

/** {x, y, stage} of a metric over all layers, with a hole where a layer ends. */
export function together(series, metric, stages, factor) {
  const all = { x: [], y: [], stage: [] }
  for (const { stage, curve } of series.of(metric, stages)) {
    if (all.x.length) push(all, curve.x[0], null, stage.key)
    curve.x.forEach((epoch, at) => push(all, epoch, curve.y[at] === null ? null : Number((curve.y[at] * factor).toPrecision(6)), stage.key))
  }
  return all
}

/** {x, y, a, b, stage}: b − a wherever both have a number at the same epoch of the same layer. Nothing is interpolated. */
export function difference(a, b) {
  const other = new Map()
  b.x.forEach((epoch, at) => b.y[at] !== null && other.set(`${b.stage[at]} ${epoch}`, b.y[at]))
  const found = { x: [], y: [], a: [], b: [], stage: [] }
  const add = (...row) => ["x", "y", "a", "b", "stage"].forEach((name, at) => found[name].push(row[at]))
  a.x.forEach((epoch, at) => {
    const match = a.y[at] === null ? undefined : other.get(`${a.stage[at]} ${epoch}`)
    if (match === undefined) return
    // Layers that learn together share their epochs: a line must not run back from one to the next.
    if (epoch < found.x.at(-1)) add(epoch, null, null, null, a.stage[at])
    add(epoch, match - a.y[at], a.y[at], match, a.stage[at])
  })
  return found
}

function push(all, epoch, value, stage) {
  all.x.push(epoch)
  all.y.push(value)
  all.stage.push(stage)
}
