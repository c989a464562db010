// The views of the Classify page: one of them an element. Streamlit calls `mount` again whenever the script or the
// theme changes; what is on the screen stays and only what differs is drawn.

/** @import { ClassifyData } from "../shared/messages.js" */
/** @import { Component } from "../shared/scene.js" */

import { keepView } from "../shared/mounting.js"
import { DrawView } from "./draw_view.js"
import { FeaturesView } from "./features_view.js"
import { FewView } from "./few_view.js"
import { MistakesView } from "./mistakes_view.js"

const VIEWS = { draw: DrawView, mistakes: MistakesView, features: FeaturesView, few: FewView }

/**
 * Called by Streamlit; returns what to do when the element leaves the page.
 * @param {Component<ClassifyData>} component
 */
export function mount(component) {
  return keepView(component, (first) => new VIEWS[first.data.view](first))
}
