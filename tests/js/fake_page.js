// As much of a page as the scripts under test touch: elements with attributes and text, a document, no layout.

class FakeElement {
  constructor(tag) {
    this.tag = tag
    this.children = []
    this.attributes = {}
    this.dataset = {}
    this.style = {}
    this.hidden = false
    this.own = ""
    const names = new Set()
    this.classList = {
      toggle: (name, on) => (on ? names.add(name) : names.delete(name)),
      contains: (name) => names.has(name),
    }
  }

  get textContent() {
    return this.own + this.children.map((child) => (typeof child === "string" ? child : child.textContent)).join("")
  }

  set textContent(text) {
    this.children = []
    this.own = text
  }

  get lastElementChild() {
    return this.children.at(-1) ?? null
  }

  setAttribute(name, value) {
    this.attributes[name] = value
    if (name === "hidden") this.hidden = true
  }

  getAttribute(name) {
    return this.attributes[name] ?? null
  }

  removeAttribute(name) {
    delete this.attributes[name]
  }

  append(...children) {
    for (const child of children) if (typeof child !== "string") child.parent = this
    this.children.push(...children)
  }

  replaceChildren(...children) {
    this.children = []
    this.own = ""
    this.append(...children)
  }

  remove() {
    this.parent.children = this.parent.children.filter((child) => child !== this)
  }
}

/** Puts a document in place; returns it, so that a test can hide it and show it again. */
export function fakeDocument() {
  const target = new EventTarget()
  const document = Object.assign(target, {
    hidden: false,
    baseURI: "http://lab.test/page",
    createElement: (tag) => new FakeElement(tag),
  })
  globalThis.document = document
  return document
}

/** Lets everything that waits for an answer that is there go on. */
export async function settled() {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}
