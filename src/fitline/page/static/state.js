/** The state of a lesson: one set-up, one clock, and the walks that it shows. */

import { contoursOf } from "./contours.js";
import { hasTheory, minimumReached, predictedSteps, tableOf, Walk } from "./descent.js";
import { WALK_COLOURS } from "./drawing.js";
import { snapped } from "./numbers.js";
import { rateFor } from "./optimizers.js";
import { choicesOf, isSame, lawful, setUpOf } from "./set-up.js";
import { walkText } from "./text.js";
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

/** Several walks may take this part of the view. */
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
    this.ownWalks = (lesson.walks ?? []).map(({ label, config }, place) => ({
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
    this.#walkFrom(lawful({ ...this.usual, ...setUp }));
    this.goTo(step);
    if (opens && kept.length) this.#open();
  }

  /** Walks that the lesson brings are seen at once, to the end; Play begins them anew. */
  #open() {
    this.goTo(Number.POSITIVE_INFINITY);
    this.zoomToFit();
  }

  /** Change some of the set-up; the clock stays where it can. */
  change(part, step = this.clock) {
    this.#walkFrom(lawful({ ...this.setUp, ...part }));
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
    if (this.mayKeep) this.#keep({ setUp: this.setUp });
    this.#listener();
  }

  remove(kept) {
    this.kept = this.kept.filter(({ colour }) => colour !== kept.colour);
    this.goTo(this.clock);
  }

  /** A walk of the lesson's own has a label and a number; the others are named by their set-up. */
  #keep({ setUp: given, label, number }) {
    const setUp = lawful({ ...this.usual, ...given });
    const used = this.kept.map(({ colour }) => colour);
    const colour = WALK_COLOURS.find((each) => !used.includes(each));
    const walk = new Walk(this.table, setUp);
    this.kept = [...this.kept, { setUp, walk, colour, given: label, number }];
  }

  /** The kept walks, named by what tells them apart. */
  get labelled() {
    const all = [this.setUp, ...this.kept.map(({ setUp }) => setUp)];
    return this.kept.map((kept) => ({
      ...kept,
      label: kept.given ?? walkText(kept.setUp, all, this.choices),
    }));
  }

  /** The kept walk that is walked just now, if it is one. */
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

  /** See the ways from the starts to the minimum and, as far as that is possible, the walks. */
  zoomToFit() {
    const ways = this.walks.flatMap((walk) => this.#wayOf(walk));
    const part = this.kept.length ? PART_OF_SEVERAL : undefined;
    this.#look(framed(this.lesson.window, [...ways, ...this.#lowest], part));
  }

  #wayOf(walk) {
    const last = walk.reach(this.clock);
    const every = Math.ceil((last + 1) / MOST_POINTS);
    const furthest = this.kept.length ? FURTHEST_OF_SEVERAL : undefined;
    const thetas = [];
    for (let step = last; step > 0; step -= every) thetas.push(walk.theta(step));
    const near = thetas.filter((theta) => isNear(this.lesson.window, theta, furthest));
    return [walk.theta(0), ...near];
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

  #walkFrom(setUp) {
    if (isSame(setUp, this.setUp)) return;
    const { theta0, theta1 } = this.setUp;
    const isSameWay = isSame({ ...setUp, theta0, theta1 }, { ...this.setUp, theta0, theta1 });
    this.setUp = setUp;
    this.walk = new Walk(this.table, setUp);
    this.isRevealed = false;
    if (!isSameWay) this.#walkFromStarts();
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
