// The words of the list of keys; which keys a page has stands in `assets/texts/keys.json`.

export const WORDS = {
  button: "Keys",
  hint: "What the keys do on this page (?)",
  title: "What the keys do on this page",
}
