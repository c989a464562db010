// The views of the Classify page: one of them an element. Streamlit calls `mount` again whenever the script or the
// theme changes; what is on the screen stays and only what differs is drawn.

import { DrawView } from "./draw_view.js"
import { FeaturesView } from "./features_view.js"
import { FewView } from "./few_view.js"
import { keepView } from "./mounting.js"
import { MistakesView } from "./mistakes_view.js"

const VIEWS = { draw: DrawView, mistakes: MistakesView, features: FeaturesView, few: FewView }

/** Called by Streamlit; returns what to do when the element leaves the page. */
export function mount(component) {
  return keepView(component, (parent) => new VIEWS[component.data.view](parent))
}
