// Pictures that are decoded before they are wanted: scrubbing swaps them without asking anybody.

const KEPT = 500 // pictures; their pixels are the browser's to drop and decode again
const AT_ONCE = 4 // pictures fetched ahead at the same time

export class Images {
  constructor() {
    this.ready = new Map() // address -> decoded Image, the least recently used first
    this.coming = new Map() // address -> promise
    this.ahead = []
    this.fetching = 0
  }

  /** The picture if it is here, else null. */
  get(url) {
    const image = this.ready.get(url)
    if (!image) return null
    this.ready.delete(url)
    this.ready.set(url, image)
    return image
  }

  /** The picture, fetched if need be. Rejects when there is none (thinned out, or offline). */
  want(url) {
    const image = this.get(url)
    if (image) return Promise.resolve(image)
    const coming = this.coming.get(url) ?? this.fetch(url)
    this.coming.set(url, coming)
    return coming
  }

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

  keep(url, image) {
    this.ready.set(url, image)
    while (this.ready.size > KEPT) this.ready.delete(this.ready.keys().next().value)
  }

  /** Fetch these in the background, the first ones first; replaces what was asked for before. */
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

/** How often to enlarge on the server so that the browser only scales down: pixels stay even and crisp. */
export function enlargement(shown, natural) {
  const exact = (shown * (window.devicePixelRatio || 1)) / natural
  return Math.max(1, Math.min(4, Number.isInteger(exact) ? exact : Math.ceil(exact) + 1))
}
