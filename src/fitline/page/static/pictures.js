/** The four views, their handles, and how they are dragged. */

import { addedRows, addedWindow, drawAdded } from "./added-view.js";
import { bowlDrawer } from "./bowl-view.js";
import { byId, draggable, onArrows, onDrag, putHandle } from "./controls.js";
import { drawCost } from "./cost-view.js";
import { dataWindow, drawData, insideOf, mayHaveSquares, seenOf } from "./data-view.js";
import { SIGNS, themeColours } from "./drawing.js";
import { landscapeDrawer, place } from "./landscape-view.js";
import { axisTitles } from "./map-text.js";
import { drawMiniMap, wireMiniMap } from "./mini-map.js";
import { brief } from "./numbers.js";
import { drawPredictions, predictionsWindow } from "./predictions-view.js";
import { startingAt, startOf } from "./set-up.js";
import { equation, made, pointText } from "./text.js";

const TURN = 0.011;
const STEEPEST = 1.45;
const FLATTEST = 0.12;

/** A click so near to a random start means that start. */
const CLICK_RADIUS = 12;

/** A very small scale of the cost makes hundreds of minima; the lowest ones tell enough. */
const MOST_SIGNS = 12;
const MOST_MINIMA = 3;

/** So many pixels from the end about which it turns, the line is led. */
const SHORTEST_LEVER = 24;

/** The handles of the line: at which part of what is seen of it they stand, and what they do. */
const ends = {
  "line-left": [0, "Tilt the line by its left end"],
  "line-middle": [0.5, "Move the line up and down"],
  "line-right": [1, "Tilt the line by its right end"],
};

export class Pictures {
  #state;
  #repaint;
  #drawLandscape;
  #drawBowl;
  #frames = {};
  #drawData;
  #added = {};
  #showsSquares = false;
  #angles = { turn: -0.62, tilt: 0.5 };

  constructor(state, repaint) {
    this.#state = state;
    this.#repaint = repaint;
    this.#drawLandscape = landscapeDrawer();
    this.#drawBowl = bowlDrawer();
    this.#drawData = state.isSeveral ? drawPredictions : drawData;
    this.frameRows();
    this.#wireLine();
    byId("squares").addEventListener("click", () => {
      this.#showsSquares = !this.#showsSquares;
      repaint();
    });
    this.#wireLandscape();
    this.#wireBowl();
    wireMiniMap(repaint);
    const observer = new ResizeObserver(repaint);
    for (const plot of document.querySelectorAll(".plot")) observer.observe(plot);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  }

  /** Choose a window that holds the rows, also those held out. */
  frameRows() {
    const { isSeveral, lesson, usual, setUp } = this.#state;
    const start = startOf({ ...usual, ...setUp });
    this.dataWindow = isSeveral ? predictionsWindow(lesson.points) : dataWindow(lesson, start);
    this.#repaint();
  }

  /** The frame of the rows, as it was drawn. */
  get rowsFrame() {
    return this.#frames.data;
  }

  /** Everything that the views show, at one moment. */
  scene() {
    const { lesson, table, clock, run, map } = this.#state;
    const { choices, isSeveral, showsStarts, starts, twin } = this.#state;
    map.aspect = aspectOf(byId("landscape").parentElement);
    const { window, contours, plane, landmarks } = map;
    const step = run.reach(clock);
    const colours = themeColours();
    return {
      lesson,
      table,
      isSeveral,
      choices,
      landmarks: fewOf(landmarks, Object.keys(SIGNS), MOST_SIGNS),
      minima: fewOf(table.landmarks, ["global", "local"], MOST_MINIMA),
      clock,
      kept: this.#state.labelled,
      run,
      step,
      theta: run.theta(step),
      window,
      plane,
      contours,
      titles: axisTitles(lesson, plane),
      starts: showsStarts ? starts : [],
      dataWindow: this.dataWindow,
      squares: this.#showsSquares && mayHaveSquares(lesson),
      added: this.#shown(),
      colours: twin ? { ...colours, run: twin.colour } : colours,
    };
  }

  /** What the chosen feature adds, if one is chosen. */
  #shown() {
    const { shown, lesson } = this.#state;
    if (!shown) return null;
    if (this.#added.place !== shown) {
      const rows = addedRows(lesson, shown);
      this.#added = { place: shown, rows, window: addedWindow(rows) };
    }
    return this.#added;
  }

  draw(scene) {
    this.#frames.data = (scene.added ? drawAdded : this.#drawData)(byId("data"), scene);
    this.#frames.landscape = this.#drawLandscape(byId("landscape"), scene);
    drawMiniMap(byId("landscape"), this.#frames.landscape);
    this.#drawBowl(byId("bowl"), scene, this.#angles);
    drawCost(byId("cost"), scene);
    byId("data-view").style.setProperty("--run", scene.colours.run);
    if (!scene.isSeveral) this.#placeLine(scene);
    byId("squares").hidden = !mayHaveSquares(scene.lesson);
    byId("squares").setAttribute("aria-pressed", String(scene.squares));
    this.#placeStart(scene);
    this.#nameLandmarks(scene);
    byId("legend-low").textContent = brief(scene.contours.lowest);
    byId("legend-high").textContent = brief(scene.contours.highest);
  }

  /** Name the signs that stand on the landscape. */
  #nameLandmarks({ landmarks }) {
    const glyphs = { global: "+", local: "○", saddle: "×", maximum: "△" };
    const kinds = Object.keys(SIGNS).filter((kind) =>
      landmarks.some((landmark) => landmark.kind === kind),
    );
    const texts = kinds.map((kind) =>
      made("span", [made("span", glyphs[kind], { class: "sign" }), ` ${SIGNS[kind]}  `]),
    );
    byId("landmarks").replaceChildren(...texts);
  }

  #placeLine({ lesson, theta }) {
    for (const [id, [part, what]] of Object.entries(ends)) {
      const place = this.#onLine(part);
      byId(id).hidden = !place;
      const where = `${what}: ${equation(lesson, theta)}. Drag, or use the arrow keys.`;
      if (place) putHandle(byId(id), place, where);
    }
  }

  /** Give the pixel at a part of what is seen of the line; null where nothing is. */
  #onLine(part) {
    const { theta } = this.#state;
    const frame = this.#frames.data;
    const seen = seenOf(frame, theta);
    if (!seen) return null;
    const x = seen[0] + part * (seen[1] - seen[0]);
    return [frame.toX(x), frame.toY(theta[0] + theta[1] * x)];
  }

  #placeStart({ plane }) {
    const frame = this.#frames.landscape;
    const start = startOf(this.#state.setUp);
    const [px, py] = place(frame, start);
    const inside = [
      Math.max(frame.left, Math.min(frame.left + frame.width, px)),
      Math.max(frame.top, Math.min(frame.top + frame.height, py)),
    ];
    const label = `Start: ${pointText(start, plane.axes)}. Drag, or use the arrow keys.`;
    putHandle(byId("start"), inside, label);
  }

  #wireLine() {
    for (const [id, [part]] of Object.entries(ends)) {
      draggable(byId(id), {
        move: (point) => this.#moveLine(part, point),
        nudge: ([across, down]) => {
          const [px, py] = this.#onLine(part);
          this.#moveLine(part, [px, py + down - across]);
        },
      });
    }
  }

  /** Lead the line through a point: all of it by its middle, or one end about the other. */
  #moveLine(part, point) {
    const frame = this.#frames.data;
    const [, slope] = this.#state.theta;
    const [px, py] = insideOf(frame, point);
    if (part === 0.5) {
      this.#state.layLine([frame.fromY(py) - slope * frame.fromX(px), slope]);
      return;
    }
    const pivot = this.#onLine(1 - part);
    const beside = part
      ? Math.max(px, pivot[0] + SHORTEST_LEVER)
      : Math.min(px, pivot[0] - SHORTEST_LEVER);
    const [x, otherX] = [beside, pivot[0]].map(frame.fromX);
    const [y, otherY] = [py, pivot[1]].map(frame.fromY);
    const tilted = (y - otherY) / (x - otherX);
    this.#state.layLine([y - tilted * x, tilted]);
  }

  #wireLandscape() {
    const at = ([px, py]) => {
      const frame = this.#frames.landscape;
      const x = Math.max(frame.left, Math.min(frame.left + frame.width, px));
      const y = Math.max(frame.top, Math.min(frame.top + frame.height, py));
      return [frame.fromX(x), frame.fromY(y)];
    };
    draggable(byId("start"), {
      move: (point) => this.#state.startAt(at(point)),
      nudge: ([across, down]) => {
        const [px, py] = place(this.#frames.landscape, startOf(this.#state.setUp));
        this.#state.startAt(at([px + across, py + down]));
      },
    });
    byId("landscape").addEventListener("click", (event) => {
      const point = [event.offsetX, event.offsetY];
      if (byId("start").disabled || !this.#frames.landscape.holds(point)) return;
      const near = this.#startNear(point);
      if (near) this.#state.change(startingAt(near));
      else this.#state.startAt(at(point));
    });
  }

  #startNear([px, py]) {
    if (!this.#state.showsStarts) return undefined;
    return this.#state.lesson.starts.find((start) => {
      const [x, y] = place(this.#frames.landscape, start);
      return Math.hypot(x - px, y - py) < CLICK_RADIUS;
    });
  }

  #wireBowl() {
    const turn = (across, down) => {
      const { turn: before, tilt } = this.#angles;
      const next = Math.max(FLATTEST, Math.min(STEEPEST, tilt + down * TURN));
      this.#angles = { turn: before - across * TURN, tilt: next };
      this.#repaint();
    };
    onDrag(byId("bowl"), turn);
    onArrows(byId("turn"), ([across, down]) => turn(4 * across, 4 * down));
    byId("turn").setAttribute("aria-label", "Turn the bowl with the arrow keys");
    byId("turn").addEventListener("click", () => turn(28, 0));
  }
}

/** Give how many times as wide as high a plot is within its margins, or nearly so. */
function aspectOf(plot) {
  const { width, height } = plot.getBoundingClientRect();
  return Math.max(1, width - 72) / Math.max(1, height - 66);
}

/** Take the first few landmarks of each kind; the lowest come first. */
function fewOf(landmarks, kinds, most) {
  return kinds.flatMap((kind) =>
    landmarks.filter((landmark) => landmark.kind === kind).slice(0, most),
  );
}
