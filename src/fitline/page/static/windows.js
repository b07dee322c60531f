/** Windows onto the landscape: a range of the parameter across, and one of the one up. */

/** The path to the minimum takes at most this part of the view. */
const PART = 0.42;

/** A path that leaves the view is followed so many times its size; several paths less far. */
const FURTHEST = 40;
export const FURTHEST_OF_SEVERAL = 3;

/** The part of a widened range that lies beyond its new point. */
const ROOM = 0.08;

/** Windows much smaller or larger than the first one show nothing but rounding. */
const SMALLEST = 1e-6;
const LARGEST = 1e6;

const MOST_UNLIKE = 12;

/** How long a range is. */
export function span([low, high]) {
  return high - low;
}

/** Choose a window about a point in which the walls rise to so many of their height of 1. */
export function windowAbout([first, second], [wide, high], times) {
  return {
    across: [first - times * wide, first + times * wide],
    up: [second - times * high, second + times * high],
  };
}

/** Stretch a range about a value in it, or about its middle. */
export function zoomed([low, high], centre, times) {
  const middle = centre >= low && centre <= high ? centre : (low + high) / 2;
  return [middle + (low - middle) * times, middle + (high - middle) * times];
}

/** Find the window, in the shape of another, that frames points; null where they are one. */
export function framed({ across, up }, pairs, most = PART) {
  const sides = [across, up].map((side, place) => {
    const values = pairs.map((pair) => pair[place]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return { middle: (low + high) / 2, part: (high - low) / span(side), span: span(side) };
  });
  const size = Math.max(...sides.map(({ part }) => part)) / most;
  if (!(size > 0)) return null;
  const [first, second] = sides.map(({ middle, span: whole }) => [
    middle - (size * whole) / 2,
    middle + (size * whole) / 2,
  ]);
  return { across: first, up: second };
}

/**
 * Widen a window in which a unit is to be as long on both sides, in a view so many times as wide as
 * high; unless its sides are too unlike for that.
 */
export function filling({ across, up }, aspect) {
  const times = span(across) / span(up) / aspect;
  if (!(times < MOST_UNLIKE && 1 / times < MOST_UNLIKE)) return { across, up };
  return times < 1
    ? { across: zoomed(across, Number.NaN, 1 / times), up }
    : { across, up: zoomed(up, Number.NaN, times) };
}

/** Widen a window so that it holds a point with some room. */
export function holding({ across, up }, [first, second]) {
  return { across: widened(across, first), up: widened(up, second) };
}

function widened([low, high], value) {
  if (value >= low && value <= high) return [low, high];
  const [least, most] = [Math.min(low, value), Math.max(high, value)];
  const room = ROOM * (most - least);
  return value < low ? [least - room, most] : [least, most + room];
}

/** Tell whether a point is worth to be looked at together with a window. */
export function isNear({ across, up }, [first, second], furthest = FURTHEST) {
  const reach = ([low, high], value) => Math.abs(value - (low + high) / 2) / (high - low);
  return reach(across, first) < furthest && reach(up, second) < furthest;
}

/** Tell whether a window can be drawn, beside the one that is seen first. */
export function isDrawable(window, home) {
  return ["across", "up"].every((name) => {
    const times = span(window[name]) / span(home[name]);
    const far = Math.max(...window[name].map(Math.abs)) / Math.max(...home[name].map(Math.abs));
    return times > SMALLEST && times < LARGEST && far < LARGEST;
  });
}
