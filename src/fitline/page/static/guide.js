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
  arrange(hidden);
}

/** The columns of views on a wide screen, the first one from above; and how wide each is. */
const COLUMNS = [
  [["data"], "1fr"],
  [["landscape"], "1.08fr"],
  [["bowl", "cost"], "0.84fr"],
];

/** Let the views that are seen share the screen. */
function arrange(hidden) {
  const seen = COLUMNS.map(([names, width]) => [
    names.filter((one) => !hidden.includes(one)),
    width,
  ]);
  const columns = seen.filter(([names]) => names.length);
  const rows = [0, -1].map((at) => `"${columns.map(([names]) => names.at(at)).join(" ")}"`);
  const views = columns.flatMap(([names]) => names);
  const pairs = views
    .filter((_, place) => place % 2 === 0)
    .map((one, place) => `"${one} ${views[2 * place + 1] ?? one}"`);
  const { style } = document.querySelector("main");
  style.setProperty("--columns", columns.map(([, width]) => width).join(" "));
  style.setProperty("--wide", rows.join(" "));
  style.setProperty("--pairs", pairs.join(" "));
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
  byId("guide-try").addEventListener("submit", (event) => {
    event.preventDefault();
    check(state);
  });
  byId("guide-answer").addEventListener("toggle", ({ target }) => {
    const { answer_step: step } = state.lesson.guide[state.guide];
    if (target.open && step !== undefined) state.goTo(step);
  });
}

/** Say whether the number that was typed is the answer. */
function check({ lesson, guide }) {
  const { value, within } = lesson.guide[guide];
  const typed = byId("guide-typed").value.replaceAll(",", "").replaceAll("−", "-");
  const off = Math.abs(Number.parseFloat(typed) - value);
  byId("guide-verdict").textContent = Number.isNaN(off)
    ? "Type a number."
    : off <= within
      ? "Right."
      : "Not yet: try again.";
}

/** Show the present step, if there are any. */
export function showGuide({ lesson, guide }) {
  const steps = lesson.guide ?? [];
  byId("guide").hidden = steps.length === 0;
  if (!steps.length || byId("guide").dataset.shown === String(guide)) return;
  byId("guide").dataset.shown = guide;
  const { title, text, question = "", answer = "", value } = steps[guide];
  byId("guide-title").textContent = title;
  byId("guide-text").replaceChildren(...paragraphs(text));
  byId("guide-question").replaceChildren(...withCode(question));
  byId("guide").querySelector(".task").hidden = !question && !answer;
  byId("guide-try").hidden = value === undefined;
  byId("guide-typed").value = "";
  byId("guide-verdict").textContent = "";
  byId("guide-answer").hidden = !answer;
  byId("guide-answer").open = false;
  byId("guide-answer").lastElementChild.replaceChildren(...paragraphs(answer));
  byId("guide-place").textContent = `${guide + 1} of ${steps.length}`;
  byId("guide-previous").disabled = guide === 0;
  byId("guide-next").disabled = guide === steps.length - 1;
}

function paragraphs(text) {
  return text.split(/\n\s*\n/).map((part) => made("p", withCode(part.trim())));
}

/** Make code of what stands in backquotes; its lines break between words alone. */
function withCode(text) {
  const words = (code) => code.split(" ").flatMap((word) => [made("span", word), " "]);
  return text
    .split("`")
    .map((part, place) => (place % 2 ? made("code", words(part).slice(0, -1)) : part));
}
