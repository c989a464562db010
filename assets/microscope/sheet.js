// An SVG drawn again and again: elements are reused in the order in which they are drawn, and only attributes that
// differ are set. And the sizes of things, asked of the browser once and again only when they change.

/** @typedef {Record<string, string | number | null>} Attributes null: without it */

/**
 * An element as it was drawn last.
 * @typedef {{ tag: keyof SVGElementTagNameMap, node: SVGElement, set: Attributes, text: string }} Item
 */

const SPACE = "http://www.w3.org/2000/svg"

export class Sheet {
  /** @param {Record<string, string>} attributes */
  constructor(attributes) {
    this.node = document.createElementNS(SPACE, "svg")
    for (const [name, value] of Object.entries(attributes)) this.node.setAttribute(name, value)
    /** @type {Item[]} */
    this.drawn = [] // in drawing order
    this.next = 0
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  begin(width, height) {
    this.next = 0
    this.node.setAttribute("viewBox", `0 0 ${width} ${height}`)
  }

  /**
   * @param {keyof SVGElementTagNameMap} tag
   * @param {Attributes} attributes
   * @param {string} text
   */
  add(tag, attributes, text = "") {
    const item = this.item(tag)
    for (const name of Object.keys(item.set)) if (!(name in attributes)) change(item, name, null)
    for (const [name, value] of Object.entries(attributes)) if (item.set[name] !== value) change(item, name, value)
    if (item.text !== text) item.node.textContent = item.text = text
  }

  /**
   * The next one, which is made anew where another kind of element was drawn.
   * @param {keyof SVGElementTagNameMap} tag
   */
  item(tag) {
    const known = this.drawn[this.next]
    this.next += 1
    if (known?.tag === tag) return known
    /** @type {Item} */
    const fresh = { tag, node: document.createElementNS(SPACE, tag), set: {}, text: "" }
    if (known) known.node.replaceWith(fresh.node)
    else this.node.append(fresh.node)
    this.drawn[this.next - 1] = fresh
    return fresh
  }

  end() {
    for (const { node } of this.drawn.splice(this.next)) node.remove()
  }
}

/**
 * @param {Item} item
 * @param {string} name
 * @param {string | number | null} value
 */
function change(item, name, value) {
  item.set[name] = value
  if (value === null) item.node.removeAttribute(name)
  else item.node.setAttribute(name, String(value))
}

/** @type {WeakMap<Element, [number, number]>} */
const sizes = new WeakMap()
const watch = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const [width, height] = sizes.get(target) ?? []
    if (width === target.clientWidth && height === target.clientHeight) continue
    sizes.set(target, [target.clientWidth, target.clientHeight])
    target.dispatchEvent(new Event("labm-resized", { bubbles: true }))
  }
})

/**
 * [width, height] of an element in CSS pixels. A "labm-resized" event rises from it when they change.
 * @param {Element} node
 * @returns {[number, number]}
 */
export function sizeOf(node) {
  const known = sizes.get(node)
  if (known) return known
  /** @type {[number, number]} */
  const size = [node.clientWidth, node.clientHeight]
  sizes.set(node, size)
  watch.observe(node)
  return size
}
