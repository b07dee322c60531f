/**
 * The moments of rows of one feature, exact in whole numbers and each rounded once, as those of
 * second_moments.py and algebra.py are.
 */

const PLACES = 1_000_000;
const LARGEST_DECIMAL = 1e15;

/** Between these lie deviations with which all that follows can be computed, as in moments.py. */
const [SMALLEST, LARGEST] = [1e-70, 1e70];

/** Give the moments, as payload.py does; where all x are equal, the best line is a level one. */
export function momentsOf(x, y) {
  const [own, other] = [wholes(x), wholes(y)];
  const rows = BigInt(x.length);
  const [sumX, sumY] = [own, other].map(({ numbers }) => sumOf(numbers));
  const squaresX = rows * sumOf(products(own.numbers, own.numbers)) - sumX ** 2n;
  const squaresY = rows * sumOf(products(other.numbers, other.numbers)) - sumY ** 2n;
  const shared = rows * sumOf(products(own.numbers, other.numbers)) - sumX * sumY;
  const isLevel = squaresX === 0n;
  const mean = ratio(sumX, rows * own.unit);
  const spread = ratio(squaresX, (rows * own.unit) ** 2n);
  const squareUnit = (rows * other.unit) ** 2n;
  return {
    rows: x.length,
    observations: x.length,
    are_counts: true,
    x_min: [Math.min(...x)],
    x_max: [Math.max(...x)],
    x_mean: [mean],
    x_variance: [spread],
    y_mean: ratio(sumY, rows * other.unit),
    y_variance: ratio(squaresY, squareUnit),
    theta: isLevel
      ? [ratio(sumY, rows * other.unit), 0]
      : [
          ratio(sumY * squaresX - shared * sumX, rows * squaresX * other.unit),
          ratio(shared * own.unit, squaresX * other.unit),
        ],
    floor: isLevel
      ? ratio(squaresY, squareUnit)
      : ratio(squaresY * squaresX - shared ** 2n, squaresX * squareUnit),
    unit_triangular: [
      [1, mean],
      [0, 1],
    ],
    weights: [1, spread],
    has_intercept: true,
  };
}

/** Tell whether all that follows can be computed with numbers of this size. */
export function isComputable({ x_variance: [ofX], y_variance: ofY, y_mean: mean }) {
  const sizes = [Math.sqrt(ofX), Math.sqrt(ofY) || Math.abs(mean)].filter(Boolean);
  return sizes.every((size) => size >= SMALLEST && size <= LARGEST);
}

/** Give numbers as whole numbers of one unit, which is 1 / `unit`; decimals count as written. */
function wholes(values) {
  const parts = values.map(millionthsOf);
  const finest = Math.max(0, ...parts.map(({ halvings }) => halvings));
  const numbers = parts.map(({ whole, halvings }) => whole << BigInt(finest - halvings));
  return { numbers, unit: BigInt(PLACES) << BigInt(finest) };
}

/** Give a number as whole · 2^−halvings millionths. */
function millionthsOf(value) {
  const whole = Math.round(value * PLACES);
  if (Math.abs(whole) < LARGEST_DECIMAL && whole / PLACES === value) {
    return { whole: BigInt(whole), halvings: 0 };
  }
  let [doubled, halvings] = [value, 0];
  for (; !Number.isInteger(doubled); halvings += 1) doubled *= 2;
  return { whole: BigInt(doubled) * BigInt(PLACES), halvings };
}

function sumOf(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0n);
}

function products(one, other) {
  return one.map((number, place) => number * other[place]);
}

/** A quotient of so many bits, and one that tells of a rest, is rounded as the fraction is. */
const BITS = 66;

/** Give the float64 that is nearest to a fraction. */
function ratio(numerator, denominator) {
  if (numerator < 0n) return -ratio(-numerator, denominator);
  const shift = BITS + lengthOf(denominator) - lengthOf(numerator);
  const [above, below] = [Math.max(0, shift), Math.max(0, -shift)].map(BigInt);
  const [upper, lower] = [numerator << above, denominator << below];
  const sticky = upper % lower ? 1n : 0n;
  return Number(((upper / lower) << 1n) | sticky) * 2 ** (-shift - 1);
}

/** Give about how many bits a whole number has. */
function lengthOf(number) {
  return 4 * number.toString(16).length;
}
