/** What a run stands on when it ends, as in stopping.py: a minimum, a plateau, or a slope. */

import { spreadOf, unitOf } from "./mathematics.js";
import { CONSTANTS } from "./payload.js";

/** Tell when a run has arrived, and where it ends. An iterate is {theta, gradient, norm, cost}. */
export function stoppingOf(table, cost, scaling, tolerance) {
  const [mean, deviation] = spreadOf(table.moments, scaling);
  const unit = unitOf(table.moments);
  const isRounded = ({ theta: [height, slope], norm }) => {
    const moved = Math.hypot(Math.abs(height) + Math.abs(mean * slope), deviation * slope);
    return norm <= CONSTANTS.rounded * (1 + (2 * moved) / unit);
  };
  if (table.squared) {
    const isMinimum = (here) => here.norm <= tolerance || isRounded(here);
    return { tolerance, level: Number.NEGATIVE_INFINITY, isMinimum, isPlateau: () => false };
  }
  const { scale, spread } = table;
  const size = Math.min(Math.max(scale, CONSTANTS.fewest_digits * spread), unit);
  return hills(table, cost, isRounded, { mean, deviation, unit }, (tolerance * size) / unit);
}

function hills(table, cost, isRounded, { mean, deviation, unit }, tolerance) {
  const isConvex = table.costName !== "cauchy";
  const hasCorners = table.costName === "absolute";
  const allowed = tolerance * unit * table.spread;
  const reached = table.lowest + allowed + cost.noise;
  const level = hasCorners && !table.isSample ? reached : Number.NEGATIVE_INFINITY;
  const hessianAt = (theta) => cost.hessian(theta, mean, deviation);
  /** The excess over the bottom of the bowl that fits here, in standardised coordinates. */
  const above = ({ theta, gradient: [height, along] }) => {
    const [a, b, c] = hessianAt(theta);
    const tilt = (along - mean * height) / deviation;
    return (a * tilt * tilt - 2 * b * tilt * height + c * height * height) / (a * c - b * b) / 2;
  };
  const isMinimum = (here) => {
    if (!isConvex && !bendsUpwards(hessianAt(here.theta))) return false;
    if (hasCorners) return here.cost <= level + CONSTANTS.noise * here.cost;
    if (isRounded(here)) return true;
    if (isConvex && table.isSample) return here.norm <= tolerance;
    const excess = isConvex ? here.cost - table.lowest : above(here);
    const slack = here.norm <= tolerance ? allowed : 0;
    return excess <= slack + cost.noise + CONSTANTS.noise * here.cost;
  };
  const isPlateau = ({ theta, norm }) => {
    if (isConvex || bendsUpwards(hessianAt(theta))) return false;
    return norm * unit <= CONSTANTS.plateau * table.scale;
  };
  return { tolerance, level, isMinimum, isPlateau };
}

/** Tell by the smaller eigenvalue of [[a, b], [b, c]]. */
function bendsUpwards([a, b, c]) {
  return (a + c - Math.hypot(a - c, 2 * b)) / 2 > CONSTANTS.bent;
}
