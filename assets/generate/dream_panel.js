// Dreams: the chains as a grid that moves, the free energy of each as a curve, and one chain that is looked at.

/** @import { GenerateData } from "../shared/messages.js" */
/** @import { Option } from "./controls.js" */
/** @import { Scene } from "./scene.js" */

import { el, say, show } from "../shared/dom.js"
import { placesRange } from "../shared/range.js"
import { offerPicture, pictureLink, questionHead } from "../shared/tools.js"
import { ChainFrame } from "./chain_frame.js"
import { button, select } from "./controls.js"
import { DreamControls } from "./dream_controls.js"
import { EnergyPlot } from "./energy.js"
import { Player } from "./player.js"
import { WORDS } from "./words.js"

const SPEEDS = [2, 5, 10, 20] // pictures a second
const STILL = "(prefers-reduced-motion: reduce)"
const { dream: words } = WORDS

export class DreamPanel {
  /**
   * @param {GenerateData} data
   * @param {() => void} onBegun when the first picture of all is there
   */
  constructor(data, onBegun) {
    this.data = data
    this.onBegun = onBegun
    this.texts = data.texts.dream
    /** @type {number | null} */
    this.chosen = null // a chain
    /** @type {Player | null} */
    this.player = null
    /** @type {Scene | null} */
    this.scene = null
    this.controls = new DreamControls(data, {
      dream: () => this.dream(),
      onProblem: (sentence) => this.fail(sentence),
    })
    this.plot = new EnergyPlot(this.texts.energy)
    this.sheet = el("canvas", { class: "labg-sheet", role: "img", "data-testid": "labg-sheet" })
    this.sheet.onclick = (event) => this.player && this.choose(this.frame.at(event, this.player))
    this.pen = /** @type {CanvasRenderingContext2D} */ (this.sheet.getContext("2d"))
    this.heads = el("div", { class: "labg-heads", "aria-hidden": "true" })
    this.frame = new ChainFrame(this.sheet)
    this.stage = el(
      "div",
      { class: "labg-stage" },
      this.heads,
      el("div", { class: "labg-canvas" }, this.sheet, this.frame.node),
    )
    this.problem = el("p", { class: "labd-problem labg-problem", role: "alert", hidden: true })
    this.empty = el("p", { class: "labg-empty" }, this.texts.coming)
    this.where = el("p", { class: "labd-foot labg-where", "data-testid": "labg-where" })
    this.gif = el("a", { class: "lab-tool", hidden: true, download: "dream.gif" }, words.gif)
    this.png = pictureLink(words.png)
    this.pauser = button(words.pause, () => this.toggle(), { "data-testid": "labg-pause" })
    this.slider = placesRange({ class: "labd-range", "aria-label": words.picture })
    this.slider.oninput = () => this.seek(Number(this.slider.value), false)
    const speeds = SPEEDS.map((speed) => /** @type {Option} */ ([speed, words.perSecond(speed)]))
    this.speed = select("", speeds, 10, (value) => {
      if (this.player) this.player.speed = Number(value)
    })
    this.speed.box.setAttribute("aria-label", words.speed)
    this.bar = el(
      "div",
      { class: "labg-transport" },
      this.pauser,
      button(words.restart, () => this.seek(0, true)),
      this.slider,
      this.speed.node,
    )
    const left = el("div", { class: "labg-left" }, this.stage, this.empty, this.bar, this.where)
    this.node = el(
      "section",
      { class: "lab-panel labg-dream", "data-testid": "labg-dream" },
      questionHead(this.texts.help, this.gif, this.png),
      this.controls.node,
      this.controls.paper,
      this.problem,
      el("div", { class: "labg-columns" }, left, this.plot.node),
    )
    for (const part of [this.stage, this.bar, this.plot.node]) show(part, false)
  }

  get theme() {
    return this.scene?.theme ?? "light"
  }

  // -- a dream ------------------------------------------------------------------------------------------------------------

  /** The first dream, unasked: it moves at once, or where motion is not wanted its last picture comes. */
  begin() {
    this.dream()
    if (!this.player || !matchMedia(STILL).matches) return
    this.play(this.player, false)
    this.player.hurries = true
  }

  dream() {
    this.controls.adapt()
    const { problem, question } = this.controls
    if (problem) return this.fail(problem)
    this.player?.close()
    show(this.problem, false)
    this.controls.wait(true)
    const picture = (/** @type {string} */ key, /** @type {number} */ at) =>
      `${this.data.addresses.dreams}/${key}/${at}x1-${this.theme}.png`
    const player = new Player(`${this.data.addresses.ask}/dream`, question, picture, {
      onPicture: (from, image) => from === this.player && this.paint(from, image),
      onNews: (from) => from === this.player && this.news(from),
      onProblem: (sentence) => this.fail(sentence),
    })
    player.speed = Number(this.speed.box.value)
    this.player = player
    this.chosen = null
    this.play(player, true)
  }

  /** @param {string} sentence */
  fail(sentence) {
    say(this.problem, sentence)
    show(this.problem, true)
    say(this.empty, this.texts.empty)
    this.controls.wait(false)
  }

  /** @param {Player} player */
  news(player) {
    this.controls.wait(false)
    for (const part of [this.bar, this.plot.node]) show(part, true)
    this.slider.max = String(player.total - 1)
    const names = player.classes.map((label) => (label < 0 ? "" : this.data.classes[label]))
    this.heads.style.gridTemplateColumns = `repeat(${player.columns}, 1fr)`
    this.heads.replaceChildren(...names.map((name) => el("span", { title: name }, name)))
    show(this.heads, names.some(Boolean))
    this.offerFilm(player)
    this.plot.take(player, names)
    if (this.scene) this.plot.draw(this.scene, this.chosen)
  }

  /**
   * @param {Player} player
   * @param {HTMLImageElement} image
   */
  paint(player, image) {
    const { sheet, pen } = this
    if (sheet.width !== image.naturalWidth || sheet.height !== image.naturalHeight) {
      sheet.width = image.naturalWidth
      sheet.height = image.naturalHeight
    }
    show(this.stage, true)
    show(this.empty, false)
    pen.clearRect(0, 0, sheet.width, sheet.height)
    pen.drawImage(image, 0, 0)
    this.slider.value = String(player.at)
    offerPicture(
      this.png,
      `${this.data.addresses.dreams}/${player.key}/${player.at}x4-${this.theme}.png`,
      `dream-step-${player.steps[player.at]}`,
    )
    if (player.ended && player.playing) this.play(player, false)
    this.tell(player)
    this.plot.mark(player.at)
    this.frame.draw(this.chosen, player)
    this.onBegun()
    this.onBegun = () => {}
  }

  /**
   * Where the dream stands, in words.
   * @param {Player} player
   */
  tell(player) {
    const chains = player.columns * player.rows
    const mean = player.energy[player.at].reduce((sum, value) => sum + value, 0) / chains
    const planned = this.controls.settings.steps
    const total = player.steps.length >= player.total ? (player.steps.at(-1) ?? planned) : planned
    const parts = [
      words.step(player.steps[player.at], total),
      words.temperature(player.temperature[player.at]),
      words.energy(mean, this.texts.energy.sign),
      words.chains(chains),
      ...(player.pace ? [words.pace(player.pace)] : []),
    ]
    say(this.where, parts.join(" · "))
    this.sheet.setAttribute("aria-label", words.description(chains, parts.slice(0, 3)))
  }

  // -- its clock ----------------------------------------------------------------------------------------------------------

  toggle() {
    const { player } = this
    if (!player) return
    if (!player.playing && player.ended) player.seek(0)
    this.play(player, !player.playing)
  }

  /**
   * @param {number} at
   * @param {boolean} on whether it plays from there
   */
  seek(at, on) {
    const { player } = this
    if (!player) return
    this.play(player, on)
    player.seek(at)
  }

  /**
   * @param {Player} player
   * @param {boolean} on
   */
  play(player, on) {
    player.playing = on
    if (on) player.hurries = false
    say(this.pauser, on ? words.pause : words.play)
  }

  // -- one chain ----------------------------------------------------------------------------------------------------------

  /** @param {number} chain */
  choose(chain) {
    const { player, scene } = this
    if (!player) return
    this.chosen = chain === this.chosen ? null : chain
    this.frame.draw(this.chosen, player)
    this.offerFilm(player)
    if (scene) this.plot.draw(scene, this.chosen)
  }

  /**
   * The whole dream once it is there, or the chain that is chosen.
   * @param {Player} player
   */
  offerFilm(player) {
    const { chosen } = this
    const name = chosen === null ? "film" : `chain-${chosen}`
    this.gif.href = `${this.data.addresses.dreams}/${player.key}/${name}-${this.theme}.gif`
    this.gif.download = chosen === null ? "dream.gif" : `dream-chain-${chosen + 1}.gif`
    this.gif.title = chosen === null ? words.gifTitle : words.gifOfChainTitle
    say(this.gif, chosen === null ? words.gif : words.gifOfChain)
    show(this.gif, player.ready >= player.total)
  }

  /** @param {Scene} scene */
  update(scene) {
    const isFirst = this.scene === null
    const { player } = this
    const repaint = this.scene !== null && this.scene.theme !== scene.theme
    this.scene = scene
    if (repaint && player) {
      player.repaint()
      this.news(player)
    }
    this.plot.draw(scene, this.chosen)
    if (isFirst) this.begin()
    if (player && player.at >= 0) this.frame.draw(this.chosen, player)
  }

  close() {
    this.player?.close()
    this.plot.close()
  }
}
