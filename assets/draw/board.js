// A board to draw on with mouse, pen or touch: brush, eraser, undo, clear. It knows nothing of what becomes of the
// drawing: `onChange(board, finished)` is called while a stroke grows (finished false) and when it has ended.

import { choice, el, show } from "./dom.js"

const SIDE = 280 // pixels of the drawing, whatever its size on the screen
const WIDTHS = { 14: "thin", 22: "medium", 32: "thick" }
const MOST = 500 // strokes kept for undo
const INK = "#000000"
const PAPER = "#ffffff"

export class DrawingBoard {
  constructor({ label, onChange }) {
    this.onChange = onChange
    this.strokes = []
    this.current = null
    this.tool = "brush"
    this.width = 22
    this.canvas = el("canvas", {
      width: SIDE, height: SIDE, class: "draw-canvas", role: "img", "aria-label": label, "data-testid": "draw-canvas",
    })
    this.context = this.canvas.getContext("2d", { willReadFrequently: true })
    this.hint = el("p", { class: "draw-hint", "aria-hidden": "true" }, label)
    this.undoer = el("button", { type: "button", class: "draw-button", disabled: true, onclick: () => this.undo() }, "Undo")
    this.clearer = el("button", { type: "button", class: "draw-button", disabled: true, onclick: () => this.clear() }, "Clear")
    this.node = el(
      "div",
      { class: "draw-board" },
      el("div", { class: "draw-sheet" }, this.canvas, this.hint),
      el("div", { class: "draw-tools" },
        choice("Tool", { brush: "Brush", eraser: "Eraser" }, "brush", (tool) => { this.tool = tool }),
        choice("Width of the brush", WIDTHS, "22", (width) => { this.width = Number(width) }),
        el("span", { class: "draw-buttons" }, this.undoer, this.clearer)),
    )
    this.listen()
    this.paint()
  }

  get isEmpty() {
    return !this.strokes.some((stroke) => stroke.tool === "brush")
  }

  /** The drawing as a PNG file, base64 without its head. */
  picture() {
    return this.canvas.toDataURL("image/png").split(",")[1]
  }

  undo() {
    this.strokes.pop()
    this.paint()
    this.onChange(this, true)
  }

  clear() {
    this.strokes = []
    this.paint()
    this.onChange(this, true)
  }

  // -- pointers: one at a time, the first that touches the sheet ------------------------------------------------------

  listen() {
    const { canvas } = this
    canvas.addEventListener("pointerdown", (event) => this.begin(event))
    canvas.addEventListener("pointermove", (event) => this.move(event))
    canvas.addEventListener("pointerup", (event) => this.end(event))
    canvas.addEventListener("pointercancel", (event) => this.end(event))
    // Touch would scroll the page, and a long press open a menu.
    canvas.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false })
    canvas.addEventListener("contextmenu", (event) => event.preventDefault())
  }

  begin(event) {
    if (this.current || (event.pointerType === "mouse" && event.button !== 0)) return
    event.preventDefault()
    // A pen's other end erases; so does its button.
    const erases = this.tool === "eraser" || (event.pointerType === "pen" && event.buttons & 32)
    this.current = { pointer: event.pointerId, tool: erases ? "eraser" : "brush", width: this.width, points: [this.place(event)] }
    try {
      this.canvas.setPointerCapture(event.pointerId)
    } catch {
      // A pointer that has gone already cannot be captured: the stroke is one point.
    }
    this.strokes.push(this.current)
    if (this.strokes.length > MOST) this.strokes.shift()
    this.paint()
  }

  move(event) {
    if (event.pointerId !== this.current?.pointer) return
    const seen = event.getCoalescedEvents?.() ?? []
    for (const each of seen.length ? seen : [event]) this.current.points.push(this.place(each))
    this.paint()
    this.onChange(this, false)
  }

  end(event) {
    if (event.pointerId !== this.current?.pointer) return
    this.current = null
    this.onChange(this, true)
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect()
    return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE]
  }

  // -- painting -------------------------------------------------------------------------------------------------------

  paint() {
    const { context } = this
    context.fillStyle = PAPER
    context.fillRect(0, 0, SIDE, SIDE)
    context.lineCap = context.lineJoin = "round"
    for (const { tool, width, points } of this.strokes) {
      context.strokeStyle = context.fillStyle = tool === "brush" ? INK : PAPER
      context.lineWidth = tool === "brush" ? width : width * 1.6
      context.beginPath()
      if (points.length === 1) {
        context.arc(...points[0], context.lineWidth / 2, 0, 2 * Math.PI)
        context.fill()
        continue
      }
      context.moveTo(...points[0])
      for (const [index, point] of points.slice(1, -1).entries()) {
        const next = points[index + 2] // through the middles: a smooth line
        context.quadraticCurveTo(...point, (point[0] + next[0]) / 2, (point[1] + next[1]) / 2)
      }
      context.lineTo(...points.at(-1))
      context.stroke()
    }
    show(this.hint, this.strokes.length === 0)
    this.undoer.disabled = this.clearer.disabled = this.strokes.length === 0
  }
}

/** A button that lets a person choose an image file; `onFile(base64, name)`, or `onProblem(sentence)`. */
export function uploader(label, mostBytes, onFile, onProblem) {
  const input = el("input", { type: "file", accept: "image/*", class: "draw-file", tabindex: -1, "aria-hidden": "true", "data-testid": "draw-file" })
  const button = el("button", { type: "button", class: "draw-button", onclick: () => input.click() }, label)
  input.onchange = async () => {
    const [file] = input.files
    input.value = "" // the same file may be chosen again
    if (!file) return
    if (file.size > mostBytes) {
      onProblem(`${file.name} has ${(file.size / 2 ** 20).toFixed(0)} MiB; at most ${mostBytes / 2 ** 20} are read. Choose a smaller picture.`)
      return
    }
    onFile(await base64(file), file.name)
  }
  return el("span", {}, button, input)
}

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).split(",")[1] ?? "")
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
}

