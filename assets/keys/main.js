// The keys of the page: a button in its head, or a question mark typed anywhere but in a field, lists them. A head that
// was scrolled sideways begins at its beginning on another page.

/** @import { KeysData } from "../shared/messages.js" */
/** @import { Component } from "../shared/scene.js" */

import { el, show } from "../shared/dom.js"
import { keepView } from "../shared/mounting.js"
import { View } from "../shared/view.js"
import { WORDS } from "./words.js"

const WRITING = ["input:not([type=range], [type=checkbox], [type=radio])", "textarea", "[contenteditable]"].join()
const ID = "lab-keys"
/** @type {string | null} */
let shown = null // the page that the head is of

/**
 * Called by Streamlit; returns what to do when the element leaves the page.
 * @param {Component<KeysData>} component
 */
export function mount(component) {
  return keepView(component, (first) => new KeysView(first))
}

/** @extends {View<KeysData>} */
class KeysView extends View {
  /** @param {Component<KeysData>} component */
  constructor(component) {
    super(component, "keys", { class: "lab-live", "data-testid": "lab-keys" })
    this.list = el("dl", { class: "lab-keys-list" })
    this.panel = el(
      "div",
      { class: "lab-help lab-keys", id: ID, popover: "auto", role: "dialog", "aria-label": WORDS.title },
      el("p", { class: "lab-keys-title", "aria-hidden": "true" }, WORDS.title),
      this.list,
    )
    this.button = el(
      "button",
      { type: "button", class: "lab-tool", popovertarget: ID, title: WORDS.hint },
      WORDS.button,
    )
    this.node.append(this.button, this.panel)
    this.onKey = (/** @type {KeyboardEvent} */ event) => this.press(event)
    document.addEventListener("keydown", this.onKey)
  }

  /** @param {Component<KeysData>} component */
  update(component) {
    super.update(component)
    const rows = this.data.keys.flatMap(([keys, what]) => [el("dt", {}, el("kbd", {}, keys)), el("dd", {}, what)])
    this.list.replaceChildren(...rows)
    show(this.button, rows.length > 0)
    if (shown !== this.data.page) this.begin()
    shown = this.data.page
  }

  /** The head shows its beginning, which is the name of the page and its group. */
  begin() {
    this.node.closest(".st-key-header")?.scrollTo({ left: 0 })
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.key !== "?" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (this.button.hidden) return
    if (event.target instanceof Element && event.target.closest(WRITING)) return
    event.preventDefault()
    this.panel.togglePopover()
  }

  close() {
    document.removeEventListener("keydown", this.onKey)
    super.close()
  }
}
