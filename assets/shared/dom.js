// Small helpers for building elements. Text always goes in as text, never as markup.

/** @import { Theme } from "./scene.js" */

/**
 * An element with attributes (`class`, `data-x`, `onclick`, ...) and children (elements or text).
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} attributes
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue
    if (name.startsWith("on")) Object.assign(node, { [name]: value })
    else node.setAttribute(name, value === true ? "" : String(value))
  }
  node.append(...children)
  return node
}

/**
 * Set the text only when it differs, so that selections and screen readers are left alone.
 * @param {Node} node
 * @param {string} text
 */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text
}

/**
 * @param {HTMLElement} node
 * @param {boolean} visible
 */
export function show(node, visible) {
  if (node.hidden === visible) node.hidden = !visible
}

/**
 * A row of buttons of which one is pressed. `options` maps value to label.
 * @template {string} Value
 * @param {string} label
 * @param {Record<Value, string>} options
 * @param {NoInfer<Value>} value
 * @param {(value: Value) => void} onChoose
 */
export function choice(label, options, value, onChoose) {
  const values = /** @type {Value[]} */ (Object.keys(options))
  const buttons = values.map((one) =>
    el(
      "button",
      {
        type: "button",
        class: "lab-choice-item",
        "data-value": one,
        "aria-pressed": String(one === value),
        onclick: () => {
          press(group, one)
          onChoose(one)
        },
      },
      options[one],
    ),
  )
  const group = el("div", { class: "lab-choice", role: "group", "aria-label": label }, ...buttons)
  return group
}

/**
 * Show this value of a choice as the pressed one.
 * @param {HTMLElement} group from `choice`
 * @param {string} value
 */
export function press(group, value) {
  for (const button of group.children)
    button.setAttribute("aria-pressed", String(button.getAttribute("data-value") === value))
}

// What stands for a variable where the system forces its own few colours; for all others its text.
/** @type {Record<string, string>} */
const FORCED = { "--st-background-color": "canvas", "--lab-grid": "graytext", "--st-primary-color": "highlight" }

/**
 * Colours behind CSS variables, whatever notation they are written in, as rgba() for those who know no other.
 * @param {HTMLElement} node
 * @param {Record<string, string>} names
 * @returns {Record<string, string>}
 */
export function resolved(node, names) {
  const probe = el("span", { hidden: true })
  const isForced = window.matchMedia("(forced-colors: active)").matches
  probe.style.setProperty("forced-color-adjust", "none")
  const paint = /** @type {CanvasRenderingContext2D} */ (
    el("canvas", { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true })
  )
  node.append(probe)
  const found = Object.entries(names).map(([key, name]) => {
    probe.style.color = isForced ? (FORCED[name] ?? "canvastext") : `var(${name})`
    paint.clearRect(0, 0, 1, 1)
    paint.fillStyle = getComputedStyle(probe).color
    paint.fillRect(0, 0, 1, 1)
    const [red, green, blue, alpha] = paint.getImageData(0, 0, 1, 1).data
    return [key, `rgba(${red}, ${green}, ${blue}, ${(alpha / 255).toFixed(3)})`]
  })
  probe.remove()
  return Object.fromEntries(found)
}

/**
 * "light" or "dark", from the page's own background.
 * @param {Element} node
 * @returns {Theme}
 */
export function themeOf(node) {
  const colour = getComputedStyle(node).getPropertyValue("--st-background-color").trim()
  const channels = colour.startsWith("#")
    ? [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
    : (colour.match(/[\d.]+/g) ?? [255, 255, 255]).slice(0, 3).map(Number)
  return channels[0] + channels[1] + channels[2] < 384 ? "dark" : "light"
}
