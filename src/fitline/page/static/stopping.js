/** What a run stands on when it ends, as in stopping.py: a minimum, a plateau, or a slope. */

import {
  choleskyOf,
  dot,
  lengthOf,
  preconditionerOf,
  solvedFromAbove,
  squaredError,
  transposed,
  unitOf,
} from "./mathematics.js";
import { CONSTANTS } from "./payload.js";

/** Tell when a run has arrived, and where it ends. An iterate is {theta, gradient, norm, cost}. */
export function stoppingOf(table, cost, scaling, tolerance) {
  const unit = unitOf(table.moments);
  const preconditioned = preconditionerOf(table.moments, scaling);
  const bowl = squaredError(table.moments, scaling);
  const isRounded = roundingOf(bowl, preconditioned);
  if (table.squared) {
    const isMinimum = (here) => here.norm <= tolerance || isRounded(here);
    const isPlateau = () => false;
    const level = Number.NEGATIVE_INFINITY;
    return { tolerance, level, isMinimum, isLevel: isMinimum, isPlateau };
  }
  const { scale, spread } = table;
  const size = Math.min(Math.max(scale, CONSTANTS.fewest_digits * spread), unit);
  return hills(table, cost, isRounded, { bowl, unit }, (tolerance * size) / unit);
}

/** Tell whether a gradient is as short, times a number, as rounding lets it become. */
function roundingOf({ root }, preconditioned) {
  const columns = transposed(root);
  const hessian = columns.map((one) => columns.map((other) => 2 * dot(one, other)));
  const sizes = transposed(hessian.map((row) => preconditioned(row).map(Math.abs)));
  return ({ theta, norm }, times = 1) => {
    const moved = sizes.map((row) => dot(row, theta.map(Math.abs)));
    return norm <= times * CONSTANTS.rounded * (1 + lengthOf(moved));
  };
}

function hills(table, cost, isRounded, { bowl, unit }, tolerance) {
  const { isConvex, isSmooth } = table;
  const allowed = tolerance * unit * table.spread;
  const reached = table.lowest + allowed + cost.noise;
  const level = isSmooth || table.isSample ? Number.NEGATIVE_INFINITY : reached;
  /** The excess over the bottom of the bowl that fits here. */
  const above = ({ theta, gradient }) => {
    const down = solvedFromAbove(choleskyOf(cost.hessian(theta)), bowl.uncorrelated(gradient));
    return dot(down, down) / 2;
  };
  /** Tell whether more steps would lead nowhere, as far as the digits can tell. */
  const isLevel = (here) =>
    isSmooth
      ? isRounded(here, CONSTANTS.hovering)
      : here.cost <= level + CONSTANTS.noise * here.cost;
  const isMinimum = (here) => {
    if (!isConvex && !bendsUpwards(cost.hessian(here.theta))) return false;
    if (!isSmooth) return isLevel(here);
    if (isRounded(here)) return true;
    if (isConvex && table.isSample) return here.norm <= tolerance;
    const excess = isConvex ? here.cost - table.lowest : above(here);
    const slack = here.norm <= tolerance ? allowed : 0;
    return excess <= slack + cost.noise + CONSTANTS.noise * here.cost;
  };
  const isPlateau = ({ theta, norm }) => {
    if (isConvex || bendsUpwards(cost.hessian(theta))) return false;
    return norm * unit <= CONSTANTS.plateau * table.scale;
  };
  return { tolerance, level, isMinimum, isLevel, isPlateau };
}

/** Tell whether every eigenvalue is larger than a small one. */
function bendsUpwards(hessian) {
  return choleskyOf(hessian.map((row, place) => bentLess(row, place))) !== undefined;
}

function bentLess(row, place) {
  return row.map((value, column) => (column === place ? value - CONSTANTS.bent : value));
}
