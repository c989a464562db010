// The filter mosaic with its colour bar, and the strip of originals above reconstructions.

import { choice, el, offerPicture, pictureLink, say, show } from "./dom.js"
import { help } from "./help.js"

const COLUMNS = 10
const GAP = 1 // of the mosaic, in its own pixels
const STRIP_GAP = 2
const LARGEST = 16 // times a picture is enlarged by the server

/** An <img> that changes only once the next picture has been decoded, so that it never blinks. */
class Picture {
  constructor(attributes) {
    this.img = el("img", { decoding: "sync", draggable: "false", hidden: true, ...attributes })
    this.wanted = ""
  }

  async show(url, alt, id) {
    if (url === this.wanted) return
    this.wanted = url
    const next = new Image()
    next.src = url
    try {
      await next.decode()
    } catch {
      if (this.wanted === url) this.wanted = "" // thinned out or offline: the next snapshot comes soon
      return
    }
    if (this.wanted !== url) return
    this.img.src = url
    this.img.alt = alt
    this.img.dataset.snapshot = id
    this.img.hidden = false
  }

  clear() {
    this.wanted = ""
    this.img.hidden = true
    this.img.removeAttribute("src")
    delete this.img.dataset.snapshot
  }
}

/** How often to enlarge so that the browser only ever scales down: pixels stay even and crisp at any size. */
function enlargement(shown, natural) {
  const exact = (shown * (window.devicePixelRatio || 1)) / natural
  return Math.max(1, Math.min(LARGEST, Number.isInteger(exact) ? exact : Math.ceil(exact) + 1))
}

export class Mosaic {
  constructor(texts, onChange) {
    this.title = el("h3", { class: "lab-title" }, texts.question)
    this.about = el("span", { class: "lab-about" })
    this.contrast = "shared"
    this.layer = "" // the stage that a person chose, where several layers learn at once
    this.layers = el("span", { class: "lab-layers", hidden: true })
    this.onChange = onChange
    const [button, panel] = help(texts)
    this.picture = new Picture({ class: "lab-mosaic-picture", "data-testid": "lab-mosaic" })
    this.frame = el("div", { class: "lab-mosaic-frame" }, this.picture.img)
    this.low = el("span", { class: "lab-number" })
    this.high = el("span", { class: "lab-number" })
    this.ramp = el("span", { class: "lab-ramp", role: "img" })
    this.png = pictureLink("Download the filters on the screen as PNG")
    const pick = choice("Contrast", { shared: "shared", each: "each" }, "shared", (value) => {
      this.contrast = value
      onChange()
    })
    this.node = el(
      "figure",
      { class: "lab-mosaic lab-panel", "aria-label": texts.question },
      el("div", { class: "lab-head" }, this.title, el("span", { class: "lab-tools" }, this.layers, pick, this.png, button, panel)),
      this.frame,
      el(
        "figcaption",
        { class: "lab-caption" },
        el("span", { class: "lab-legend-bar" }, el("span", {}, this.low, " inhibits"), this.ramp, el("span", {}, "excites ", this.high)),
        this.about,
      ),
    )
  }

  /** px of the panel to the left and right of the picture, and above and below it. */
  get border() {
    return this.node.offsetWidth - this.node.clientWidth + 24
  }

  get chrome() {
    const caption = this.node.lastElementChild.offsetHeight
    return 22 + this.node.firstElementChild.offsetHeight + caption + 16
  }

  /** Where several layers learn at once, a button for each. */
  offer(layers) {
    const stages = layers.map((layer) => layer.stage)
    show(this.layers, stages.length > 1)
    const key = stages.join()
    if (this.layers.dataset.key === key) return
    this.layers.dataset.key = key
    if (!stages.includes(this.layer)) this.layer = stages[0] ?? ""
    const names = Object.fromEntries(stages.map((stage) => [stage, stage.replace("layer ", "")]))
    this.layers.replaceChildren(...(stages.length > 1 ? ["layer ", choice("Layer shown", names, this.layer, (stage) => {
      this.layer = stage
      this.onChange()
    })] : []))
  }

  chosen({ filters, layers }) {
    return layers.find((layer) => layer.stage === this.layer) ?? filters
  }

  /** Resolves when the picture is on the screen; null where there is nothing to wait for. */
  update(filters, live) {
    show(this.picture.img, Boolean(filters) && Boolean(this.picture.wanted))
    if (!filters) {
      say(this.about, "The first picture comes with the first update.")
      return null
    }
    const shown = Math.min(filters.units, COLUMNS * COLUMNS)
    const columns = Math.min(COLUMNS, Math.ceil(Math.sqrt(shown)))
    const rows = Math.ceil(shown / columns)
    const natural = columns * (filters.width + GAP) - GAP
    const side = this.frame.clientWidth
    if (!side) return null
    const scale = enlargement(side, natural)
    const { address, theme, stops } = live
    const about = `${shown} of ${filters.of.toLocaleString("en")} units of ${filters.what}, epoch ${filters.epoch.toFixed(2)}`
    const url = `${address}/${filters.id}/${columns}x${rows}x${scale}-signed-${this.contrast}-${theme}.png`
    const change = this.picture.show(url, `Weights of ${about}, one tile a unit.`, filters.id)
    offerPicture(this.png, url, `filters ${filters.stage} epoch ${filters.epoch.toFixed(2)}`)
    this.caption(about, filters, stops)
    return change
  }

  caption(about, { scale, colour }, stops) {
    const own = this.contrast === "each"
    say(this.about, about)
    say(this.low, own ? "" : `−${scale.toPrecision(2)}`)
    say(this.high, own ? "" : `+${scale.toPrecision(2)}`)
    // Filters of colour images show the weight of each channel in that channel: zero is a middle grey.
    this.ramp.style.background = `linear-gradient(to right, ${colour ? "#000, #808080, #fff" : stops.join(", ")})`
    const range = own ? "each filter uses the whole range" : `weights from minus to plus ${scale.toPrecision(2)}`
    this.ramp.setAttribute("aria-label", `Colour bar. Left: ink there switches the unit off. Right: it switches it on; ${range}.`)
  }

  clear() {
    this.picture.clear()
    show(this.png, false)
    for (const node of [this.about, this.low, this.high]) say(node, "")
  }
}

function measures(strip) {
  return { natural: strip.cases * (strip.width + STRIP_GAP) - STRIP_GAP, tall: 2 * strip.height + STRIP_GAP }
}

export class Strip {
  constructor(texts) {
    const [button, panel] = help(texts)
    this.picture = new Picture({ class: "lab-strip-picture", "data-testid": "lab-strip" })
    this.body = el("div", { class: "lab-strip-body" }, this.picture.img)
    this.through = el("span", {}, "redrawn")
    this.node = el(
      "figure",
      { class: "lab-strip lab-panel", "aria-label": texts.question },
      el(
        "figcaption",
        { class: "lab-strip-labels" },
        el("span", {}, "original"),
        el("span", { class: "lab-strip-redrawn" }, this.through, button, panel),
      ),
      this.body,
    )
  }

  /** How often a picture of so many cases is enlarged: as far as its width and `most` px of height allow. */
  scale(strip, most) {
    const { natural, tall } = measures(strip)
    return Math.min(most / tall, this.body.clientWidth / natural)
  }

  /** px that the panel takes; `most` px for the picture. */
  height(strip, most) {
    return (strip ? Math.ceil(measures(strip).tall * this.scale(strip, most)) : most) + 22
  }

  /** As `Mosaic.update`. */
  update(strip, live) {
    show(this.picture.img, Boolean(strip) && Boolean(this.picture.wanted))
    if (!strip) return null
    const { natural, tall } = measures(strip)
    const most = this.scale(strip, live.stripHeight)
    if (!(most > 0)) return null
    const cases = strip.cases
    const scale = enlargement(natural * most, natural)
    this.picture.img.style.width = `${natural * most}px`
    this.picture.img.style.height = `${tall * most}px`
    this.node.style.setProperty("--lab-strip-row", `${(strip.height + STRIP_GAP / 2) * most}px`)
    const url = `${live.address}/${strip.id}/${cases}x${scale}-${live.theme}.png`
    return this.picture.show(url, `${cases} held-out images above their reconstructions through ${strip.depth} and back, epoch ${strip.epoch.toFixed(2)}.`, strip.id)
  }

  clear() {
    this.picture.clear()
  }
}
