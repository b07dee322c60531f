/** What the page says, in plain sentences; texts only, so that no name of a column is markup. */

import { isBatched } from "./batches.js";
import { showsExcess } from "./cost-view.js";
import { SIGNS } from "./drawing.js";
import { deviationsOf } from "./mathematics.js";
import { count, number } from "./numbers.js";
import { OPTIMIZERS, PLAIN } from "./optimizers.js";
import { STOP_TEXTS } from "./payload.js";
import { onScreen } from "./print.js";
import { isSame, startOf } from "./set-up.js";
import { hasTheory, slowestFactor } from "./theory.js";

/** Make an element with a text or with children. */
export function made(tag, content, attributes = {}) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...[content].flat());
  return element;
}

export function sourceText({ source, rows, skipped, weight, cost }) {
  const left = skipped ? ` (${count(skipped, "row")} skipped)` : "";
  const scale = cost.scale === null ? "" : `, scale ${number(cost.scale)}`;
  const weighted = weight ? ` weighted by ${weight}` : "";
  return `${source} · ${count(rows, "row")}${left}${weighted} · ${cost.title}${scale}`;
}

export function equation({ x, y, moments }, [intercept, ...slopes]) {
  const terms = slopes.map((slope, place) => {
    const sign = slope < 0 ? "−" : "+";
    return `${sign} ${number(Math.abs(slope))} × ${x[place]}`;
  });
  const first = moments.has_intercept ? [number(intercept)] : [];
  return `${y} = ${[...first, ...terms].join(" ").replace(/^\+ /, "")}`;
}

/** A longer equation is left to the table of the coefficients. */
const MOST_TERMS = 3;

/** Write a model where it is short enough, with a text before it. */
function modelText(before, lesson, theta) {
  return lesson.x.length > MOST_TERMS ? "" : before + equation(lesson, theta);
}

/** Name a run by its optimizer and its rate, and by what else tells it from others. */
export function runText(setUp, all, choices) {
  const differs = (name) => all.some((other) => other[name] !== setUp[name]);
  const { rate, scaling, schedule, lineSearch, l2, l1, batchSize } = setUp;
  const start = startOf(setUp);
  const parts = [
    optimizerText(setUp.optimizer, choices.optimizer),
    lineSearch ? "line search" : `rate ${number(rate)}`,
    scheduleText(schedule.name, setUp),
    scaling,
    `penalty λ2 ${number(l2)}`,
    `λ1 ${number(l1)}`,
    batchSize ? `batches of ${number(batchSize)}` : "all rows",
    `from (${coordinates(start, 4)})`,
  ];
  const isTold = [
    true,
    true,
    !lineSearch && scheduleText(schedule.name, setUp) !== "constant",
    differs("scaling"),
    differs("l2"),
    differs("l1"),
    differs("batchSize"),
    all.some((other) => !isSame(startOf(other), start)),
  ];
  return parts.filter((_, place) => isTold[place]).join(", ");
}

function optimizerText({ name, ...settings }, choices) {
  const changed = Object.entries(settings).filter(
    ([setting, value]) => value !== choices[name][setting],
  );
  return [OPTIMIZERS[name].title, ...changed.map(([, value]) => number(value, 4))].join(" ");
}

export function scheduleText(name, { warmUp }) {
  const text = name.replaceAll("_", " ");
  return warmUp ? `${text}, warm-up ${warmUp}` : text;
}

/** Tell of two parameters. */
export function pointText(theta, axes) {
  return axes.map((place) => `θ${place} = ${number(theta[place])}`).join(", ");
}

/** List parameters, the first ones where they are many. */
function coordinates(theta, digits) {
  const shown = theta.slice(0, MOST_COORDINATES).map((value) => number(value, digits));
  return [...shown, ...(theta.length > MOST_COORDINATES ? ["…"] : [])].join(", ");
}

const MOST_COORDINATES = 4;

/** Say what the rows of one feature show. */
export function lineText(lesson) {
  const drag = onScreen(" Drag the line by its rings.");
  return `Each bar is an error of the line.${drag}${sampleText(lesson)}`;
}

/** Say what the surface shows. */
export function bowlText({ isSeveral, table }) {
  const says =
    isSeveral && table.isBowl
      ? "The surface has the other parameters at their best, so the path starts above it."
      : "The higher, the more wrong.";
  return says + onScreen(" Drag to turn.");
}

/** Say what the cost by step is, how fast it falls, and what the lines are. */
export function costText({ lesson, table, run }) {
  const isLocal = table.landmarks.some(({ kind }) => kind === "local");
  const dotted = isLocal ? " Dotted: a local minimum." : "";
  if (showsExcess(table)) {
    const says = `How far above the minimum. ${speedText(lesson, table, run)}${dotted}`;
    return { title: `The excess cost by ${run.word}`, says: `${says}${unseenText(lesson)}` };
  }
  const says = `Lower is better. Dashed: the minimum.${dotted}${unseenText(lesson)}`;
  return { title: `The cost by ${run.word}`, says };
}

/** Say how fast a run converges, which is the slope of its line. */
function speedText({ cost }, table, { setUp }) {
  if (cost.name === "absolute")
    return `The cost is the mean of C·|error|, where the scale C is ${number(cost.scale)}.`;
  if (!hasTheory(table, setUp))
    return "On this axis a steady rate of convergence is a straight line.";
  const left = slowestFactor(table, setUp) ** 2;
  if (left > 1) return `A straight line: each step makes it ${number(left, 3)} times as large.`;
  if (left === 1) return "It stays level: each step overshoots as far to the other side.";
  if (left === 0) return "One step leaves nothing of it.";
  return `In the end a straight line: each step ${leavesText(left)} of it.`;
}

/** Say what a step leaves, or where that is nearly all, what it takes away. */
export function leavesText(part) {
  return part > MUCH
    ? `takes away ${number(100 * (1 - part), 3)} %`
    : `leaves ${number(100 * part, 3)} %`;
}

const MUCH = 0.999;

function unseenText({ held_out: unseen, cost }) {
  if (!unseen) return "";
  const rows = count(unseen.rows, "row");
  const isShown = cost.is_quadratic || unseen.points;
  return isShown ? ` Blue: ${rows} held out.` : ` ${rows} are held out.`;
}

/** Say what the rows of several features show: the predictions, or what one feature adds. */
export function rowsText(lesson, place) {
  const sample = sampleText(lesson);
  if (!place) {
    const says = `Each dot is a row; on the diagonal its prediction ŷ is right.${sample}`;
    return { title: "Predictions against the truth", says };
  }
  const says = `Each dot is a row, less what the other features explain of it; the line has the slope θ${place}. Dashed: the least squares one.${sample}`;
  return { title: `What ${lesson.x[place - 1]} adds`, says };
}

function sampleText({ points, rows }) {
  if (!points.sampled) return "";
  return ` ${number(points.y.length)} of ${number(rows)} rows are shown, drawn at random.`;
}

/** Say what the best rate is best for. */
export function bestText({ name, momentum }) {
  if (name === PLAIN) {
    const title = "The best fixed rate for plain descent: 2 / (λmin + λmax)";
    return { name: "Best fixed rate", title };
  }
  const title = `The best fixed rate of ${OPTIMIZERS[name].title} at β = ${number(momentum, 4)}`;
  return { name: "Best rate at this β", title };
}

/** Say in place of zones why there are none. */
export function zonelessText(table, setUp) {
  const { optimizer, lineSearch, scaling } = setUp;
  if (isBatched(table, setUp)) {
    return "Mini-batch gradients are noisy: at a fixed rate a run ends up around the minimum.";
  }
  if (lineSearch) {
    return table.squared
      ? "Each step goes to the lowest point along it, whatever the rate."
      : "The length of each step is searched; the rate is the first one tried.";
  }
  if (OPTIMIZERS[optimizer.name].rates) return "";
  const unit = scaling === "none" ? "" : " × the spread of y";
  return `There is no largest stable rate: the length of a step is about the rate${unit}.`;
}

const NORM = "The length of the gradient in standardized coordinates, in standard deviations of y";

/** Where the run stands, as names and values, of which some need an explanation. */
export function facts({ lesson, table, run, step, theta }) {
  const model = modelText("", lesson, theta);
  const isLine = lesson.x.length === 1;
  const isPenalised = run.setUp.l2 + run.setUp.l1 > 0;
  const rows = [
    [run.word, number(step)],
    ["line", isLine && model],
    ["cost", number(run.costs[step]), isPenalised && "With the penalty; the RMSE is without it"],
    ["of which penalty", isPenalised && number(run.penalty(step))],
    ["validation cost", table.validation && number(run.validation(step))],
    ["excess cost", Number.isFinite(table.lowest) && number(run.excess(step), 4)],
    ["gradient norm", number(run.norms[step], 3), NORM],
    ["model", !isLine && model],
  ];
  return rows.filter(([, text]) => text);
}

/** An R² above this takes more digits, so that it is not 1. */
const NEARLY_ALL = 0.999;

/** Write how large the errors are: their root mean square, and the part that y varies less. */
export function errorText({ table: { moments, meanSquare }, theta }) {
  const square = meanSquare(theta);
  const explained = 1 - square / moments.y_variance;
  const digits = explained > NEARLY_ALL ? 6 : 3;
  const part = moments.y_variance > 0 ? ` · R² ${number(explained, digits)}` : "";
  return `RMSE ${number(Math.sqrt(square), 4)}${part}`;
}

/** Say why a run ended: in Python's words, unless it is the page that stopped it. */
export function reasonText(run) {
  const text = STOP_TEXTS[run.stopReason] ?? "not converged after {steps}: the page's limit";
  return text.replace("{steps}", count(run.last, run.word)).replace("{unit}", run.word);
}

/** Begin with a capital. */
export function sentence(text) {
  return text.replace(/^./, (first) => first.toUpperCase());
}

export function stopText({ run, step }) {
  return run.stopReason && step === run.last ? reasonText(run) : "";
}

export function liveText(scene) {
  const { lesson, run, step, theta } = scene;
  const ended = stopText(scene);
  const model = modelText(" ", lesson, theta);
  const where = `${sentence(run.word)} ${number(step)}:${model && `${model},`} cost ${number(run.costs[step])}.`;
  return ended ? `${where} ${ended}.` : where;
}

/** The coefficients, as rows of texts: the parameter, now, at the minimum, and standardised. */
export function coefficientRows({ lesson, table, theta }) {
  const [{ theta: lowest }] = table.landmarks;
  const unit = Math.sqrt(table.moments.y_variance);
  const deviations = deviationsOf(table.moments);
  const rows = theta.map((value, place) => {
    const standardized = place && unit ? number((value * deviations[place - 1]) / unit, 4) : "";
    const minimum = table.open.has(place) ? "not determined" : number(lowest[place]);
    const name = place ? lesson.x[place - 1] : "intercept";
    return { place, name: `θ${place} ${name}`, cells: [number(value), minimum, standardized] };
  });
  return table.moments.has_intercept ? rows : rows.slice(1);
}

/** Text alternatives of the views. */
export function alternatives(scene) {
  const { lesson, run, step, theta, window, titles, isSeveral } = scene;
  const { axes } = scene.plane;
  const best = scene.landmarks.find(({ kind }) => kind === "global");
  const lowest = best ? ` The minimum is at ${pointText(best.theta, axes)}.` : "";
  const span = ([low, high]) => `from ${number(low, 3)} to ${number(high, 3)}`;
  const others = scene.kept.map(({ label }) => label);
  const beside = others.length ? ` Beside it: ${others.join("; ")}.` : "";
  return {
    data: isSeveral
      ? rowsAlternative(scene)
      : `Scatter of ${lesson.y} over ${lesson.x}, with the line ${equation(lesson, theta)}.${beside}`,
    landscape: `The cost over ${titles.across} ${span(window.across)} and ${titles.up} ${span(window.up)}. Descent stands at ${pointText(theta, axes)} after ${count(step, run.word)}.${lowest}${beside}`,
    bowl: `The same cost as a surface, with descent on it at a height of ${number(run.costs[step])}.`,
    cost: costAlternative(scene),
  };
}

function costAlternative({ table, run, step }) {
  const isExcess = showsExcess(table);
  const [first, now] = [0, step].map((each) =>
    number(isExcess ? run.excess(each) : run.costs[each]),
  );
  const lowest = Number.isFinite(table.lowest)
    ? ` The lowest cost possible is ${number(table.lowest)}.`
    : "";
  const name = isExcess ? "excess cost" : "cost";
  return `The ${name} by ${run.word}: ${first} at the start, ${now} after ${count(step, run.word)}.${lowest}`;
}

function rowsAlternative({ lesson, theta, added }) {
  if (!added) {
    return `Predictions of ${lesson.y} against the truth${modelText(", by ", lesson, theta)}.`;
  }
  const [name, place] = [lesson.x[added.place - 1], added.place];
  const best = number(lesson.moments.theta[place]);
  return `What ${name} adds to the other features, with a line of slope ${number(theta[place])}; the least squares one has ${best}.`;
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
  return `reached ${SIGNS[landmark.kind]} at (${coordinates(landmark.theta, 3)})`;
}

/** A patch of a run's colour. */
export function swatch(colour) {
  const patch = made("span", "", { class: "swatch" });
  patch.style.background = colour;
  return patch;
}
