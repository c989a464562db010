// The page: a scrubber over the kept pictures, and everything that follows it.

const SPEEDS = { 2: "2 a second", 5: "5 a second", 10: "10 a second", 20: "20 a second" }
const AHEAD = 4 // pictures decoded before they are asked for

class App {
  constructor(data, root) {
    this.data = data
    this.root = root
    this.unit = 0
    this.timer = null
    this.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"
    this.decoder = new Decoder()
    this.contrast = new Contrast(data.moments, this.colours)
    // A run without pictures is scrubbed through its numbers.
    this.moments = data.moments.length ? data.moments : data.numbers.rows.map(([step, epoch, stage]) => ({ step, epoch, stage: data.stages[stage].key }))
    this.index = Math.max(0, this.moments.length - 1)
    this.build()
    this.setTheme(this.theme)
    this.go(this.index)
  }

  get colours() {
    return this.data.palette[this.theme]
  }

  get moment() {
    return this.moments[this.index]
  }

  get position() {
    return this.moment ?? null
  }

  get look() {
    return `${this.theme} ${this.contrast.kind} ${this.contrast.scheme}`
  }

  stage(key) {
    return this.data.stages.find((stage) => stage.key === key) ?? { key, label: key, units: 0 }
  }

  // -- building -----------------------------------------------------------------------------------------------------

  build() {
    const { data } = this
    const pictured = data.moments.length > 0
    this.curves = new Curves(this, data)
    this.mosaic = pictured ? new Mosaic(this, data.texts.mosaic) : null
    this.film = pictured ? new UnitFilm(this) : null
    this.strip = pictured ? new Strip(this, data.texts.strip) : null
    this.table = new NumbersTable(this, data)
    const left = pictured ? [el("div", { class: "stack" }, this.mosaic.node, this.film.node)] : []
    this.root.replaceChildren(
      this.head(),
      ...this.notices(pictured),
      this.scrubber(),
      el("div", { class: pictured ? "stage" : "stack" }, ...left, this.curves.node),
      ...(pictured ? [this.strip.node] : []),
      el("div", { class: "pair" }, eventList(this, data), settingsList(data)),
      this.table.node,
    )
    if (pictured) this.layers()
    document.addEventListener("keydown", (event) => this.key(event))
  }

  head() {
    const { run } = this.data
    const facts = [run.state, ...run.facts, run.created]
    this.themed = button("", "Switch between light and dark", () => this.setTheme(this.theme === "dark" ? "light" : "dark"), { class: "quiet" })
    return el("header", { class: "head" },
      el("div", {},
        el("h1", {}, run.name),
        el("p", { class: "muted figures" }, facts.join(" · ")),
        ...(run.explanation ? [el("p", { class: "muted" }, run.explanation)] : []),
        ...(run.note ? [el("p", { class: "note" }, run.note)] : [])),
      this.themed)
  }

  notices(pictured) {
    const notes = [...this.data.notes]
    if (!pictured) notes.push("This run kept no pictures, so there are only its numbers to look at.")
    return notes.map((note) => el("p", { class: "notice" }, note))
  }

  scrubber() {
    const last = Math.max(0, this.moments.length - 1)
    this.range = el("input", { type: "range", min: 0, max: last, step: 1, "aria-label": "Moment of the run", "data-testid": "scrubber", oninput: () => this.go(Number(this.range.value)) })
    this.label = el("output", { class: "figures", "data-testid": "where" })
    this.play = button("▶ Play", "Play or pause (space)", () => this.toggle(), { class: "play", "data-testid": "play" })
    this.speed = el("select", { "aria-label": "Speed" }, ...Object.entries(SPEEDS).map(([value, label]) => el("option", { value, selected: value === "5" }, label)))
    this.speed.addEventListener("change", () => this.timer && this.start())
    const step = (to) => () => this.go(to())
    const node = el("div", { class: "scrubber", role: "group", "aria-label": "Scrubber" },
      this.play,
      el("span", { class: "steps" },
        button("|‹", "First", step(() => 0)),
        button("‹", "One back", step(() => this.index - 1)),
        button("›", "One on", step(() => this.index + 1)),
        button("›|", "Last", step(() => last))),
      this.range, this.label, this.speed)
    node.hidden = this.moments.length < 2
    return node
  }

  /** Buttons that jump to the last picture of each layer. */
  layers() {
    const keys = [...new Set(this.moments.map((moment) => moment.stage))]
    if (keys.length < 2) return
    this.jumps = keys.map((key) => el("button", { type: "button", onclick: () => this.go(this.moments.findLastIndex((moment) => moment.stage === key)), "data-key": key }, this.stage(key).label))
    this.mosaic.jumps.replaceChildren(...this.jumps)
  }

  // -- moving -------------------------------------------------------------------------------------------------------

  go(index) {
    if (!this.moments.length) return
    this.index = Math.max(0, Math.min(this.moments.length - 1, index))
    const { moment } = this
    const label = this.stage(moment.stage).label
    this.range.value = this.index
    this.range.setAttribute("aria-valuetext", `${label}, epoch ${epochText(moment.epoch)}, update ${moment.step}`)
    this.label.textContent = `${label} · epoch ${epochText(moment.epoch)} · update ${whole.format(moment.step)}`
    for (const jump of this.jumps ?? []) jump.setAttribute("aria-pressed", String(jump.dataset.key === moment.stage))
    this.draw()
    this.curves.move()
    this.table.follow(moment)
  }

  draw() {
    if (!this.mosaic) return
    const { moment } = this
    this.mosaic.draw(moment)
    this.strip.draw(moment)
    if (this.unit !== null && this.unit >= moment.units) this.unit = 0
    this.mosaic.frame(moment, this.unit)
    this.film.draw(moment, this.unit)
    for (let ahead = 1; ahead <= AHEAD; ahead += 1) {
      const next = this.moments[this.index + ahead]
      if (next) this.decoder.get(next.src, channelsOf(next))
    }
  }

  goToMoment(moment) {
    this.go(this.moments.indexOf(moment))
  }

  goToEpoch(epoch) {
    // Layers that learnt together share their epochs: of moments as near, the one of the film on the screen.
    const distance = (moment) => Math.abs(moment.epoch - epoch) + (moment.stage === this.moment.stage ? 0 : 1e-6)
    const nearest = this.moments.reduce((best, moment, index) => distance(moment) < distance(this.moments[best]) ? index : best, 0)
    if (this.moments.length) this.go(nearest)
  }

  /** The last picture at or before a command, else the first. */
  goToStep({ step }) {
    this.go(Math.max(0, this.moments.findLastIndex((moment) => moment.step <= step)))
  }

  /** At most `count` moments of a stage, evenly spaced. */
  sample(stage, count) {
    const all = this.moments.filter((moment) => moment.stage === stage)
    if (all.length <= count) return all
    return Array.from({ length: count }, (_, at) => all[Math.round((at * (all.length - 1)) / (count - 1))])
  }

  // -- playing ------------------------------------------------------------------------------------------------------

  toggle() {
    if (this.timer) return this.stop()
    if (this.index === this.moments.length - 1) this.go(0)
    this.start()
  }

  start() {
    clearInterval(this.timer)
    this.play.textContent = "❚❚ Pause"
    this.timer = setInterval(() => {
      this.go(this.index + 1)
      if (this.index === this.moments.length - 1) this.stop()
    }, 1000 / Number(this.speed.value))
  }

  stop() {
    clearInterval(this.timer)
    this.timer = null
    this.play.textContent = "▶ Play"
  }

  /** Space plays and arrows scrub, wherever the focus is not on something that has its own use for them. */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, button, summary, .scroll")) return
    const moves = { ArrowLeft: -1, ArrowRight: 1 }
    if (event.key === " ") this.toggle()
    else if (event.key in moves) this.go(this.index + moves[event.key])
    else return
    event.preventDefault()
  }

  // -- looks --------------------------------------------------------------------------------------------------------

  setTheme(theme) {
    this.theme = theme
    const style = document.documentElement.style
    document.documentElement.dataset.theme = theme
    style.setProperty("--page", this.colours.page)
    style.setProperty("--ink", this.colours.ink)
    this.themed.textContent = theme === "dark" ? "light" : "dark"
    this.contrast.setColours(this.colours)
    this.draw()
    this.curves.draw()
  }

  setContrast(kind) {
    this.contrast.kind = kind
    this.draw()
  }

  setScheme(scheme) {
    this.contrast.setScheme(scheme)
    this.draw()
  }

  selectUnit(unit) {
    this.unit = unit === null ? null : (unit + this.moment.units) % this.moment.units
    this.mosaic.frame(this.moment, this.unit)
    this.film.draw(this.moment, this.unit)
  }
}

window.replay = new App(JSON.parse(document.getElementById("data").textContent), document.getElementById("replay"))
