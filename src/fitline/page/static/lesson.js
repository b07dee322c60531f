/** The lesson: reads its data, and ties the controls, the state and the views together. */

import { addressOf, addressWriter, readAddress } from "./address.js";
import { byId, copied, fillChoice, fillSelect, onNumber } from "./controls.js";
import { download } from "./download.js";
import { lockControls, prepareControls, showGuide, wireGuide } from "./guide.js";
import { SCALINGS } from "./mathematics.js";
import { rounded, typed } from "./numbers.js";
import { OpenRows } from "./open-rows.js";
import { OPTIMIZERS, ratesOf } from "./optimizers.js";
import { OwnData } from "./own-data.js";
import { announce, fillStarts, showPanels, showTable, UNITS } from "./panels.js";
import { lesson } from "./payload.js";
import { lassoRange, weightAt, weightRange } from "./penalty.js";
import { Pictures } from "./pictures.js";
import { Player } from "./player.js";
import { PointEditor } from "./point-editor.js";
import { wirePrint } from "./print.js";
import { ALL_ROWS, startingAt } from "./set-up.js";
import { wireShortcuts } from "./shortcuts.js";
import { State } from "./state.js";
import { scheduleText, sourceText } from "./text.js";

/** Milliseconds of rest before the text alternatives follow. */
const REST = 350;

const writeAddress = addressWriter();

let isPainting = false;
let resting;

const state = new State(lesson, paintSoon);
const player = new Player(state, paintSoon);
const pictures = new Pictures(state, paintSoon);

function paintSoon() {
  if (isPainting) return;
  isPainting = true;
  requestAnimationFrame(paint);
}

function paint() {
  isPainting = false;
  showPanels(state, pictures.scene(), player);
  showGuide(state);
  ownData.show();
  lockControls();
  document.body.style.setProperty("--above", `${document.querySelector("main").offsetTop}px`);
  const scene = pictures.scene(); // the panels may leave the map another shape
  pictures.draw(scene);
  editor.show();
  writeAddress(address());
  clearTimeout(resting);
  resting = setTimeout(() => announce(scene), REST);
}

function address() {
  return addressOf({ ...state, step: state.clock }, ownData.written());
}

/** Write what is said of a lesson, whatever its set-up. */
function write() {
  const { lesson } = state;
  byId("source").textContent = sourceText(lesson);
  if (!state.isSeveral) {
    byId("heading").textContent = `A straight line learns ${lesson.y} from ${lesson.x[0]}`;
    document.title = `${lesson.y} from ${lesson.x[0]} · fitline`;
  }
  byId("footer").textContent = `Made by fitline ${lesson.fitline}. This page works offline.`;
  const shape = lesson.stationary.length > 1 ? "surface" : "bowl";
  byId("bowl-title").textContent = `The same landscape as a ${shape}`;
  fillStarts(lesson.starts);
}

/** Leave out what a page of so many features has no need of. */
function arrange() {
  prepareControls(lesson);
  const ofOne = ["line-left", "line-middle", "line-right"];
  const ofSeveral = ["axes", "shown-choice", "coefficients-view"];
  for (const id of state.isSeveral ? ofOne : ofSeveral) byId(id).remove();
  if (state.isSeveral) writeSeveral();
}

/** Write what a page of one feature has no need of. */
function writeSeveral() {
  document.body.classList.add("several");
  const shown = Object.entries(state.choices.shown);
  if (shown.length === 1) byId("shown-choice").remove();
  else fillSelect(byId("shown"), Object.fromEntries(shown), (place) => state.show(Number(place)));
  byId("dependent").textContent = lesson.dependent.map(({ text }) => `${text}.`).join(" ");
  const all = [...["intercept", ...lesson.x].entries()];
  const names = Object.fromEntries(all.slice(state.choices.fixed));
  for (const id of ["across", "up"]) {
    fillSelect(byId(id), names, () =>
      state.map.choose(["across", "up"].map((each) => Number(byId(each).value))),
    );
  }
}

function wireTransport() {
  const goes = {
    reset: () => 0,
    back: (clock) => clock - 1,
    one: (clock) => clock + 1,
    ten: (clock) => clock + 10,
    all: () => Number.POSITIVE_INFINITY,
  };
  for (const [id, target] of Object.entries(goes)) {
    byId(id).addEventListener("click", () => {
      player.pause();
      state.goTo(target(state.clock));
    });
  }
  byId("play").addEventListener("click", () => player.toggle());
}

function wireSetUp() {
  byId("rate").addEventListener("input", (event) => {
    state.change({ rate: rounded(10 ** event.target.value) });
  });
  onNumber(byId("rate-text"), {
    isFit: (rate) => rate > 0,
    expected: "a number above 0, such as 0.1",
    taken: (rate) => state.change({ rate }),
    shown: () => typed(state.setUp.rate),
  });
  byId("best").addEventListener("click", () => {
    state.change({ rate: ratesOf(state.table, state.setUp).best });
  });
  fillChoice(byId("units"), UNITS, (units) => state.map.showUnits(units !== UNITS[0]));
  fillChoice(byId("scaling"), SCALINGS, (scaling) => state.chooseScaling(scaling));
  const { optimizer, schedule } = state.choices;
  const titles = Object.keys(optimizer).map((name) => [name, OPTIMIZERS[name].title]);
  fillSelect(byId("optimizer"), Object.fromEntries(titles), (name) => state.choose(name));
  const texts = Object.keys(schedule).map((name) => [name, scheduleText(name, state.usual)]);
  fillSelect(byId("schedule"), Object.fromEntries(texts), (name) =>
    state.change({ schedule: schedule[name] }),
  );
  byId("line-search").addEventListener("change", (event) => {
    state.change({ lineSearch: event.target.checked });
  });
  byId("batch").addEventListener("change", ({ target }) => {
    state.change({ batchSize: target.value === ALL_ROWS ? null : Number(target.value) });
  });
  for (const [name, rangeOf] of Object.entries({ l2: weightRange, l1: lassoRange })) {
    byId(name).addEventListener("input", ({ target }) => {
      const weight = weightAt(Number(target.value), rangeOf(state.table, state.setUp));
      state.change({ [name]: rounded(weight) });
    });
  }
}

function wireRuns() {
  byId("undo").addEventListener("click", () => state.undo());
  byId("keep").addEventListener("click", () => state.keep());
  byId("show-starts").addEventListener("change", (event) => {
    state.showStarts(event.target.checked);
  });
  byId("pick-start").addEventListener("change", (event) => {
    const start = state.lesson.starts[event.target.value];
    if (start) state.change(startingAt(start), 0);
  });
  byId("download").addEventListener("click", () => download(ownData.copied, address()));
  byId("copy").addEventListener("click", async () => {
    const link = new URL(address(), location.href).href;
    byId("copy").textContent = (await copied(link)) ? "Copied" : "Not copied";
    setTimeout(() => {
      byId("copy").textContent = "Copy link";
    }, 1600);
  });
}

function wireViews() {
  byId("zoom-in").addEventListener("click", () => state.map.zoomBy(0.5));
  byId("zoom-out").addEventListener("click", () => state.map.zoomBy(2));
  byId("zoom-fit").addEventListener("click", () => state.map.zoomToFit());
  byId("predict").addEventListener("submit", (event) => {
    event.preventDefault();
    state.reveal();
  });
  byId("table").addEventListener("toggle", () => showTable(pictures.scene()));
}

wireTransport();
wireSetUp();
wireRuns();
wireViews();
wireGuide(state);
wireShortcuts();
wirePrint(paint);
const ownData = new OwnData(state, { changed: write, framed: () => pictures.frameRows() });
new OpenRows(ownData);
const editor = new PointEditor(state, ownData, pictures);
restore();
write();
arrange();
addEventListener("hashchange", restore);

function restore() {
  const fragment = location.hash.length > 1 ? location.hash : (lesson.address ?? "");
  ownData.restore(fragment);
  state.restore(readAddress(fragment, state.choices, state.ownRuns));
}

/**
 * What the page computes, in full precision, for those who want to check it.
 *
 * `lesson` is what it was given, `rows()` are those that it trains on, `state()` is what one sees,
 * `steps()` runs to the end and gives every step as {step, theta, cost, gradient_norm, excess},
 * `ending()` tells why the run ended, if it has, `predictedSteps()` is what theory
 * predicts, and `starts()` gives where the runs from the random starts end.
 */
window.fitline = Object.freeze({
  lesson,
  rows: () => state.lesson.points,
  state: () => ({
    ...state.setUp,
    step: state.clock,
    axes: state.map.axes,
    shown: state.shown,
    theta: state.run.theta(state.run.reach(state.clock)),
    window: state.map.window,
    map: state.map.kind,
    playing: player.isPlaying,
    kept: state.kept.length,
  }),
  steps() {
    const { run } = state;
    run.reach(Number.POSITIVE_INFINITY);
    return run.costs.map((cost, step) => ({
      step,
      theta: run.theta(step),
      cost,
      gradient_norm: run.norms[step],
      excess: run.excess(step),
    }));
  },
  ending: () => state.run.stopReason,
  predictedSteps: () => state.predicted,
  starts: () => state.starts.map(({ run, reached }) => ({ end: run.theta(run.last), reached })),
});
