/** The state of a lesson: one set-up, one clock, and the runs that it shows. */

import { contoursOf } from "./contours.js";
import { hasTheory, minimumReached, predictedSteps, Run, tableOf } from "./descent.js";
import { RUN_COLOURS } from "./drawing.js";
import { snapped } from "./numbers.js";
import { rateFor } from "./optimizers.js";
import { choicesOf, isSame, lawful, setUpOf } from "./set-up.js";
import { runText } from "./text.js";
import {
  FURTHEST_OF_SEVERAL,
  framed,
  holding,
  isDrawable,
  isNear,
  span,
  zoomed,
} from "./windows.js";

/** Milliseconds that the random starts may take before the page shows itself again. */
const PATIENCE = 30;

/** So many points of a path tell how far it reaches. */
const MOST_POINTS = 2000;

/** Several runs may take this part of the view. */
const PART_OF_SEVERAL = 0.75;

/** A view of so much of the whole is near. */
const NEAR = 0.7;

export const START_COLOURS = { global: "#8fd3ff", local: "#ffb84d" };

export class State {
  setUp = {};
  clock = 0;
  kept = [];
  starts = [];
  showsStarts = true;
  isRevealed = false;
  /** @type {null | {theta0: number[], theta1: number[]}} null for the whole landscape */
  zoom = null;
  #listener;
  #startsJob;

  constructor(lesson, listener) {
    this.lesson = lesson;
    this.table = tableOf(lesson);
    this.#listener = listener;
    this.choices = choicesOf(lesson);
    this.usual = setUpOf(lesson.config);
    this.ownRuns = (lesson.runs ?? []).map(({ label, config }, place) => ({
      setUp: setUpOf(config),
      label,
      number: place + 1,
    }));
    this.home = this.#firstView([this.usual.theta0, this.usual.theta1]);
  }

  /** Take over what an address says. */
  restore({ opens, setUp, step, kept, showsStarts, zoom }) {
    this.kept = [];
    for (const each of kept) this.#keep(each);
    this.showsStarts = showsStarts;
    this.zoom = zoom && isDrawable(zoom, this.home) ? zoom : null;
    this.#runFrom(lawful({ ...this.usual, ...setUp }));
    this.goTo(step);
    if (opens && kept.length) this.#open();
  }

  /** Runs that the lesson brings are seen at once, to the end; Play begins them anew. */
  #open() {
    this.goTo(Number.POSITIVE_INFINITY);
    this.zoomToFit();
  }

  /** Change some of the set-up; the clock stays where it can. */
  change(part, step = this.clock) {
    this.#runFrom(lawful({ ...this.setUp, ...part }));
    this.goTo(step);
  }

  /** Choose an optimizer; the rate changes only where it would make no sense. */
  choose(name) {
    const setUp = { ...this.setUp, optimizer: this.choices.optimizer[name] };
    this.change({ ...setUp, rate: rateFor(this.table, setUp, this.usual.rate) });
  }

  /** Move the start, or draw a new line, rounded to what a pixel can tell. */
  startAt([intercept, slope], step = this.clock) {
    const theta0 = snapped(intercept, span(this.home.theta0));
    const theta1 = snapped(slope, span(this.home.theta1));
    if ([theta0, theta1].every(Number.isFinite)) this.change({ theta0, theta1 }, step);
  }

  /** Move the line up or down, so that it keeps its slope. */
  lift(intercept, theta1) {
    const theta0 = snapped(intercept, span(this.home.theta0));
    if (Number.isFinite(theta0)) this.change({ theta0, theta1 }, 0);
  }

  /** Set the clock, at the most to where the last run ends; give whether it moved. */
  goTo(step) {
    const before = this.clock;
    this.clock = Math.max(0, ...this.runs.map((run) => run.reach(Math.max(0, step))));
    this.#listener();
    return this.clock !== before;
  }

  get runs() {
    return [this.run, ...this.kept.map(({ run }) => run)];
  }

  get isAtEnd() {
    return this.runs.every((run) => run.reach(this.clock + 1) <= this.clock);
  }

  get mayKeep() {
    return this.kept.length < RUN_COLOURS.length;
  }

  keep() {
    if (this.mayKeep) this.#keep({ setUp: this.setUp });
    this.#listener();
  }

  remove(kept) {
    this.kept = this.kept.filter(({ colour }) => colour !== kept.colour);
    this.goTo(this.clock);
  }

  /** A run of the lesson's own has a label and a number; the others are named by their set-up. */
  #keep({ setUp: given, label, number }) {
    const setUp = lawful({ ...this.usual, ...given });
    const used = this.kept.map(({ colour }) => colour);
    const colour = RUN_COLOURS.find((each) => !used.includes(each));
    const run = new Run(this.table, setUp);
    this.kept = [...this.kept, { setUp, run, colour, given: label, number }];
  }

  /** The kept runs, named by what tells them apart. */
  get labelled() {
    const all = [this.setUp, ...this.kept.map(({ setUp }) => setUp)];
    return this.kept.map((kept) => ({
      ...kept,
      label: kept.given ?? runText(kept.setUp, all, this.choices),
    }));
  }

  /** The kept run that is the same as the present one, if there is one. */
  get twin() {
    return this.kept.find(({ setUp }) => isSame(setUp, this.setUp));
  }

  reveal() {
    this.isRevealed = true;
    this.#listener();
  }

  showStarts(shows) {
    this.showsStarts = shows;
    this.#listener();
  }

  /** See more or less of the landscape; the run's place stays where it is. */
  zoomBy(times) {
    const { theta0, theta1 } = this.window;
    const step = this.run.reach(this.clock);
    const [intercept, slope] = this.run.theta(step);
    const window = {
      theta0: zoomed(theta0, intercept, times),
      theta1: zoomed(theta1, slope, times),
    };
    if (isDrawable(window, this.home)) this.#look(window);
  }

  /** See the starts, the minimum and, as far as that is possible, the paths of all runs. */
  zoomToFit() {
    const paths = this.runs.flatMap((run) => this.#pathOf(run));
    const part = this.kept.length ? PART_OF_SEVERAL : undefined;
    this.#look(framed(this.lesson.window, [...paths, ...this.#lowest], part));
  }

  #pathOf(run) {
    const last = run.reach(this.clock);
    const every = Math.ceil((last + 1) / MOST_POINTS);
    const furthest = this.kept.length ? FURTHEST_OF_SEVERAL : undefined;
    const thetas = [];
    for (let step = last; step > 0; step -= every) thetas.push(run.theta(step));
    const near = thetas.filter((theta) => isNear(this.lesson.window, theta, furthest));
    return [run.theta(0), ...near];
  }

  get #lowest() {
    return this.table.landmarks.filter(({ kind }) => kind === "global").map(({ theta }) => theta);
  }

  /** See all the minima of a robust cost; of squared error the one from near, if the start is. */
  #firstView(start) {
    if (!this.table.squared) return this.lesson.window;
    const whole = holding(this.lesson.window, start);
    const near = framed(this.lesson.window, [start, ...this.#lowest]);
    return near && span(near.theta1) < NEAR * span(whole.theta1) ? near : whole;
  }

  #look(window) {
    this.zoom = window;
    this.#listener();
  }

  get window() {
    return this.zoom ?? this.home;
  }

  /** The levels of the cost in the window. */
  get contours() {
    if (this.#contours?.window !== this.window)
      this.#contours = contoursOf(this.table, this.window);
    return this.#contours;
  }
  #contours;

  /** Tell how many steps theory predicts. */
  get predicted() {
    return hasTheory(this.table, this.setUp) ? predictedSteps(this.table, this.setUp) : null;
  }

  #runFrom(setUp) {
    if (isSame(setUp, this.setUp)) return;
    const { theta0, theta1 } = this.setUp;
    const isSameMethod = isSame({ ...setUp, theta0, theta1 }, { ...this.setUp, theta0, theta1 });
    this.setUp = setUp;
    this.run = new Run(this.table, setUp);
    this.isRevealed = false;
    if (!isSameMethod) this.#runFromStarts();
  }

  /** Run from all the random starts to the end, a few at a time. */
  #runFromStarts() {
    clearTimeout(this.#startsJob);
    const waiting = [...this.lesson.starts];
    const done = [];
    const some = () => {
      const until = performance.now() + PATIENCE;
      while (waiting.length && performance.now() < until) {
        done.push(this.#runFromStart(waiting.shift()));
      }
      if (waiting.length) this.#startsJob = setTimeout(some);
      else this.starts = done;
      this.#listener();
    };
    some();
  }

  #runFromStart([theta0, theta1]) {
    const run = new Run(this.table, { ...this.setUp, theta0, theta1 });
    const reached = minimumReached(this.table, run);
    return { run, reached, colour: START_COLOURS[reached?.kind] ?? "#c3c9d2" };
  }
}
