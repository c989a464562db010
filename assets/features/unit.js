// One unit's life: its film, its figures over time, the images that excite it, its parts and the wholes that use it.

import { figure, Histogram, Line } from "./bars.js"
import { el, say, show } from "./dom.js"
import { json } from "./fetching.js"
import { help } from "./help.js"
import { enlargement } from "./images.js"
import { atOrBefore, nearest } from "./timeline.js"

const TILE = 84 // px of the unit's own picture
const REST = 500 // ms the scrubber has to rest before a worker is asked
const GAP = 1

/** What no eye can tell from 0 or 1 is not spelled out. */
function probability(value) {
  if (value > 0 && value < 0.001) return "below 0.001"
  return value < 1 && value > 0.999 ? "above 0.999" : figure(value)
}

export class UnitLife {
  /** `host` offers `pick(depth, unit)`, `close()`, `goTo(step)`, `ask(body, done)`. */
  constructor(texts, host) {
    this.texts = texts
    this.host = host
    this.answers = new Map()
    this.timer = 0
    this.build()
  }

  build() {
    this.title = el("h3", { class: "lab-title", tabindex: -1, "data-testid": "labf-unit-title" })
    this.portrait = el("canvas", { class: "labf-portrait", width: TILE * 2, height: TILE * 2, role: "img" })
    this.back = el("button", { type: "button", class: "lab-tool", onclick: () => this.step(-1) }, "‹ previous")
    this.on = el("button", { type: "button", class: "lab-tool", onclick: () => this.step(1) }, "next ›")
    this.csv = el("a", { class: "lab-tool", download: "", "aria-label": "Download this unit's figures as CSV" }, "csv")
    const shut = el("button", { type: "button", class: "lab-tool", "aria-label": "Close this unit", onclick: () => this.host.close() }, "✕")
    this.film = el("div", { class: "labf-film", "data-testid": "labf-film" })
    this.filmNote = el("p", { class: "labf-about" })
    this.lines = { norm: new Line("Norm", ""), bias: new Line("Bias", ""), activity: new Line("Mean activity", " %", 100) }
    this.most = el("img", { class: "labf-images", "data-testid": "labf-most" })
    this.least = el("img", { class: "labf-images" })
    this.mostNote = el("p", { class: "labf-about" })
    this.leastNote = el("p", { class: "labf-about" })
    this.histogram = new Histogram("Its activity", "p(h = 1 | v)", "this unit's activity")
    this.parts = el("div", { class: "labf-parts", "data-testid": "labf-parts" })
    this.wholes = el("div", { class: "labf-parts", "data-testid": "labf-wholes" })
    this.status = el("p", { class: "labf-about labf-status", role: "status", "data-testid": "labf-unit-status" })
    this.button = el("button", { type: "button", class: "labf-ask", hidden: true, onclick: () => this.askNow() }, "Ask a worker")
    this.images = el("div", { class: "labf-excites" },
      this.column("Excites it most", this.most, this.mostNote), this.column("Excites it least", this.least, this.leastNote))
    this.answer = el("div", { class: "labf-answer" },
      this.section("excites", this.images), this.section("activity", this.histogram.node))
    this.partsSection = this.section("parts", this.parts)
    this.wholesSection = this.section("wholes", this.wholes)
    this.node = el(
      "section",
      { class: "labf-life lab-panel", hidden: true, "data-testid": "labf-unit", "aria-label": "One unit's life" },
      el("div", { class: "lab-head" }, this.title, el("span", { class: "lab-tools" }, this.back, this.on, this.csv, shut)),
      el("div", { class: "labf-life-top" }, this.portrait, this.section("film", el("div", {}, this.film, this.filmNote))),
      this.section("figures", el("div", { class: "labf-lines" }, ...Object.values(this.lines).map((line) => line.node))),
      el("div", { class: "labf-asked" }, this.status, this.button),
      this.answer,
      this.partsSection,
      this.wholesSection,
    )
  }

  column(title, ...children) {
    return el("div", {}, el("h5", {}, title), ...children)
  }

  section(name, body) {
    const [button, panel] = help(this.texts[name])
    const head = el("div", { class: "labf-section-head" }, el("h4", {}, this.texts[name].question), button, panel)
    return el("div", { class: `labf-section labf-section-${name}` }, head, body)
  }

  // -- which unit -------------------------------------------------------------------------------------------------------

  /** Show the scene's selected unit, or nothing. */
  update(scene) {
    this.scene = scene
    const { selected } = scene
    show(this.node, Boolean(selected))
    if (!selected) {
      this.key = null
      clearTimeout(this.timer)
      return
    }
    const layer = scene.timeline.layers[selected.depth - 1]
    const key = `${scene.address} ${selected.depth} ${selected.unit}`
    if (this.key !== key) this.change(key, layer, selected)
    this.layer = layer
    this.drawFilm()
    this.fetchHistory()
    this.move()
  }

  change(key, layer, { unit }) {
    this.key = key
    this.unit = unit
    this.history = null
    this.cursor = 0
    this.filmKey = null
    this.shown = null
    this.asked = null
    for (const line of Object.values(this.lines)) line.clear()
    this.clearAnswer()
    say(this.title, `Unit ${unit} of ${layer.label}`)
    this.node.setAttribute("aria-label", `Life of unit ${unit} of ${layer.label}`)
    this.back.disabled = unit <= 0
    this.on.disabled = unit >= layer.units - 1
    this.csv.href = `${this.scene.address}/unit/${layer.stage}/${unit}.csv`
  }

  step(by) {
    this.host.pick(this.scene.selected.depth, this.unit + by)
  }

  /** Only the moment has changed. */
  move() {
    const { scene, layer } = this
    const { step, timeline } = scene
    this.drawPortrait()
    const pictures = layer.film.map((place) => layer.pictures.step[place])
    const here = atOrBefore(pictures, step)
    ;[...this.film.querySelectorAll("button")].forEach((frame, at) => frame.setAttribute("aria-current", String(at === here)))
    if (this.history) {
      const place = nearest(this.history.step, step)
      for (const line of Object.values(this.lines)) line.at(place)
    }
    this.wantAnswer(timeline.checkpoint(step, layer.depth))
  }

  // -- pictures -----------------------------------------------------------------------------------------------------------

  drawPortrait() {
    if (!this.layer) return
    const found = this.scene.tileOf(this.layer.depth, this.unit)
    show(this.portrait, Boolean(found))
    if (!found) return
    const pen = this.portrait.getContext("2d")
    const size = TILE * 2
    pen.clearRect(0, 0, size, size)
    pen.imageSmoothingEnabled = false
    pen.drawImage(found.image, found.x, found.y, found.width, found.height, 0, 0, size, size)
    this.portrait.setAttribute("aria-label", `Unit ${this.unit} at this moment, enlarged`)
  }

  drawFilm() {
    const { layer, scene } = this
    const filmed = this.unit < layer.shown && layer.film.length > 0
    show(this.film, filmed)
    if (!filmed) {
      say(this.filmNote, layer.film.length ? `Pictures are kept of the first ${layer.shown} units only; the figures and images below are this unit's.` : "No pictures were kept.")
      return
    }
    const { options, theme } = scene
    const places = layer.film
    const ids = places.map((place) => layer.pictures.id[place])
    const natural = ids.length * (layer.width + GAP) - GAP
    const wide = Math.min(this.film.parentElement.clientWidth || 800, ids.length * 72)
    const contrast = options.contrast === "run" ? "shared" : "each"
    const url = `${scene.address}/film/${ids.join("-")}/${this.unit}x${enlargement(wide, natural)}-${options.scheme}-${contrast}-${theme}.png`
    this.film.style.width = `${wide}px`
    if (this.filmKey === url) return
    this.filmKey = url
    scene.images.want(url).then((image) => this.filmKey === url && this.layFilm(image, places), () => {
      if (this.filmKey === url) this.filmKey = null
    })
    const epochs = places.map((place) => layer.pictures.epoch[place])
    say(this.filmNote, `${ids.length} moments from epoch ${figure(epochs[0])} to ${epochs.at(-1).toFixed(2)}, even in log(update) · ${contrast === "shared" ? "one scale for all" : "every moment its own scale"}`)
  }

  layFilm(image, places) {
    const { layer } = this
    image.alt = `Film of unit ${this.unit}: its filter at ${places.length} moments`
    image.className = "labf-film-picture"
    const frames = places.map((place) => {
      const label = `epoch ${layer.pictures.epoch[place].toFixed(2)}, update ${layer.pictures.step[place]}`
      return el("button", { type: "button", class: "labf-film-frame", title: label, "aria-label": `Go to ${label}`, onclick: () => this.host.goTo(layer.pictures.step[place]) })
    })
    this.film.replaceChildren(image, el("div", { class: "labf-film-grid", style: `grid-template-columns: repeat(${places.length}, 1fr)` }, ...frames))
    this.move()
  }

  // -- figures over time ---------------------------------------------------------------------------------------------------

  async fetchHistory() {
    const newest = this.layer.frames.id.at(-1) ?? 0
    if (newest <= this.cursor || this.fetching === this.key) return
    const { key, layer, unit, cursor } = this
    this.fetching = key
    try {
      const more = await json(`${this.scene.address}/unit/${layer.stage}/${unit}.json?after=${cursor}`)
      if (this.key !== key) return
      this.cursor = more.id.at(-1) ?? newest
      this.history ??= { step: [], epoch: [], norm: [], bias: [], activity: [] }
      for (const name of Object.keys(this.history)) this.history[name].push(...more[name])
      for (const [name, line] of Object.entries(this.lines)) if (this.history.epoch.length) line.draw(this.history.epoch, this.history[name])
      this.move()
    } catch (error) {
      if (this.key === key) say(this.status, error.message)
    } finally {
      if (this.fetching === key) this.fetching = null
    }
  }

  // -- what a worker says -----------------------------------------------------------------------------------------------

  wantAnswer(checkpoint) {
    const { scene } = this
    clearTimeout(this.timer)
    if (!checkpoint) {
      this.clearAnswer()
      say(this.status, "No state of the network was kept since this layer began, so no worker can say what excites this unit.")
      show(this.button, false)
      return
    }
    const key = `${checkpoint.id} ${this.layer.depth} ${this.unit} ${scene.theme} ${scene.address}`
    const known = this.answers.get(key)
    if (known) return this.draw(key, known)
    this.wanted = { key, checkpoint }
    if (this.asked === key) return
    if (!scene.touched() || (scene.following() && this.shown)) {
      say(this.status, this.shown ? this.said : `Which images excite it, and what it is made of, a worker can tell for epoch ${checkpoint.epoch.toFixed(2)}.`)
      show(this.button, true)
      return
    }
    show(this.button, false)
    say(this.status, `Asking a worker about epoch ${checkpoint.epoch.toFixed(2)}…`)
    this.timer = setTimeout(() => this.ask(key, checkpoint), this.shown ? REST : 0)
  }

  askNow() {
    if (this.wanted) this.ask(this.wanted.key, this.wanted.checkpoint)
  }

  ask(key, checkpoint) {
    this.asked = key
    show(this.button, false)
    say(this.status, `A worker looks at the training images with the network of epoch ${checkpoint.epoch.toFixed(2)}…`)
    const body = { checkpoint: checkpoint.id, layer: this.layer.depth, unit: this.unit, theme: this.scene.theme }
    this.host.ask(body, (answer, problem) => {
      if (answer) this.answers.set(key, answer)
      if (this.asked !== key) return
      this.asked = null
      if (answer) return this.draw(key, answer)
      say(this.status, problem)
      say(this.button, "Try again")
      show(this.button, true)
      this.asked = key // not again by itself
    })
  }

  draw(key, answer) {
    show(this.button, false)
    this.said = `What follows is of epoch ${answer.epoch.toFixed(2)}, the nearest state that was kept; ${answer.cases.toLocaleString("en")} training images.`
    say(this.status, this.said)
    if (this.shown === key) return
    this.shown = key
    for (const [name, image, note] of [["most", this.most, this.mostNote], ["least", this.least, this.leastNote]]) {
      image.src = answer[name].picture
      image.alt = `The 16 training images that excite unit ${this.unit} ${name}`
      say(note, `p from ${probability(answer[name].from)} to ${probability(answer[name].to)}`)
    }
    this.histogram.draw(answer.histogram, 0, 1)
    show(this.answer, true)
    const { depth } = this.layer
    this.parts.replaceChildren(...(answer.parts ?? []).map((part) => this.part(depth - 1, part, el("img", { src: part.picture, alt: "" }))))
    this.wholes.replaceChildren(...(answer.wholes ?? []).map((whole) => this.part(depth + 1, whole, this.wholePicture(depth + 1, whole.unit))))
    show(this.partsSection, Boolean(answer.parts?.length))
    show(this.wholesSection, Boolean(answer.wholes?.length))
  }

  part(depth, { unit, weight }, picture) {
    const sign = weight < 0 ? "−" : "+"
    return el("button", { type: "button", class: "labf-part", "data-sign": sign, "data-unit": unit, "aria-label": `Unit ${unit} of layer ${depth}, weight ${figure(weight)}`, onclick: () => this.host.pick(depth, unit) },
      picture, el("span", {}, `${unit}`), el("span", { class: "labf-weight" }, `${sign}${Math.abs(weight).toPrecision(2)}`))
  }

  wholePicture(depth, unit) {
    const layer = this.scene.timeline.layers[depth - 1]
    const place = nearest(layer.pictures.step, this.scene.step)
    if (unit >= layer.shown || place < 0) return el("span", { class: "labf-nopicture" }, "not drawn")
    const { options, theme, address } = this.scene
    return el("img", { src: `${address}/film/${layer.pictures.id[place]}/${unit}x2-${options.scheme}-each-${theme}.png`, alt: "" })
  }

  clearAnswer() {
    this.shown = null
    show(this.answer, false)
    show(this.partsSection, false)
    show(this.wholesSection, false)
    show(this.button, false)
    say(this.button, "Ask a worker")
    say(this.status, "")
  }

  clear() {
    this.key = null
    this.answers.clear()
    clearTimeout(this.timer)
    show(this.node, false)
  }
}
