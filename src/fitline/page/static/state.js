/** The state of a lesson: one set-up, one clock, and the runs that it shows. */

import { contoursOf } from "./contours.js";
import { minimumReached, Run, tableOf } from "./descent.js";
import { RUN_COLOURS } from "./drawing.js";
import { deviationsOf, unitOf } from "./mathematics.js";
import { snapped } from "./numbers.js";
import { OPTIMIZERS, rateFor, ratesOf, tunedMomentum } from "./optimizers.js";
import { Past } from "./past.js";
import { penalised } from "./penalty.js";
import { profileOf, sliceOf, usualAxes } from "./planes.js";
import { choicesOf, isSame, lawful, setUpOf, startingAt, startOf } from "./set-up.js";
import { runText } from "./text.js";
import { hasTheory, predictedSteps } from "./theory.js";
import {
  FURTHEST_OF_SEVERAL,
  filling,
  framed,
  holding,
  isDrawable,
  isNear,
  span,
  windowAbout,
  zoomed,
} from "./windows.js";

/** Milliseconds that the random starts may take before the page shows itself again. */
const PATIENCE = 30;

/** So many points of a path tell how far it reaches. */
const MOST_POINTS = 2000;

/** Several runs may take this part of the view. */
const PART_OF_SEVERAL = 0.75;

/** The whole view of two of many parameters reaches to walls so many spreads of y high. */
const REACH = 2;

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
  /** @type {null | {across: number[], up: number[]}} null for the whole landscape */
  zoom = null;
  /** Whether the map is in the table's units though descent runs in scaled coordinates. */
  inOriginalUnits = false;
  /** How many times as wide as high the map is. */
  aspect = 1;
  /** The feature of which the rows show what it adds; 0 for the predictions. */
  shown = 0;
  /** The step of a guided lesson; 0 is the first. */
  guide = 0;
  past = new Past();
  /** The rate that was last used with each scaling. */
  #rates = {};
  #listener;
  #startsJob;
  #plain;

  constructor(lesson, listener) {
    this.#listener = listener;
    this.#know(lesson);
    this.ownRuns = (lesson.runs ?? []).map(({ label, config }, place) => ({
      setUp: setUpOf(config),
      label,
      number: place + 1,
    }));
    this.#lookAt(usualAxes(this.table));
  }

  #know(lesson) {
    this.lesson = lesson;
    this.#plain = tableOf(lesson);
    this.choices = choicesOf(lesson);
    this.usual = setUpOf(lesson.config);
  }

  /**
   * Take other rows, or another cost of them. `change` gives what changes of the set-up, from the
   * usual one, the table and the present one. Kept runs are run anew where it `keeps` them; where it
   * `holds`, the view stays as it is. What follows soon under the same name is undone with it.
   */
  take(lesson, change, { keeps, holds, name }) {
    const view = holds ? this.window : null;
    if (this.run) this.past.remember(this.#moment, name);
    this.#know(lesson);
    if (!keeps) this.kept = [];
    const setUp = { ...this.usual, ...this.setUp };
    this.#runAnew(lawful({ ...setUp, ...change(this.usual, this.table, setUp) }), view);
    this.goTo(this.clock);
  }

  /** Run on other rows than before. */
  #runAnew(setUp, view = null) {
    this.starts = [];
    this.kept = this.kept.map((kept) => ({ ...kept, run: new Run(this.#plain, kept.setUp) }));
    this.setUp = {};
    this.#runFrom(setUp);
    this.#lookAt(this.axes);
    this.zoom = view;
  }

  /** See the whole landscape of the present rows. */
  showAll() {
    this.#look(null);
  }

  get #moment() {
    return { lesson: this.lesson, setUp: this.setUp, step: this.clock };
  }

  /** The table, with the penalty of the present set-up in its cost. */
  get table() {
    return this.#tableFor({ ...this.usual, ...this.setUp });
  }

  /** Tell whether there are more parameters than a map shows. */
  get isSeveral() {
    return this.choices.thetas.length > this.axes.length;
  }

  /** Choose the two parameters that are seen; the same one twice lets them change places. */
  choosePlane([across, up]) {
    this.zoom = null;
    this.#lookAt(across === up ? this.axes.toReversed() : [across, up]);
    this.#listener();
  }

  /** Show what a feature adds, or with 0 the predictions. */
  show(place) {
    this.shown = place;
    this.#listener();
  }

  /** Draw the map in the table's units, or in the coordinates that train. */
  showUnits(inOriginalUnits) {
    this.inOriginalUnits = inOriginalUnits;
    this.zoom = null;
    this.#lookAt(this.axes);
    this.#listener();
  }

  /** The scaling in whose coordinates the map is. */
  get mapKind() {
    return this.inOriginalUnits ? "none" : (this.setUp.scaling ?? this.usual.scaling);
  }

  #lookAt(axes) {
    this.axes = axes;
    const isOwn = this.lesson.window && this.mapKind === "none";
    this.whole = isOwn ? this.lesson.window : this.#windowOnMinima();
    this.home = this.#firstView(this.plane.pair(startOf(this.usual)));
  }

  #windowOnMinima() {
    const [lowest, ...others] = this.table.landmarks.map(({ theta }) => this.plane.pair(theta));
    const whole = windowAbout(lowest, this.plane.spread, REACH * this.table.spread);
    return others.reduce(holding, whole);
  }

  /** Take over what an address says. */
  restore({ opens, setUp, step, kept, showsStarts, axes, shown, guide, inOriginalUnits, zoom }) {
    this.kept = [];
    for (const each of kept) this.#keep(each);
    this.showsStarts = showsStarts;
    this.shown = shown;
    this.guide = guide;
    this.inOriginalUnits = inOriginalUnits;
    this.#runFrom(lawful({ ...(this.#guided ?? this.usual), ...setUp }));
    this.#lookAt(axes ?? usualAxes(this.table));
    this.zoom = zoom && isDrawable(zoom, this.home) ? zoom : null;
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
    const setUp = lawful({ ...this.setUp, ...part });
    const changed = Object.keys(setUp).filter((name) => !isSame(setUp[name], this.setUp[name]));
    if (changed.length) this.past.remember(this.#moment, `${changed}`);
    this.#runFrom(setUp);
    this.goTo(step);
  }

  /** Take back the last change of the set-up, or of the rows. */
  undo() {
    const before = this.past.take();
    if (!before) return;
    if (before.lesson === this.lesson) this.#runFrom(before.setUp);
    else {
      this.#know(before.lesson);
      this.#runAnew(before.setUp);
    }
    this.goTo(before.step);
  }

  /** Go to a step of the guided lesson, which may begin with settings of its own. */
  goToGuide(place) {
    this.guide = place;
    if (this.#guided) this.change(this.#guided, 0);
    this.#listener();
  }

  get #guided() {
    const config = this.lesson.guide?.[this.guide]?.config;
    return config && setUpOf({ ...this.lesson.config, ...config });
  }

  /** Choose a scaling, with the rate that was used there before, or else one that makes sense. */
  chooseScaling(scaling) {
    this.#rates[this.setUp.scaling] = this.setUp.rate;
    const setUp = { ...this.setUp, scaling, rate: this.#rates[scaling] ?? this.setUp.rate };
    const rate = rateFor(this.#tableFor(setUp), setUp, this.usual.rate);
    this.change({ scaling, ...(this.#isTuned ? this.#best(setUp) : { rate }) });
  }

  /** Choose an optimizer, from the start; the rate changes only where it would make no sense. */
  choose(name) {
    const setUp = { ...this.setUp, optimizer: this.choices.optimizer[name] };
    const rate = rateFor(this.table, setUp, this.usual.rate);
    const isFree = OPTIMIZERS[name].bestMomentum && this.usual.optimizer.name !== name;
    if (!isFree) this.change({ optimizer: setUp.optimizer, rate }, 0);
    else if (rate === setUp.rate) this.change({ optimizer: this.#tuned(setUp, rate) }, 0);
    else this.change(this.#best(setUp), 0);
  }

  /** Choose the best momentum, and the rate that goes with it. */
  tune() {
    this.change(this.#best(this.setUp), 0);
  }

  #best(setUp) {
    const optimizer = this.#tuned(setUp);
    const rates = ratesOf(this.#tableFor(setUp), { ...setUp, optimizer });
    return { optimizer, rate: rates?.best ?? setUp.rate };
  }

  /** Whether the momentum is the best one, which then follows the landscape. */
  get #isTuned() {
    const { setUp } = this;
    if (!OPTIMIZERS[setUp.optimizer.name].bestMomentum) return false;
    return [setUp.rate, undefined].some((rate) =>
      isSame(this.#tuned(setUp, rate), setUp.optimizer),
    );
  }

  #tuned(setUp, rate) {
    const momentum = tunedMomentum(this.#tableFor(setUp), setUp, rate);
    return { ...setUp.optimizer, momentum };
  }

  #tableFor(setUp) {
    return penalised(this.#plain, setUp);
  }

  /**
   * Move the start to a pair, rounded to what a pixel can tell. The others go to their best where
   * the map shows them there, so that its colour is the cost; else they stay.
   */
  startAt(pair, step = this.clock) {
    const { across, up } = this.home;
    const rounded = [snapped(pair[0], span(across)), snapped(pair[1], span(up))];
    const theta = this.plane.put(startOf(this.setUp), rounded);
    this.#startFrom(this.isSeveral || this.mapKind === "none" ? theta : this.#snapped(theta), step);
  }

  /** Lay the line, rounded; where it was only moved up or down it keeps its slope. */
  layLine([intercept, slope]) {
    const [theta0, theta1] = this.#snapped([intercept, slope]);
    this.#startFrom([theta0, slope === this.theta[1] ? slope : theta1], 0);
  }

  #startFrom(theta, step) {
    if (theta.every(Number.isFinite)) this.change(startingAt(theta), step);
  }

  /** Round the parameters of a line to what can be seen of them. */
  #snapped([intercept, slope]) {
    const { moments } = this.table;
    const height = unitOf(moments);
    const [deviation] = deviationsOf(moments);
    return [snapped(intercept, height), snapped(slope, height / (deviation || 1))];
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
    const run = new Run(this.#plain, setUp);
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
    const { across, up } = this.window;
    const [first, second] = this.plane.pair(this.theta);
    const window = { across: zoomed(across, first, times), up: zoomed(up, second, times) };
    if (isDrawable(window, this.home)) this.#look(window);
  }

  /** See the starts, the minimum and, as far as that is possible, the paths of all runs. */
  zoomToFit() {
    const paths = this.runs.flatMap((run) => this.#pathOf(run));
    const part = this.kept.length ? PART_OF_SEVERAL : undefined;
    this.#look(framed(this.whole, [...paths, ...this.#lowest], part));
  }

  #pathOf(run) {
    const last = run.reach(this.clock);
    const every = Math.ceil((last + 1) / MOST_POINTS);
    const furthest = this.kept.length ? FURTHEST_OF_SEVERAL : undefined;
    const pairs = [];
    for (let step = last; step > 0; step -= every) pairs.push(this.plane.pair(run.theta(step)));
    const near = pairs.filter((pair) => isNear(this.whole, pair, furthest));
    return [this.plane.pair(run.theta(0)), ...near];
  }

  /** The landmarks that have a place on the map: on a level ground there is none. */
  get landmarks() {
    const isOpen = this.axes.some((place) => this.table.open.has(place));
    return isOpen ? [] : this.table.landmarks;
  }

  get #lowest() {
    const lowest = this.landmarks.filter(({ kind }) => kind === "global");
    return lowest.map(({ theta }) => this.plane.pair(theta));
  }

  /** See all the minima of a robust cost; of squared error the one from near, if the start is. */
  #firstView(start) {
    if (!this.table.squared) return this.whole;
    const whole = holding(this.whole, start);
    const near = framed(this.whole, [start, ...this.#lowest]);
    return near && span(near.up) < NEAR * span(whole.up) ? near : whole;
  }

  #look(window) {
    this.zoom = window;
    this.#listener();
  }

  get window() {
    const window = this.zoom ?? this.home;
    if (this.mapKind === "none") return window;
    const [known, aspect] = [this.#filled, this.aspect];
    if (known?.window !== window || known.aspect !== aspect)
      this.#filled = { window, aspect, wide: filling(window, aspect) };
    return this.#filled.wide;
  }
  #filled;

  /** Where descent stands, in original units. */
  get theta() {
    return this.run ? this.run.theta(this.run.reach(this.clock)) : startOf(this.usual);
  }

  /** The plane that is seen; where the others are not at their best, it moves with descent. */
  get plane() {
    const { table, axes, theta, mapKind } = this;
    const others = table.squared ? [] : theta.filter((_, place) => !axes.includes(place));
    const key = JSON.stringify([axes, mapKind, others]);
    if (this.#planeKey !== key || this.#planeTable !== table) {
      [this.#planeKey, this.#planeTable] = [key, table];
      this.#plane = table.squared
        ? profileOf(table, axes, mapKind)
        : sliceOf(table, axes, theta, mapKind);
    }
    return this.#plane;
  }
  #plane;
  #planeKey;
  #planeTable;

  /** The levels of the cost in the window. */
  get contours() {
    const { plane, window } = this;
    if (this.#contours?.window !== window || this.#contours.plane !== plane)
      this.#contours = contoursOf(plane, window);
    return this.#contours;
  }
  #contours;

  /** Tell how many steps theory predicts. */
  get predicted() {
    return hasTheory(this.table, this.setUp) ? predictedSteps(this.table, this.setUp) : null;
  }

  #runFrom(setUp) {
    if (isSame(setUp, this.setUp)) return;
    const start = startingAt(startOf(this.setUp));
    const isSameMethod = isSame({ ...setUp, ...start }, this.setUp);
    const before = this.mapKind;
    this.setUp = setUp;
    if (this.mapKind !== before) {
      this.zoom = null;
      this.#lookAt(this.axes);
    }
    this.run = new Run(this.#plain, setUp);
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

  #runFromStart(start) {
    const run = new Run(this.#plain, { ...this.setUp, ...startingAt(start) });
    const reached = minimumReached(this.table, run);
    return { run, reached, colour: START_COLOURS[reached?.kind] ?? "#c3c9d2" };
  }
}
