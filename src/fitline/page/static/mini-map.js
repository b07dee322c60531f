/** On a small screen a small map stays in view while the learning rate is changed. */

import { byId } from "./controls.js";

const SMALL = "(max-width: 620px)";
const WIDTH = 190;

/** Show the map while the controls of the rate are in use. */
export function wireMiniMap(repaint) {
  const follow = ({ target }) => {
    const isShown = matchMedia(SMALL).matches && Boolean(target.closest?.(".rate"));
    if (byId("mini").hidden !== isShown) return;
    byId("mini").hidden = !isShown;
    repaint();
  };
  for (const name of ["pointerdown", "focusin", "input"]) addEventListener(name, follow);
  addEventListener("scroll", place, { passive: true });
}

/** Keep clear of the slider. */
function place() {
  const { top, height } = byId("rate").getBoundingClientRect();
  byId("mini").classList.toggle("low", top + height / 2 < innerHeight / 2);
}

/** Copy what a frame of the map holds. */
export function drawMiniMap(map, { left, top, width, height }) {
  if (byId("mini").hidden) return;
  place();
  const density = map.width / map.getBoundingClientRect().width;
  const canvas = byId("mini").querySelector("canvas");
  const size = [WIDTH, (WIDTH * height) / width];
  [canvas.width, canvas.height] = size.map((side) => Math.round(side * density));
  [canvas.style.width, canvas.style.height] = size.map((side) => `${side}px`);
  const part = [left, top, width, height].map((side) => side * density);
  canvas.getContext("2d").drawImage(map, ...part, 0, 0, canvas.width, canvas.height);
}
