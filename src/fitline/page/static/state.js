/** The state of a lesson: one set-up, one clock, and the runs that it shows. */

import { minimumReached, Run, tableOf } from "./descent.js";
import { RUN_COLOURS } from "./drawing.js";
import { MapState } from "./map-state.js";
import { deviationsOf, unitOf } from "./mathematics.js";
import { snapped } from "./numbers.js";
import { rateFor } from "./optimizers.js";
import { Past } from "./past.js";
import { penalised } from "./penalty.js";
import { choicesOf, isSame, lawful, setUpOf, startingAt, startOf } from "./set-up.js";
import { runText } from "./text.js";
import { hasTheory, predictedSteps } from "./theory.js";
import { bestOf, isTuned, withOptimizer } from "./tuning.js";

/** Milliseconds that the random starts may take before the page shows itself again. */
const PATIENCE = 30;

export const START_COLOURS = { global: "#8fd3ff", local: "#ffb84d" };

export class State {
  setUp = {};
  clock = 0;
  kept = [];
  starts = [];
  showsStarts = true;
  isRevealed = false;
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
    this.map = new MapState(this, listener);
  }

  #know(lesson) {
    this.lesson = lesson;
    this.#plain = tableOf(lesson);
    this.choices = choicesOf(lesson);
    this.usual = setUpOf(lesson.config);
  }

  /**
   * Take other rows, or another cost of them. `change` gives what changes of the set-up, from the
   * usual one, the table and the present one. Where it `keeps` what there is, kept runs are run anew
   * and the clock goes on; where it `holds`, the view stays as it is. What follows soon under the same
   * name is undone with it.
   */
  take(lesson, change, { keeps, holds, name }) {
    const view = holds ? this.map.window : null;
    if (this.run) this.past.remember(this.#moment, name);
    this.#know(lesson);
    if (!keeps) this.kept = [];
    const setUp = { ...this.usual, ...this.setUp };
    this.#runAnew(lawful({ ...setUp, ...change(this.usual, this.table, setUp) }), view);
    this.goTo(keeps ? this.clock : 0);
  }

  /** Run on other rows than before. */
  #runAnew(setUp, view = null) {
    this.starts = [];
    this.kept = this.kept.map((kept) => ({ ...kept, run: new Run(this.#plain, kept.setUp) }));
    this.setUp = {};
    this.#runFrom(setUp);
    this.map.lookAt(this.map.axes);
    this.map.zoom = view;
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
    return this.choices.thetas.length > 2;
  }

  /** Show what a feature adds, or with 0 the predictions. */
  show(place) {
    this.shown = place;
    this.#listener();
  }

  /** Take over what an address says. */
  restore({ opens, setUp, step, kept, showsStarts, shown, guide, ...map }) {
    this.kept = [];
    for (const each of kept) this.#keep(each);
    this.showsStarts = showsStarts;
    this.shown = shown;
    this.guide = guide;
    this.#runFrom(lawful({ ...(this.#guided ?? this.usual), ...setUp }));
    this.map.restore(map);
    this.goTo(step);
    if (opens && kept.length) this.#open();
  }

  /** Runs that the lesson brings are seen at once, to the end; Play begins them anew. */
  #open() {
    this.goTo(Number.POSITIVE_INFINITY);
    this.map.zoomToFit();
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

  /** Go to a step of the guided lesson, which may begin with settings of its own; none is undone. */
  goToGuide(place) {
    this.guide = place;
    if (this.#guided) this.change(this.#guided, this.lesson.guide[place].step ?? 0);
    this.past = new Past();
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
    const table = this.#tableFor(setUp);
    const follows = isTuned(this.table, this.setUp);
    const rate = rateFor(table, setUp, this.usual.rate);
    this.change({ scaling, ...(follows ? bestOf(table, setUp) : { rate }) });
    this.map.showRuns();
  }

  /** Choose an optimizer, from the start; the rate changes only where it would make no sense. */
  choose(name) {
    const setUp = { ...this.setUp, optimizer: this.choices.optimizer[name] };
    this.change(withOptimizer(this.table, setUp, this.usual), 0);
  }

  /** Choose the best momentum, and the rate that goes with it. */
  tune() {
    this.change(bestOf(this.table, this.setUp), 0);
  }

  #tableFor(setUp) {
    return penalised(this.#plain, setUp);
  }

  /** Move the start to a pair of the map. */
  startAt(pair, step = this.clock) {
    const theta = this.map.put(startOf(this.setUp), pair);
    this.#startFrom(
      this.isSeveral || this.map.kind === "none" ? theta : this.#snapped(theta),
      step,
    );
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

  /** Where descent stands, in original units. */
  get theta() {
    return this.run ? this.run.theta(this.run.reach(this.clock)) : startOf(this.usual);
  }

  /** Tell how many steps theory predicts. */
  get predicted() {
    return hasTheory(this.table, this.setUp) ? predictedSteps(this.table, this.setUp) : null;
  }

  #runFrom(setUp) {
    if (isSame(setUp, this.setUp)) return;
    const start = startingAt(startOf(this.setUp));
    const isSameMethod = isSame({ ...setUp, ...start }, this.setUp);
    const before = this.map.kind;
    this.setUp = setUp;
    if (this.map.kind !== before) this.map.lookAt(this.map.axes);
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
