/**
 * Where the landscape of a robust cost of one feature is level, as in stationary.py: its minima,
 * its saddles and its local maxima.
 */

import { deviationsOf } from "./mathematics.js";
import { median, quantile, robustFit } from "./robust-spread.js";
import { bendsOf, costOf, distinct, moved, settled, sizeOf, wayOf } from "./settling.js";

const ORDER = ["local", "saddle", "maximum"];
const TAIL = 0.005;
const SAME = 1e-6;

/** The search grid has so many points a scale, within these bounds and this much work. */
const SEARCHED_RESIDUALS = 2e7;
const POINTS_PER_SCALE = 4;
const FEWEST_POINTS = 41;
const MOST_POINTS = 201;

const NEWTON_ROUNDS = 60;
const AT_REST = 1e-9;
const LEVEL = 1e-9;
const FAR = 4;

/** Give the level points in original units, the minima first, each as {theta, cost, kind}. */
export function stationaryOf(points, record, moments) {
  const cost = costOf(points, record, moments);
  const [low, high] = [TAIL, 1 - TAIL].map((part) => quantile(cost.heights, part));
  const height = high - low || 1;
  const reach = { low, high, height, followed: followed(points, moments) };
  const found = distinct(levelPoints(cost, record, reach), SAME * height);
  const told = found.map((point) => ({
    theta: originalOf(point, moments),
    cost: cost.value(point),
    kind: kindOf(cost, point),
  }));
  told.sort(
    (one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind) || one.cost - other.cost,
  );
  return told.map((point, place) => (place ? point : { ...point, kind: "global" }));
}

function originalOf([height, tilt], moments) {
  const slope = tilt / deviationsOf(moments)[0];
  return [height + moments.y_mean - slope * moments.x_mean[0], slope];
}

function kindOf(cost, point) {
  const [least, most] = bendsOf(cost.hessian(point));
  if (cost.isConvex || least >= 0) return "local";
  return most > 0 ? "saddle" : "maximum";
}

function levelPoints(cost, { is_smooth: isSmooth, is_convex: isConvex }, reach) {
  if (!isSmooth) return [leastAbsolute(cost, reach.height)];
  if (isConvex) return [settled(cost, [0, leastSquaresSlope(cost)])];
  return everywhere(cost, reach);
}

function leastSquaresSlope({ z, heights }) {
  return z.reduce((sum, value, row) => sum + value * heights[row], 0) / z.length;
}

/** Look for every level point, cell by cell on a grid fine enough for the scale of the cost. */
function everywhere(cost, { low, high, height, followed }) {
  const finest = Math.sqrt(SEARCHED_RESIDUALS / cost.z.length);
  const wanted = Math.max(FEWEST_POINTS, (POINTS_PER_SCALE * height) / cost.scale);
  const size = Math.floor(Math.min(wanted, finest, MOST_POINTS));
  const heights = spaced(low, high, size);
  const slopes = spaced(-height, height, size);
  const grid = gridOver(cost, heights, slopes);
  const reach = heights[1] - heights[0] + slopes[1] - slopes[0];
  const valleys = [...lowerThanNeighbours(grid), followed];
  const rests = distinct(
    turningCells(grid)
      .map((start) => rested(cost, start, reach))
      .filter(Boolean),
    SAME * height,
  );
  const turns = rests.map((start) => levelNear(cost, start, reach)).filter(Boolean);
  return [...valleys.map((start) => settled(cost, start)), ...turns];
}

/** Give the cost, and the signs of its slopes, at every point of a grid, height by height. */
function gridOver(cost, heights, slopes) {
  const [levels, ups, tilts] = [Float64Array, Int8Array, Int8Array].map(
    (kind) => new kind(heights.length * slopes.length),
  );
  let place = 0;
  for (const height of heights) {
    for (const slope of slopes) {
      const [up, tilt] = cost.gradient([height, slope]);
      levels[place] = cost.value([height, slope]);
      ups[place] = Math.sign(up);
      tilts[place] = Math.sign(tilt);
      place += 1;
    }
  }
  return { heights, slopes, levels, ups, tilts };
}

function spaced(low, high, size) {
  return Array.from({ length: size }, (_, place) => low + ((high - low) * place) / (size - 1));
}

/** Give the line that most rows follow. */
function followed({ x, y }, moments) {
  const { line, height } = robustFit(x, y);
  return [line[0] + height - moments.y_mean, line[1]];
}

/** Give the points that no neighbour lies below. */
function lowerThanNeighbours({ heights, slopes, levels }) {
  const size = slopes.length;
  const around = [-1, 0, 1];
  const isLowest = (row, column) =>
    around.every((down) => {
      if (row + down < 0 || row + down >= heights.length) return true;
      return around.every((right) => {
        if (column + right < 0 || column + right >= size) return true;
        return levels[row * size + column] <= levels[(row + down) * size + column + right];
      });
    });
  return heights.flatMap((height, row) =>
    slopes.filter((_, column) => isLowest(row, column)).map((slope) => [height, slope]),
  );
}

/** Give the middles of the cells in which every part of the gradient changes its sign. */
function turningCells({ heights, slopes, ups, tilts }) {
  const size = slopes.length;
  const turns = (signs, place) =>
    Math.abs(signs[place] + signs[place + 1] + signs[place + size] + signs[place + size + 1]) < 4;
  const middles = [];
  for (let row = 0; row + 1 < heights.length; row += 1) {
    for (let column = 0; column + 1 < size; column += 1) {
      const place = row * size + column;
      if (!turns(ups, place) || !turns(tilts, place)) continue;
      middles.push([
        (heights[row] + heights[row + 1]) / 2,
        (slopes[column] + slopes[column + 1]) / 2,
      ]);
    }
  }
  return middles;
}

/** Take Newton's method from a start until it rests; undefined where it leaves its cell. */
function rested(cost, start, reach) {
  let point = start;
  for (let round = 0; round < NEWTON_ROUNDS / 2; round += 1) {
    const way = wayOf(cost.hessian(point), cost.gradient(point));
    if (!way) return undefined;
    const length = sizeOf(way);
    point = moved(point, way, Math.min(1, reach / Math.max(length, reach)));
    if (!(sizeOf(moved(point, start, -1)) <= FAR * reach)) return undefined;
    if (length <= AT_REST * reach) break;
  }
  return point;
}

/** Find the level point near a start, to the last digits; undefined where there is none. */
function levelNear(cost, start, reach) {
  let point = start;
  let steepness = Number.POSITIVE_INFINITY;
  for (let round = 0; round < NEWTON_ROUNDS; round += 1) {
    const gradient = cost.gradient(point);
    const steep = sizeOf(gradient);
    if (steep >= steepness && steepness < LEVEL * cost.scale) return point;
    steepness = steep;
    const way = wayOf(cost.hessian(point), gradient);
    if (!way) return undefined;
    const length = sizeOf(way);
    point = moved(point, way, length ? Math.min(1, reach / length) : 1);
    if (!(sizeOf(moved(point, start, -1)) <= FAR * reach)) return undefined;
  }
  return undefined;
}

/**
 * Find the line of least absolute error: the best height is a median, for every slope; what is
 * left is convex in the slope alone (golden section; J. Kiefer, 1953).
 */
function leastAbsolute(cost, height) {
  const { z, heights } = cost;
  if (!heights.some(Boolean)) return [0, 0];
  const best = (slope) => [median(heights.map((each, row) => each - slope * z[row])), slope];
  const level = (slope) => cost.value(best(slope));
  let steepest = height;
  while (level(2 * steepest) < level(steepest) || level(-2 * steepest) < level(-steepest)) {
    steepest *= 2;
  }
  return best(lowestBetween(level, -2 * steepest, 2 * steepest));
}

function lowestBetween(level, from, to) {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [from, to];
  let [left, right] = [high - golden * (high - low), low + golden * (high - low)];
  let [atLeft, atRight] = [level(left), level(right)];
  while (low < left && left < right && right < high) {
    if (atLeft <= atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - golden * (high - low);
      atLeft = level(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + golden * (high - low);
      atRight = level(right);
    }
  }
  return atLeft <= atRight ? left : right;
}
