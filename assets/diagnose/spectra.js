// Singular values of the weights over the epochs, and the spectra of what each layer says, both on two log axes.

/** @import { FrameData } from "../shared/messages.js" */
/** @import { Settings } from "../shared/scene.js" */
/** @import { Kept, Scene } from "./scene.js" */

import { PlotCard } from "../shared/card.js"
import { figure, logAxis, react } from "../shared/plotting.js"
import { lastBefore } from "./curve_card.js"
import { colourOf, noFrame } from "./frame_cards.js"
import { WORDS } from "./words.js"

/** @typedef {Settings & { y: (number | null)[] }} Spectrum a trace */

const OVERLAID = 6
const { spectra: words } = WORDS

/** @typedef {Kept & { data: FrameData }} Here a frame whose numbers have come */

/** @extends {PlotCard<Scene>} */
class SpectrumCard extends PlotCard {
  axis = ""
  depth = 0 // the smallest value drawn, as a share of the largest

  /**
   * Frames to draw, the current one last.
   * @param {Scene} _scene
   * @returns {Kept[]}
   */
  chosen(_scene) {
    return []
  }

  /**
   * @param {Here} _frame
   * @param {Scene} _scene
   * @returns {Spectrum}
   */
  trace(_frame, _scene) {
    return this.line([], "", "", 0)
  }

  /**
   * What the line below says of each frame.
   * @param {Here[]} _frames
   * @param {Scene} _scene
   * @returns {{ text: string, colour: string }[]}
   */
  words(_frames, _scene) {
    return []
  }

  /** @param {Scene} scene */
  reason(scene) {
    return noFrame(scene)
  }

  /** @param {Scene} scene */
  state(scene) {
    return this.chosen(scene)
      .map((frame) => frame.id)
      .join(",")
  }

  /** @param {Scene} scene */
  draw(scene) {
    const chosen = this.chosen(scene)
    const here = chosen.flatMap((frame) => {
      const data = scene.moments.get(frame.id)
      return data ? [{ ...frame, data }] : []
    })
    if (!here.length) return false
    this.csv.href = `${scene.addresses.diagnose}/${this.spec.key}.csv?frames=${chosen.map((frame) => frame.id).join(",")}`
    const traces = here.map((frame) => this.trace(frame, scene)).filter((trace) => trace.y.length)
    react(scene, this.plot, traces, this.layout(scene, traces), `${scene.run} ${this.spec.key}`)
    this.describe(...this.words(here, scene))
    return here.length === chosen.length
  }

  /**
   * @param {Scene} scene
   * @param {Spectrum[]} traces
   */
  layout(scene, traces) {
    const values = traces.flatMap((trace) => trace.y).filter((value) => value !== null)
    const high = values.reduce((most, value) => Math.max(most, value), 1e-12)
    const low = Math.max(
      values.reduce((least, value) => Math.min(least, value), high),
      high * this.depth,
    )
    const modes = traces.reduce((most, trace) => Math.max(most, trace.y.length), 10)
    return {
      margin: { l: 54, r: 12, t: 8, b: 36 },
      xaxis: logAxis(scene, {
        range: [-0.05, Math.log10(modes) + 0.05],
        title: words.mode,
        unifiedhovertitle: { text: words.heldMode },
        exponentformat: "none",
      }),
      yaxis: logAxis(scene, {
        range: [Math.log10(low) - 0.1, Math.log10(high) + 0.15],
        title: this.axis,
        tickformat: ".2~g",
        dtick: undefined,
        nticks: 6,
      }),
    }
  }

  /**
   * @param {number[]} values
   * @param {string} name
   * @param {string} colour
   * @param {number} width
   * @returns {Spectrum}
   */
  line(values, name, colour, width) {
    return {
      type: "scatter",
      mode: "lines",
      x: values.map((_, mode) => mode + 1),
      y: values.map((value) => (value > 0 ? value : null)),
      name,
      line: { color: colour, width },
      hovertemplate: `${name}  <b>%{y:.3~g}</b><extra></extra>`,
    }
  }
}

export class SingularCard extends SpectrumCard {
  axis = words.singular
  depth = 1e-4

  /** @param {Scene} scene */
  chosen(scene) {
    return scene.moments.history(scene.index, OVERLAID)
  }

  /**
   * @param {Here} frame
   * @param {Scene} scene
   */
  trace(frame, scene) {
    const current = frame.id === scene.frame
    const colour = current ? colourOf(scene, frame.stage) : scene.colours.ghost
    return this.line(frame.data.singular, words.epoch(frame.epoch), colour, current ? 2.5 : 1.2)
  }

  /**
   * @param {Here[]} frames
   * @param {Scene} scene
   */
  words(frames, scene) {
    const current = frames[frames.length - 1]
    const earlier = frames.slice(0, -1).map((frame) => frame.epoch)
    const largest = figure(current.data.singular[0])
    return [
      {
        text: words.largest(labelOf(scene, current.stage), current.epoch, largest),
        colour: colourOf(scene, current.stage),
      },
      ...(earlier.length ? [{ text: words.earlier(earlier), colour: scene.colours.ghost }] : []),
    ]
  }
}

export class CovarianceCard extends SpectrumCard {
  axis = words.variance
  depth = 1e-7

  /** @param {Scene} scene */
  chosen(scene) {
    return scene.moments.ofEachLayer(scene.index)
  }

  /**
   * @param {Here} frame
   * @param {Scene} scene
   */
  trace(frame, scene) {
    return this.line(
      frame.data.covariance,
      labelOf(scene, frame.stage),
      colourOf(scene, frame.stage),
      frame.id === scene.frame ? 2.5 : 1.5,
    )
  }

  /**
   * @param {Here[]} frames
   * @param {Scene} scene
   */
  words(frames, scene) {
    return frames.map((frame) => {
      const decay = this.number(scene, "covariance_decay", frame)
      const directions = this.number(scene, "participation_ratio", frame)
      return {
        text: words.decay(labelOf(scene, frame.stage), decay, directions),
        colour: colourOf(scene, frame.stage),
      }
    })
  }

  /**
   * The metric measured together with this frame.
   * @param {Scene} scene
   * @param {string} metric
   * @param {Kept} frame
   */
  number(scene, metric, frame) {
    const curve = scene.series.curves.get(`${metric}/${frame.stage}`)
    if (!curve) return words.none
    const at = lastBefore(curve.x, frame.epoch)
    return at < 0 ? words.none : figure(curve.y[at])
  }
}

/**
 * @param {Scene} scene
 * @param {string} key of a stage
 */
function labelOf({ stages }, key) {
  return stages.find((stage) => stage.key === key)?.label ?? key
}
