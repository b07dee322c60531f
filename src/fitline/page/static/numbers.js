/** How numbers are written for people: the rules of formatting.py, and ticks along an axis. */

import { CONSTANTS } from "./payload.js";

const SUFFIXES = [
  [1e12, "T"],
  [1e9, "B"],
  [1e6, "M"],
  [1e3, "k"],
];

/** From here on an axis counts in thousands, millions, … */
const LARGEST_TICK = 1e4;

/** Write a number with at least so many significant digits; whole digits are never rounded away. */
export function number(value, digits = 6) {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return CONSTANTS.overflow;
  const size = Math.abs(value);
  return (value < 0 ? "−" : "") + positive(size, digits);
}

function positive(size, digits) {
  if (size < CONSTANTS.smallest_plain || isHuge(size)) return scientific(size, digits);
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return grouped(size.toFixed(decimals));
}

/** From here on more digits would be invented. */
function isHuge(size) {
  return size >= CONSTANTS.largest_plain;
}

function scientific(size, digits) {
  const [mantissa, exponent] = size.toExponential(digits - 1).split("e");
  return `${stripped(mantissa)}e${Number(exponent)}`.replace("-", "−");
}

function grouped(text) {
  const [whole, ...decimals] = text.split(".");
  return stripped([whole.replace(/\B(?=(\d{3})+$)/g, ","), ...decimals].join("."));
}

function stripped(text) {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** Write a number as a factor: a negative one stands in parentheses. */
export function factor(value) {
  return value < 0 ? `(${number(value)})` : number(value);
}

/** Write an amount with its noun. */
export function count(amount, noun) {
  return `${number(amount)} ${noun}${amount === 1 ? "" : "s"}`;
}

/** Write a number briefly: 20M, 4.1B. */
export function brief(value, digits = 2) {
  const size = Math.abs(value);
  const [unit, suffix] = SUFFIXES.find(([least]) => size >= least) ?? [1, ""];
  if (isHuge(size) || unit === 1) return number(value, digits);
  return number(Number((value / unit).toPrecision(digits + 1)), 1 + digits) + suffix;
}

/** Round to so many significant digits. */
export function rounded(value, digits = 3) {
  return Number(value.toPrecision(digits));
}

/** Write a number for a box in which numbers are typed. */
export function typed(value) {
  return String(rounded(value, 6));
}

/** Round to a multiple of the power of ten that is about a thousandth of a span. */
export function snapped(value, span) {
  const power = Math.floor(Math.log10(span)) - 3;
  const unit = 10 ** Math.abs(power);
  return power < 0 ? Math.round(value * unit) / unit : Math.round(value / unit) * unit;
}

/** Choose about so many round values between two ends. */
export function ticks([low, high], about) {
  const rough = (high - low) / Math.max(1, about);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((times) => times * power >= rough * 0.75);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  if (!(last - first < 1000)) return [];
  return Array.from({ length: last - first + 1 }, (_, place) => (first + place) * step);
}

/** Choose at most so many round values on a logarithmic axis. */
export function logarithmicTicks([low, high], most) {
  const powers = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
    powers.push(power);
  }
  const fine = [[1, 2, 5], [1, 3], [1]].map((times) => ({ times, every: 1 }));
  const coarse = powers.map((_, place) => ({ times: [1], every: place + 2 }));
  const choices = [...fine, ...coarse].map(({ times, every }) =>
    powers
      .filter((power) => power % every === 0)
      .flatMap((power) => times.map((multiple) => multiple * 10 ** power))
      .filter((value) => value >= low && value <= high),
  );
  return choices.find((values) => values.length <= most) ?? [];
}

/** Write the values of an axis in one unit, with as many digits as tell them apart. */
export function tickLabels(values) {
  const largest = Math.max(...values.map(Math.abs));
  const [unit, suffix] =
    largest < LARGEST_TICK || isHuge(largest)
      ? [1, ""]
      : SUFFIXES.find(([least]) => largest >= least);
  for (let digits = 1; digits <= MOST_TICK_DIGITS; digits += 1) {
    const labels = values.map((value) => number(value / unit, digits) + (value ? suffix : ""));
    if (labels.every((label, place) => isTrue(label, suffix, values[place] / unit))) return labels;
  }
  return values.map((value) => number(value, 15));
}

/** An axis far from 0 is better written in full. */
const MOST_TICK_DIGITS = 5;

function isTrue(label, suffix, value) {
  const text = label.replace(suffix, "").replaceAll(",", "").replaceAll("−", "-");
  return Math.abs(Number(text) - value) <= 1e-9 * Math.abs(value);
}
