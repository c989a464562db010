// The free energy of every chain over its Gibbs steps: thin lines, the mean and a chosen chain in colour.

/** @import { GenerateData } from "../shared/messages.js" */
/** @import { Settings } from "../shared/scene.js" */
/** @import { Player } from "./player.js" */
/** @import { Scene } from "./scene.js" */

import { el, say } from "../shared/dom.js"
import { axis, figure, plotArea, purge, react } from "../shared/plotting.js"
import { questionHead } from "../shared/tools.js"
import { WORDS } from "./words.js"

const { energy: words } = WORDS

export class EnergyPlot {
  /** @param {GenerateData["texts"]["dream"]["energy"]} texts */
  constructor(texts) {
    this.texts = texts
    this.plot = plotArea({ class: "lab-plot", "data-testid": "labg-energy" })
    this.cursor = el("div", { class: "labg-cursor", hidden: true })
    this.foot = el("p", { class: "labd-foot" }, texts.empty)
    this.node = el(
      "div",
      { class: "labg-right" },
      questionHead(texts.help),
      el("div", { class: "labg-plot" }, this.plot, this.cursor),
      this.foot,
    )
    /** @type {number[]} */
    this.steps = []
    /** @type {number[][]} */
    this.energy = [] // by picture, of every chain
    this.columns = 0
    /** @type {string[]} */
    this.names = [] // of the columns
    this.place = 0 // where the dream stands
  }

  /**
   * @param {Player} player
   * @param {string[]} names
   */
  take(player, names) {
    this.steps = player.steps
    this.energy = player.energy
    this.columns = player.columns
    this.names = names
  }

  /**
   * @param {Scene} scene
   * @param {number | null} chosen
   */
  draw(scene, chosen) {
    const { steps, energy } = this
    const { plotly, colours } = scene
    const last = steps.at(-1)
    if (last === undefined || !plotly) return
    const chains = energy[0].length
    /** @type {{ x: (number | null)[], y: (number | null)[] }} */
    const thin = { x: [], y: [] } // one line with gaps: a line each would be slow to draw
    for (let chain = 0; chain < chains; chain += 1) {
      thin.x.push(...steps, null)
      thin.y.push(...energy.map((row) => row[chain]), null)
    }
    const mean = energy.map((row) => row.reduce((sum, value) => sum + value, 0) / chains)
    /** @type {(name: string, y: number[], colour: string, width: number) => Settings} */
    const line = (name, y, colour, width) => ({
      type: "scatter",
      mode: "lines",
      x: steps,
      y,
      name,
      line: { color: colour, width },
      hovertemplate: `${name}  <b>%{y:.1f} ${this.texts.sign}</b><extra></extra>`,
    })
    const traces = [
      {
        type: "scatter",
        mode: "lines",
        ...thin,
        line: { color: colours.muted, width: 0.6 },
        opacity: 0.35,
        hoverinfo: "skip",
      },
      line(words.mean, mean, scene.layers[0], 2.5),
      ...(chosen === null
        ? []
        : [
            line(
              this.name(chosen),
              energy.map((row) => row[chosen]),
              scene.layers[1],
              2,
            ),
          ]),
    ]
    react(
      { plotly, colours },
      this.plot,
      traces,
      {
        xaxis: axis(scene, {
          title: words.step,
          range: [0, Math.max(1, last)],
          nticks: 7,
          unifiedhovertitle: { text: words.heldStep },
        }),
        yaxis: axis(scene, { title: this.texts.axis, nticks: 6, tickformat: "~g" }),
      },
      "free energy",
    )
    const { sign } = this.texts
    const about = words.about(chains, figure(mean[0]), figure(mean.at(-1)), sign, last)
    const own = chosen === null ? words.choose : words.own(this.name(chosen), figure(energy.at(-1)?.[chosen]), sign)
    say(this.foot, `${about}; ${own}`)
    this.plot.setAttribute("aria-label", `${about}; ${own}`)
    this.mark(this.place)
  }

  /** @param {number} chain */
  name(chain) {
    const [row, column] = [Math.floor(chain / this.columns), chain % this.columns]
    const label = this.names[column]
    return label ? words.chainOfClass(row + 1, label) : words.chain(row + 1, column + 1)
  }

  /**
   * An upright line where the dream stands: an element, since redrawing the plot ten times a second would cost.
   * @param {number} at
   */
  mark(at) {
    this.place = at
    const layout = this.plot._fullLayout
    if (!layout?.xaxis?.l2p || !(at < this.steps.length)) return
    this.cursor.hidden = false
    const x = layout.xaxis._offset + layout.xaxis.l2p(this.steps[at])
    Object.assign(this.cursor.style, {
      transform: `translateX(${x}px)`,
      top: `${layout.yaxis._offset}px`,
      height: `${layout.yaxis._length}px`,
    })
  }

  close() {
    purge(this.plot)
  }
}
