// A layer's features on a plane, one mark an image, and how well simple classifiers read the class off each layer.

/** @import { ClassifyData, FeatureMap } from "../shared/messages.js" */
/** @import { Component, PlotlyLibrary, Settings } from "../shared/scene.js" */

import { ask } from "../shared/asking.js"
import { choice, el, say, show } from "../shared/dom.js"
import { axis, figure, plotArea, purge, react } from "../shared/plotting.js"
import { ProbeCard } from "../shared/probe_card.js"
import { inColour } from "../shared/swatch.js"
import { WORDS as SHARED } from "../shared/words.js"
import { ClassifyView, panel } from "./view.js"
import { WORDS } from "./words.js"

const ENLARGED = 3 // times, of the image at the pointer
const { map: words } = WORDS

export class FeaturesView extends ClassifyView {
  /** @param {Component<ClassifyData>} component */
  constructor(component) {
    super(component)
    const { texts, probe } = this.data
    /** @type {FeatureMap | null} */
    this.answer = null
    /** @type {Map<string, FeatureMap>} */
    this.kept = new Map()
    this.wanted = "" // the question asked last
    this.listening = false
    this.layer = 1
    this.method = "pca"
    this.cases = 1000
    this.layerChoice = el("span")
    this.plot = plotArea({ class: "lab-plot", "data-testid": "labc-map" })
    this.tipImage = el("i")
    this.tipWords = el("span")
    this.tip = el("div", { class: "labc-tip", hidden: true }, this.tipImage, this.tipWords)
    this.foot = el("p", { class: "labc-foot", "aria-live": "polite", "data-testid": "labc-map-foot" })
    this.legend = el("div", { class: "labc-legend" })
    this.probe = new ProbeCard(probe, { draw: () => this.redraw() })
    this.preparePlots()
    const choices = el(
      "div",
      { class: "labc-row" },
      this.layerChoice,
      choice(words.method, words.methods, "pca", (method) => this.choose({ method })),
      choice(words.images, words.counts, "1000", (cases) => this.choose({ cases: Number(cases) })),
    )
    this.node.append(
      el(
        "div",
        { class: "labc-two labc-wide" },
        panel(texts.map, [], choices, el("div", { class: "labc-canvas" }, this.plot, this.tip), this.legend, this.foot),
        this.probe.node,
      ),
    )
  }

  change() {
    this.answer = null
    this.kept = new Map()
    this.probe.clear()
    this.layer = Math.min(this.layer, this.data.layers)
    const names = Object.fromEntries(
      Array.from({ length: this.data.layers + 1 }, (_, depth) => [depth, depth ? words.layer(depth) : words.pixels]),
    )
    this.layerChoice.replaceChildren(
      choice(words.features, names, String(this.layer), (layer) => this.choose({ layer: Number(layer) })),
    )
    if (this.data.checkpoint) this.fetch()
    else this.complain(WORDS.notSaved)
  }

  recolour() {
    this.kept.clear()
    this.fetch()
  }

  /** @param {{ layer?: number, method?: string, cases?: number }} change */
  choose(change) {
    Object.assign(this, change)
    this.fetch()
  }

  async fetch() {
    const { layer, method, cases, theme } = this
    const question = { layer, method, cases, theme }
    const key = JSON.stringify({ ...question, at: this.data.checkpoint?.[0], run: this.data.run })
    this.wanted = key
    let map = this.kept.get(key)
    if (!map) {
      say(this.foot, method === "tsne" ? words.laying : SHARED.asking)
      try {
        map = /** @type {FeatureMap} */ (await ask(`${this.data.addresses.classify}/map`, question))
        this.kept.set(key, map)
      } catch (error) {
        if (this.wanted !== key) return
        say(this.foot, "")
        this.complain(/** @type {Error} */ (error).message)
        return
      }
    }
    if (this.wanted !== key) return
    this.complain("")
    this.answer = map
    this.node.dataset.map = `${method} ${layer}`
    this.redraw()
  }

  redraw() {
    if (!this.plotly) return
    this.drawProbe(this.plotly)
    if (this.answer) this.drawMap(this.answer, this.plotly)
  }

  /**
   * @param {FeatureMap} answer
   * @param {PlotlyLibrary} plotly
   */
  drawMap(answer, plotly) {
    const { labels, names, x, y } = answer
    const scene = { plotly, colours: this.colours }
    const classes = this.data.classes[this.theme]
    const colour = (/** @type {number} */ index) => classes[index % classes.length]
    const groups = labels.length ? names.map((name, label) => ({ name, label })) : [{ name: words.image, label: null }]
    const traces = groups.map(({ name, label }, index) => {
      const chosen = x.map((_, at) => at).filter((at) => label === null || labels[at] === label)
      return {
        type: "scatter",
        mode: "markers",
        name,
        x: chosen.map((at) => x[at]),
        y: chosen.map((at) => y[at]),
        customdata: chosen,
        marker: {
          size: 6.5,
          opacity: 0.8,
          color: colour(index),
          symbol: this.data.signs[index % this.data.signs.length],
          line: { width: 0 },
        },
        hoverinfo: "none",
      }
    })
    const annotations = traces
      .filter((trace) => trace.x.length && labels.length && names.length <= 20)
      .map((trace, index) => ({
        x: middle(trace.x),
        y: middle(trace.y),
        text: `<b>${trace.name}</b>`,
        showarrow: false,
        bgcolor: scene.colours.surface,
        opacity: 0.85,
        borderpad: 2,
        font: { size: 13, color: colour(index) },
      }))
    const quiet = { showgrid: false, showticklabels: false, zeroline: false }
    react(
      scene,
      this.plot,
      traces,
      {
        margin: { l: 26, r: 8, t: 6, b: 24 },
        hovermode: "closest",
        dragmode: "pan",
        annotations,
        xaxis: axis(scene, {
          ...quiet,
          title: answer.explained ? words.first(figure(100 * answer.explained[0])) : words.methods.tsne,
        }),
        yaxis: axis(scene, {
          ...quiet,
          title: answer.explained ? words.second(figure(100 * answer.explained[1])) : "",
          scaleanchor: this.method === "tsne" ? "x" : undefined,
        }),
      },
      this.wanted,
    )
    this.legend.replaceChildren(
      ...(labels.length ? groups.map(({ name }, index) => inColour(colour(index), name)) : []),
    )
    const features = this.layer ? words.ofLayer(answer.units, this.layer, answer.stack) : words.ofPixels(answer.units)
    const about = words.about(x.length, features, answer.epoch)
    const whole = answer.agreement === null ? about : words.agreement(about, answer.agreement)
    say(this.foot, whole)
    this.plot.setAttribute("aria-label", words.description(x.length, whole))
    this.listen()
  }

  listen() {
    if (this.listening) return
    this.listening = true
    this.plot.on?.("plotly_hover", ({ points: [point] }) => this.point(point))
    this.plot.on?.("plotly_unhover", () => show(this.tip, false))
  }

  /**
   * The image behind a mark, cut out of the sheet.
   * @param {Settings} mark
   */
  point({ customdata: at, xaxis, yaxis, x, y }) {
    if (!this.answer) return
    const { sheet, columns, tile, labels, names } = this.answer
    const [height, width] = tile
    const scale = Math.max(1, Math.round((28 * ENLARGED) / width))
    Object.assign(this.tipImage.style, {
      width: `${width * scale}px`,
      height: `${height * scale}px`,
      backgroundImage: `url(${sheet})`,
      backgroundSize: `${columns * width * scale}px auto`,
      backgroundPosition: `${-(at % columns) * width * scale}px ${-Math.floor(at / columns) * height * scale}px`,
    })
    say(this.tipWords, labels.length ? words.tip(names[labels[at]], at + 1) : words.unnamedTip(at + 1))
    show(this.tip, true)
    const left = xaxis.l2p(x) + xaxis._offset
    const top = yaxis.l2p(y) + yaxis._offset
    const box = this.plot.getBoundingClientRect()
    this.tip.style.left = `${left + 14 + this.tip.offsetWidth > box.width ? left - 14 - this.tip.offsetWidth : left + 14}px`
    this.tip.style.top = `${Math.max(0, Math.min(top - this.tip.offsetHeight / 2, box.height - this.tip.offsetHeight))}px`
  }

  /** @param {PlotlyLibrary} plotly */
  drawProbe(plotly) {
    this.probe.update({
      plotly,
      run: this.data.run,
      checkpoint: this.data.checkpoint,
      addresses: this.data.addresses,
      theme: this.theme,
      size: `${this.node.clientWidth}`,
      layers: this.data.palette[this.theme].layers,
      colours: this.colours,
    })
  }

  close() {
    purge(this.plot)
    this.probe.close()
    super.close()
  }
}

/** @param {number[]} values */
function middle(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}
