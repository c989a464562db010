// Pictures that are decoded before they are wanted: scrubbing swaps them without asking anybody.

const KEPT = 500 // pictures; their pixels are the browser's to drop and decode again
const AT_ONCE = 4 // pictures fetched ahead at the same time

export class Images {
  constructor() {
    /** @type {Map<string, HTMLImageElement>} */
    this.ready = new Map() // by address, decoded; the least recently used first
    /** @type {Map<string, Promise<HTMLImageElement>>} */
    this.coming = new Map() // by address
    /** @type {string[]} */
    this.ahead = []
    this.fetching = 0
  }

  /**
   * The picture if it is here, else null.
   * @param {string} url
   */
  get(url) {
    const image = this.ready.get(url)
    if (!image) return null
    this.ready.delete(url)
    this.ready.set(url, image)
    return image
  }

  /**
   * The picture, fetched if need be. Rejects when there is none (thinned out, or offline).
   * @param {string} url
   */
  want(url) {
    const image = this.get(url)
    if (image) return Promise.resolve(image)
    const coming = this.coming.get(url) ?? this.fetch(url)
    this.coming.set(url, coming)
    return coming
  }

  /** @param {string} url */
  async fetch(url) {
    const image = new Image()
    image.decoding = "sync"
    image.draggable = false
    image.src = url
    try {
      await image.decode()
      this.keep(url, image)
      return image
    } finally {
      this.coming.delete(url)
    }
  }

  /**
   * @param {string} url
   * @param {HTMLImageElement} image
   */
  keep(url, image) {
    this.ready.set(url, image)
    for (const oldest of this.ready.keys()) {
      if (this.ready.size <= KEPT) break
      this.ready.delete(oldest)
    }
  }

  /**
   * Fetch these in the background, the first ones first; replaces what was asked for before.
   * @param {string[]} urls
   */
  prefetch(urls) {
    this.ahead = urls.filter((url) => !this.ready.has(url) && !this.coming.has(url)).slice(0, KEPT - 50)
    while (this.fetching < AT_ONCE && this.ahead.length) this.next()
  }

  next() {
    const url = this.ahead.shift()
    if (!url) return
    this.fetching += 1
    const done = () => {
      this.fetching -= 1
      this.next()
    }
    this.want(url).then(done, done) // a picture that is gone by now is not missed here
  }
}
