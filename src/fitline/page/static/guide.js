/** A guided lesson: its steps one by one, and which controls it hides and locks. */

import { byId } from "./controls.js";
import { made } from "./text.js";

/** Hide the controls that a lesson hides, and mark those that it locks. */
export function prepareControls({ hidden = [], locked = [] }) {
  for (const part of document.querySelectorAll("[data-control]")) {
    const { control } = part.dataset;
    part.classList.toggle("left-out", hidden.includes(control));
    part.classList.toggle("locked", locked.includes(control));
  }
}

/** Let nothing be changed that is locked, whatever else may be possible now. */
export function lockControls() {
  const fields = ":is(button, input, select)";
  for (const field of document.querySelectorAll(`.locked ${fields}, ${fields}.locked`)) {
    field.disabled = true;
  }
}

/** Let one go from step to step. */
export function wireGuide(state) {
  const go = (by) => {
    state.goToGuide(state.guide + by);
    byId("guide-title").focus();
  };
  byId("guide-previous").addEventListener("click", () => go(-1));
  byId("guide-next").addEventListener("click", () => go(1));
}

/** Show the present step, if there are any. */
export function showGuide({ lesson, guide }) {
  const steps = lesson.guide ?? [];
  byId("guide").hidden = steps.length === 0;
  if (!steps.length || byId("guide").dataset.shown === String(guide)) return;
  byId("guide").dataset.shown = guide;
  const { title, text, question = "", answer = "" } = steps[guide];
  byId("guide-title").textContent = title;
  byId("guide-text").replaceChildren(...paragraphs(text));
  byId("guide-question").textContent = question;
  byId("guide-answer").hidden = !answer;
  byId("guide-answer").open = false;
  byId("guide-answer").lastElementChild.replaceChildren(...paragraphs(answer));
  byId("guide-place").textContent = `${guide + 1} of ${steps.length}`;
  byId("guide-previous").disabled = guide === 0;
  byId("guide-next").disabled = guide === steps.length - 1;
}

function paragraphs(text) {
  return text.split(/\n\s*\n/).map((part) => made("p", part.trim()));
}
