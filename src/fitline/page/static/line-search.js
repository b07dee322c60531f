/** How far to go in a direction, as in line_search.py: found by looking along it. */

/** The part of the fall that the slope promises with which a length is content. */
const WORTH = 1e-4;

/** A difference of two costs that is no larger than this part of them has lost its digits. */
const ROUNDED = 1e-12;

/** Halving so often leaves nothing of a length. */
const MOST_TRIALS = 60;

/** Give how far to go; 0 where no length goes down. `first` is the length to try first. */
export function lengthAlong(cost, theta, gradient, direction, first) {
  const slope = gradient[0] * direction[0] + gradient[1] * direction[1];
  if (slope >= 0) return 0;
  if (cost.bend) return -slope / cost.bend(direction);
  const here = cost.value(theta);
  /** Where two costs differ by rounding alone, the slopes at both ends tell the fall. */
  const fall = (far) => {
    const there = theta.map((value, place) => value + far * direction[place]);
    const fallen = here - cost.value(there);
    if (Math.abs(fallen) > ROUNDED * here + cost.noise) return fallen;
    const [height, tilt] = cost.gradient(there);
    return (-far * (slope + height * direction[0] + tilt * direction[1])) / 2;
  };
  return backtracked(fall, slope, first);
}

/** Double a length that is worth its way while that goes lower, and halve one that is not. */
function backtracked(fall, slope, first) {
  const deep = fall(first);
  if (deep >= -WORTH * first * slope) return doubled(fall, first, deep);
  let far = first;
  for (let trial = 0; trial < MOST_TRIALS; trial += 1) {
    far /= 2;
    if (fall(far) >= -WORTH * far * slope) return far;
  }
  return 0;
}

function doubled(fall, first, atFirst) {
  let [far, deep] = [first, atFirst];
  for (let trial = 0; trial < MOST_TRIALS; trial += 1) {
    const deeper = fall(2 * far);
    if (!(deeper > deep)) return far;
    [far, deep] = [2 * far, deeper];
  }
  return far;
}
