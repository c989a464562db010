// An SVG drawn again and again: elements are reused in the order in which they are drawn, and only attributes that
// differ are set. And the sizes of things, asked of the browser once and again only when they change.

const SPACE = "http://www.w3.org/2000/svg"

export class Sheet {
  constructor(attributes) {
    this.node = document.createElementNS(SPACE, "svg")
    for (const [name, value] of Object.entries(attributes)) this.node.setAttribute(name, value)
    this.drawn = [] // { tag, node, set, text } in drawing order
    this.next = 0
  }

  begin(width, height) {
    this.next = 0
    this.node.setAttribute("viewBox", `0 0 ${width} ${height}`)
  }

  add(tag, attributes, text = "") {
    let item = this.drawn[this.next]
    if (item?.tag !== tag) {
      const fresh = { tag, node: document.createElementNS(SPACE, tag), set: {}, text: "" }
      if (item) item.node.replaceWith(fresh.node)
      else this.node.append(fresh.node)
      this.drawn[this.next] = item = fresh
    }
    this.next += 1
    for (const name in item.set) if (!(name in attributes)) change(item, name, null)
    for (const name in attributes) if (item.set[name] !== attributes[name]) change(item, name, attributes[name])
    if (item.text !== text) item.node.textContent = item.text = text
  }

  end() {
    for (const { node } of this.drawn.splice(this.next)) node.remove()
  }
}

function change(item, name, value) {
  item.set[name] = value
  if (value === null || value === undefined) item.node.removeAttribute(name)
  else item.node.setAttribute(name, value)
}

const sizes = new WeakMap()
const watch = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const [width, height] = sizes.get(target) ?? []
    if (width === target.clientWidth && height === target.clientHeight) continue
    sizes.set(target, [target.clientWidth, target.clientHeight])
    target.dispatchEvent(new Event("labm-resized", { bubbles: true }))
  }
})

/** [width, height] of an element in CSS pixels. A "labm-resized" event rises from it when they change. */
export function sizeOf(node) {
  if (!sizes.has(node)) {
    sizes.set(node, [node.clientWidth, node.clientHeight])
    watch.observe(node)
  }
  return sizes.get(node)
}
