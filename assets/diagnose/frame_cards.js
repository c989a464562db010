// Cards that draw one frame: histograms of the parameters, and how selective each unit is.

/** @import { FrameData, Shares } from "../shared/messages.js" */
/** @import { Settings } from "../shared/scene.js" */
/** @import { Scene } from "./scene.js" */

import { PlotCard } from "../shared/card.js"
import { rounded } from "../shared/numbers.js"
import { axis, figure, logAxis, react } from "../shared/plotting.js"
import { WORDS } from "./words.js"

const { frame: words } = WORDS

const PANELS = /** @type {const} */ (["W", "dW", "v_bias", "h_bias"])

const NOTHING = 1e-11 // a range this narrow is that of zeros
const WIDEST = 6 // characters of an end for which both have room beside the next plot
const short = (/** @type {number} */ value) => (value < NOTHING ? "0" : rounded(value, 2))

/**
 * What stands below a plot from minus to plus `high`; of a long number once, as both ends are the same.
 * @param {number} high
 */
function ends(high) {
  if (high < NOTHING) return ["", "0", ""]
  const end = short(high)
  return [end.length > WIDEST ? "" : `−${end}`, "0", end]
}

/**
 * Why a card of frames has nothing to draw; "" when it has.
 * @param {Scene} scene
 */
export function noFrame(scene) {
  return scene.frame ? "" : words.none
}

/**
 * The colour of the lines of a stage.
 * @param {Scene} scene
 * @param {string} key of the stage
 */
export function colourOf({ stages, layers }, key) {
  const stage = stages.findIndex((item) => item.key === key)
  return layers[Math.max(0, stage) % layers.length]
}

/** @extends {PlotCard<Scene>} */
class FrameCard extends PlotCard {
  /** @param {Scene} scene */
  reason(scene) {
    return noFrame(scene)
  }

  /** @param {Scene} scene */
  state(scene) {
    return String(scene.frame)
  }

  /** @param {Scene} scene */
  draw(scene) {
    const data = scene.moments.get(scene.frame)
    if (!data) return false
    this.csv.href = `${scene.addresses.diagnose}/${this.spec.key}.csv?frames=${scene.frame}`
    this.drawFrame(scene, data)
    return true
  }

  /**
   * @param {Scene} _scene
   * @param {FrameData} _data
   */
  drawFrame(_scene, _data) {}
}

export class HistogramCard extends FrameCard {
  /**
   * @param {Scene} scene
   * @param {FrameData} data
   */
  drawFrame(scene, data) {
    const traces = PANELS.map((key, at) => this.trace(scene, data.histograms[key], at, key))
    react(scene, this.plot, traces, this.layout(scene, data), `${scene.run} histograms`)
    const { W, dW, h_bias: c } = data.histograms
    const within = (/** @type {string} */ name, /** @type {Shares} */ { high }) =>
      high < NOTHING ? words.zero(name) : words.within(name, figure(high))
    const shown = [within(words.arrays.W, W), within(words.arrays.dW, dW), within(words.hiddenBiases, c)]
    this.describe(shown.join(", "))
  }

  /**
   * @param {Scene} scene
   * @param {Shares} histogram
   * @param {number} at
   * @param {keyof typeof words.arrays} key
   */
  trace(scene, { low, high, share }, at, key) {
    const width = (high - low) / share.length
    const colour = colourOf(scene, scene.stage)
    return {
      type: "scatter",
      mode: "lines",
      x: share.map((_, bin) => low + (bin + 0.5) * width),
      y: share.map((value) => (value > 0 ? value : null)),
      xaxis: at ? `x${at + 1}` : "x",
      yaxis: at ? `y${at + 1}` : "y",
      name: words.arrays[key],
      line: { color: colour, width: 1.6, shape: "hvh" },
      connectgaps: false,
      hovertemplate: "%{x:.3~g}: <b>%{y:.3~g} %</b><extra></extra>",
    }
  }

  /**
   * @param {Scene} scene
   * @param {FrameData} data
   */
  layout(scene, data) {
    /** @type {Settings} */
    const layout = { hovermode: "closest", margin: { l: 46, r: 16, t: 18, b: 22 }, annotations: [] }
    for (const [at, key] of PANELS.entries()) {
      const [column, row] = [at % 2, at < 2 ? 1 : 0]
      const x = [column * 0.54, column * 0.54 + 0.46]
      const y = [row * 0.6, row * 0.6 + 0.4]
      const suffix = at ? at + 1 : ""
      const { high } = data.histograms[key]
      layout[`xaxis${suffix}`] = axis(scene, {
        domain: x,
        anchor: `y${suffix}`,
        range: [-high * 1.04, high * 1.04],
        tickvals: [-high, 0, high],
        ticktext: ends(high),
      })
      layout[`yaxis${suffix}`] = logAxis(scene, {
        domain: y,
        anchor: `x${suffix}`,
        range: [-3.2, 2.2],
        tickvals: [0.01, 1, 100],
        ticktext: ["0.01 %", "1 %", "100 %"],
        dtick: undefined,
        tickmode: "array",
        showticklabels: column === 0,
      })
      layout.annotations.push({
        xref: "paper",
        yref: "paper",
        x: x[0],
        y: y[1],
        xanchor: "left",
        yanchor: "bottom",
        yshift: 1,
        text: `<b>${words.arrays[key]}</b>`,
        showarrow: false,
        font: { size: 11, color: scene.colours.text },
      })
    }
    return layout
  }
}

export class SelectivityCard extends FrameCard {
  /**
   * @param {Scene} scene
   * @param {FrameData} data
   */
  drawFrame(scene, data) {
    const order = data.lifetime.map((value, unit) => ({ value, unit })).sort((a, b) => b.value - a.value)
    const colour = colourOf(scene, data.stage)
    const trace = {
      type: "scatter",
      mode: "lines",
      x: order.map((_, rank) => rank + 1),
      y: order.map(({ value }) => value),
      text: order.map(({ unit }) => words.unit(unit, figure(100 * data.activity[unit]))),
      line: { color: colour, width: 2 },
      fill: "tozeroy",
      fillcolor: scene.colours.band,
      hovertemplate: "%{text}  <b>%{y:.3~g}</b><extra></extra>",
    }
    react(
      scene,
      this.plot,
      [trace],
      {
        xaxis: axis(scene, { range: [0.5, order.length + 0.5], title: words.ranks, nticks: 6 }),
        yaxis: axis(scene, { range: [0, 1.02], title: words.lifetime, nticks: 6 }),
      },
      `${scene.run} selectivity`,
    )
    const middle = order[Math.floor(order.length / 2)]?.value ?? Number.NaN
    this.describe(words.median(figure(middle), order.length))
  }
}
