// The Features page: every moment of a run under one scrubber. Streamlit calls `mount` again whenever the script or the
// theme changes; everything on the screen is kept and only what differs is drawn anew.

/** @import { FeaturesData, Film, LayerFrame, Live, Measures } from "../shared/messages.js" */
/** @import { Component } from "../shared/scene.js" */
/** @import { Trouble } from "../shared/status.js" */
/** @import { Looks, Scene } from "./scene.js" */

import { el, say, show } from "../shared/dom.js"
import { keepView } from "../shared/mounting.js"
import { RunView } from "../shared/run_view.js"
import * as address from "./address.js"
import { Ahead } from "./ahead.js"
import { Frames } from "./frames.js"
import { Images } from "./images.js"
import { Listing } from "./listing.js"
import { Options } from "./options.js"
import { Panels } from "./panels.js"
import { Position } from "./position.js"
import { Questions } from "./questions.js"
import { Scrubber } from "./scrubber.js"
import { TileOrders } from "./tile_orders.js"
import { Timeline } from "./timeline.js"
import { WORDS } from "./words.js"

/**
 * Called by Streamlit; returns what to do when the element leaves the page.
 * @param {Component<FeaturesData>} component
 */
export function mount(component) {
  return keepView(component, (first) => new FeaturesView(first))
}

/** @extends {RunView<FeaturesData, Live>} */
class FeaturesView extends RunView {
  /** @param {Component<FeaturesData>} component */
  constructor(component) {
    super(component, "features", { class: "lab-live lab-features", "data-testid": "lab-features" })
    this.touched = false // by a person: until then no worker is asked, since a link must never start work
    this.position = new Position()
    /** @type {Timeline | null} */
    this.timeline = null
    /** @type {Film | null} */
    this.film = null
    /** @type {Listing | null} */
    this.listing = null
    this.ahead = new Ahead()
    this.frames = this.noFrames()
    this.orders = new TileOrders()
    this.images = new Images()
    this.questions = new Questions()
    this.scrubber = new Scrubber(
      (index) => this.moveTo(index),
      () => this.panels.layers.isDrawn,
    )
    this.options = new Options((name) => this.optionChanged(name))
    this.nothing = el("p", { class: "labf-nothing", hidden: true, "data-testid": "labf-nothing" })
    this.firstPicture = Promise.withResolvers()
    this.panels = new Panels(this.data, this.hostOfPanels())
    this.content = el(
      "div",
      { class: "labf-content", hidden: true },
      el("div", { class: "labf-bar" }, this.scrubber.node, this.options.node),
      ...this.panels.nodes,
    )
    this.node.append(this.status.node, this.nothing, this.content)
    this.resized.observe(this.host)
    this.resized.observe(this.panels.curves.node)
    this.bringCurves(() => this.drawCurves(), this.firstPicture.promise)
  }

  /** @param {Component<FeaturesData>} component */
  update(component) {
    const before = this.theme
    super.update(component)
    this.node.dataset.theme = this.theme
    if (this.run !== this.data.run) this.change()
    else if (this.theme !== before) this.redraw()
  }

  onResize() {
    this.fit()
  }

  /** @returns {Frames<LayerFrame>} */
  noFrames() {
    return new Frames(this.data.addresses.features, () => this.redraw())
  }

  /** Another run: nothing of the old one may stay. */
  change() {
    const isFirst = this.run === ""
    const asked = address.read()
    const { run } = this.data
    const { live, features } = this.data.addresses
    this.follow(run, live)
    this.listing?.close()
    this.scrubber.stop()
    this.questions.clear()
    this.position.change(isFirst && (asked.run === null || asked.run === run) ? asked : null)
    this.timeline = null
    this.film = null
    this.frames = this.noFrames()
    this.orders = new TileOrders()
    this.panels.change(this.data)
    this.node.dataset.layers = String(this.panels.layers.columns)
    this.arrange()
    show(this.content, false)
    show(this.nothing, false)
    this.scrubber.follow = this.position.link.epoch === null
    this.listing = new Listing(features, {
      onList: (list) => this.listed(list),
      onMeasures: (points) => this.measured(points),
      onTrouble: (sentence) => this.explain(sentence),
    })
    this.listing.refresh()
  }

  /** What the panels ask of this view. @returns {ConstructorParameters<typeof Panels>[1]} */
  hostOfPanels() {
    return {
      pick: (depth, unit) => this.pick(depth, unit),
      close: () => this.unpick(),
      drawn: (depth) => {
        this.firstPicture.resolve(null)
        if (this.position.selected?.depth === depth) this.panels.life.drawPortrait()
      },
      choose: () => {
        this.touched = true
        this.redraw()
      },
      goTo: (step) => this.timeline && this.scrubber.byHand(this.timeline.indexOfStep(step)),
      goToEpoch: (epoch) => this.timeline && this.scrubber.byHand(this.timeline.indexOfEpoch(epoch)),
      ask: (body, done) => this.questions.ask("life", `${this.data.addresses.features}/ask/life`, body, done),
      project: (depth, projection, checkpoint, done) => this.project(depth, projection, checkpoint, done),
    }
  }

  // -- what arrives -------------------------------------------------------------------------------------------------------

  /**
   * @param {Live} _news
   * @param {boolean} isNew
   */
  take(_news, isNew) {
    if (isNew) this.drawCurves()
    if (this.timeline?.length === 0) this.sayEmpty()
    this.listing?.refresh()
  }

  /** @param {Measures["points"]} points */
  measured(points) {
    if (this.series.add(points, [])) this.drawCurves()
  }

  /** @param {Trouble} kind */
  trouble(kind) {
    if (kind === "gone") this.scrubber.stop()
    super.trouble(kind)
  }

  /** @param {Film} list */
  listed(list) {
    const timeline = new Timeline(list)
    const isEmpty = timeline.length === 0
    this.film = list
    this.timeline = timeline
    show(this.nothing, isEmpty)
    show(this.content, !isEmpty)
    if (isEmpty) {
      this.sayEmpty()
      return
    }
    this.options.suit(timeline.layers[0].colour)
    this.position.take(timeline, this.scrubber.follow)
    this.fit()
    this.redraw()
  }

  /**
   * Without a film yet, the page says why; else the feed's own words are enough.
   * @param {string} sentence
   */
  explain(sentence) {
    if (this.timeline) return
    show(this.nothing, true)
    say(this.nothing, sentence)
  }

  sayEmpty() {
    say(this.nothing, this.alive ? WORDS.first : WORDS.none)
  }

  get alive() {
    return this.latest?.status.alive ?? true
  }

  // -- what a person does -------------------------------------------------------------------------------------------------

  /** @param {number} index */
  moveTo(index) {
    if (!this.timeline) return
    this.touched = true
    this.position.moveTo(this.timeline, index)
    this.redraw()
  }

  /**
   * @param {number} depth
   * @param {number} unit
   */
  pick(depth, unit) {
    this.touched = true
    this.position.selected = { depth, unit }
    this.redraw()
    this.panels.life.node.scrollIntoView({ block: "nearest", behavior: "auto" })
  }

  unpick() {
    const { selected } = this.position
    if (!selected) return
    this.position.selected = null
    this.redraw()
    this.panels.layers.focus(selected.depth)
  }

  /** @param {keyof Looks} name */
  optionChanged(name) {
    if (name === "order") this.orders.clear()
    this.redraw()
  }

  /**
   * Have a worker draw a layer's units.
   * @param {number} depth
   * @param {string} projection
   * @param {number} checkpoint
   * @param {(problem: string) => void} done
   */
  project(depth, projection, checkpoint, done) {
    const body = { checkpoint, layer: depth, projection }
    const { run } = this
    this.questions.ask(`layer ${depth}`, `${this.data.addresses.features}/ask/projection`, body, (answer, problem) => {
      if (this.run !== run) return
      if (answer) this.listing?.refresh()
      done(problem)
    })
  }

  // -- drawing ------------------------------------------------------------------------------------------------------------

  /** Everything at the scrubber's moment. */
  redraw() {
    const { timeline, position, alive, scrubber } = this
    if (!timeline?.length) return
    const { index } = position
    const scene = this.scene(timeline)
    const frame = timeline.frame(scene.step)
    this.panels.update(scene, frame, frame && this.frames.get(frame.id), this.film)
    scrubber.update(timeline.length, index, alive, this.words(scene), timeline.beginnings)
    this.ahead.plan(scene, index, (step) => this.panels.layers.urlsAt(scene, step))
    const isAtEnd = scrubber.follow || (index === timeline.last && !alive)
    address.write(position.place(isAtEnd ? null : scene.epoch))
  }

  /**
   * @param {Timeline} timeline
   * @returns {Scene}
   */
  scene(timeline) {
    const { scrubber } = this
    const { index, step, selected } = this.position
    return {
      timeline,
      step,
      epoch: timeline.epoch(index),
      tuning: timeline.isTuning(index),
      options: this.options.values,
      theme: this.theme,
      palette: this.data.palette[this.theme],
      address: this.data.addresses.features,
      images: this.images,
      frames: this.frames,
      selected,
      side: this.panels.side,
      alive: this.alive,
      orderFrame: (layer) => this.orders.frameOf(layer, scrubber.follow),
      tileOf: (depth, unit) => this.panels.layers.tileOf(timeline, depth, unit),
      touched: () => this.touched,
      following: () => scrubber.follow && this.alive,
      playing: () => scrubber.playing,
    }
  }

  /**
   * Where the scrubber stands.
   * @param {Scene} scene
   */
  words({ timeline, epoch, step }) {
    const isOneOfSeveral = timeline.beginnings.length > 0 || this.panels.layers.length > 1
    const moment = WORDS.moment(epoch, this.data.epochs, step)
    return isOneOfSeveral ? WORDS.momentOfStage(moment, timeline.stage(this.position.index)) : moment
  }

  drawCurves() {
    if (this.plotly && !this.content.hidden) this.panels.drawCurves(this.chartScene(this.plotly))
  }

  arrange() {
    this.node.classList.toggle("labf-beside", this.panels.isBeside(this.node.clientWidth))
  }

  fit() {
    const { clientWidth: width } = this.node
    if (!width || !this.panels.layers.length) return
    this.arrange()
    const { isNew, isNewSide } = this.panels.measure(width)
    if (isNewSide) this.redraw()
    if (isNew) this.drawCurves()
  }

  close() {
    this.ahead.close()
    address.cancel()
    this.listing?.close()
    this.scrubber.close()
    this.panels.close()
    super.close()
  }
}
