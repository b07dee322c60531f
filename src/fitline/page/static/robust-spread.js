/**
 * How large the errors of a table of one feature are, as in robust_spread.py: about the line that
 * most rows follow, which is the best of many through two rows each.
 */

import { Random } from "./random.js";

/** The standard deviation over the median magnitude, for Gaussian errors. */
const CONSISTENT = 1.4826;
const TRIED_LINES = 500;
const REFINED_LINES = 10;
const ROUNDS = 50;

/** A row agrees with a line when its error is no larger than so many standard deviations. */
const INLIER = 2.5;

/** Two rows tell of no line where they lie no farther apart than this. */
const FIRM = 1e-9;

export function median(values) {
  return quantile(values, 0.5);
}

/** Give the number below which a part of the numbers lies. */
export function quantile(values, part) {
  const sorted = Float64Array.from(values).sort();
  const place = part * (sorted.length - 1);
  const below = Math.floor(place);
  const rest = place - below;
  return rest ? sorted[below] + (sorted[below + 1] - sorted[below]) * rest : sorted[below];
}

/** Estimate the standard deviation of numbers so that outliers do not tell; never 0. */
export function deviation(values) {
  const middle = median(values);
  const spread = CONSISTENT * median(values.map((value) => Math.abs(value - middle)));
  return spread || standardDeviation(values) || Math.abs(middle) || 1;
}

/** Estimate the standard deviation of the errors about the line that most rows follow. */
export function robustSpread(x, y) {
  const { line, z, height } = robustFit(x, y);
  const error = errorsOf(z, centred(y, height), line);
  return CONSISTENT * (1 + 5 / Math.max(1, y.length - 2)) * median(error);
}

/** Find the line that most rows follow: y is about height + a + b·z, with z standardised. */
export function robustFit(x, y) {
  const z = standardised(x);
  const height = median(y);
  const heights = centred(y, height);
  const fewest = Math.min(y.length, 3);
  const half = Math.max(fewest, Math.floor((y.length + 2) / 2));
  const tried = linesThroughPairs(z, heights).map((line) => ({
    line,
    reach: errorsOf(z, heights, line).sort()[half - 1],
  }));
  tried.sort((one, other) => one.reach - other.reach);
  const refined = tried
    .slice(0, REFINED_LINES)
    .map(({ line }) => concentrated(z, heights, line, half))
    .map((line) => ({ line, whole: nearestOf(z, heights, line, half).whole }));
  const { line } = refined.reduce((best, one) => (one.whole < best.whole ? one : best));
  const error = errorsOf(z, heights, line);
  const most = INLIER * CONSISTENT * median(error);
  const agreeing = [...error.keys()].filter((row) => error[row] <= most);
  return { line: leastSquares(z, heights, agreeing), z, height };
}

function standardised(x) {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const width = standardDeviation(x) || 1;
  return Float64Array.from(x, (value) => (value - mean) / width);
}

function standardDeviation(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / values.length);
}

function centred(values, middle) {
  return Float64Array.from(values, (value) => value - middle);
}

function errorsOf(z, heights, [level, slope]) {
  return heights.map((height, row) => Math.abs(height - (level + slope * z[row])));
}

/** Give the lines through pairs of rows, all or some drawn at random, and that of least squares. */
function linesThroughPairs(z, heights) {
  const lines = [];
  for (const [one, other] of pairsOf(z.length)) {
    const wide = z[other] - z[one];
    if (!(Math.abs(wide) > FIRM)) continue;
    const slope = (heights[other] - heights[one]) / wide;
    lines.push([heights[one] - slope * z[one], slope]);
  }
  return [...lines, leastSquares(z, heights, [...z.keys()])];
}

function* pairsOf(rows) {
  if ((rows * (rows - 1)) / 2 > TRIED_LINES) {
    const draw = new Random(0);
    for (let drawn = 0; drawn < TRIED_LINES; drawn += 1) yield draw.pair(rows);
    return;
  }
  for (let one = 0; one < rows; one += 1) {
    for (let other = one + 1; other < rows; other += 1) yield [one, other];
  }
}

/** Fit the half of the rows that is nearest, until it stays the same. */
function concentrated(z, heights, line, half) {
  let best = Number.POSITIVE_INFINITY;
  let fitted = line;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { rows, whole } = nearestOf(z, heights, fitted, half);
    if (!(whole < best)) break;
    best = whole;
    fitted = leastSquares(z, heights, rows);
  }
  return fitted;
}

function nearestOf(z, heights, line, half) {
  const error = errorsOf(z, heights, line);
  const order = [...error.keys()].sort((one, other) => error[one] - error[other]);
  const rows = order.slice(0, half);
  return { rows, whole: rows.reduce((sum, row) => sum + error[row] ** 2, 0) };
}

/** Give the line of least squares, the flattest one where rows stand above each other. */
function leastSquares(z, heights, rows) {
  const meanOf = (valueAt) => rows.reduce((sum, row) => sum + valueAt(row), 0) / rows.length;
  const [middle, level] = [meanOf((row) => z[row]), meanOf((row) => heights[row])];
  const wide = meanOf((row) => (z[row] - middle) ** 2);
  if (!(wide > FIRM ** 2)) {
    const share = level / (1 + middle * middle);
    return [share, share * middle];
  }
  const slope = meanOf((row) => (z[row] - middle) * (heights[row] - level)) / wide;
  return [level - slope * middle, slope];
}
