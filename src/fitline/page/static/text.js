/** What the page says, in plain sentences; texts only, so that no name of a column is markup. */

import { hasTheory, predictedSteps, slowestFactor } from "./descent.js";
import { SIGNS } from "./drawing.js";
import { count, number } from "./numbers.js";
import { OPTIMIZERS, PLAIN } from "./optimizers.js";
import { STOP_TEXTS } from "./payload.js";

/** Make an element with a text or with children. */
export function made(tag, content, attributes = {}) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...[content].flat());
  return element;
}

const COSTS = {
  squared: "squared error",
  absolute: "absolute error",
  huber: "Huber's cost",
  cauchy: "Cauchy's cost",
};

export function sourceText({ source, rows, skipped, cost }) {
  const left = skipped ? ` (${count(skipped, "row")} skipped)` : "";
  const scale = cost.scale === null ? "" : `, scale ${number(cost.scale)}`;
  return `${source} · ${count(rows, "row")}${left} · ${COSTS[cost.name]}${scale}`;
}

export function equation({ x, y }, [intercept, slope]) {
  const sign = slope < 0 ? "−" : "+";
  return `${y} = ${number(intercept)} ${sign} ${number(Math.abs(slope))} × ${x}`;
}

/** Name a run by its optimizer and its rate, and by what else tells it from others. */
export function runText(setUp, all, choices) {
  const differs = (name) => all.some((other) => other[name] !== setUp[name]);
  const { rate, scaling, theta0, theta1, schedule, lineSearch } = setUp;
  const parts = [
    optimizerText(setUp.optimizer, choices.optimizer),
    lineSearch ? "line search" : `rate ${number(rate)}`,
    scheduleText(schedule.name, setUp),
    scaling,
    `from (${number(theta0, 4)}, ${number(theta1, 4)})`,
  ];
  const isTold = [
    true,
    true,
    !lineSearch && scheduleText(schedule.name, setUp) !== "constant",
    differs("scaling"),
    differs("theta0") || differs("theta1"),
  ];
  return parts.filter((_, place) => isTold[place]).join(", ");
}

function optimizerText({ name, ...settings }, choices) {
  const changed = Object.entries(settings).filter(
    ([setting, value]) => value !== choices[name][setting],
  );
  return [OPTIMIZERS[name].title, ...changed.map(([, value]) => value)].join(" ");
}

export function scheduleText(name, { warmUp }) {
  const text = name.replaceAll("_", " ");
  return warmUp ? `${text}, warm-up ${warmUp}` : text;
}

export function pointText([intercept, slope]) {
  return `θ0 = ${number(intercept)}, θ1 = ${number(slope)}`;
}

/** What one sees, a sentence a view. */
export function captions(lesson) {
  const { x, y, points, rows, grid, stationary } = lesson;
  const sample = points.sampled
    ? ` ${number(points.x.length)} of ${number(rows)} rows are shown, drawn at random.`
    : "";
  const note = grid
    ? " The colours are of the whole table; descent uses the rows that are shown."
    : "";
  return {
    data: `Each bar is an error of the line. Drag the line by its rings.${sample}`,
    landscape: `Every point is a line; its colour says how wrong that line is.${note}${batchesText(lesson)}`,
    bowl: "The higher, the more wrong. Drag to turn.",
    cost: stationary.some(({ kind }) => kind === "local")
      ? "Lower is better. Dashed: the minimum. Dotted: a local one."
      : "Lower is better. Dashed: the lowest that any line can reach.",
    titles: { theta0: `θ0 (${y})`, theta1: `θ1 (${y} per ${x})` },
  };
}

function batchesText({ config, runs = [] }) {
  const isBatched = [config, ...runs.map((run) => run.config)].some((each) => each.batch_size);
  return isBatched ? " Here each step uses all rows, not a batch of them." : "";
}

export function predictText({ table, run }) {
  return hasTheory(table, run.setUp)
    ? "Guess first. Then compare with the prediction and the truth."
    : "Guess first. Then see the truth.";
}

/** Say in place of zones why there are none. */
export function zonelessText(table, { optimizer, lineSearch, scaling }) {
  if (lineSearch) {
    return table.squared
      ? "Each step goes to the lowest point along it, whatever the rate."
      : "The length of each step is searched; the rate is the first one tried.";
  }
  if (OPTIMIZERS[optimizer.name].rates) return "";
  const unit = scaling === "none" ? "" : " × the spread of y";
  return `No rate is too large by theory: a step is about rate${unit} long.`;
}

/** Where the run stands, as names and values. */
export function facts({ lesson, table, run, step, theta }) {
  const rows = [
    ["step", number(step)],
    ["line", equation(lesson, theta)],
    ["cost", number(run.costs[step])],
  ];
  if (Number.isFinite(table.lowest)) rows.push(["excess cost", number(run.excess(step), 4)]);
  rows.push(["gradient norm", number(run.norms[step], 3)]);
  return rows;
}

/** Say why a run ended: in Python's words, unless it is the page that stopped it. */
export function reasonText(run) {
  const text = STOP_TEXTS[run.stopReason] ?? "not converged after {steps}: the page's limit";
  return text.replace("{steps}", count(run.last, "step")).replace("{unit}", "step");
}

export function stopText({ run, step }) {
  return run.stopReason && step === run.last ? reasonText(run) : "";
}

export function liveText(scene) {
  const { lesson, run, step, theta } = scene;
  const ended = stopText(scene);
  const where = `Step ${number(step)}: ${equation(lesson, theta)}, cost ${number(run.costs[step])}.`;
  return ended ? `${where} ${ended}.` : where;
}

/** Text alternatives of the views. */
export function alternatives(scene) {
  const { lesson, table, run, step, theta, window, titles } = scene;
  const best = table.landmarks.find(({ kind }) => kind === "global");
  const lowest = best ? ` The minimum is at ${pointText(best.theta)}.` : "";
  const span = ([low, high]) => `from ${number(low, 3)} to ${number(high, 3)}`;
  const others = scene.kept.map(({ label }) => label);
  const beside = others.length ? ` Beside it: ${others.join("; ")}.` : "";
  return {
    data: `Scatter of ${lesson.y} over ${lesson.x}, with the line ${equation(lesson, theta)}.${beside}`,
    landscape: `The cost over ${titles.theta0} ${span(window.theta0)} and ${titles.theta1} ${span(window.theta1)}. Descent stands at ${pointText(theta)} after ${count(step, "step")}.${lowest}${beside}`,
    bowl: `The same cost as a surface, with descent on it at a height of ${number(run.costs[step])}.`,
    cost: `The cost by step: ${number(run.costs[0])} at the start, ${number(run.costs[step])} after ${count(step, "step")}.${Number.isFinite(table.lowest) ? ` The lowest possible is ${number(table.lowest)}.` : ""}`,
  };
}

/** The guess beside theory and truth. */
export function answerLines({ table, run }, guess) {
  run.reach(Number.POSITIVE_INFINITY);
  const items = [["your guess", number(guess)]];
  if (hasTheory(table, run.setUp)) items.push(["predicted", theoryText(table, run.setUp)]);
  items.push(["the truth", truthText(run)]);
  const list = items.map(([name, text]) => made("div", [made("dt", name), made("dd", text)]));
  return [made("dl", list), made("p", becauseText(table, run), { class: "says" })];
}

function theoryText(table, setUp) {
  const steps = predictedSteps(table, setUp);
  return Number.isFinite(steps) ? count(steps, "step") : "does not converge";
}

function truthText({ stopReason, last }) {
  if (stopReason === "converged") return count(last, "step");
  if (stopReason === "diverged") return `diverged after ${number(last)}`;
  return `not after ${number(last)}`;
}

function becauseText(table, { setUp, stopReason }) {
  if (!hasTheory(table, setUp)) {
    return unknownText(table, setUp);
  }
  const left = slowestFactor(table, setUp);
  if (left > 1) return `Each step makes the error ${number(left, 3)} times as large.`;
  if (left === 1) return "Each step overshoots as far to the other side: it oscillates for ever.";
  const part = left > 0.999 ? number(100 * left, 7) : number(100 * left, 3);
  const why = `In the slowest direction each step leaves ${part} % of the error.`;
  return stopReason === "steps" ? `${why} The step limit is too low.` : why;
}

function unknownText({ squared, costName }, { optimizer, lineSearch }) {
  if (squared)
    return "There is a closed form only for plain descent at a fixed rate; here one has to run it.";
  const isFixed = optimizer.name === PLAIN && !lineSearch;
  return costName === "absolute" && isFixed
    ? "The gradient does not fade near the minimum, so a fixed rate oscillates around it for ever."
    : "This landscape is no simple bowl, so there is no closed form; one has to run it.";
}

/** How many of the random starts reached which minimum, each with its colour. */
export function startsText(starts, landmarks) {
  const groups = [...landmarks, undefined]
    .map((landmark) => ({
      landmark,
      those: starts.filter(({ reached }) => reached === landmark),
    }))
    .filter(({ those }) => those.length);
  const others = groups.splice(MOST_GROUPS).flatMap(({ those }) => those);
  const parts = groups.map(({ landmark, those }) => [those, goalText(landmark)]);
  if (others.length) parts.push([others, "ended elsewhere"]);
  const told = parts.flatMap(([those, goal]) => [
    swatch(those[0].colour),
    `${number(those.length)} ${goal}. `,
  ]);
  return [`Of ${count(starts.length, "random start")}: `, ...told];
}

/** More minima than these are counted together. */
const MOST_GROUPS = 4;

function goalText(landmark) {
  if (!landmark) return "did not arrive";
  const where = landmark.theta.map((value) => number(value, 3)).join(", ");
  return `reached ${SIGNS[landmark.kind]} at (${where})`;
}

/** A patch of a run's colour. */
export function swatch(colour) {
  const patch = made("span", "", { class: "swatch" });
  patch.style.background = colour;
  return patch;
}
