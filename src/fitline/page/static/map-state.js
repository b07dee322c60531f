/** What the map shows: two parameters, in which coordinates, and how much of their landscape. */

import { contoursOf } from "./contours.js";
import { snapped } from "./numbers.js";
import { profileOf, sliceOf, usualAxes } from "./planes.js";
import { startOf } from "./set-up.js";
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

/** So many points of a path tell how far it reaches. */
const MOST_POINTS = 2000;

/** Several runs may take this part of the view. */
const PART_OF_SEVERAL = 0.75;

/** The whole view of two of many parameters reaches to walls so many spreads of y high. */
const REACH = 2;

/** A view of so much of the whole is near. */
const NEAR = 0.7;

export class MapState {
  /** @type {null | {across: number[], up: number[]}} null for the first view */
  zoom = null;
  /** Whether it is in the table's units though descent runs in scaled coordinates. */
  inOriginalUnits = false;
  /** How many times as wide as high it is. */
  aspect = 1;
  #state;
  #listener;

  constructor(state, listener) {
    this.#state = state;
    this.#listener = listener;
    this.lookAt(usualAxes(state.table));
  }

  /** Take over what an address says. */
  restore({ axes, inOriginalUnits, zoom }) {
    this.inOriginalUnits = inOriginalUnits;
    this.lookAt(axes ?? usualAxes(this.#state.table));
    this.zoom = zoom && isDrawable(zoom, this.home) ? zoom : null;
  }

  /** Choose the two parameters that are seen; the same one twice lets them change places. */
  choose([across, up]) {
    this.lookAt(across === up ? this.axes.toReversed() : [across, up]);
    this.#listener();
  }

  /** Draw in the table's units, or in the coordinates that train. */
  showUnits(inOriginalUnits) {
    this.inOriginalUnits = inOriginalUnits;
    this.lookAt(this.axes);
    this.showRuns();
  }

  /** The scaling in whose coordinates it is. */
  get kind() {
    const { setUp, usual } = this.#state;
    return this.inOriginalUnits ? "none" : (setUp.scaling ?? usual.scaling);
  }

  /** See two parameters as at first. */
  lookAt(axes) {
    const { lesson, usual } = this.#state;
    this.axes = axes;
    this.zoom = null;
    const isOwn = lesson.window && this.kind === "none";
    this.whole = isOwn ? lesson.window : this.#windowOnMinima();
    this.home = this.#firstView(this.plane.pair(startOf(usual)));
  }

  #windowOnMinima() {
    const { landmarks, spread } = this.#state.table;
    const [lowest, ...others] = landmarks.map(({ theta }) => this.plane.pair(theta));
    return others.reduce(holding, windowAbout(lowest, this.plane.spread, REACH * spread));
  }

  /** See all the minima of a robust cost; of squared error the one from near, if the start is. */
  #firstView(start) {
    if (!this.#state.table.squared) return this.whole;
    const whole = holding(this.whole, start);
    const near = framed(this.whole, [start, ...this.#lowest]);
    return near && span(near.up) < NEAR * span(whole.up) ? near : whole;
  }

  /** See the whole landscape. */
  showAll() {
    this.#look(null);
  }

  /** See more or less of the landscape; the run's place stays where it is. */
  zoomBy(times) {
    const { across, up } = this.window;
    const [first, second] = this.plane.pair(this.#state.theta);
    const window = { across: zoomed(across, first, times), up: zoomed(up, second, times) };
    if (isDrawable(window, this.home)) this.#look(window);
  }

  /** Let the first view be, unless runs lead out of it. */
  showRuns() {
    const { across, up } = this.window;
    const isIn = ([low, high], value) => value >= low && value <= high;
    const paths = this.#state.runs.flatMap((run) => this.#pathOf(run));
    if (paths.every(([first, second]) => isIn(across, first) && isIn(up, second))) this.#listener();
    else this.zoomToFit();
  }

  /** See the starts, the minimum and, as far as that is possible, the paths of all runs. */
  zoomToFit() {
    const { runs } = this.#state;
    const paths = runs.flatMap((run) => this.#pathOf(run, runs.length > 1));
    const part = runs.length > 1 ? PART_OF_SEVERAL : undefined;
    this.#look(framed(this.whole, [...paths, ...this.#lowest], part));
  }

  #pathOf(run, isOfSeveral) {
    const last = run.reach(this.#state.clock);
    const every = Math.ceil((last + 1) / MOST_POINTS);
    const furthest = isOfSeveral ? FURTHEST_OF_SEVERAL : undefined;
    const pairs = [];
    for (let step = last; step > 0; step -= every) pairs.push(this.plane.pair(run.theta(step)));
    const near = pairs.filter((pair) => isNear(this.whole, pair, furthest));
    return [this.plane.pair(run.theta(0)), ...near];
  }

  #look(window) {
    this.zoom = window;
    this.#listener();
  }

  /** The landmarks that have a place on the map: on a level ground there is none. */
  get landmarks() {
    const { open, landmarks } = this.#state.table;
    return this.axes.some((place) => open.has(place)) ? [] : landmarks;
  }

  get #lowest() {
    const lowest = this.landmarks.filter(({ kind }) => kind === "global");
    return lowest.map(({ theta }) => this.plane.pair(theta));
  }

  /**
   * Give parameters with a pair of this map, rounded to what a pixel can tell. The others go to their
   * best where the map shows them there, so that its colour is the cost; else they stay.
   */
  put(theta, [first, second]) {
    const { across, up } = this.home;
    return this.plane.put(theta, [snapped(first, span(across)), snapped(second, span(up))]);
  }

  get window() {
    const window = this.zoom ?? this.home;
    if (this.kind === "none") return window;
    const [known, aspect] = [this.#filled, this.aspect];
    if (known?.window !== window || known.aspect !== aspect)
      this.#filled = { window, aspect, wide: filling(window, aspect) };
    return this.#filled.wide;
  }
  #filled;

  /** The plane that is seen; where the others are not at their best, it moves with descent. */
  get plane() {
    const { table, theta } = this.#state;
    const { axes, kind } = this;
    const others = table.isBowl ? [] : theta.filter((_, place) => !axes.includes(place));
    const key = JSON.stringify([axes, kind, others]);
    if (this.#planeKey !== key || this.#planeTable !== table) {
      [this.#planeKey, this.#planeTable] = [key, table];
      this.#plane = table.isBowl ? profileOf(table, axes, kind) : sliceOf(table, axes, theta, kind);
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
}
