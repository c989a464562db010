// Small helpers for building elements. Text always goes in as text, never as markup.

/** An element with attributes (`class`, `data-x`, `onclick`, ...) and children (elements or text). */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue
    if (name.startsWith("on")) node[name] = value
    else node.setAttribute(name, value === true ? "" : String(value))
  }
  node.append(...children)
  return node
}

/** Set the text only when it differs, so that selections and screen readers are left alone. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text
}

/** A link that saves the picture on the screen; hidden until there is one. */
export function pictureLink(label) {
  return el("a", { class: "lab-tool", hidden: true, "aria-label": label }, "png")
}

/** Point a `pictureLink` at the picture now shown. */
export function offerPicture(link, url, name) {
  link.href = url
  link.download = `${name}.png`
  link.hidden = false
}

export function show(node, visible) {
  if (node.hidden === visible) node.hidden = !visible
}

/** A row of buttons of which one is pressed. `options` maps value to label. */
export function choice(label, options, value, onChoose) {
  const buttons = Object.entries(options).map(([key, text]) =>
    el("button", {
      type: "button",
      class: "lab-choice-item",
      "aria-pressed": String(key === value),
      onclick: () => {
        for (const button of buttons) button.setAttribute("aria-pressed", String(button === buttons[keys.indexOf(key)]))
        onChoose(key)
      },
    }, text))
  const keys = Object.keys(options)
  return el("div", { class: "lab-choice", role: "group", "aria-label": label }, ...buttons)
}

/** Colours behind CSS variables, whatever notation they are written in, as rgba() for those who know no other. */
export function resolved(node, names) {
  const probe = el("span", { hidden: true })
  const paint = el("canvas", { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true })
  node.append(probe)
  const found = Object.entries(names).map(([key, name]) => {
    probe.style.color = `var(${name})`
    paint.clearRect(0, 0, 1, 1)
    paint.fillStyle = getComputedStyle(probe).color
    paint.fillRect(0, 0, 1, 1)
    const [red, green, blue, alpha] = paint.getImageData(0, 0, 1, 1).data
    return [key, `rgba(${red}, ${green}, ${blue}, ${(alpha / 255).toFixed(3)})`]
  })
  probe.remove()
  return Object.fromEntries(found)
}

/** "light" or "dark", from the page's own background. */
export function themeOf(node) {
  const colour = getComputedStyle(node).getPropertyValue("--st-background-color").trim()
  const channels = colour.startsWith("#")
    ? [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))
    : (colour.match(/[\d.]+/g) ?? [255, 255, 255]).slice(0, 3).map(Number)
  return channels[0] + channels[1] + channels[2] < 384 ? "dark" : "light"
}
