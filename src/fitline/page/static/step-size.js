/** How far to go in a direction, as in step_size.py, where no rate says it. */

import { dot } from "./mathematics.js";
import { CONSTANTS } from "./payload.js";

/** Give the length of an update; 0 where none decreases the cost. `first` is tried first. */
export function lengthAlong(cost, theta, gradient, direction, first) {
  const slope = dot(gradient, direction);
  if (slope >= 0) return 0;
  if (cost.secondDerivative) return -slope / cost.secondDerivative(direction);
  const here = cost.value(theta);
  /** Where two costs differ by rounding alone, the slopes at both ends tell the decrease. */
  const decrease = (length) => {
    const there = theta.map((value, place) => value + length * direction[place]);
    const found = here - cost.value(there);
    if (Math.abs(found) > CONSTANTS.rounded_decrease * here + cost.noise) return found;
    return (-length * (slope + dot(cost.gradient(there), direction))) / 2;
  };
  return backtracked(decrease, slope, first);
}

/** Double a length that decreases the cost enough while that goes lower, and halve another. */
function backtracked(decrease, slope, first) {
  const isEnough = (length, reached) => reached >= -CONSTANTS.decrease * length * slope;
  const reached = decrease(first);
  if (isEnough(first, reached)) return doubled(decrease, first, reached);
  let length = first;
  for (let trial = 0; trial < CONSTANTS.most_trials; trial += 1) {
    length /= 2;
    if (isEnough(length, decrease(length))) return length;
  }
  return 0;
}

function doubled(decrease, first, atFirst) {
  let [length, reached] = [first, atFirst];
  for (let trial = 0; trial < CONSTANTS.most_trials; trial += 1) {
    const further = decrease(2 * length);
    if (!(further > reached)) return length;
    [length, reached] = [2 * length, further];
  }
  return length;
}
