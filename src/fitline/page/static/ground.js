/** What a walk stands on when it ends, as in ground.py: a minimum, a plateau, or a slope. */

import { ROUNDED, spreadOf, unitOf } from "./mathematics.js";

/** The part of a cost below which a difference of two costs tells nothing. */
const NOISE = 1e-13;

/** Where the gradient is no longer than this part of the scale, most rows lie far beyond it. */
const LEVEL = 0.05;

/** A bowl bends upwards by more than this in every direction. */
const BENT = 1e-9;

/** A robust cost whose scale is a smaller part of the spread of y has no digits for it. */
const FEWEST_DIGITS = 1e-3;

/** Tell when a walk has arrived, and what its end is. A look is {theta, gradient, norm, cost}. */
export function groundOf(table, cost, scaling, tolerance) {
  const [mean, deviation] = spreadOf(table.moments, scaling);
  const unit = unitOf(table.moments);
  const isRounded = ({ theta: [height, slope], norm }) => {
    const moved = Math.hypot(Math.abs(height) + Math.abs(mean * slope), deviation * slope);
    return norm <= ROUNDED * (1 + (2 * moved) / unit);
  };
  if (table.squared) {
    const isMinimum = (look) => look.norm <= tolerance || isRounded(look);
    return { tolerance, level: Number.NEGATIVE_INFINITY, isMinimum, isPlateau: () => false };
  }
  const { scale, spread } = table.robust;
  const size = Math.min(Math.max(scale, FEWEST_DIGITS * spread), unit);
  return hills(table, cost, isRounded, { mean, deviation, unit }, (tolerance * size) / unit);
}

function hills(table, cost, isRounded, { mean, deviation, unit }, tolerance) {
  const { scale, spread } = table.robust;
  const isConvex = table.costName !== "cauchy";
  const hasCorners = table.costName === "absolute";
  const allowed = tolerance * unit * spread;
  const reached = table.lowest + allowed + cost.noise;
  const level = hasCorners && !table.isSample ? reached : Number.NEGATIVE_INFINITY;
  const bendsAt = (theta) => cost.bends(theta, mean, deviation);
  /** How far above the bottom of the bowl that fits here, in standardised coordinates. */
  const above = ({ theta, gradient: [height, along] }) => {
    const [a, b, c] = bendsAt(theta);
    const tilt = (along - mean * height) / deviation;
    return (a * tilt * tilt - 2 * b * tilt * height + c * height * height) / (a * c - b * b) / 2;
  };
  const isMinimum = (look) => {
    if (!isConvex && !bendsUpwards(bendsAt(look.theta))) return false;
    if (hasCorners) return look.cost <= level + NOISE * look.cost;
    if (isRounded(look)) return true;
    if (isConvex && table.isSample) return look.norm <= tolerance;
    const excess = isConvex ? look.cost - table.lowest : above(look);
    const slack = look.norm <= tolerance ? allowed : 0;
    return excess <= slack + cost.noise + NOISE * look.cost;
  };
  const isPlateau = ({ theta, norm }) =>
    !isConvex && norm * unit <= LEVEL * scale && !bendsUpwards(bendsAt(theta));
  return { tolerance, level, isMinimum, isPlateau };
}

/** Tell by the smaller eigenvalue of [[a, b], [b, c]]. */
function bendsUpwards([a, b, c]) {
  return (a + c - Math.hypot(a - c, 2 * b)) / 2 > BENT;
}
