// Dreams: what to dream, the chains as a grid that moves, the free energy of each as a curve.

import { DrawingBoard, uploader } from "./board.js"
import { ChainFrame } from "./chain_frame.js"
import { button, number, select } from "./controls.js"
import { el, offerPicture, pictureLink, say, show } from "./dom.js"
import { EnergyPlot, minus } from "./energy.js"
import { help } from "./help.js"
import { Player } from "./player.js"

const SPEEDS = [[2, "2 pictures/s"], [5, "5 pictures/s"], [10, "10 pictures/s"], [20, "20 pictures/s"]]
const STEPS = [20, 50, 100, 200, 500, 1000, 2000, 5000]

export class DreamPanel {
  constructor(data) {
    this.data = data
    this.texts = data.texts.dream
    this.chosen = null // a chain
    this.drawing = null // base64
    const { labels, columns, classes } = data
    this.settings = {
      rows: 5, steps: 200, start: "noise", label: labels && classes.length === columns ? "each" : "free",
      temperature: 1, start_temperature: 1, keep: "none", number: 0, seed: 0,
    }
    this.plot = new EnergyPlot(this.texts.energy, (chain) => this.choose(chain))
    this.build()
  }

  // -- what is there ----------------------------------------------------------------------------------------------------

  build() {
    this.sheet = el("canvas", { class: "labg-sheet", role: "img", "data-testid": "labg-sheet" })
    this.sheet.onclick = (event) => this.choose(this.frame.at(event, this.player))
    this.heads = el("div", { class: "labg-heads", "aria-hidden": "true" })
    this.frame = new ChainFrame(this.sheet)
    this.stage = el("div", { class: "labg-stage" }, this.heads, el("div", { class: "labg-canvas" }, this.sheet, this.frame.node))
    this.problem = el("p", { class: "labd-problem labg-problem", role: "alert", hidden: true })
    this.empty = el("p", { class: "labg-empty" }, this.texts.empty)
    this.where = el("p", { class: "labd-foot labg-where", "data-testid": "labg-where" })
    const left = el("div", { class: "labg-left" }, this.stage, this.empty, this.transport(), this.where)
    this.node = el(
      "section",
      { class: "lab-panel labg-dream", "data-testid": "labg-dream" },
      el("div", { class: "lab-head" },
        el("h3", { class: "lab-title" }, this.texts.help.question),
        el("span", { class: "lab-tools" }, this.gif = el("a", { class: "lab-tool", hidden: true, download: "dream.gif" }, "gif"), this.png = pictureLink("This moment as PNG"), ...help(this.texts.help))),
      this.controls(),
      this.sketch(),
      this.problem,
      el("div", { class: "labg-columns" }, left, this.plot.node),
    )
    for (const part of [this.stage, this.bar, this.plot.node]) show(part, false)
  }

  controls() {
    const { settings: now, texts, data } = this
    const set = (key, convert = String) => (value) => {
      now[key] = convert(value)
      this.adapt()
    }
    const labels = [["free", "free"], ...(data.classes.length === data.columns ? [["each", "each class a column"]] : []),
      ...data.classes.map((name, index) => [index, `all ${name}`])]
    this.label = select("Label", labels, now.label, set("label", (text) => (/^\d+$/.test(text) ? Number(text) : text)), texts.tips.label)
    this.label.box.disabled = !data.labels
    if (!data.labels) this.label.node.title = texts.tips.no_labels
    this.start = select("Start from", [["noise", "noise"], ["images", "held-out images"], ["drawing", "a drawing"]], now.start, set("start"), texts.tips.start)
    this.keep = select("Keep", [["none", "nothing"], ["left", "the left half"], ["right", "the right half"], ["top", "the upper half"], ["bottom", "the lower half"]], now.keep, (value) => {
      now.keep = value
      if (value !== "none" && now.start === "noise") this.start.box.value = now.start = "images"
      this.adapt()
    }, texts.tips.keep)
    const hot = (value) => {
      now.start_temperature = value
      this.adapt()
    }
    const temperature = number("Temperature", { min: 0.1, max: 10, step: 0.1, value: 1 }, (value) => {
      now.temperature = value
      if (now.start_temperature < value) this.hot.box.value = now.start_temperature = value
    }, texts.tips.temperature)
    this.hot = number("Cooling from", { min: 0.1, max: 10, step: 0.1, value: 1 }, (value) => {
      hot(Math.max(value, now.temperature))
      this.hot.box.value = now.start_temperature
    }, texts.tips.start_temperature)
    const rows = select("Rows", Array.from({ length: 10 }, (_, at) => [at + 1, `${at + 1}`]), now.rows, set("rows", Number), texts.tips.rows)
    const steps = select("Gibbs steps", STEPS.map((count) => [count, count.toLocaleString("en")]), now.steps, set("steps", Number), texts.tips.steps)
    this.seed = number("Seed", { min: 0, max: 2 ** 31 - 1, step: 1, value: 0 }, (value) => { now.seed = value }, texts.tips.seed)
    this.other = button("Other images", () => {
      now.number += 1
      this.dream()
    }, { title: texts.tips.other })
    this.go = button("Dream", () => this.dream(), { "data-testid": "labg-go", class: "labd-button labg-primary" })
    this.caution = el("p", { class: "labd-foot labg-caution" })
    const row = el("div", { class: "labg-controls" }, this.start.node, this.label.node, this.keep.node, steps.node, temperature.node, this.hot.node, rows.node, this.seed.node,
      el("span", { class: "labg-buttons" }, this.go, button("Other seed", () => {
        now.seed += 1
        this.seed.box.value = now.seed
        this.dream()
      }, { title: texts.tips.other_seed }), this.other))
    const whole = el("div", {}, row, this.caution)
    queueMicrotask(() => this.adapt())
    return whole
  }

  sketch() {
    const drawn = (picture) => {
      this.drawing = picture
      this.dream()
    }
    this.board = new DrawingBoard({ label: "Draw here", onChange: (board, finished) => finished && !board.isEmpty && drawn(board.picture()) })
    const file = uploader("Upload a picture", this.data.most_bytes, drawn, (sentence) => this.fail(sentence))
    this.paper = el("div", { class: "labg-paper", hidden: true }, this.board.node, el("div", {}, el("p", { class: "labd-foot" }, this.texts.drawing), file))
    return this.paper
  }

  transport() {
    this.pauser = button("Pause", () => this.toggle(), { "data-testid": "labg-pause" })
    this.slider = el("input", { type: "range", class: "labd-range", min: 0, max: 0, value: 0, "aria-label": "Picture of the dream" })
    this.slider.oninput = () => {
      this.play(false)
      this.player.seek(Number(this.slider.value))
    }
    this.speed = select("", SPEEDS, 10, (value) => { if (this.player) this.player.speed = Number(value) })
    this.speed.box.setAttribute("aria-label", "Speed")
    this.bar = el("div", { class: "labg-transport" }, this.pauser,
      button("Restart", () => {
        this.player.seek(0)
        this.play(true)
      }), this.slider, this.speed.node)
    return this.bar
  }

  /** Controls that follow from others. */
  adapt() {
    const { start, keep } = this.settings
    show(this.paper, start === "drawing")
    show(this.other, start === "images")
    const sentence = keep === "none" ? "" : this.data.deep ? this.texts.keep_deep : this.texts.keep_exact
    say(this.caution, sentence)
    show(this.caution, Boolean(sentence))
  }

  // -- what happens -----------------------------------------------------------------------------------------------------

  dream() {
    const { settings } = this
    this.adapt()
    if (settings.start === "drawing" && !this.drawing) return this.fail(this.texts.no_drawing)
    if (settings.start === "noise" && settings.keep !== "none") return this.fail(this.texts.no_image)
    this.player?.close()
    show(this.problem, false)
    this.go.disabled = true
    say(this.go, "Dreaming…")
    const question = { checkpoint: this.data.checkpoint, settings: { ...settings } }
    if (settings.start === "drawing") question.drawing = this.drawing
    const picture = (key, at) => `${this.data.addresses.dreams}/${key}/${at}x1-${this.scene.theme}.png`
    this.player = new Player(`${this.data.addresses.ask}/dream`, question, picture, {
      onPicture: (player) => player === this.player && this.paint(),
      onNews: (player) => player === this.player && this.news(),
      onProblem: (sentence) => this.fail(sentence),
    })
    this.player.speed = Number(this.speed.box.value)
    this.chosen = null
    this.play(true)
    return undefined
  }

  fail(sentence) {
    say(this.problem, sentence)
    show(this.problem, true)
    this.rest()
  }

  rest() {
    this.go.disabled = false
    say(this.go, "Dream")
  }

  news() {
    const { player } = this
    this.rest()
    for (const part of [this.stage, this.bar, this.plot.node]) show(part, true)
    show(this.empty, false)
    this.slider.max = player.total - 1
    const names = player.classes.map((label) => (label < 0 ? "" : this.data.classes[label]))
    this.heads.style.gridTemplateColumns = `repeat(${player.columns}, 1fr)`
    this.heads.replaceChildren(...names.map((name) => el("span", { title: name }, name)))
    show(this.heads, names.some(Boolean))
    this.offerFilm()
    this.plot.take(player, names)
    this.plot.draw(this.scene, this.chosen)
  }

  paint() {
    const { player, sheet } = this
    const image = player.images.get(player.at)
    if (sheet.width !== image.naturalWidth || sheet.height !== image.naturalHeight) {
      sheet.width = image.naturalWidth
      sheet.height = image.naturalHeight
    }
    const context = sheet.getContext("2d")
    context.clearRect(0, 0, sheet.width, sheet.height)
    context.drawImage(image, 0, 0)
    this.slider.value = player.at
    offerPicture(this.png, `${this.data.addresses.dreams}/${player.key}/${player.at}x4-${this.scene.theme}.png`, `dream-step-${player.steps[player.at]}`)
    if (player.ended && this.pauser.textContent !== "Play") this.play(false)
    this.tell()
    this.plot.mark(player.at)
    this.frame.draw(this.chosen, this.player)
  }

  /** Where the dream stands, in words. */
  tell() {
    const { player } = this
    const chains = player.columns * player.rows
    const mean = player.energy[player.at].reduce((sum, value) => sum + value, 0) / chains
    const total = player.steps.length >= player.total ? player.steps.at(-1) : this.settings.steps
    const parts = [
      `Gibbs step ${player.steps[player.at].toLocaleString("en")} of ${total.toLocaleString("en")}`,
      `temperature ${player.temperature[player.at].toFixed(2)}`,
      `mean free energy ${minus(mean.toFixed(1))} nats`,
      `${chains} chains`,
      ...(player.pace ? [`a worker makes ${Math.round(player.pace).toLocaleString("en")} steps/s of all of them`] : []),
    ]
    say(this.where, parts.join(" · "))
    this.sheet.setAttribute("aria-label", `${chains} chains of a dream, ${parts.slice(0, 3).join(", ")}`)
  }

  toggle() {
    const { player } = this
    if (!player.playing && player.ended) player.seek(0)
    this.play(!player.playing)
  }

  play(on) {
    this.player.playing = on
    say(this.pauser, on ? "Pause" : "Play")
  }

  // -- one chain --------------------------------------------------------------------------------------------------------

  choose(chain) {
    this.chosen = chain === this.chosen ? null : chain
    this.frame.draw(this.chosen, this.player)
    this.offerFilm()
    this.plot.draw(this.scene, this.chosen)
  }

  /** The whole dream once it is there, or the chain that is chosen. */
  offerFilm() {
    const { player, chosen } = this
    const name = chosen === null ? "film" : `chain-${chosen}`
    this.gif.href = `${this.data.addresses.dreams}/${player.key}/${name}-${this.scene.theme}.gif`
    this.gif.download = chosen === null ? "dream.gif" : `dream-chain-${chosen + 1}.gif`
    this.gif.title = chosen === null ? "All chains as GIF" : "This chain as GIF"
    say(this.gif, chosen === null ? "gif" : "gif of the chain")
    show(this.gif, player.ready >= player.total)
  }

  update(scene) {
    const repaint = this.scene && this.scene.theme !== scene.theme
    this.scene = scene
    if (repaint && this.player) {
      this.player.repaint()
      this.news()
    }
    this.plot.draw(scene, this.chosen)
    if (this.player?.at >= 0) this.frame.draw(this.chosen, this.player)
  }

  close() {
    this.player?.close()
    this.plot.close()
  }
}
