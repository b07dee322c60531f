/**
 * The game of guessing how many steps a run takes to come near the minimum: until the excess cost is
 * a hundredth of that at the start, which has a meaning where the minimum is 0 too.
 */

import { count, number } from "./numbers.js";
import { PLAIN } from "./optimizers.js";
import { leavesText, made } from "./text.js";
import { hasTheory, predictedStepsToPart, slowestFactor } from "./theory.js";

const NEAR = 0.01;

/** Ask for a guess. */
export function askText({ table, run }) {
  const asks = `After how many ${run.word}s is the excess cost below 1 % of what it is at the start?`;
  return hasTheory(table, run.setUp) ? `${asks} Theory knows it without a step.` : asks;
}

/** The guess beside theory and truth. */
export function answerLines({ table, run }, guess) {
  const items = [["your guess", number(guess)]];
  if (hasTheory(table, run.setUp)) items.push(["predicted", theoryText(table, run.setUp)]);
  items.push(["the truth", truthText(run)]);
  const list = items.map(([name, text]) => made("div", [made("dt", name), made("dd", text)]));
  return [made("dl", list), made("p", becauseText(table, run), { class: "says" })];
}

function theoryText(table, setUp) {
  const steps = predictedStepsToPart(table, setUp, NEAR);
  return Number.isFinite(steps) ? count(steps, "step") : "never";
}

function truthText(run) {
  const step = run.stepTo(NEAR);
  if (step !== undefined) return count(step, run.word);
  if (run.stopReason === "diverged") return `never: it diverged after ${number(run.last)}`;
  return `not within ${count(run.last, run.word)}`;
}

function becauseText(table, { setUp, stopReason }) {
  if (!hasTheory(table, setUp)) return unknownText(table, setUp);
  const left = slowestFactor(table, setUp);
  if (left > 1)
    return `Each step makes the distance to the minimum ${number(left, 3)} times as large.`;
  if (left === 1) return "Each step overshoots as far to the other side: it oscillates for ever.";
  const why = `In the slowest direction each step ${leavesText(left)} of the distance to the minimum.`;
  return stopReason === "steps" ? `${why} The step limit is too low.` : why;
}

function unknownText({ squared, isSmooth }, { optimizer, lineSearch }) {
  if (squared)
    return "There is a closed form only for plain descent at a fixed rate; here one has to run it.";
  const isFixed = optimizer.name === PLAIN && !lineSearch;
  return !isSmooth && isFixed
    ? "The gradient does not fade near the minimum, so a fixed rate oscillates around it for ever."
    : "This landscape is no simple bowl, so there is no closed form; one has to run it.";
}
