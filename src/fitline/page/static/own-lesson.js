/** A lesson on rows of one feature that the page has itself, made as payload.py makes one. */

import { Run, tableOf } from "./descent.js";
import { heldOut } from "./division.js";
import { isComputable, momentsOf } from "./exact-moments.js";
import { deviationsOf, SCALINGS, scalingOf, squaredError, unitOf } from "./mathematics.js";
import { count, number } from "./numbers.js";
import { OPTIMIZERS, ratesOf } from "./optimizers.js";
import { bowlOf } from "./penalty.js";
import { deviation, median, robustSpread } from "./robust-spread.js";
import { setUpOf } from "./set-up.js";
import { stationaryOf } from "./stationary.js";

/** A scale chosen from the data has so few digits. */
const DIGITS = 3;

/** For so many steps a learning rate is tried before it is chosen. */
const TRIED_STEPS = 1000;

/** A window has so many steps of a round size to either side of its middle. */
const HALF = 20;

/** A window goes beyond what it must show by this part of it, and is no narrower than this part. */
const MARGIN = 0.6;
const NARROWEST = 0.02;
const MINIMA_IN_VIEW = 5;
const SADDLES_IN_VIEW = 3;

/**
 * Make a lesson on a table {source, skipped, x, y, rows: {x, y}}, with a cost by name, and a share
 * of the rows held out.
 *
 * What does not depend on the rows is taken from the lesson that the page came with. Throws a
 * RangeError, whose message is for people, where the rows tell no line.
 */
export function lessonOn(given, table, { cost: name, share }) {
  const { seed } = given.config;
  const isOut = share ? heldOut(table.rows, share, seed) : table.rows.y.map(() => false);
  const [trained, unseen] = [false, true].map((out) => rowsWhere(table.rows, isOut, out));
  const moments = momentsOf(trained.x, trained.y);
  requireLine(moments, table.x);
  const cost = costOn(
    given.own.costs.find((each) => each.name === name),
    trained,
    moments,
  );
  const bowls = Object.fromEntries(
    SCALINGS.map((kind) => [kind, bowlOf(squaredError(moments, scalingOf(kind, moments)))]),
  );
  const extent = extentOf(cost, trained, moments);
  const starts = given.own.draws.map((draw) => startOf(draw, extent));
  const best = { theta: moments.theta, cost: moments.floor, kind: "global" };
  const stationary = cost.is_quadratic ? [best] : stationaryOf(trained, cost, moments);
  const lesson = {
    ...given,
    source: table.source,
    skipped: table.skipped,
    rows: moments.rows,
    weight: null,
    x: [table.x],
    y: table.y,
    moments,
    bowls,
    cost,
    points: asPoints(trained),
    held_out: unseen.y.length ? unseenOf(unseen) : null,
    dependent: [],
    added: [],
    runs: [],
    starts: cost.is_quadratic ? [] : starts,
    stationary,
    axes: null,
    window: windowOf(moments, stationary, starts[0]),
    grid: null,
    extent,
    own: { ...given.own, rows: share ? table.rows : null },
    config: { ...given.config, holdout: share, theta: starts[0] },
  };
  return { ...lesson, config: { ...lesson.config, ...rateOn(given, lesson) } };
}

function rowsWhere({ x, y }, isOut, out) {
  const pick = (values) => values.filter((_, row) => isOut[row] === out);
  return { x: pick(x), y: pick(y) };
}

function asPoints({ x, y }) {
  return { x: [x], y, weights: null, sampled: false };
}

function unseenOf(rows) {
  return { rows: rows.y.length, moments: momentsOf(rows.x, rows.y), points: asPoints(rows) };
}

/** Throw where rows tell no line. */
function requireLine(moments, x) {
  const { rows, x_variance: variance, x_mean: mean } = moments;
  if (rows < 2)
    throw new RangeError(`${count(rows, "row")} cannot determine a line; it takes two.`);
  if (!variance[0]) {
    const value = number(mean[0]);
    throw new RangeError(
      `${x} is ${value} in all ${rows} rows, so no slope is better than another.`,
    );
  }
  if (!isComputable(moments)) throw new RangeError("The numbers are too large, or too small.");
}

/** Choose the scale of a robust cost, from the errors about the line that most rows follow. */
function costOn(record, { x, y }, moments) {
  if (record.is_quadratic) return { ...record, scale: null, spread: unitOf(moments) };
  const spread = deviation(y);
  const scales = [record.default_scale * robustSpread(x, y), record.least_scale * spread];
  const scale = Math.max(...scales.map((each) => Number(each.toPrecision(DIGITS))));
  return { ...record, scale, spread };
}

/** Give the middle and the spread of x, and of y, of a robust cost without the outliers. */
function extentOf({ is_quadratic: isSquared, spread }, { x, y }, moments) {
  return isSquared
    ? { x: [moments.x_mean[0], deviationsOf(moments)[0]], y: [moments.y_mean, spread] }
    : { x: [median(x), deviation(x)], y: [median(y), spread] };
}

/** Turn two numbers from 0 to 1 into a line across the data, as in starts.py. */
function startOf([first, second], { x: [middle, width], y: [level, spread] }) {
  const [up, steep] = [first, second].map((draw) => 2 * spread * (2 * draw - 1));
  const slope = steep / (width || Math.abs(middle) || 1);
  return [level + up - slope * middle, slope];
}

/**
 * Choose a learning rate, as in rate_choice.py: the usual one for squared error; else the first to
 * arrive of that which theory knows and of steps across the table that shrink.
 */
function rateOn({ config, own }, lesson) {
  const steady = { learning_rate: own.usual_rate, schedule: { name: "constant" } };
  const { rates } = OPTIMIZERS[config.optimizer.name];
  if (lesson.cost.is_quadratic || !rates) return steady;
  const table = tableOf(lesson);
  const known = ratesOf(table, config)?.best;
  const long = longRate(lesson, config);
  const choices = [
    ...(known ? [{ ...steady, learning_rate: known }] : []),
    ...own.shrinking.map((schedule) => ({ learning_rate: long, schedule })),
  ];
  const ends = choices.map((choice) => () => endOf(table, { ...lesson.config, ...choice }));
  return choices[firstToArrive(ends)];
}

function firstToArrive(ends) {
  const costs = [];
  for (const [place, end] of ends.entries()) {
    const { stopReason, costs: found } = end();
    if (stopReason === "converged") return place;
    costs.push(found.at(-1));
  }
  return costs.indexOf(Math.min(...costs));
}

function endOf(table, config) {
  const plain = { line_search: false, batch_size: null, l2: 0, l1: 0, warm_up: 0 };
  const run = new Run(table, setUpOf({ ...config, ...plain, steps: TRIED_STEPS }));
  run.reach(TRIED_STEPS);
  return run;
}

/** Give the rate whose first step crosses a table that is so many scales of the cost high. */
function longRate({ cost, bowls, moments, extent, starts: [[intercept, slope]] }, config) {
  const across = intercept + slope * moments.x_mean[0] - extent.y[0];
  const steep = slope * deviationsOf(moments)[0];
  const scales = Math.max(cost.spread, Math.hypot(across, steep)) / cost.scale;
  const calm = 1 - (config.optimizer.momentum ?? 0);
  return typeable((calm * scales * 2) / bowls[config.scaling].eigenvalues[0]);
}

/** Leave out digits, never upwards. */
function typeable(rate) {
  const [digits, power] = rate.toExponential(11).split("e");
  return Number(`${digits.slice(0, DIGITS + 1)}e${power}`);
}

/** Choose which part of the landscape is seen first, as in window.py. */
function windowOf({ y_variance: variance, x_mean: [mean], weights, theta }, stationary, start) {
  const isKind = (kinds) => stationary.filter(({ kind }) => kinds.includes(kind));
  const minima = isKind(["global", "local"]);
  const seen = [
    ...minima.slice(0, MINIMA_IN_VIEW),
    ...isKind(["saddle"]).slice(0, SADDLES_IN_VIEW),
  ].map((point) => point.theta);
  if (minima.length < 2) seen.push(start);
  const steepness = Math.sqrt(variance / weights[1]) || Math.abs(theta[1]) || 1;
  const walls = [Math.hypot(Math.sqrt(variance), steepness * mean) || 1, 2 * steepness];
  const [across, up] = walls.map((wall, place) => {
    const values = seen.map((point) => point[place]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return { middle: (low + high) / 2, span: high - low, wall };
  });
  const isPoint = !across.span && !up.span;
  const ends = [across, up].map(({ middle, span, wall }) =>
    roundAxis(middle, isPoint ? wall : Math.max((0.5 + MARGIN) * span, NARROWEST * wall)),
  );
  return { across: ends[0], up: ends[1] };
}

/** Give the ends of an axis whose steps are 1, 2 or 5 times a power of ten. */
function roundAxis(middle, reach) {
  const rough = reach / HALF;
  const power = Math.floor(Math.log10(rough));
  const times = [1, 2, 5, 10].find((each) => each * 10 ** power >= rough);
  const inTens = (value) => (power < 0 ? value / 10 ** -power : value * 10 ** power);
  const place = Math.round(middle / inTens(times));
  return [place - HALF, place + HALF].map((end) => inTens(end * times));
}
