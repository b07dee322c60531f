/** The lesson: reads its data, and ties the controls, the state and the views together. */

import { addressOf, addressWriter, readAddress } from "./address.js";
import { byId, copied, fillChoice, fillSelect, onNumber } from "./controls.js";
import { SCALINGS } from "./mathematics.js";
import { number, rounded } from "./numbers.js";
import { OPTIMIZERS, ratesOf } from "./optimizers.js";
import { announce, fillStarts, showPanels, showTable } from "./panels.js";
import { Pictures } from "./pictures.js";
import { Player } from "./player.js";
import { Stage } from "./stage.js";
import { captions, scheduleText, sourceText } from "./words.js";

/** Milliseconds of rest before the text alternatives follow. */
const REST = 350;

const lesson = JSON.parse(byId("lesson").textContent);
const says = captions(lesson);
const writeAddress = addressWriter();

let isPainting = false;
let resting;

const stage = new Stage(lesson, paintSoon);
const player = new Player(stage, paintSoon);
const pictures = new Pictures(stage, paintSoon);

function paintSoon() {
  if (isPainting) return;
  isPainting = true;
  requestAnimationFrame(paint);
}

function paint() {
  isPainting = false;
  const scene = pictures.scene(says.titles);
  showPanels(stage, scene, player);
  pictures.draw(scene);
  writeAddress(address());
  clearTimeout(resting);
  resting = setTimeout(() => announce(scene), REST);
}

function address() {
  return addressOf({ ...stage, step: stage.clock });
}

function write() {
  document.title = `${lesson.y} from ${lesson.x} · fitline`;
  byId("heading").textContent = `A straight line learns ${lesson.y} from ${lesson.x}`;
  byId("source").textContent = sourceText(lesson);
  byId("footer").textContent = `Made by fitline ${lesson.fitline}. This page works offline.`;
  for (const view of ["data", "landscape", "bowl", "cost"]) {
    byId(`${view}-says`).textContent = says[view];
  }
  if (lesson.stationary.length > 1) {
    byId("bowl-title").textContent = "The same landscape as a surface";
  }
  pictures.nameLandmarks(stage.table.landmarks);
  fillStarts(lesson.starts);
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
      stage.goTo(target(stage.clock));
    });
  }
  byId("play").addEventListener("click", () => player.toggle());
}

function wireSetUp() {
  byId("rate").addEventListener("input", (event) => {
    stage.change({ rate: rounded(10 ** event.target.value) });
  });
  onNumber(
    byId("rate-text"),
    (rate) => rate > 0,
    (rate) => stage.change({ rate }),
    () => stage.setUp.rate,
  );
  byId("best").addEventListener("click", () => {
    stage.change({ rate: ratesOf(stage.table, stage.setUp).best });
  });
  fillChoice(byId("scaling"), SCALINGS, (scaling) => stage.change({ scaling }));
  const { optimizer, schedule } = stage.choices;
  const titles = Object.keys(optimizer).map((name) => [name, OPTIMIZERS[name].title]);
  fillSelect(byId("optimizer"), Object.fromEntries(titles), (name) => stage.choose(name));
  const texts = Object.keys(schedule).map((name) => [name, scheduleText(name, stage.usual)]);
  fillSelect(byId("schedule"), Object.fromEntries(texts), (name) =>
    stage.change({ schedule: schedule[name] }),
  );
  byId("line-search").addEventListener("change", (event) => {
    stage.change({ lineSearch: event.target.checked });
  });
}

function wireWalks() {
  byId("keep").addEventListener("click", () => stage.keep());
  byId("show-starts").addEventListener("change", (event) => {
    stage.showStarts(event.target.checked);
  });
  byId("pick-start").addEventListener("change", (event) => {
    const [theta0, theta1] = lesson.starts[event.target.value] ?? [];
    if (theta0 !== undefined) stage.change({ theta0, theta1 }, 0);
  });
  byId("copy").addEventListener("click", async () => {
    const link = new URL(address(), location.href).href;
    byId("copy").textContent = (await copied(link)) ? "Copied" : "Not copied";
    setTimeout(() => {
      byId("copy").textContent = "Copy link";
    }, 1600);
  });
}

function wireViews() {
  byId("zoom-in").addEventListener("click", () => stage.zoomBy(0.5));
  byId("zoom-out").addEventListener("click", () => stage.zoomBy(2));
  byId("zoom-fit").addEventListener("click", () => stage.zoomToFit());
  byId("predict").addEventListener("submit", (event) => {
    event.preventDefault();
    stage.reveal();
  });
  byId("table").addEventListener("toggle", () => showTable(pictures.scene(says.titles)));
}

wireTransport();
wireSetUp();
wireWalks();
wireViews();
restore();
write();
addEventListener("hashchange", restore);

function restore() {
  stage.restore(readAddress(location.hash, stage.choices, stage.ownWalks));
}

/**
 * What the page computes, in full precision, for those who want to check it.
 *
 * `lesson` is what it was given, `number` writes for people, `state()` is what one sees,
 * `walk(n)` takes over the set-up of the n-th walk that the lesson came with,
 * `steps()` walks to the end and gives every step as {step, theta, cost, gradient_norm, excess},
 * `ending()` tells why the walk ends, as far as it is walked, `predictedSteps()` is theory's
 * number, and `starts()` gives where the walks from the random starts end.
 */
window.fitline = Object.freeze({
  lesson,
  number,
  state: () => ({
    ...stage.setUp,
    step: stage.clock,
    theta: stage.walk.theta(stage.walk.reach(stage.clock)),
    window: stage.window,
    playing: player.isPlaying,
    kept: stage.kept.length,
  }),
  steps() {
    const { walk } = stage;
    walk.reach(Number.POSITIVE_INFINITY);
    return walk.costs.map((cost, step) => ({
      step,
      theta: walk.theta(step),
      cost,
      gradient_norm: walk.norms[step],
      excess: walk.excess(step),
    }));
  },
  walk: (number) => stage.change(stage.ownWalks[number - 1].setUp, 0),
  ending: () => stage.walk.ending,
  predictedSteps: () => stage.predicted,
  starts: () => stage.starts.map(({ walk, reached }) => ({ end: walk.theta(walk.last), reached })),
});
