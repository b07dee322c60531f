/** What stands around the views: texts, lists, the prediction, the table. */

import { isBatched } from "./batches.js";
import { byId, onNumber, showChoice, showZones } from "./controls.js";
import { RUN_COLOURS } from "./drawing.js";
import { formulaLines, ruleText, SYMBOLS } from "./formulas.js";
import { answerLines, askText } from "./guess.js";
import { mapText } from "./map-text.js";
import { count, number, typed } from "./numbers.js";
import { PLAIN, rateRange } from "./optimizers.js";
import { CONSTANTS } from "./payload.js";
import { lassoRange, placeOfWeight, weightRange } from "./penalty.js";
import { ALL_ROWS, isSame, startOf } from "./set-up.js";
import {
  alternatives,
  bestText,
  bowlText,
  coefficientRows,
  costText,
  errorText,
  facts,
  lineText,
  liveText,
  made,
  rowsText,
  runText,
  startsText,
  stopText,
  swatch,
  zonelessText,
} from "./text.js";
import { zonesOf } from "./theory.js";

/** The sizes of batches to choose from, beside the one that a configuration has. */
const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64, 128];

/** Show everything that is text. */
export function showPanels(state, scene, player) {
  showFacts(scene);
  if (scene.isSeveral) {
    showCoefficients(scene);
    showRows(state);
  } else byId("data-says").textContent = lineText(state.lesson);
  showCost(scene);
  showUnits(state, scene);
  byId("errors").textContent = errorText(scene);
  byId("bowl-says").textContent = bowlText(scene);
  showRate(state);
  showMethod(state);
  byId("update-says").textContent = ruleText(scene);
  byId("update").replaceChildren(...formulaLines(scene));
  byId("predict-says").textContent = askText(scene);
  showKept(state, scene);
  showStarts(state);
  showAnswer(state);
  if (byId("table").open) showTable(scene);
  showTransport(state, player);
}

function showFacts(scene) {
  const items = facts(scene).map(([name, text, title]) =>
    made("div", [made("dt", name), made("dd", text)], title ? { title } : {}),
  );
  byId("facts").replaceChildren(...items);
  byId("ending").textContent = stopText(scene);
  byId("set-up").textContent = runText(scene.run.setUp, [{ l2: 0, l1: 0 }], scene.choices);
  byId("ending").dataset.kind = stopText(scene) ? scene.run.stopReason : "";
}

function showCoefficients(scene) {
  const rows = coefficientRows(scene).map(({ place, name, cells }) => {
    const isSeen = scene.plane.axes.includes(place);
    const parts = [made("th", name, { scope: "row" }), ...cells.map((cell) => made("td", cell))];
    return made("tr", parts, isSeen ? { class: "seen" } : {});
  });
  byId("coefficients")
    .querySelector("tbody")
    .replaceChildren(...rows);
  for (const [id, place] of Object.entries({ across: 0, up: 1 })) {
    byId(id).value = String(scene.plane.axes[place]);
  }
}

/** Say what the rows show, of several features. */
function showRows({ shown, lesson }) {
  const { title, says } = rowsText(lesson, shown);
  byId("data-title").textContent = title;
  byId("data-says").textContent = says;
  const choice = document.getElementById("shown");
  if (choice) choice.value = String(shown);
}

/** The coordinates of the map. */
export const UNITS = ["scaled", "original units"];

function showUnits({ map: { inOriginalUnits }, setUp }, scene) {
  byId("units").hidden = setUp.scaling === "none";
  showChoice(byId("units"), UNITS[Number(inOriginalUnits)]);
  byId("landscape-says").textContent = mapText(scene);
}

function showCost(scene) {
  const { title, says } = costText(scene);
  byId("cost-title").textContent = title;
  byId("cost-says").textContent = says;
}

function showRate({ table, setUp, usual }) {
  const range = rateRange(table, setUp, usual.rate);
  const slider = byId("rate");
  [slider.min, slider.max] = range;
  slider.value = Math.log10(setUp.rate);
  if (document.activeElement !== byId("rate-text")) byId("rate-text").value = typed(setUp.rate);
  const zones = zonesOf(table, setUp);
  const zone = zones.find(({ to }) => setUp.rate <= to)?.name;
  slider.setAttribute("aria-valuetext", [number(setUp.rate), zone].filter(Boolean).join(", "));
  showZones(byId("zones"), zones, range, setUp.rate);
  byId("zones").ariaHidden = String(zones.length > 0);
  if (!zones.length) byId("zones").textContent = zonelessText(table, setUp);
  const hasRates = table.squared && zones.length > 0;
  byId("zone").textContent = hasRates ? `stable up to ${number(zones.at(-2).to, 3)}` : "";
  byId("best").hidden = !zones.length || !table.squared;
  byId("best").textContent = bestText(setUp.optimizer).name;
  byId("best").title = bestText(setUp.optimizer).title;
  const isIdle = table.squared && setUp.lineSearch;
  for (const id of ["rate", "rate-text", "best"]) byId(id).disabled = isIdle;
}

function showMethod(state) {
  const { optimizer, schedule, scaling, lineSearch } = state.setUp;
  showChoice(byId("scaling"), scaling);
  byId("optimizer").value = optimizer.name;
  byId("schedule").value = schedule.name;
  byId("schedule").disabled = byId("rate").disabled;
  byId("line-search").checked = lineSearch;
  const isInBatches = isBatched(state.table, state.setUp);
  byId("line-search").parentElement.hidden = optimizer.name !== PLAIN || isInBatches;
  showBatches(state);
  showPenalty(state);
  showSettings(state, optimizer);
}

/** Offer sizes of batches below the number of rows. */
function showBatches({ table, setUp }) {
  const { observations } = table.moments;
  const sizes = [...BATCH_SIZES, setUp.batchSize].filter((size) => size && size < observations);
  const options = [...new Set(sizes)].sort((one, other) => one - other);
  const select = byId("batch");
  if (select.dataset.shown !== String(options)) {
    select.dataset.shown = options;
    const names = options.map((size) => new Option(count(size, "row"), size));
    select.replaceChildren(new Option("all rows", ALL_ROWS), ...names);
  }
  select.value = isBatched(table, setUp) ? setUp.batchSize : ALL_ROWS;
}

/** Show the weights of the penalties, which squared error alone has. */
function showPenalty({ lesson, table, setUp }) {
  const isPenalised = table.squared && !isBatched(table, setUp);
  const isPlain = setUp.optimizer.name === PLAIN && !setUp.lineSearch;
  byId("penalty").hidden = !isPenalised;
  byId("lasso").hidden = !isPenalised || !isPlain || lesson.dependent.length > 0;
  for (const [name, rangeOf] of Object.entries({ l2: weightRange, l1: lassoRange })) {
    byId(name).value = placeOfWeight(setUp[name], rangeOf(table, setUp));
    byId(name).setAttribute("aria-valuetext", number(setUp[name]));
    byId(`${name}-text`).textContent = number(setUp[name]);
  }
}

/** Show the settings of an optimizer that are parts, from 0 to below 1. */
function showSettings(state, optimizer) {
  const field = byId("settings");
  if (field.dataset.shown !== optimizer.name) {
    field.dataset.shown = optimizer.name;
    const names = Object.keys(optimizer).filter((name) => Object.hasOwn(SYMBOLS, name));
    field.replaceChildren(...names.map((name) => settingField(state, name)));
    field.hidden = names.length === 0;
  }
  for (const input of field.querySelectorAll("input")) {
    if (document.activeElement !== input) input.value = typed(optimizer[input.name]);
  }
  for (const button of field.querySelectorAll("button")) {
    button.hidden = !state.table.squared || isBatched(state.table, state.setUp);
  }
}

function settingField(state, name) {
  const input = made("input", "", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    name,
  });
  const chosen = () => state.setUp.optimizer;
  onNumber(input, {
    isFit: (value) => value >= 0 && value < 1,
    expected: "a number from 0 to below 1, such as 0.9",
    taken: (value) => state.change({ optimizer: { ...chosen(), [name]: value } }),
    shown: () => typed(chosen()[name]),
  });
  const label = made("label", [SYMBOLS[name], input]);
  if (name !== "momentum") return label;
  const title = "The best β by the condition number, and the rate that goes with it";
  const auto = made("button", "Auto", { type: "button", class: "quiet", title });
  auto.addEventListener("click", () => state.tune());
  return made("span", [label, auto]);
}

/** List the kept runs, and beside them the present one. */
function showKept(state, { kept, colours }) {
  const list = byId("kept");
  list.hidden = kept.length === 0;
  const all = [state.setUp, ...kept.map(({ setUp }) => setUp)];
  const now = state.twin ? "" : runText(state.setUp, all, state.choices);
  const shown = JSON.stringify([now, colours.run, kept.map(({ colour, label }) => colour + label)]);
  if (list.dataset.shown === shown) return;
  list.dataset.shown = shown;
  const items = kept.map((each) => keptItem(state, each));
  if (now) items.unshift(made("li", [swatch(colours.run), `now: ${now}`], { class: "now" }));
  const left = state.ownRuns.length - RUN_COLOURS.length;
  if (left > 0) items.push(made("li", `${count(left, "more run")} had no place here`));
  list.replaceChildren(...items);
}

function keptItem(state, kept) {
  const isNow = isSame(kept.setUp, state.setUp);
  const remove = made("button", "×", { type: "button", "aria-label": `Remove: ${kept.label}` });
  remove.addEventListener("click", () => {
    state.remove(kept);
    byId("keep").focus();
  });
  const text = isNow ? `now: ${kept.label}` : kept.label;
  return made("li", [swatch(kept.colour), text, remove]);
}

function showStarts({ lesson, table, starts, setUp, showsStarts }) {
  byId("starts").hidden = lesson.starts.length === 0;
  if (!lesson.starts.length) return;
  const text = starts.length ? startsText(starts, table.landmarks) : ["Running …"];
  byId("starts-summary").replaceChildren(...text);
  byId("show-starts").checked = showsStarts;
  const chosen = lesson.starts.findIndex((start) => isSame(start, startOf(setUp)));
  byId("pick-start").value = String(chosen);
}

function showAnswer(state) {
  const answer = byId("answer");
  answer.hidden = !state.isRevealed;
  if (answer.hidden) answer.replaceChildren();
  else if (!answer.firstChild) {
    answer.replaceChildren(...answerLines(state, Number(byId("guess").value)));
  }
}

/** Dim what leads nowhere; it keeps the focus. */
function showTransport(state, player) {
  byId("play").textContent = player.isPlaying ? "Pause" : "Play";
  const dim = (id, isDim) => byId(id).setAttribute("aria-disabled", String(isDim));
  const { isAtEnd } = state;
  for (const id of ["one", "ten", "all"]) dim(id, isAtEnd);
  dim("keep", !state.mayKeep);
  dim("undo", state.past.isEmpty);
  for (const id of ["back", "reset"]) dim(id, state.clock === 0);
}

/** Choose steps to show, as in thinning.py: the first ones, and those at powers of two. */
function isShown(index) {
  return index <= CONSTANTS.first_steps || (index & (index - 1)) === 0;
}

/** Tabulate the steps that are shown, and the present one. */
export function showTable({ run, step }) {
  const steps = [];
  for (let index = 0; index <= step; index += 1) {
    if (isShown(index) || index === step) steps.push(index);
  }
  const thetas = run.theta(0).map((_, place) => `θ${place}`);
  const names = ["step", ...thetas, "cost", "gradient norm"];
  const head = made(
    "tr",
    names.map((name) => made("th", name, { scope: "col" })),
  );
  const rows = steps.map((index) => {
    const values = [index, ...run.theta(index), run.costs[index], run.norms[index]];
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
  byId("pick-start").replaceChildren(made("option", "my own start", { value: -1 }), ...options);
  byId("show-starts").parentElement.lastChild.textContent = ` Show ${count(starts.length, "run")}`;
}
