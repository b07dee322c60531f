/** A table in small parts, shuffled anew for every epoch, as in batches.py. */

import { centredRows, dot, lossOf } from "./mathematics.js";
import { Random } from "./random.js";

/** Tell whether a step takes a batch of the rows, and not all of them. */
export function isBatched({ moments }, { batchSize }) {
  return Boolean(batchSize) && batchSize < moments.observations;
}

/**
 * Cut the rows of a table into batches; undefined where a step takes all of them.
 *
 * A row that is counted several times is there so often.
 */
export function batchesOf(table, scaling, { batchSize: size, seed }) {
  if (!isBatched(table, { batchSize: size })) return undefined;
  const { points, moments, cost } = table;
  const counts = moments.are_counts ? points.weights : null;
  const places = [...points.y.keys()].flatMap((row) => Array(counts?.[row] ?? 1).fill(row));
  const gradientOf = gradientOver(points, cost, scaling, moments, !counts);
  return {
    size,
    eachEpoch: Math.ceil(places.length / size),
    /** Give the batches of an epoch, each with its rows and its gradient. */
    *epoch(index) {
      const order = new Random(seed, index).permutation(places.length);
      for (let first = 0; first < order.length; first += size) {
        const rows = order.slice(first, first + size).map((place) => places[place]);
        yield { rows, gradient: (theta) => gradientOf(theta, rows) };
      }
    },
  };
}

/** Give the gradient of the mean loss of some rows, by their weights in the whole table. */
function gradientOver(points, cost, scaling, moments, isWeighted) {
  const all = centredRows(points, scaling, moments);
  const { columns, ys, weights, whole, centre, yCentre } = all;
  const { psi } = lossOf(cost);
  const weightOf = (row) => (isWeighted ? (weights[row] * ys.length) / whole : 1);
  return ([intercept, ...slopes], rows) => {
    const height = intercept + dot(slopes, centre) - yCentre;
    let sum = 0;
    const sums = slopes.map(() => 0);
    for (const row of rows) {
      let residual = ys[row] - height;
      for (const [place, column] of columns.entries()) residual -= slopes[place] * column[row];
      const pull = weightOf(row) * psi(residual);
      sum += pull;
      for (const [place, column] of columns.entries()) sums[place] += pull * column[row];
    }
    const first = moments.has_intercept ? -sum / rows.length : 0;
    return [first, ...sums.map((each, place) => -each / rows.length + centre[place] * first)];
  };
}
