// What shows the scrubber's moment: the layers, one unit's life, the curves, the histograms and the article's table.

/** @import { FeaturesData, Film, LayerFrame } from "../shared/messages.js" */
/** @import { ChartScene } from "../shared/scene.js" */
/** @import { Host as HostOfLayer } from "./layers.js" */
/** @import { Frame, Scene } from "./scene.js" */
/** @import { Host as HostOfUnit } from "./unit.js" */

import { el } from "../shared/dom.js"
import { Article } from "./article.js"
import { Curves } from "./curves.js"
import { Histograms } from "./histograms.js"
import { LayerRow } from "./layer_row.js"
import { UnitLife } from "./unit.js"

const WIDE = 640 // px from which one layer stands beside the curves
const MEASURED = ["localisation", "scale"] // charts of what is measured on the pictures themselves

export class Panels {
  /**
   * @param {FeaturesData} data
   * @param {HostOfLayer & HostOfUnit & { goToEpoch(epoch: number): void }} host
   */
  constructor({ texts, charts, addresses }, host) {
    this.side = 400 // px of a layer's picture
    this.fitted = "" // sizes for which it was drawn
    this.layers = new LayerRow(texts.layer, host)
    this.life = new UnitLife(texts, host)
    this.curves = new Curves(charts, addresses.csv, (epoch) => host.goToEpoch(epoch))
    this.histograms = new Histograms(texts.histograms)
    this.article = new Article(texts.article)
    this.nodes = [
      this.layers.node,
      this.life.node,
      el(
        "div",
        { class: "labf-numbers" },
        this.curves.node,
        el("div", { class: "labf-side" }, this.histograms.node, this.article.node),
      ),
    ]
  }

  /**
   * Of another run: its layers, and where its numbers lie.
   * @param {FeaturesData} data
   */
  change({ panels, addresses: { csv, features } }) {
    this.life.clear()
    this.histograms.clear()
    this.article.clear()
    this.curves.clear()
    for (const chart of this.curves.charts)
      chart.setCsv(MEASURED.includes(chart.spec.key) ? `${features}/measures.csv` : csv)
    this.layers.lay(panels)
  }

  /**
   * @param {Scene} scene
   * @param {Frame | null} frame of diagnostics
   * @param {LayerFrame | null} numbers of it
   * @param {Pick<Film, "article" | "verdict" | "found"> | null} film
   */
  update(scene, frame, numbers, film) {
    this.layers.update(scene, film?.found ?? [])
    this.life.update(scene)
    this.histograms.update(frame, numbers)
    this.curves.mark(scene.epoch)
    if (film) this.article.update(scene, film.article, film.verdict)
  }

  /** @param {ChartScene} scene */
  drawCurves(scene) {
    const planned = [...MEASURED, ...scene.stages.flatMap((stage) => stage.charts)]
    this.curves.select(this.curves.charts.filter((chart) => planned.includes(chart.spec.key)))
    this.curves.draw(scene)
  }

  /**
   * One layer stands beside the curves where there is room; several stand side by side above them.
   * @param {number} width px
   */
  isBeside(width) {
    return this.layers.length === 1 && width >= WIDE
  }

  /**
   * Whether sizes have changed since this was asked last, and whether the layers' pictures have.
   * @param {number} width px
   */
  measure(width) {
    const { side } = this.layers
    const { clientWidth, clientHeight } = this.curves.node
    const key = `${width} ${side} ${clientWidth} ${clientHeight}`
    const isNew = key !== this.fitted
    const isNewSide = isNew && side !== null && side !== this.side
    this.fitted = key
    if (isNewSide) this.side = side
    return { isNew, isNewSide }
  }

  close() {
    this.life.close()
    this.layers.close()
    this.curves.close()
  }
}
