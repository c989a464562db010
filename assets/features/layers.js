// One layer: its mosaic at the scrubber's moment, with a grid of invisible buttons above it, one a unit.

import { el, offerPicture, pictureLink, say, show } from "./dom.js"
import { help } from "./help.js"
import { enlargement } from "./images.js"

const COLUMNS = 10
const GAP = 1 // px between tiles of the picture, before enlarging
export const LINEAR = "linear combination"
const PROJECTIONS = [LINEAR, "activation maximisation", "clamp and sample down"]
const TUNING = ["up-down", "classifier"] // stages of which pictures are kept of the first layer only
const REST = 450 // ms the scrubber has to rest before a worker is asked

export class Layer {
  /** `host` offers `pick(depth, unit)`, `choose()`, `drawn(depth)`, `project(depth, projection, checkpoint, done)`. */
  constructor(depth, panel, texts, host) {
    this.depth = depth
    this.panel = panel
    this.host = host
    this.projection = LINEAR
    this.problem = ""
    this.asked = ""
    this.timer = 0
    this.order = null
    this.build(texts)
  }

  build(texts) {
    const [button, panel] = help(texts)
    this.png = pictureLink(`Download layer ${this.depth} on the screen as PNG`)
    this.title = el("h3", { class: "lab-title" }, this.name)
    this.chooser = el("select", { class: "labf-select", "aria-label": `Projection of layer ${this.depth}`, "data-testid": `labf-projection-${this.depth}` },
      ...PROJECTIONS.map((name) => el("option", { value: name }, name)))
    this.chooser.onchange = () => this.choose(this.chooser.value)
    this.picture = el("div", { class: "labf-picture" })
    this.grid = el("div", { class: "labf-grid", role: "group", "aria-label": `Units of layer ${this.depth}; arrow keys move, Enter opens` })
    this.grid.onclick = (event) => this.clicked(event)
    this.grid.onkeydown = (event) => this.key(event)
    this.message = el("p", { class: "labf-message", role: "status" })
    this.button = el("button", { type: "button", class: "labf-ask", hidden: true, onclick: () => this.askNow() }, "Compute it")
    this.empty = el("div", { class: "labf-empty" }, el("span", { class: "labf-spinner", "aria-hidden": "true" }), this.message, this.button)
    this.frame = el("div", { class: "labf-frame" }, this.picture, this.grid, this.empty)
    this.bar = el("span", { class: "lab-ramp", role: "img" })
    this.low = el("span")
    this.high = el("span")
    this.about = el("span", { class: "labf-about", "data-testid": `labf-about-${this.depth}` })
    this.legend = el("span", { class: "lab-legend-bar" }, this.low, this.bar, this.high)
    this.node = el(
      "figure",
      { class: "labf-layer lab-panel", "aria-label": `Filters of ${this.panel.label}`, "data-testid": `labf-layer-${this.depth}` },
      el("div", { class: "lab-head" }, this.title, el("span", { class: "lab-tools" }, this.isDeep ? this.chooser : "", this.png, button, panel)),
      this.frame,
      el("figcaption", { class: "lab-caption" }, this.legend, this.about),
    )
  }

  get name() {
    return this.panel.label[0].toUpperCase() + this.panel.label.slice(1)
  }

  /** A layer of the DBN above the first: its units reach the image in several ways. */
  get isDeep() {
    return this.panel.depth > 1
  }

  get isLinear() {
    return this.projection === LINEAR
  }

  choose(projection) {
    this.projection = projection
    this.problem = ""
    this.asked = ""
    this.host.choose()
  }

  // -- what to show ---------------------------------------------------------------------------------------------------

  /** {url, epoch, place | kept} of what belongs at `step`, or {missing} with a sentence. */
  wanted(scene, step) {
    const { timeline } = scene
    const layer = timeline.layers[this.depth - 1]
    const place = timeline.picture(layer, step)
    if (place < 0) return { missing: this.whyEmpty(layer, scene.alive) }
    const order = this.orderOf(scene, layer)
    if (!order) return { missing: "Looking up the order…" }
    return this.isLinear ? this.linear(scene, layer, place, order) : this.projected(scene, layer, step, order)
  }

  whyEmpty(layer, alive) {
    if (layer.pictures.id.length) return `${this.name} has not begun to learn at this moment.`
    if (!this.panel.pretrained) return this.panel.depth > 1 ? "While a classifier learns, pictures are kept of the first layer only." : "No picture was kept."
    return alive ? `${this.name} has not begun to learn yet.` : `${this.name} was never trained.`
  }

  orderOf(scene, layer) {
    const { order } = scene.options
    const frames = layer.frames.id
    if (order === "training" || !frames.length) return { name: "training", frame: 0, units: null, epoch: null }
    // The order stays that of one moment, so that tiles keep their places while one scrubs.
    const frame = scene.orderFrame(layer)
    const units = scene.frames.get(frame)?.orders[order]
    return units ? { name: order, frame, units, epoch: layer.frames.epoch[frames.indexOf(frame)] } : null
  }

  shape(scene, layer, shown) {
    const columns = Math.min(COLUMNS, Math.ceil(Math.sqrt(shown)))
    const rows = Math.ceil(shown / columns)
    const scale = enlargement(scene.side, columns * (layer.width + GAP) - GAP)
    return { columns, rows, scale, shown }
  }

  linear(scene, layer, place, order) {
    const { options, theme, address } = scene
    const shape = this.shape(scene, layer, layer.shown)
    const own = layer.pictures.scale[place]
    const reference = Math.max(...layer.pictures.scale)
    const gain = options.contrast === "run" ? Math.max(1, Math.round((100 * own) / reference)) : 100
    const contrast = options.contrast === "each" ? "each" : "shared"
    const look = `${shape.columns}x${shape.rows}x${shape.scale}-${options.scheme}-${contrast}-${gain}-${order.name}-${order.frame}-${theme}`
    return {
      url: `${address}/filters/${layer.pictures.id[place]}/${look}.png`,
      id: layer.pictures.id[place],
      epoch: layer.pictures.epoch[place],
      tuned: layer.pictures.tuned[place],
      ends: options.contrast === "each" ? null : options.contrast === "run" ? reference : own,
      shape, order, layer,
    }
  }

  projected(scene, layer, step, order) {
    const checkpoint = scene.timeline.checkpoint(step, this.depth)
    if (!checkpoint) return { missing: "No state of the network was kept since this layer began, so there is nothing to compute from." }
    const kept = layer.projections.find((item) => item.step === checkpoint.step && item.projection === this.projection)
    if (!kept) return { missing: "", checkpoint, layer }
    const shape = this.shape(scene, layer, kept.shown)
    const look = `${shape.columns}x${shape.rows}x${shape.scale}-${order.name}-${order.frame}-${scene.theme}`
    return { url: `${scene.address}/projection/${kept.id}/${look}.png`, id: kept.id, epoch: kept.epoch, ends: null, shape, order, layer }
  }

  // -- drawing ----------------------------------------------------------------------------------------------------------

  /** Draw what belongs at the scene's step; at once when its picture is here. */
  update(scene) {
    this.scene = scene
    const wanted = this.wanted(scene, scene.step)
    this.wants = wanted.url ?? ""
    show(this.chooser, scene.timeline.layers[this.depth - 1].pictures.id.length > 0)
    if (!wanted.url) return this.without(wanted)
    clearTimeout(this.timer)
    this.asked = ""
    const image = scene.images.get(wanted.url)
    if (image) return this.put(image, wanted)
    scene.images.want(wanted.url).then(
      (found) => this.wants === wanted.url && this.put(found, wanted),
      () => {
        if (this.wants === wanted.url) this.wants = "" // thinned out by now: the next list knows
      },
    )
  }

  get isDrawn() {
    return !this.wants || this.picture.firstChild?.dataset.url === this.wants
  }

  put(image, wanted) {
    const { shape, order, layer } = wanted
    image.alt = this.describe(wanted)
    image.dataset.url = wanted.url
    image.dataset.snapshot = wanted.id
    image.className = "labf-mosaic"
    if (this.picture.firstChild !== image) this.picture.replaceChildren(image)
    this.frame.style.setProperty("--labf-ratio", `${shape.columns * (layer.width + GAP) - GAP} / ${shape.rows * (layer.height + GAP) - GAP}`)
    this.frame.dataset.state = "drawn"
    this.layGrid(shape, order)
    show(this.grid, true)
    show(this.empty, false)
    show(this.legend, true)
    this.caption(wanted)
    offerPicture(this.png, wanted.url, `layer ${this.depth} epoch ${wanted.epoch.toFixed(2)}`)
    this.host.drawn(this.depth)
  }

  /** Where a unit lies in the picture on the screen: {image, x, y, width, height}; null where it is not drawn. */
  tileOf(unit) {
    const image = this.picture.firstChild
    const place = this.units?.indexOf(unit) ?? -1
    if (!image || place < 0 || this.frame.dataset.state !== "drawn") return null
    const { height, width } = this.scene.timeline.layers[this.depth - 1]
    const scale = image.naturalWidth / (this.columns * (width + GAP) - GAP)
    const x = (place % this.columns) * (width + GAP) * scale
    const y = Math.floor(place / this.columns) * (height + GAP) * scale
    return { image, x, y, width: width * scale, height: height * scale }
  }

  describe({ shape, layer, epoch }) {
    const what = this.isDeep ? this.projection : "Weights"
    return `${what} of ${shape.shown} units of ${layer.label} at epoch ${epoch.toFixed(2)}, one tile a unit.`
  }

  caption({ layer, epoch, ends, shape, order, tuned }) {
    const { options, palette } = this.scene
    const more = layer.units > shape.shown ? `first ${shape.shown} of ${layer.units.toLocaleString("en")} units` : `${shape.shown} units`
    const by = order.name === "training" ? "" : ` · by ${order.name} at epoch ${order.epoch.toFixed(2)}`
    const how = tuned || (this.isDeep ? this.projection : layer.projection || "weights")
    const left = !tuned && TUNING.includes(this.scene.stage) && this.panel.depth ? " · as pretraining left it" : ""
    say(this.about, `${how} · epoch ${epoch.toFixed(2)}${left} · ${more}${by}`)
    if (this.isLinear) {
      // Filters of colour images show the weight of each channel in that channel: zero is a middle grey.
      const stops = layer.colour ? ["#000", "#808080", "#fff"] : palette.stops[options.scheme]
      this.bar.style.background = `linear-gradient(to right, ${stops.join(", ")})`
      say(this.low, ends ? `−${ends.toPrecision(2)} inhibits` : "inhibits")
      say(this.high, ends ? `excites +${ends.toPrecision(2)}` : "excites")
      this.bar.setAttribute("aria-label", `Colour bar. Left: ink there switches the unit off. Right: it switches it on. ${ends ? `Weights from minus to plus ${ends.toPrecision(2)}` : "Every filter uses the whole range"}.`)
    } else {
      const [from, to] = layer.colour ? ["#000", "#fff"] : [palette.page, palette.ink]
      this.bar.style.background = `linear-gradient(to right, ${from}, ${to})`
      say(this.low, layer.colour ? "0 dark" : "0 no ink")
      say(this.high, layer.colour ? "bright 1" : "full ink 1")
      this.bar.setAttribute("aria-label", `Colour bar. Left: ${layer.colour ? "dark" : "no ink"}, 0. Right: ${layer.colour ? "bright" : "full ink"}, 1.`)
    }
  }

  without({ missing, checkpoint, layer }) {
    show(this.grid, false)
    show(this.empty, true)
    show(this.legend, false)
    this.frame.dataset.state = checkpoint ? "asking" : "empty"
    if (!checkpoint) {
      clearTimeout(this.timer)
      this.picture.replaceChildren()
      this.say(missing, false, false)
      say(this.about, "")
      return
    }
    this.checkpoint = checkpoint
    say(this.about, `${this.projection} · epoch ${checkpoint.epoch.toFixed(2)}, the nearest state that was kept`)
    const key = `${checkpoint.id} ${this.projection}`
    if (this.asked === key) return
    clearTimeout(this.timer)
    const cost = `${Math.min(100, layer.units)} units by ${this.projection}`
    if (!this.scene.touched() || this.scene.following()) this.say(`Not computed yet: ${cost} at epoch ${checkpoint.epoch.toFixed(2)}.`, false, true)
    else {
      this.say(`A worker will draw ${cost}…`, true, false)
      this.timer = setTimeout(() => this.ask(key, cost), this.scene.playing() ? 10 * REST : REST)
    }
  }

  askNow() {
    this.asked = ""
    this.ask(`${this.checkpoint.id} ${this.projection}`, "them")
  }

  ask(key, cost) {
    this.asked = key
    this.say(`A worker is drawing ${cost} at epoch ${this.checkpoint.epoch.toFixed(2)}. It takes a few seconds, once.`, true, false)
    this.host.project(this.depth, this.projection, this.checkpoint.id, (problem) => {
      if (this.asked !== key) return
      if (problem) this.say(problem, false, true, "Try again")
    })
  }

  say(text, busy, askable, label = "Compute it") {
    say(this.message, text)
    this.empty.classList.toggle("labf-busy", busy)
    say(this.button, label)
    show(this.button, askable)
  }

  // -- units ------------------------------------------------------------------------------------------------------------

  layGrid({ columns, rows, shown }, order) {
    const key = `${columns} ${shown} ${order.name} ${order.frame}`
    if (this.gridKey !== key) {
      this.gridKey = key
      this.grid.style.gridTemplateColumns = `repeat(${columns}, 1fr)`
      this.grid.style.gridTemplateRows = `repeat(${rows}, 1fr)`
      this.columns = columns
      this.units = Array.from({ length: shown }, (_, place) => order.units?.[place] ?? place)
      this.grid.replaceChildren(...this.units.map((unit, place) =>
        el("button", { type: "button", class: "labf-tile", disabled: !this.panel.depth, tabindex: place ? -1 : 0, "data-unit": unit, "aria-label": `Unit ${unit} of ${this.panel.label}`, title: `unit ${unit}` })))
      this.selected = undefined
    }
    this.select(this.scene.selected)
  }

  select(selected) {
    const unit = selected?.depth === this.depth ? selected.unit : null
    if (unit === this.selected) return
    this.selected = unit
    for (const tile of this.grid.children) tile.setAttribute("aria-pressed", String(Number(tile.dataset.unit) === unit))
    const chosen = this.units.indexOf(unit)
    if (chosen >= 0) this.rove(chosen)
  }

  rove(place) {
    for (const tile of this.grid.children) tile.tabIndex = tile === this.grid.children[place] ? 0 : -1
  }

  clicked(event) {
    const tile = event.target.closest(".labf-tile")
    if (tile) this.host.pick(this.depth, Number(tile.dataset.unit))
  }

  key(event) {
    const place = [...this.grid.children].indexOf(event.target)
    const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: this.columns }
    if (place < 0 || !(event.key in moves)) return
    event.preventDefault()
    const next = place + moves[event.key]
    if (next < 0 || next >= this.grid.children.length) return
    this.rove(next)
    this.grid.children[next].focus()
  }

  close() {
    clearTimeout(this.timer)
  }
}
