// A metric over the epochs of the whole run, one line a layer, with a mark at the slider's moment.

import { epochRange } from "./axis.js"
import { PlotCard } from "./card.js"
import { axis, figure, guide, logAxis, moment, react } from "./drawing.js"
import { table } from "./table.js"

export class CurveCard extends PlotCard {
  curves(scene) {
    return this.spec.series.flatMap((series) =>
      scene.series.of(series.metric, scene.stages).map((entry) => ({ ...entry, series })))
  }

  reason(scene) {
    const { only, lacks } = this.spec
    if (only.length && !only.includes(scene.method)) {
      return `Only runs of ${only.join(", ")} have ${lacks}; this one learns by ${scene.method}.`
    }
    return this.curves(scene).length ? "" : "Nothing measured yet."
  }

  state(scene) {
    return `${scene.series.revision} ${scene.epoch}`
  }

  draw(scene) {
    const drawn = this.curves(scene)
    this.csv.href = `${scene.addresses.csv}?names=${this.spec.series.map((series) => series.metric).join(",")}`
    react(scene, this.plot, drawn.map((entry) => this.trace(entry, scene)), this.layout(scene, drawn), scene.run)
    this.describe(...drawn.map((entry) => this.words(entry, scene)).filter((part) => part.text))
  }

  trace({ stage, index, curve, series }, scene) {
    const colour = scene.layers[index % scene.layers.length]
    const name = this.spec.series.length > 1 ? `${stage.label}, ${series.name}` : stage.label
    return {
      type: "scatter",
      mode: curve.x.length < 3 ? "lines+markers" : "lines",
      x: curve.x,
      y: this.spec.log ? curve.y.map((value) => value > 0 ? value : null) : curve.y,
      name,
      line: { color: colour, width: 2, dash: series.dashed ? "dash" : "solid" },
      marker: { size: 5, color: colour },
      hovertemplate: `${name}  <b>%{y:.3~g}</b><extra></extra>`,
    }
  }

  layout(scene, drawn) {
    const y = { title: this.spec.axis, nticks: 6 }
    const guides = this.spec.guides.map(([value, label]) => guide(scene, value, label))
    return {
      xaxis: axis(scene, { range: epochRange(scene.reached, scene.epochs), nticks: 7, title: "epoch of the whole run", unifiedhovertitle: { text: "epoch %{x:.2f}" } }),
      yaxis: this.spec.log ? logAxis(scene, { ...y, range: logRange(drawn, this.spec.guides) }) : axis(scene, { ...y, tickformat: "~g" }),
      shapes: [...guides, ...(scene.epoch === null ? [] : [moment(scene, scene.epoch)])],
    }
  }

  /** The value where the slider stands. */
  words({ stage, index, curve, series }, scene) {
    const at = lastBefore(curve.x, scene.epoch)
    const name = this.spec.series.length > 1 ? `${stage.label}, ${series.name}${series.dashed ? " (dashed)" : ""}` : stage.label
    return { text: at < 0 ? "" : `${name}: ${figure(curve.y[at])}`, colour: scene.layers[index % scene.layers.length] }
  }

  drawTable(scene) {
    const spec = { help: this.spec.help, series: this.spec.series }
    this.numbers.replaceChildren(table(spec, this.curves(scene)))
  }
}

/** The last place with x at most `epoch`; the end for null. */
export function lastBefore(x, epoch) {
  if (epoch === null) return x.length - 1
  let at = x.length - 1
  while (at >= 0 && x[at] > epoch + 1e-6) at -= 1
  return at
}

/** Whole decades around all that is drawn and the guides. */
function logRange(drawn, guides) {
  const values = [...drawn.flatMap(({ curve }) => curve.y.filter((value) => value > 0)), ...guides.map(([value]) => value)]
  const low = values.reduce((least, value) => Math.min(least, value), Infinity)
  const high = values.reduce((most, value) => Math.max(most, value), 0)
  return [Math.floor(Math.log10(low) + 1e-9), Math.ceil(Math.log10(high) - 1e-9)]
}
