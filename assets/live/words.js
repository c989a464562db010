// The words of the live view.

export const WORDS = {
  charts: "Charts on the screen",
}
