/** The state of a lesson: one set-up, one clock, and the walks that it shows. */

import { hasTheory, minimumReached, OPTIMIZERS, predictedSteps, tableOf, Walk } from "./descent.js";
import { WALK_COLOURS } from "./drawing.js";
import { snapped } from "./numbers.js";
import { reliefOf } from "./relief.js";
import { framed, holding, isDrawable, isNear, span, zoomed } from "./windows.js";
import { setUpText } from "./words.js";

/** Milliseconds that the random starts may take before the page shows itself again. */
const PATIENCE = 30;

/** So many points of a path tell how far it reaches. */
const MOST_POINTS = 2000;

/** A view of so much of the whole is near. */
const NEAR = 0.7;

export const START_COLOURS = { global: "#8fd3ff", local: "#ffb84d" };

export class Stage {
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
    const { learning_rate: rate, scaling, theta0, theta1 } = lesson.config;
    this.usual = { rate, scaling, theta0, theta1, optimizer: Object.keys(OPTIMIZERS)[0] };
    this.home = this.#firstView([theta0, theta1]);
  }

  /** Take over what an address says. */
  restore({ setUp, step, kept, showsStarts, zoom }) {
    this.kept = [];
    for (const each of kept) this.#keep(each);
    this.showsStarts = showsStarts;
    this.zoom = zoom && isDrawable(zoom, this.home) ? zoom : null;
    this.#walkFrom({ ...this.usual, ...setUp });
    this.goTo(step);
  }

  /** Change some of the set-up; the clock stays where it can. */
  change(part, step = this.clock) {
    this.#walkFrom({ ...this.setUp, ...part });
    this.goTo(step);
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

  /** Set the clock, at the most to where the last walk ends; give whether it moved. */
  goTo(step) {
    const before = this.clock;
    this.clock = Math.max(0, ...this.walks.map((walk) => walk.reach(Math.max(0, step))));
    this.#listener();
    return this.clock !== before;
  }

  get walks() {
    return [this.walk, ...this.kept.map(({ walk }) => walk)];
  }

  get isAtEnd() {
    return this.walks.every((walk) => walk.reach(this.clock + 1) <= this.clock);
  }

  get mayKeep() {
    return this.kept.length < WALK_COLOURS.length;
  }

  keep() {
    if (this.mayKeep) this.#keep(this.setUp);
    this.#listener();
  }

  remove(kept) {
    this.kept = this.kept.filter((other) => other !== kept);
    this.goTo(this.clock);
  }

  #keep(setUp) {
    const used = this.kept.map(({ colour }) => colour);
    const colour = WALK_COLOURS.find((each) => !used.includes(each));
    const walk = new Walk(this.table, setUp);
    this.kept = [...this.kept, { setUp, walk, colour, label: setUpText(setUp) }];
  }

  reveal() {
    this.isRevealed = true;
    this.#listener();
  }

  showStarts(shows) {
    this.showsStarts = shows;
    this.#listener();
  }

  /** See more or less of the landscape; the walk's place stays where it is. */
  zoomBy(times) {
    const { theta0, theta1 } = this.window;
    const step = this.walk.reach(this.clock);
    const [intercept, slope] = this.walk.theta(step);
    const window = {
      theta0: zoomed(theta0, intercept, times),
      theta1: zoomed(theta1, slope, times),
    };
    if (isDrawable(window, this.home)) this.#look(window);
  }

  /** See the way from the start to the minimum and, as far as that is possible, the walk. */
  zoomToFit() {
    const { theta0, theta1 } = this.setUp;
    const thetas = [[theta0, theta1], ...this.#lowest];
    const last = this.walk.reach(this.clock);
    const every = Math.ceil((last + 1) / MOST_POINTS);
    for (let step = last; step >= 0; step -= every) {
      const theta = this.walk.theta(step);
      if (isNear(this.lesson.window, theta)) thetas.push(theta);
    }
    this.#look(framed(this.lesson.window, thetas));
  }

  get #lowest() {
    return this.table.landmarks.filter(({ kind }) => kind === "global").map(({ theta }) => theta);
  }

  /** Look at all the minima of a robust cost; at a short way to the one minimum from near. */
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

  /** How high the ground is in the window. */
  get relief() {
    if (this.#relief?.window !== this.window) this.#relief = reliefOf(this.table, this.window);
    return this.#relief;
  }
  #relief;

  /** Tell how many steps theory predicts. */
  get predicted() {
    return hasTheory(this.table, this.setUp) ? predictedSteps(this.table, this.setUp) : null;
  }

  #walkFrom(setUp) {
    const isSame = ["rate", "scaling", "optimizer"].every(
      (name) => setUp[name] === this.setUp[name],
    );
    if (isSame && setUp.theta0 === this.setUp.theta0 && setUp.theta1 === this.setUp.theta1) return;
    this.setUp = setUp;
    this.walk = new Walk(this.table, setUp);
    this.isRevealed = false;
    if (!isSame) this.#walkFromStarts();
  }

  /** Walk from all the random starts to the end, a few at a time. */
  #walkFromStarts() {
    clearTimeout(this.#startsJob);
    const waiting = [...this.lesson.starts];
    const done = [];
    const some = () => {
      const until = performance.now() + PATIENCE;
      while (waiting.length && performance.now() < until) {
        done.push(this.#walkFromStart(waiting.shift()));
      }
      if (waiting.length) this.#startsJob = setTimeout(some);
      else this.starts = done;
      this.#listener();
    };
    some();
  }

  #walkFromStart([theta0, theta1]) {
    const walk = new Walk(this.table, { ...this.setUp, theta0, theta1 });
    const reached = minimumReached(this.table, walk);
    return { walk, reached, colour: START_COLOURS[reached?.kind] ?? "#c3c9d2" };
  }
}
