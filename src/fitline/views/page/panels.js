/** What stands around the views: texts, lists, the prediction, the table. */

import { byId, rateRange, showChoice, showZones } from "./controls.js";
import { zonesOf } from "./descent.js";
import { count, number } from "./numbers.js";
import {
  alternatives,
  answerLines,
  endingText,
  facts,
  liveText,
  made,
  startsText,
  swatch,
  updateLines,
} from "./words.js";

const FIRST_STEPS = 5;

/** Show everything that is text. */
export function showPanels(stage, scene, player) {
  showFacts(scene);
  showRate(stage);
  showChoice(byId("scaling"), stage.setUp.scaling);
  showChoice(byId("optimizer"), stage.setUp.optimizer);
  byId("update").replaceChildren(...updateLines(scene));
  showKept(stage);
  showStarts(stage);
  showAnswer(stage);
  if (byId("table").open) showTable(scene);
  showTransport(stage, player);
}

function showFacts(scene) {
  const items = facts(scene).map(([name, text]) =>
    made("div", [made("dt", name), made("dd", text)]),
  );
  byId("facts").replaceChildren(...items);
  byId("ending").textContent = endingText(scene);
  byId("ending").dataset.kind = endingText(scene) ? scene.walk.ending : "";
}

function showRate({ table, lesson, setUp }) {
  const costName = lesson.cost.name;
  const range = rateRange(table, setUp.scaling, costName, lesson.config.learning_rate);
  const slider = byId("rate");
  [slider.min, slider.max] = range;
  slider.value = Math.log10(setUp.rate);
  if (document.activeElement !== byId("rate-text")) byId("rate-text").value = String(setUp.rate);
  const zones = zonesOf(table, setUp.scaling, costName);
  const zone = zones.find(({ to }) => setUp.rate <= to)?.name;
  const spoken = [number(setUp.rate), zone].filter(Boolean).join(", ");
  slider.setAttribute("aria-valuetext", spoken);
  showZones(byId("zones"), zones, range, setUp.rate);
  const isBowl = costName === "squared";
  byId("zone").textContent = isBowl ? `stable up to ${number(zones.at(-2).to, 3)}` : "";
}

function showKept(stage) {
  const list = byId("kept");
  list.hidden = stage.kept.length === 0;
  if (list.dataset.shown === shown(stage.kept)) return;
  list.dataset.shown = shown(stage.kept);
  list.replaceChildren(...stage.kept.map((kept) => keptItem(stage, kept)));
}

function shown(kept) {
  return kept.map(({ colour, label }) => colour + label).join("\n");
}

function keptItem(stage, kept) {
  const remove = made("button", "×", { type: "button", "aria-label": `Remove: ${kept.label}` });
  remove.addEventListener("click", () => {
    stage.remove(kept);
    byId("keep").focus();
  });
  return made("li", [swatch(kept.colour), kept.label, remove]);
}

function showStarts({ lesson, table, starts, setUp, showsStarts }) {
  byId("starts").hidden = lesson.starts.length === 0;
  if (!lesson.starts.length) return;
  const text = starts.length ? startsText(starts, table.landmarks) : ["Walking …"];
  byId("starts-summary").replaceChildren(...text);
  byId("show-starts").checked = showsStarts;
  const chosen = lesson.starts.findIndex(
    ([theta0, theta1]) => theta0 === setUp.theta0 && theta1 === setUp.theta1,
  );
  byId("pick-start").value = String(chosen);
}

function showAnswer(stage) {
  const answer = byId("answer");
  answer.hidden = !stage.isRevealed;
  if (answer.hidden) answer.replaceChildren();
  else if (!answer.firstChild) {
    answer.replaceChildren(...answerLines(stage, Number(byId("guess").value)));
  }
}

/** Dim what leads nowhere; it keeps the focus. */
function showTransport(stage, player) {
  byId("play").textContent = player.isPlaying ? "Pause" : "Play";
  const dim = (id, isDim) => byId(id).setAttribute("aria-disabled", String(isDim));
  const { isAtEnd } = stage;
  for (const id of ["one", "ten", "all"]) dim(id, isAtEnd);
  dim("keep", !stage.mayKeep);
  for (const id of ["back", "reset"]) dim(id, stage.clock === 0);
}

/** Tabulate the first steps, those at powers of two, and the present one. */
export function showTable({ walk, step }) {
  const steps = [];
  for (let index = 0; index <= step; index += 1) {
    if (index <= FIRST_STEPS || (index & (index - 1)) === 0 || index === step) steps.push(index);
  }
  const names = ["step", "θ0", "θ1", "cost", "gradient"];
  const head = made(
    "tr",
    names.map((name) => made("th", name, { scope: "col" })),
  );
  const rows = steps.map((index) => {
    const values = [index, ...walk.theta(index), walk.costs[index], walk.norms[index]];
    const cells = values.map((value) => made("td", number(value), { "data-value": value }));
    return made("tr", cells, index === step ? { "aria-current": "step" } : {});
  });
  const table = made("table", [made("thead", head), made("tbody", rows)]);
  byId("table").querySelector(".scroll").replaceChildren(table);
}

/** Tell those who hear the page where one stands. */
export function announce(scene) {
  for (const [id, text] of Object.entries(alternatives(scene))) {
    byId(id).setAttribute("aria-label", text);
  }
  if (byId("live").textContent !== liveText(scene)) byId("live").textContent = liveText(scene);
}

/** List the random starts to choose from. */
export function fillStarts(starts) {
  const options = starts.map((_, place) => made("option", `start ${place + 1}`, { value: place }));
  byId("pick-start").append(made("option", "my own start", { value: -1 }), ...options);
  byId("show-starts").parentElement.lastChild.textContent = ` Show ${count(starts.length, "walk")}`;
}
