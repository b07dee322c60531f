/** Points of the table that are dragged, added and removed, by pointer and by keys. */

import { byId, draggable, putHandle } from "./controls.js";
import { number, snapped } from "./numbers.js";
import { MOST_EDITED } from "./own-data.js";
import { made } from "./text.js";
import { span } from "./windows.js";

const SAYS = "Drag points, click to add one, Delete to remove one.";
const HOW = "Drag, or use the arrow keys; Delete removes it.";

export class PointEditor {
  #state;
  #ownData;
  #pictures;
  #handles = [];
  #isOn = false;
  /** Where the next point is added by keys, as a part of the view. */
  #cursor = [0.5, 0.5];

  constructor(state, ownData, pictures) {
    this.#state = state;
    this.#ownData = ownData;
    this.#pictures = pictures;
    byId("edit-points").addEventListener("click", () => {
      this.#isOn = !this.#isOn;
      pictures.frameRows();
    });
    byId("data").addEventListener("click", (event) => {
      const point = [event.offsetX, event.offsetY];
      if (this.isOn && this.#frame.holds(point)) this.#add(this.#valuesAt(point));
    });
    this.#wireCursor();
  }

  get isOn() {
    return this.#isOn && this.#ownData.isEditable && !this.#state.isSeveral;
  }

  get #frame() {
    return this.#pictures.rowsFrame;
  }

  get #rows() {
    return this.#ownData.table.rows;
  }

  /** Show the handles of the points, where these are edited. */
  show() {
    const { isEditable } = this.#ownData;
    byId("edit-points").hidden = !isEditable || this.#state.isSeveral;
    byId("edit-points").setAttribute("aria-pressed", String(this.isOn));
    byId("data-view").classList.toggle("editing", this.isOn);
    byId("new-point").hidden = !this.isOn;
    const wanted = this.isOn ? this.#rows.y.length : 0;
    while (this.#handles.length > wanted) this.#handles.pop().remove();
    while (this.#handles.length < wanted) this.#handles.push(this.#newHandle());
    if (!this.isOn) return;
    byId("data-says").textContent = SAYS;
    for (const [row, handle] of this.#handles.entries()) this.#put(handle, row);
    this.#putCursor();
  }

  #put(handle, row) {
    const [x, y] = [this.#rows.x[row], this.#rows.y[row]];
    const label = `Point ${row + 1}: ${this.#text([x, y])}. ${HOW}`;
    putHandle(handle, [this.#frame.toX(x), this.#frame.toY(y)], label);
  }

  #text([x, y]) {
    const { table } = this.#ownData;
    return `${table.x} ${number(x)}, ${table.y} ${number(y)}`;
  }

  #newHandle() {
    const handle = made("button", "", { type: "button", class: "handle point" });
    const row = () => this.#handles.indexOf(handle);
    draggable(handle, {
      move: (point) => this.#move(row(), this.#valuesAt(point), true),
      nudge: (by) => this.#nudge(row(), by),
      dropped: () => this.#drop(),
    });
    handle.addEventListener("keydown", (event) => {
      if (event.key !== "Delete" && event.key !== "Backspace") return;
      event.preventDefault();
      this.#remove(row());
    });
    byId("new-point").before(handle);
    return handle;
  }

  /** Give the numbers at a place of the view, rounded to what a pixel can tell. */
  #valuesAt([px, py]) {
    const { left, top, width, height, fromX, fromY } = this.#frame;
    const x = fromX(Math.max(left, Math.min(left + width, px)));
    const y = fromY(Math.max(top, Math.min(top + height, py)));
    return this.#rounded([x, y]);
  }

  #rounded([x, y]) {
    const { xRange, yRange } = this.#frame;
    return [snapped(x, span(xRange)), snapped(y, span(yRange))];
  }

  #move(row, [x, y], holds) {
    const rows = { x: this.#rows.x.with(row, x), y: this.#rows.y.with(row, y) };
    this.#ownData.edit(rows, { holds });
  }

  #nudge(row, [across, down]) {
    const { toX, toY, fromX, fromY } = this.#frame;
    const point = [toX(this.#rows.x[row]) + across, toY(this.#rows.y[row]) + down];
    this.#move(row, this.#rounded([fromX(point[0]), fromY(point[1])]), this.#frame.holds(point));
  }

  /** See all points, and the landscape, in full again. */
  #drop() {
    this.#state.map.showAll();
    this.#pictures.frameRows();
  }

  #add([x, y]) {
    if (this.#rows.y.length >= MOST_EDITED) {
      byId("own-says").textContent = `No more than ${MOST_EDITED} points can be moved.`;
      return;
    }
    this.#ownData.edit({ x: [...this.#rows.x, x], y: [...this.#rows.y, y] });
  }

  #remove(row) {
    const without = (values) => values.toSpliced(row, 1);
    this.#ownData.edit({ x: without(this.#rows.x), y: without(this.#rows.y) });
    this.show();
    (this.#handles[row] ?? this.#handles.at(-1))?.focus();
  }

  /** Let the place of a new point be moved by keys; Enter adds it there. */
  #wireCursor() {
    const cursor = byId("new-point");
    const put = ([px, py]) => {
      const { left, top, width, height } = this.#frame;
      const within = (part) => Math.max(0, Math.min(1, part));
      this.#cursor = [within((px - left) / width), within((py - top) / height)];
      this.#putCursor();
    };
    draggable(cursor, {
      move: put,
      nudge: ([across, down]) => {
        const [px, py] = this.#cursorPlace;
        put([px + across, py + down]);
      },
    });
    cursor.addEventListener("click", () => this.#add(this.#valuesAt(this.#cursorPlace)));
  }

  get #cursorPlace() {
    const { left, top, width, height } = this.#frame;
    return [left + this.#cursor[0] * width, top + this.#cursor[1] * height];
  }

  #putCursor() {
    const place = this.#cursorPlace;
    const label = `New point: ${this.#text(this.#valuesAt(place))}. Move it by the arrow keys; Enter adds it.`;
    putHandle(byId("new-point"), place, label);
  }
}
