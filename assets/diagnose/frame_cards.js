// Cards that draw one frame: histograms of the parameters, and how selective each unit is.

import { PlotCard } from "./card.js"
import { axis, figure, logAxis, react } from "./drawing.js"

const PANELS = ["W", "dW", "v_bias", "h_bias"]
const SHORT = { W: "W", dW: "ΔW", v_bias: "b (visible)", h_bias: "c (hidden)" }

const NOTHING = 1e-11 // a range this narrow is that of zeros
const short = (value) => value < NOTHING ? "0" : String(Number(value.toPrecision(2)))

class FrameCard extends PlotCard {
  draw(scene) {
    const data = scene.moments.get(scene.frame)
    if (!data) return false
    this.csv.href = `${scene.addresses.diagnose}/${this.spec.key}.csv?frames=${scene.frame}`
    this.drawFrame(scene, data)
    return true
  }
}

export class HistogramCard extends FrameCard {
  drawFrame(scene, data) {
    const traces = PANELS.map((key, at) => this.trace(scene, data.histograms[key], at, key))
    react(scene, this.plot, traces, this.layout(scene, data), `${scene.run} histograms`)
    const { W, dW, h_bias: c } = data.histograms
    const within = (name, { high }) => high < NOTHING ? `${name} all zero` : `${name} within ±${figure(high)}`
    this.describe([within("W", W), within("ΔW", dW), within("hidden biases", c)].join(", "))
  }

  trace(scene, { low, high, share }, at, key) {
    const width = (high - low) / share.length
    const stage = scene.stages.findIndex((item) => item.key === scene.stage)
    const colour = scene.layers[Math.max(0, stage) % scene.layers.length]
    return {
      type: "scatter",
      mode: "lines",
      x: share.map((_, bin) => low + (bin + 0.5) * width),
      y: share.map((value) => value > 0 ? value : null),
      xaxis: at ? `x${at + 1}` : "x",
      yaxis: at ? `y${at + 1}` : "y",
      name: SHORT[key],
      line: { color: colour, width: 1.6, shape: "hvh" },
      connectgaps: false,
      hovertemplate: "%{x:.3~g}: <b>%{y:.3~g} %</b><extra></extra>",
    }
  }

  layout(scene, data) {
    const layout = { hovermode: "closest", margin: { l: 46, r: 16, t: 18, b: 22 }, annotations: [] }
    PANELS.forEach((key, at) => {
      const [column, row] = [at % 2, at < 2 ? 1 : 0]
      const x = [column * 0.54, column * 0.54 + 0.46]
      const y = [row * 0.6, row * 0.6 + 0.4]
      const suffix = at ? at + 1 : ""
      const { high } = data.histograms[key]
      layout[`xaxis${suffix}`] = axis(scene, { domain: x, anchor: `y${suffix}`, range: [-high * 1.04, high * 1.04], tickvals: [-high, 0, high], ticktext: high < NOTHING ? ["", "0", ""] : [`−${short(high)}`, "0", short(high)] })
      layout[`yaxis${suffix}`] = logAxis(scene, { domain: y, anchor: `x${suffix}`, range: [-3.2, 2.2], tickvals: [0.01, 1, 100], ticktext: ["0.01 %", "1 %", "100 %"], dtick: undefined, tickmode: "array", showticklabels: column === 0 })
      layout.annotations.push({ xref: "paper", yref: "paper", x: x[0], y: y[1], xanchor: "left", yanchor: "bottom", yshift: 1, text: `<b>${SHORT[key]}</b>`, showarrow: false, font: { size: 11, color: scene.colours.text } })
    })
    return layout
  }
}

export class SelectivityCard extends FrameCard {
  drawFrame(scene, data) {
    const order = data.lifetime.map((value, unit) => ({ value, unit })).sort((a, b) => b.value - a.value)
    const stage = scene.stages.findIndex((item) => item.key === data.stage)
    const colour = scene.layers[Math.max(0, stage) % scene.layers.length]
    const trace = {
      type: "scatter",
      mode: "lines",
      x: order.map((_, rank) => rank + 1),
      y: order.map(({ value }) => value),
      text: order.map(({ unit }) => `unit ${unit}, on ${figure(100 * data.activity[unit])} % of the time`),
      line: { color: colour, width: 2 },
      fill: "tozeroy",
      fillcolor: scene.colours.band,
      hovertemplate: "%{text}  <b>%{y:.3~g}</b><extra></extra>",
    }
    react(scene, this.plot, [trace], {
      xaxis: axis(scene, { range: [0.5, order.length + 0.5], title: "units, the most selective first", nticks: 6 }),
      yaxis: axis(scene, { range: [0, 1.02], title: "lifetime sparsity", nticks: 6 }),
    }, `${scene.run} selectivity`)
    const middle = order[Math.floor(order.length / 2)]?.value ?? NaN
    this.describe(`median ${figure(middle)} over ${order.length.toLocaleString("en")} units`)
  }
}
