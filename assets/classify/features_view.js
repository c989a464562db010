// A layer's features on a plane, one mark an image, and how well simple classifiers read the class off each layer.

import { ask } from "./question.js"
import { choice, el, say, show } from "./dom.js"
import { axis, figure, react } from "./drawing.js"
import { loadPlotly } from "./mounting.js"
import { ProbeCard } from "./probe_card.js"
import { panel, View } from "./view.js"

const METHODS = { pca: "PCA", tsne: "t-SNE" }
const CASES = { 1000: "1,000 images", 2000: "2,000" }
const ENLARGED = 3 // times, of the image at the pointer

export class FeaturesView extends View {
  build() {
    const { texts, probe } = this.data
    this.layer = 1
    this.method = "pca"
    this.cases = 1000
    this.layerChoice = el("span")
    this.plot = el("div", { class: "lab-plot", role: "img", "data-testid": "labc-map" })
    this.tip = el("div", { class: "labc-tip", hidden: true }, el("i"), el("span"))
    this.foot = el("p", { class: "labc-foot", "aria-live": "polite", "data-testid": "labc-map-foot" })
    this.legend = el("div", { class: "labc-legend" })
    this.probe = new ProbeCard(probe, { draw: () => this.drawProbe() })
    this.resized = new ResizeObserver(() => this.redraw())
    this.resized.observe(this.parent)
    loadPlotly(this.data.addresses.plotly).then((library) => {
      this.plotly = library
      this.redraw()
    }, () => this.complain("The drawing library did not load; reload the page."))
    const choices = el("div", { class: "labc-row" }, this.layerChoice,
      choice("Kind of map", METHODS, "pca", (method) => this.choose({ method })),
      choice("Images", CASES, "1000", (cases) => this.choose({ cases: Number(cases) })))
    return [el("div", { class: "labc-two labc-wide" },
      panel(texts.map, [], choices, el("div", { class: "labc-canvas" }, this.plot, this.tip), this.legend, this.foot),
      this.probe.node)]
  }

  change() {
    this.answer = null
    this.kept = new Map()
    this.probe.clear()
    this.layer = Math.min(this.layer, this.data.layers)
    const names = Object.fromEntries(Array.from({ length: this.data.layers + 1 }, (_, depth) => [depth, depth ? `layer ${depth}` : "pixels"]))
    this.layerChoice.replaceChildren(choice("Features of", names, String(this.layer), (layer) => this.choose({ layer: Number(layer) })))
    if (this.data.checkpoint) this.fetch()
    else this.complain("This run has not been saved yet: its first checkpoint comes a second after it starts.")
  }

  recolour() {
    this.kept.clear()
    this.fetch()
  }

  choose(change) {
    Object.assign(this, change)
    this.fetch()
  }

  async fetch() {
    const { layer, method, cases, theme } = this
    const question = { layer, method, cases, theme }
    const key = JSON.stringify({ ...question, at: this.data.checkpoint[0], run: this.data.run })
    this.wanted = key
    if (!this.kept.has(key)) {
      say(this.foot, method === "tsne" ? "A worker lays the images out; t-SNE takes some seconds…" : "Asking a worker…")
      try {
        this.kept.set(key, await ask(`${this.data.addresses.classify}/map`, question))
      } catch (error) {
        if (this.wanted !== key) return
        say(this.foot, "")
        return this.complain(error.message)
      }
    }
    if (this.wanted !== key) return
    this.complain("")
    this.answer = this.kept.get(key)
    this.node.dataset.map = `${method} ${layer}`
    this.redraw()
  }

  redraw() {
    if (!this.plotly || !this.node) return
    this.drawProbe()
    if (this.answer) this.drawMap()
  }

  drawMap() {
    const { answer } = this
    const { labels, names, x, y } = answer
    const scene = { plotly: this.plotly, colours: this.colours() }
    const { classes } = this.data.palette[this.theme]
    const colour = (index) => classes[index % classes.length]
    const groups = labels.length ? names.map((name, label) => ({ name, label })) : [{ name: "image", label: null }]
    const traces = groups.map(({ name, label }, index) => {
      const chosen = x.map((_, at) => at).filter((at) => label === null || labels[at] === label)
      return {
        type: "scatter", mode: "markers", name, x: chosen.map((at) => x[at]), y: chosen.map((at) => y[at]), customdata: chosen,
        marker: { size: 6.5, opacity: 0.8, color: colour(index), symbol: this.data.signs[index % this.data.signs.length], line: { width: 0 } },
        hoverinfo: "none",
      }
    })
    const annotations = traces.filter((trace) => trace.x.length && labels.length && names.length <= 20).map((trace, index) => ({
      x: middle(trace.x), y: middle(trace.y), text: `<b>${trace.name}</b>`, showarrow: false, bgcolor: scene.colours.surface, opacity: 0.85, borderpad: 2,
      font: { size: 13, color: colour(index) },
    }))
    const quiet = { showgrid: false, showticklabels: false, zeroline: false }
    react(scene, this.plot, traces, {
      margin: { l: 26, r: 8, t: 6, b: 24 }, hovermode: "closest", dragmode: "pan", annotations,
      xaxis: axis(scene, { ...quiet, title: this.method === "pca" ? `first direction: ${figure(100 * answer.explained[0])} % of the variance` : "t-SNE" }),
      yaxis: axis(scene, { ...quiet, title: this.method === "pca" ? `second: ${figure(100 * answer.explained[1])} %` : "", scaleanchor: this.method === "tsne" ? "x" : undefined }),
    }, this.wanted)
    this.legend.replaceChildren(...(labels.length ? groups.map(({ name }, index) => el("span", {}, el("i", { class: "lab-swatch", style: `background: ${colour(index)}` }), name)) : []))
    const where = this.layer ? `${answer.units.toLocaleString("en")} features of layer ${this.layer}, ${answer.stack}` : `${answer.units.toLocaleString("en")} pixels`
    const share = answer.agreement === null ? "" : ` · nearest neighbour on the map of the same class: ${answer.agreement.toFixed(1)} %`
    say(this.foot, `${x.length.toLocaleString("en")} held-out images · ${where} · epoch ${answer.epoch.toFixed(2)}${share}`)
    this.plot.setAttribute("aria-label", `Map of ${x.length} held-out images. ${this.foot.textContent}`)
    this.listen()
  }

  listen() {
    if (this.listening) return
    this.listening = true
    this.plot.on("plotly_hover", ({ points: [point] }) => this.point(point))
    this.plot.on("plotly_unhover", () => show(this.tip, false))
  }

  /** The image behind a mark, cut out of the sheet. */
  point({ customdata: at, xaxis, yaxis, x, y }) {
    const { sheet, columns, tile: [height, width], labels, names } = this.answer
    const [image, words] = this.tip.children
    const scale = Math.max(1, Math.round((28 * ENLARGED) / width))
    Object.assign(image.style, {
      width: `${width * scale}px`, height: `${height * scale}px`, backgroundImage: `url(${sheet})`, backgroundSize: `${columns * width * scale}px auto`,
      backgroundPosition: `${-(at % columns) * width * scale}px ${-Math.floor(at / columns) * height * scale}px`,
    })
    say(words, `${labels.length ? `${names[labels[at]]} · ` : ""}held-out image ${at + 1}`)
    show(this.tip, true)
    const left = xaxis.l2p(x) + xaxis._offset
    const top = yaxis.l2p(y) + yaxis._offset
    const box = this.plot.getBoundingClientRect()
    this.tip.style.left = `${left + 14 + this.tip.offsetWidth > box.width ? left - 14 - this.tip.offsetWidth : left + 14}px`
    this.tip.style.top = `${Math.max(0, Math.min(top - this.tip.offsetHeight / 2, box.height - this.tip.offsetHeight))}px`
  }

  drawProbe() {
    if (!this.plotly) return
    this.probe.update({
      plotly: this.plotly, run: this.data.run, checkpoint: this.data.checkpoint, addresses: this.data.addresses, theme: this.theme,
      size: `${this.node.clientWidth}`, layers: this.data.palette[this.theme].layers, colours: this.colours(),
    })
  }

  close() {
    this.resized.disconnect()
    if (this.plot.data) window.Plotly?.purge(this.plot)
    this.probe.close()
    super.close()
  }
}

function middle(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}
