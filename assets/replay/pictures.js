// Filters and reconstructions. The file holds palette indices; colours, contrast and theme are applied here, so that
// each picture is in the file once. Index 0 is a gap, 128 a weight of zero, 128 ± 63 the ends of the picture's scale.

const ZERO = 128
const LEVELS = 63
const TILE_GAP = 1

/** Indices of a picture by its address, decoded once. */
class Decoder {
  constructor() {
    this.known = new Map()
  }

  /** `channels`: 1 for indices, 3 for those of colours, one after the other. */
  get(src, channels = 1) {
    if (!this.known.has(src)) this.known.set(src, this.decode(src, channels))
    return this.known.get(src)
  }

  async decode(src, channels) {
    const image = new Image()
    image.src = src
    await image.decode()
    const canvas = el("canvas", { width: image.naturalWidth, height: image.naturalHeight })
    const context = canvas.getContext("2d", { willReadFrequently: true })
    context.drawImage(image, 0, 0)
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
    const indices = new Uint8Array(canvas.width * canvas.height * channels)
    for (let at = 0; at < indices.length; at += 1) indices[at] = data[4 * Math.floor(at / channels) + (at % channels)]
    return { width: canvas.width, height: canvas.height, channels, indices }
  }
}

function channelsOf({ colour }) {
  return colour ? 3 : 1
}

function rgb(colour) {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
}

/** Colours for -1 to 1 (or 0 to 1) in `count` steps, mixed evenly between the stops. */
function ramp(stops, count) {
  const colours = stops.map(rgb)
  return Array.from({ length: count }, (_, index) => {
    const at = (index / (count - 1)) * (colours.length - 1)
    const low = Math.min(Math.floor(at), colours.length - 2)
    return colours[low].map((value, channel) => Math.round(value + (at - low) * (colours[low + 1][channel] - value)))
  })
}

/** Draw indices through a table of colours; index 0 stays transparent where `gaps` says so. */
function paint(canvas, picture, colourOf) {
  if (canvas.width !== picture.width || canvas.height !== picture.height) {
    canvas.width = picture.width
    canvas.height = picture.height
  }
  const context = canvas.getContext("2d")
  const image = context.createImageData(picture.width, picture.height)
  const { data } = image
  const { channels = 1 } = picture
  for (let at = 0; at < picture.indices.length / channels; at += 1) {
    const colour = colourOf(channels === 1 ? picture.indices[at] : picture.indices.subarray(at * channels, (at + 1) * channels), at)
    if (!colour) continue
    data[4 * at] = colour[0]
    data[4 * at + 1] = colour[1]
    data[4 * at + 2] = colour[2]
    data[4 * at + 3] = 255
  }
  context.putImageData(image, 0, 0)
}

/** How strong the colours of a picture are: one scale for the whole layer, one a picture, or one a filter. */
class Contrast {
  constructor(moments, colours) {
    this.largest = {}
    for (const { stage, scale } of moments) this.largest[stage] = Math.max(scale, this.largest[stage] ?? 0)
    this.kind = "picture"
    this.scheme = "signed"
    this.setColours(colours)
  }

  setColours(colours) {
    this.colours = colours
    this.table = ramp(colours[this.scheme], 2 * ZERO - 1)
  }

  setScheme(scheme) {
    this.scheme = scheme
    this.setColours(this.colours)
  }

  /** The weight that takes the strongest colour; null when every filter has its own. */
  end(moment) {
    if (this.kind === "each") return null
    return this.kind === "layer" ? this.largest[moment.stage] : moment.scale
  }

  colour(index, strength) {
    if (index === 0) return null
    const signed = Math.max(-1, Math.min(1, ((index - ZERO) / LEVELS) * strength))
    return this.table[Math.round((signed + 1) * (ZERO - 1))]
  }

  /** Filters of colour images show the weight of each channel in that channel: zero is a middle grey. */
  channels(indices, strength) {
    if (indices[0] === 0) return null
    return Array.from(indices, (index) => Math.round(127.5 * (1 + Math.max(-1, Math.min(1, ((index - ZERO) / LEVELS) * strength)))))
  }

  paint(canvas, moment, picture) {
    const strengths = this.strengths(moment, picture)
    const pitchX = moment.width + TILE_GAP
    const pitchY = moment.height + TILE_GAP
    paint(canvas, picture, (index, at) => {
      const tile = Math.floor(Math.floor(at / picture.width) / pitchY) * moment.columns + Math.floor((at % picture.width) / pitchX)
      return moment.colour ? this.channels(index, strengths[tile]) : this.colour(index, strengths[tile])
    })
  }

  strengths(moment, picture) {
    const tiles = moment.columns * moment.rows
    if (this.kind !== "each") return new Array(tiles).fill(moment.scale / (this.end(moment) || 1))
    return Array.from({ length: tiles }, (_, unit) => {
      const { indices } = tileOf(moment, picture, unit)
      const largest = indices.reduce((most, index) => Math.max(most, Math.abs(index - ZERO)), 1)
      return LEVELS / largest
    })
  }
}

/** One filter cut out of its mosaic. */
function tileOf(moment, picture, unit) {
  const left = (unit % moment.columns) * (moment.width + TILE_GAP)
  const top = Math.floor(unit / moment.columns) * (moment.height + TILE_GAP)
  const { channels } = picture
  const indices = new Uint8Array(moment.width * moment.height * channels)
  for (let y = 0; y < moment.height; y += 1) {
    const from = ((top + y) * picture.width + left) * channels
    indices.set(picture.indices.subarray(from, from + moment.width * channels), y * moment.width * channels)
  }
  return { width: moment.width, height: moment.height, channels, indices }
}

class Mosaic {
  constructor(app, texts) {
    this.app = app
    this.canvas = el("canvas", { class: "mosaic", role: "img", "data-testid": "mosaic", onclick: (event) => this.click(event) })
    this.chosen = el("span", { class: "chosen", hidden: true })
    this.caption = el("p", { class: "caption figures" })
    this.scale = el("canvas", { width: 255, height: 1, "aria-hidden": "true" })
    this.low = el("span", { class: "figures" })
    this.high = el("span", { class: "figures" })
    this.jumps = el("span", { class: "choice", role: "group", "aria-label": "Layer" })
    const kinds = { picture: "picture", layer: "layer", each: "filter" }
    this.node = el("section", { class: "panel stack", "aria-label": texts.question },
      el("div", { class: "bar" }, el("h2", {}, texts.question), this.jumps),
      el("div", { class: "frame" }, this.canvas, this.chosen),
      el("div", { class: "legend" }, this.low, el("span", {}, "inhibits"), this.scale, el("span", {}, "excites"), this.high),
      this.caption,
      el("div", { class: "bar" },
        el("span", { class: "caption" }, "one scale a"),
        choice("One scale of colours for each picture, for the layer over all epochs, or for each filter", kinds, "picture", (kind) => app.setContrast(kind)),
        choice("Colours", { signed: "colours", grey: "grey" }, "signed", (scheme) => app.setScheme(scheme)),
        button("PNG", "Save this picture as PNG", () => this.save(), { class: "quiet" })),
      help(texts))
  }

  async draw(moment) {
    const picture = await this.app.decoder.get(moment.src, channelsOf(moment))
    if (this.app.moment !== moment) return // somebody has scrubbed on meanwhile
    const { contrast } = this.app
    contrast.paint(this.canvas, moment, picture)
    this.canvas.dataset.step = moment.step
    const end = contrast.end(moment)
    const words = `${moment.units} of ${whole.format(moment.of)} units of ${moment.what}, epoch ${epochText(moment.epoch)}`
    this.caption.textContent = `${words}. Click a filter to follow it.`
    this.canvas.setAttribute("aria-label", `Weights of ${words}, one tile a unit.`)
    this.low.textContent = end === null ? "own scale" : `−${digits(end, 2)}`
    this.high.textContent = end === null ? "own scale" : `+${digits(end, 2)}`
    const steps = Uint8Array.from({ length: 255 }, (_, index) => index + 1)
    paint(this.scale, { width: 255, height: 1, indices: steps }, (index) => moment.colour ? [index, index, index] : contrast.table[index - 1])
  }

  /** A frame around the unit that is followed. */
  frame(moment, unit) {
    this.chosen.hidden = unit === null
    if (unit === null) return
    const { style } = this.chosen
    const width = moment.columns * (moment.width + TILE_GAP) - TILE_GAP
    const height = moment.rows * (moment.height + TILE_GAP) - TILE_GAP
    style.left = `${(100 * (unit % moment.columns) * (moment.width + TILE_GAP)) / width}%`
    style.top = `${(100 * Math.floor(unit / moment.columns) * (moment.height + TILE_GAP)) / height}%`
    style.width = `${(100 * moment.width) / width}%`
    style.height = `${(100 * moment.height) / height}%`
  }

  click(event) {
    const { moment } = this.app
    const box = this.canvas.getBoundingClientRect()
    const x = Math.floor(((event.clientX - box.left) / box.width) * moment.columns)
    const y = Math.floor(((event.clientY - box.top) / box.height) * moment.rows)
    const unit = y * moment.columns + x
    if (x >= 0 && y >= 0 && unit < moment.units) this.app.selectUnit(unit)
  }

  /** What is on the screen, four times as large, on the page's own colour. */
  save() {
    const { moment } = this.app
    const large = el("canvas", { width: this.canvas.width * 4, height: this.canvas.height * 4 })
    const context = large.getContext("2d")
    context.fillStyle = this.app.colours.page
    context.fillRect(0, 0, large.width, large.height)
    context.imageSmoothingEnabled = false
    context.drawImage(this.canvas, 0, 0, large.width, large.height)
    large.toBlob((blob) => keep(blob, `filters-${moment.stage}-epoch-${epochText(moment.epoch)}.png`), "image/png")
  }
}

/** One filter through the run. */
class UnitFilm {
  constructor(app) {
    this.app = app
    this.large = el("canvas", { role: "img" })
    this.films = el("div", { class: "films" })
    this.title = el("h2", {})
    const step = (by) => () => app.selectUnit(this.unit + by)
    this.node = el("section", { class: "panel stack", hidden: true, "data-testid": "unit" },
      el("div", { class: "bar" }, this.title,
        el("span", { class: "nowrap" },
          button("‹", "The unit before", step(-1), { class: "quiet" }),
          button("›", "The next unit", step(1), { class: "quiet" }),
          button("close", "Close this unit", () => app.selectUnit(null), { class: "quiet" }))),
      el("div", { class: "unit" }, this.large, this.films))
  }

  async draw(moment, unit) {
    this.unit = unit
    this.node.hidden = unit === null
    if (unit === null) return
    const key = `${moment.stage} ${unit} ${this.app.look}`
    this.title.textContent = `Unit ${unit} of ${this.app.stage(moment.stage).label}, epoch ${epochText(moment.epoch)}`
    this.large.setAttribute("aria-label", this.title.textContent)
    await this.tile(this.large, moment, unit)
    if (this.key === key) return
    this.key = key
    const frames = this.app.sample(moment.stage, 24)
    const nodes = frames.map((frame) => {
      const canvas = el("canvas", {})
      return { frame, canvas, node: button(canvas, `Go to epoch ${epochText(frame.epoch)}`, () => this.app.goToMoment(frame)) }
    })
    for (const { node, frame } of nodes) node.append(epochText(frame.epoch))
    this.films.replaceChildren(...nodes.map(({ node }) => node))
    await Promise.all(nodes.map(({ frame, canvas }) => this.tile(canvas, frame, unit)))
  }

  async tile(canvas, moment, unit) {
    const picture = tileOf(moment, await this.app.decoder.get(moment.src, channelsOf(moment)), unit)
    this.app.contrast.paint(canvas, { ...moment, columns: 1, rows: 1 }, picture)
  }
}

class Strip {
  constructor(app, texts) {
    this.app = app
    this.original = el("canvas", { role: "img", "aria-label": "Held-out images" })
    this.redrawn = el("canvas", { role: "img", "data-testid": "strip" })
    this.node = el("section", { class: "panel stack", "aria-label": texts.question },
      el("div", { class: "bar" }, el("h2", {}, texts.question)),
      el("div", { class: "strip" }, el("span", {}, "original"), this.original, el("span", {}, "redrawn"), this.redrawn),
      help(texts))
  }

  async draw(moment) {
    this.node.hidden = !moment?.strip
    if (!moment?.strip) return
    const { strip } = moment
    const channels = channelsOf(strip)
    const [above, below] = await Promise.all([this.app.data.originals[strip.originals], strip.src].map((src) => this.app.decoder.get(src, channels)))
    if (this.app.moment !== moment) return
    const table = ramp([this.app.colours.page, this.app.colours.ink], 256)
    const colour = strip.colour ? (indices) => indices : (index) => table[index]
    paint(this.original, above, colour)
    paint(this.redrawn, below, colour)
    this.redrawn.setAttribute("aria-label", `Their reconstructions at epoch ${epochText(moment.epoch)}`)
  }
}
