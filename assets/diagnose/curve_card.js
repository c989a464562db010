// A metric over the epochs of the whole run, one line a layer, with a mark at the slider's moment.

/** @import { Line } from "../shared/chart.js" */
/** @import { Scene } from "./scene.js" */

import { epochRange } from "../shared/axis.js"
import { PlotCard } from "../shared/card.js"
import { scaled } from "../shared/chart_traces.js"
import { say } from "../shared/dom.js"
import { axis, epochAxis, figure, guide, logAxis, moment, react } from "../shared/plotting.js"
import { table } from "../shared/table.js"
import { WORDS as SHARED } from "../shared/words.js"
import { verdict } from "./verdict.js"
import { WORDS } from "./words.js"

const { curve: words } = WORDS

/** @extends {PlotCard<Scene>} */
export class CurveCard extends PlotCard {
  /** What stands behind a number. */
  get behind() {
    return this.spec.sign && ` ${this.spec.sign}`
  }

  /**
   * In the unit of the axis.
   * @param {Scene} scene
   * @returns {Line[]}
   */
  curves(scene) {
    return this.spec.series.flatMap((series) =>
      scene.series.of(series.metric, scene.stages).map((entry) => ({
        ...entry,
        curve: { ...entry.curve, y: scaled(entry.curve, series) },
        series: { ...series, factor: 1 },
      })),
    )
  }

  /** @param {Scene} scene */
  reason(scene) {
    const { only, lacks } = this.spec
    if (only.length && !only.includes(scene.method)) return words.other(only, lacks, scene.method)
    return this.curves(scene).length ? "" : SHARED.nothingMeasured
  }

  /** @param {Scene} scene */
  state(scene) {
    return `${scene.series.revision} ${scene.epoch}`
  }

  /** @param {Scene} scene */
  draw(scene) {
    const drawn = this.curves(scene)
    this.csv.href = `${scene.addresses.csv}?names=${this.spec.series.map((series) => series.metric).join(",")}`
    react(
      scene,
      this.plot,
      drawn.map((entry) => this.trace(entry, scene)),
      this.layout(scene, drawn),
      scene.run,
    )
    const guides = this.spec.guides.map(([, text]) => ({ text, isGuide: true }))
    say(this.verdict, verdict(this.judged(drawn, scene), this.spec.verdicts))
    this.describe(...[...drawn.map((entry) => this.words(entry, scene)), ...guides].filter((part) => part.text))
    return true
  }

  /**
   * @param {Line} line
   * @param {Scene} scene
   */
  trace({ stage, index, curve, series }, scene) {
    const colour = scene.layers[index % scene.layers.length]
    const name = this.nameOf(stage, series)
    return {
      type: "scatter",
      mode: curve.x.length < 3 ? "lines+markers" : "lines",
      x: curve.x,
      y: this.spec.log ? curve.y.map((value) => (value !== null && value > 0 ? value : null)) : curve.y,
      name,
      line: { color: colour, width: 2, dash: series.dashed ? "dash" : "solid" },
      marker: { size: 5, color: colour },
      hovertemplate: `${name}  <b>%{y:.3~g}</b>${this.behind}<extra></extra>`,
    }
  }

  /**
   * @param {Scene} scene
   * @param {Line[]} drawn
   */
  layout(scene, drawn) {
    const y = { title: this.spec.axis, nticks: 6 }
    const guides = this.spec.guides.map(([value]) => guide(scene, value))
    return {
      xaxis: epochAxis(scene, { range: epochRange(scene.reached, scene.epochs), nticks: 7 }),
      yaxis: this.spec.log
        ? logAxis(scene, { ...y, range: logRange(drawn, this.spec.guides) })
        : axis(scene, { ...y, tickformat: "~g" }),
      shapes: [...guides, ...(scene.epoch === null ? [] : [moment(scene, scene.epoch)])],
    }
  }

  /**
   * Each layer's value of the first metric where the slider stands.
   * @param {Line[]} drawn
   * @param {Scene} scene
   */
  judged(drawn, scene) {
    const [first] = this.spec.series
    return drawn
      .filter(({ series }) => series.metric === first.metric)
      .map(({ stage, curve }) => ({ name: stage.label, value: curve.y[lastBefore(curve.x, scene.epoch)] ?? null }))
  }

  /**
   * The value where the slider stands.
   * @param {Line} line
   * @param {Scene} scene
   */
  words({ stage, index, curve, series }, scene) {
    const at = lastBefore(curve.x, scene.epoch)
    const name = this.nameOf(stage, series)
    const isMarked = this.spec.series.length > 1 && series.dashed
    return {
      text: at < 0 ? "" : words.value(isMarked ? words.dashed(name) : name, `${figure(curve.y[at])}${this.behind}`),
      colour: scene.layers[index % scene.layers.length],
    }
  }

  /**
   * @param {Line["stage"]} stage
   * @param {Line["series"]} series
   */
  nameOf(stage, series) {
    return this.spec.series.length > 1 ? SHARED.chart.line(stage.label, series.name) : stage.label
  }

  /** @param {Scene} scene */
  drawTable(scene) {
    const spec = { help: this.spec.help, series: this.spec.series }
    this.numbers.replaceChildren(table(spec, this.curves(scene)))
  }
}

/**
 * The last place with x at most `epoch`; the end for null.
 * @param {number[]} x
 * @param {number | null} epoch
 */
export function lastBefore(x, epoch) {
  if (epoch === null) return x.length - 1
  let at = x.length - 1
  while (at >= 0 && x[at] > epoch + 1e-6) at -= 1
  return at
}

/**
 * Whole decades around all that is drawn and the guides.
 * @param {Line[]} drawn
 * @param {[number, string][]} guides
 */
function logRange(drawn, guides) {
  const values = [
    ...drawn.flatMap(({ curve }) => curve.y.filter((value) => value !== null).filter((value) => value > 0)),
    ...guides.map(([value]) => value),
  ]
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
  const high = values.reduce((most, value) => Math.max(most, value), 0)
  return [Math.floor(Math.log10(low) + 1e-9), Math.ceil(Math.log10(high) - 1e-9)]
}
