// Singular values of the weights over the epochs, and the spectra of what each layer says, both on two log axes.

import { PlotCard } from "./card.js"
import { figure, logAxis, react } from "./drawing.js"
import { lastBefore } from "./curve_card.js"

const OVERLAID = 6

class SpectrumCard extends PlotCard {
  /** Frames to draw, the current one last. */
  chosen() {
    return []
  }

  state(scene) {
    return this.chosen(scene).map((frame) => frame.id).join(",")
  }

  draw(scene) {
    const chosen = this.chosen(scene)
    const frames = chosen.map((frame) => ({ ...frame, data: scene.moments.get(frame.id) }))
    const here = frames.filter((frame) => frame.data)
    if (!here.length) return false
    this.csv.href = `${scene.addresses.diagnose}/${this.spec.key}.csv?frames=${chosen.map((frame) => frame.id).join(",")}`
    const traces = here.map((frame) => this.trace(frame, scene)).filter((trace) => trace.y.length)
    react(scene, this.plot, traces, this.layout(scene, traces), `${scene.run} ${this.spec.key}`)
    this.describe(...this.words(here, scene))
    return here.length === frames.length
  }

  layout(scene, traces) {
    const values = traces.flatMap((trace) => trace.y)
    const high = values.reduce((most, value) => Math.max(most, value), 1e-12)
    const low = Math.max(values.reduce((least, value) => Math.min(least, value), high), high * this.depth)
    const modes = traces.reduce((most, trace) => Math.max(most, trace.y.length), 10)
    return {
      margin: { l: 54, r: 12, t: 8, b: 36 },
      xaxis: logAxis(scene, { range: [-0.05, Math.log10(modes) + 0.05], title: "mode, largest first", unifiedhovertitle: { text: "mode %{x}" }, exponentformat: "none" }),
      yaxis: logAxis(scene, { range: [Math.log10(low) - 0.1, Math.log10(high) + 0.15], title: this.axis, tickformat: ".2~g", dtick: undefined, nticks: 6 }),
    }
  }

  line(values, name, colour, width) {
    return {
      type: "scatter",
      mode: "lines",
      x: values.map((_, mode) => mode + 1),
      y: values.map((value) => value > 0 ? value : null),
      name,
      line: { color: colour, width },
      hovertemplate: `${name}  <b>%{y:.3~g}</b><extra></extra>`,
    }
  }
}

export class SingularCard extends SpectrumCard {
  axis = "singular value of W"
  depth = 1e-4

  chosen(scene) {
    return scene.moments.history(scene.index, OVERLAID)
  }

  trace(frame, scene) {
    const current = frame.id === scene.frame
    const stage = scene.stages.findIndex((item) => item.key === frame.stage)
    const colour = current ? scene.layers[stage % scene.layers.length] : scene.colours.ghost
    return this.line(frame.data.singular, `epoch ${frame.epoch.toFixed(2)}`, colour, current ? 2.5 : 1.2)
  }

  words(frames, scene) {
    const current = frames.at(-1)
    const stage = scene.stages.findIndex((item) => item.key === current.stage)
    const earlier = frames.slice(0, -1).map((frame) => frame.epoch.toFixed(frame.epoch < 1 ? 2 : 1))
    const words = `${scene.stages[stage]?.label ?? ""}, epoch ${current.epoch.toFixed(2)}: largest ${figure(current.data.singular[0])}`
    const before = earlier.length ? [{ text: `epochs ${earlier.join(", ")}`, colour: scene.colours.ghost }] : []
    return [{ text: words, colour: scene.layers[stage % scene.layers.length] }, ...before]
  }
}

export class CovarianceCard extends SpectrumCard {
  axis = "variance"
  depth = 1e-7

  chosen(scene) {
    return scene.moments.ofEachLayer(scene.index)
  }

  trace(frame, scene) {
    const stage = scene.stages.findIndex((item) => item.key === frame.stage)
    return this.line(frame.data.covariance, scene.stages[stage]?.label ?? frame.stage, scene.layers[stage % scene.layers.length], frame.id === scene.frame ? 2.5 : 1.5)
  }

  words(frames, scene) {
    return frames.map((frame) => {
      const stage = scene.stages.findIndex((item) => item.key === frame.stage)
      const decay = this.number(scene, "covariance_decay", frame)
      const directions = this.number(scene, "participation_ratio", frame)
      const label = scene.stages[stage]?.label ?? frame.stage
      return { text: `${label}: decay ${decay}, ${directions} directions`, colour: scene.layers[stage % scene.layers.length] }
    })
  }

  /** The metric measured together with this frame. */
  number(scene, metric, frame) {
    const curve = scene.series.curves.get(`${metric}/${frame.stage}`)
    const at = curve ? lastBefore(curve.x, frame.epoch) : -1
    return at < 0 ? "–" : figure(curve.y[at])
  }
}
