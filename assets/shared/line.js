// An open line to the server (a websocket at a feed's own address), on which it says what is new as soon as it is stored.
// It is the server's turn first; then it waits until this page has drawn what it was told.

const QUIET = 25_000 // ms: the server says at least an empty word every 10 s, so a longer silence is a broken line

/** @template News what it hears */
export class Line {
  /**
   * `onNews(answer)` as long as the line holds; `onEnd(wasOpen)` once, unless it was closed from here.
   * @param {string} address
   * @param {(answer: News) => void} onNews
   * @param {(wasOpen: boolean) => void} onEnd
   */
  constructor(address, onNews, onEnd) {
    this.onNews = onNews
    this.onEnd = onEnd
    this.wasOpen = false
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.silence = 0
    const url = new URL(address, document.baseURI)
    url.protocol = url.protocol.replace("http", "ws")
    this.socket = new WebSocket(url)
    this.socket.onopen = () => {
      this.wasOpen = true
    }
    this.socket.onmessage = ({ data }) => this.hear(data)
    this.socket.onclose = () => this.end()
    this.listen()
  }

  /** @param {string} text */
  hear(text) {
    this.listen()
    if (text) this.onNews(JSON.parse(text))
  }

  /** Ready for more. */
  answer() {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send("")
  }

  listen() {
    clearTimeout(this.silence)
    this.silence = setTimeout(() => this.end(), QUIET)
  }

  end() {
    this.close()
    this.onEnd(this.wasOpen)
  }

  close() {
    clearTimeout(this.silence)
    this.socket.onmessage = this.socket.onclose = null
    this.socket.close()
  }
}
