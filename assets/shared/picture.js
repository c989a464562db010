// An <img> that changes only once the next picture has been decoded, so that it never blinks.

import { el } from "./dom.js"

export class Picture {
  /** @param {Record<string, unknown>} attributes */
  constructor(attributes) {
    this.img = el("img", { decoding: "sync", draggable: "false", hidden: true, ...attributes })
    this.wanted = ""
    this.hasCome = false // before that it is hidden: an <img> without a picture is an empty frame
  }

  /**
   * False where it cannot be had: thinned out, or offline.
   * @param {string} url
   * @param {string} alt
   * @param {number} id of the snapshot that it is of
   */
  async show(url, alt, id) {
    if (url === this.wanted) return true
    this.wanted = url
    const next = new Image()
    next.src = url
    try {
      await next.decode()
    } catch {
      if (this.wanted !== url) return true // something newer is on its way
      this.wanted = ""
      return false
    }
    if (this.wanted !== url) return true
    this.img.src = url
    this.img.alt = alt
    this.img.dataset.snapshot = String(id)
    this.img.hidden = false
    this.hasCome = true
    return true
  }

  clear() {
    this.wanted = ""
    this.hasCome = false
    this.img.hidden = true
    this.img.removeAttribute("src")
    delete this.img.dataset.snapshot
  }
}

/**
 * How often to enlarge on the server so that the browser only ever scales down: pixels stay even and crisp at any size.
 * @param {number} shown px on the screen
 * @param {number} natural px of the picture
 * @param {number} most
 */
export function enlargement(shown, natural, most = 16) {
  const exact = (shown * (window.devicePixelRatio || 1)) / natural
  return Math.max(1, Math.min(most, Number.isInteger(exact) ? exact : Math.ceil(exact) + 1))
}
