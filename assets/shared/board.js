// A board to draw on with mouse, pen, touch or keyboard: brush, eraser, undo, clear. It knows nothing of what becomes of the
// drawing: `onChange(board, finished)` is called while a stroke grows (finished false) and when it has ended.

import { choice, el, show } from "./dom.js"
import { WORDS } from "./words.js"

/** @typedef {{ tool: string, width: number, points: [number, number][] }} Stroke */

/** @type {Record<string, [number, number]>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
const STRIDE = 10 // pixels that an arrow key moves the pen; with Shift 2

const SIDE = 280 // pixels of the drawing, whatever its size on the screen
const { board: words } = WORDS
const MOST = 500 // strokes kept for undo
const INK = "#000000"
const PAPER = "#ffffff"
const KEYBOARD = -1 // what no pointer is called

export class DrawingBoard {
  /** @param {{ label: string, onChange: (board: DrawingBoard, finished: boolean) => void }} wishes */
  constructor({ label, onChange }) {
    this.onChange = onChange
    /** @type {Stroke[]} */
    this.strokes = []
    /** @type {(Stroke & { pointer: number }) | null} */
    this.current = null
    /** Where the keyboard's pen is. @type {[number, number]} */
    this.pen = [SIDE / 2, SIDE / 2]
    /** @type {string} */
    this.tool = "brush"
    this.width = 22
    this.canvas = el("canvas", {
      width: SIDE,
      height: SIDE,
      class: "draw-canvas",
      role: "application",
      tabindex: 0,
      "aria-label": label,
      "aria-description": words.keys,
      title: words.keys,
      "data-testid": "draw-canvas",
    })
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d", { willReadFrequently: true }))
    this.hint = el("p", { class: "draw-hint", "aria-hidden": "true" }, label)
    this.ring = el("span", { class: "draw-pen", hidden: true, "aria-hidden": "true" })
    this.undoer = drawButton(words.undo, () => this.undo())
    this.clearer = drawButton(words.clear, () => this.clear())
    this.node = el(
      "div",
      { class: "draw-board" },
      el("div", { class: "draw-sheet" }, this.canvas, this.hint, this.ring),
      el(
        "div",
        { class: "draw-tools" },
        choice(words.tool, words.tools, "brush", (tool) => {
          this.tool = tool
        }),
        choice(words.width, words.widths, "22", (width) => {
          this.width = Number(width)
        }),
        el("span", { class: "draw-buttons" }, this.undoer, this.clearer),
      ),
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
    canvas.addEventListener("keydown", (event) => this.press(event))
    canvas.addEventListener("focus", () => this.movePen(0, 0))
    canvas.addEventListener("blur", () => {
      this.lift()
      show(this.ring, false)
    })
  }

  // -- keyboard: arrows move a pen, space puts it down and lifts it ---------------------------------------------------

  /** @param {KeyboardEvent} event */
  press(event) {
    const way = WAYS[event.key]
    if (way) this.movePen(...way, event.shiftKey ? 2 : STRIDE)
    else if (event.key === " ") this.toggle()
    else if (event.key === "Escape" && this.isDown) this.lift()
    else return
    event.preventDefault()
    event.stopPropagation() // the space bar pauses a run elsewhere
  }

  get isDown() {
    return this.current?.pointer === KEYBOARD
  }

  /**
   * @param {number} across
   * @param {number} down
   */
  movePen(across, down, stride = STRIDE) {
    const [x, y] = this.pen
    this.pen = [within(x + across * stride), within(y + down * stride)]
    this.showPen()
    if (!this.isDown) return
    this.current?.points.push(this.pen)
    this.paint()
    this.onChange(this, false)
  }

  toggle() {
    if (this.isDown) this.lift()
    else if (!this.current) {
      this.start(KEYBOARD, this.tool, this.pen)
      this.showPen()
    }
  }

  lift() {
    if (!this.isDown) return
    this.current = null
    this.showPen()
    this.onChange(this, true)
  }

  showPen() {
    show(this.ring, this.canvas.matches(":focus-visible"))
    this.ring.classList.toggle("draw-down", this.isDown)
    this.ring.style.left = `${(100 * this.pen[0]) / SIDE}%`
    this.ring.style.top = `${(100 * this.pen[1]) / SIDE}%`
  }

  /** @param {PointerEvent} event */
  begin(event) {
    if (this.current || (event.pointerType === "mouse" && event.button !== 0)) return
    event.preventDefault()
    // A pen's other end erases; so does its button.
    const erases = this.tool === "eraser" || (event.pointerType === "pen" && event.buttons & 32)
    this.start(event.pointerId, erases ? "eraser" : "brush", this.place(event))
    try {
      this.canvas.setPointerCapture(event.pointerId)
    } catch {
      // A pointer that has gone already cannot be captured: the stroke is one point.
    }
  }

  /**
   * A stroke begins.
   * @param {number} pointer
   * @param {string} tool
   * @param {[number, number]} place
   */
  start(pointer, tool, place) {
    this.current = { pointer, tool, width: this.width, points: [place] }
    this.strokes.push(this.current)
    if (this.strokes.length > MOST) this.strokes.shift()
    this.paint()
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (!this.current || event.pointerId !== this.current.pointer) return
    const seen = event.getCoalescedEvents?.() ?? []
    for (const each of seen.length ? seen : [event]) this.current.points.push(this.place(each))
    this.paint()
    this.onChange(this, false)
  }

  /** @param {PointerEvent} event */
  end(event) {
    if (event.pointerId !== this.current?.pointer) return
    this.current = null
    this.onChange(this, true)
  }

  /**
   * @param {PointerEvent} event
   * @returns {[number, number]}
   */
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
      context.lineTo(...points[points.length - 1])
      context.stroke()
    }
    show(this.hint, this.strokes.length === 0)
    this.undoer.disabled = this.clearer.disabled = this.strokes.length === 0
  }
}

/** @param {number} place */
function within(place) {
  return Math.min(SIDE, Math.max(0, place))
}

/**
 * @param {string} label
 * @param {() => void} onclick
 */
export function drawButton(label, onclick) {
  return el("button", { type: "button", class: "draw-button", onclick }, label)
}

/**
 * A button that lets a person choose an image file; `onFile(base64, name)`, or `onProblem(sentence)`.
 * @param {string} label
 * @param {number} mostBytes
 * @param {(base64: string, name: string) => void} onFile
 * @param {(sentence: string) => void} onProblem
 */
export function uploader(label, mostBytes, onFile, onProblem) {
  const input = el("input", {
    type: "file",
    accept: "image/*",
    class: "draw-file",
    tabindex: -1,
    "aria-hidden": "true",
    "data-testid": "draw-file",
  })
  const button = drawButton(label, () => input.click())
  input.onchange = async () => {
    const [file] = input.files ?? []
    input.value = "" // the same file may be chosen again
    if (!file) return
    if (file.size > mostBytes) {
      onProblem(words.tooLarge(file.name, file.size, mostBytes))
      return
    }
    onFile(await base64(file), file.name)
  }
  return el("span", {}, button, input)
}

/**
 * @param {File} file
 * @returns {Promise<string>}
 */
function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).split(",")[1] ?? "")
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
}
