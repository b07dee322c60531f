/**
 * Set-ups: what a run is told, made from a configuration, or written in an address and read there.
 *
 * @typedef {{name: string}} Choice a name and its settings
 * @typedef {{rate: number, scaling: string, theta0: number, theta1: number, optimizer: Choice,
 *   schedule: Choice, warmUp: number, lineSearch: boolean, l2: number, l1: number, batchSize: number | null,
 *   steps: number, tolerance: number, seed: number}} SetUp
 *   and a theta2, theta3, … for each further feature
 */

import { SCALINGS } from "./mathematics.js";
import { PLAIN } from "./optimizers.js";

/** Take over a configuration. @returns {SetUp} */
export function setUpOf(config) {
  return {
    rate: config.learning_rate,
    scaling: config.scaling,
    ...startingAt(config.theta),
    optimizer: config.optimizer,
    schedule: config.schedule,
    warmUp: config.warm_up,
    lineSearch: config.line_search,
    l2: config.l2,
    l1: config.l1 ?? 0,
    batchSize: config.batch_size,
    steps: config.steps,
    tolerance: config.tolerance,
    seed: config.seed,
  };
}

/** Give the parameters from which a set-up starts, in original units. */
export function startOf(setUp) {
  const theta = [];
  while (Object.hasOwn(setUp, `theta${theta.length}`)) theta.push(setUp[`theta${theta.length}`]);
  return theta;
}

/** Write parameters as those from which a set-up starts. */
export function startingAt(theta) {
  return Object.fromEntries(theta.map((value, place) => [`theta${place}`, value]));
}

/**
 * Give the optimizers and the schedules by name, where the lesson's own keep their settings, the
 * names of the parameters, the first of which may be fixed, and what the rows can show: the
 * predictions, or what a feature adds.
 */
export function choicesOf({ optimizers, schedules, config, x, moments, added = [], guide = [] }) {
  const named = (records, own) =>
    Object.fromEntries([...records, own].map((record) => [record.name, record]));
  return {
    optimizer: named(optimizers, config.optimizer),
    schedule: named(schedules, config.schedule),
    thetas: Object.keys(startingAt(config.theta)),
    fixed: moments.has_intercept ? 0 : 1,
    guide,
    shown: {
      0: "the predictions",
      ...Object.fromEntries(
        [...added.entries()]
          .filter(([, each]) => each)
          .map(([before]) => [before + 1, `what ${x[before]} adds`]),
      ),
    },
  };
}

/**
 * A line search finds the length of plain descent's steps alone; batches have no penalty, and steps
 * that stop at 0 are those of plain descent at a rate.
 */
export function lawful(setUp) {
  const lineSearch = setUp.lineSearch && setUp.optimizer.name === PLAIN && !setUp.batchSize;
  const isPlain = setUp.optimizer.name === PLAIN && !lineSearch && !setUp.batchSize;
  const [l2, l1] = [setUp.batchSize ? 0 : setUp.l2, isPlain ? setUp.l1 : 0];
  return { ...setUp, lineSearch, l2, l1 };
}

export function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A step on all rows is written so, in place of the size of its batches. */
export const ALL_ROWS = "all";

/** How each part of a set-up is written, in the order in which a kept run has them. */
const fieldsOf = ({ thetas, fixed }) => ({
  rate: { write: String, read: (text) => positive(numberIn(text)) },
  scaling: { write: String, read: (text) => (SCALINGS.includes(text) ? text : undefined) },
  ...Object.fromEntries(
    thetas.map((name, place) => [
      name,
      { write: String, read: place < fixed ? () => 0 : numberIn },
    ]),
  ),
  optimizer: { write: writeChoice, read: readChoice },
  schedule: { write: writeChoice, read: readChoice },
  warmUp: { write: String, read: (text) => whole(numberIn(text)) },
  lineSearch: {
    write: (isOn) => (isOn ? "on" : "off"),
    read: (text) => ({ on: true, off: false })[text],
  },
  l2: { write: String, read: (text) => notNegative(numberIn(text)) },
  l1: { write: String, read: (text) => notNegative(numberIn(text)) },
  batchSize: {
    write: (size) => String(size ?? ALL_ROWS),
    read: (text) => (text === ALL_ROWS ? null : positive(whole(numberIn(text)))),
  },
});

/** Write the parts of a set-up, each with its name. */
export function writtenParts(setUp, choices) {
  return Object.entries(fieldsOf(choices)).map(([name, { write }]) => [
    name,
    write(setUp[name], choices[name]),
  ]);
}

/** Read the parts that make sense. */
export function readParts(texts, choices) {
  const parts = Object.entries(fieldsOf(choices)).map(([name, { read }]) => [
    name,
    read(texts.get(name) ?? "", choices[name]),
  ]);
  return Object.fromEntries(parts.filter(([, part]) => part !== undefined));
}

/** Write a kept run. */
export function writtenRun(setUp, choices) {
  return writtenParts(setUp, choices)
    .map(([, text]) => text)
    .join("_");
}

/** Read a kept run; undefined where it lacks what there is no run without. */
export function readRun(text, choices) {
  const names = Object.keys(fieldsOf(choices));
  const texts = text.split("_").map((part, place) => [names[place], part]);
  const setUp = readParts(new Map(texts), choices);
  return ["rate", "scaling", ...choices.thetas].every((name) => Object.hasOwn(setUp, name))
    ? setUp
    : undefined;
}

/** Write a name, and the settings that are changed: momentum*momentum*0.95. */
function writeChoice(choice, choices) {
  const usual = choices[choice.name];
  const changed = Object.entries(choice).filter(([name, value]) => value !== usual[name]);
  return [choice.name.replaceAll("_", "-"), ...changed.flat()].join("*");
}

function readChoice(text, choices) {
  const [written, ...settings] = text.split("*");
  const name = written.replaceAll("-", "_");
  if (!Object.hasOwn(choices, name)) return undefined;
  const choice = { ...choices[name] };
  for (let place = 0; place + 1 < settings.length; place += 2) {
    const [setting, value] = [settings[place], numberIn(settings[place + 1])];
    if (typeof choice[setting] === "number" && value >= 0) choice[setting] = value;
  }
  return choice;
}

export function numberIn(text) {
  const value = text?.trim() ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

function notNegative(value) {
  return value >= 0 ? value : undefined;
}

function positive(value) {
  return value > 0 ? value : undefined;
}

export function whole(value) {
  return Number.isInteger(value) && value >= 0 ? value : undefined;
}
