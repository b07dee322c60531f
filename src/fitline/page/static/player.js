/** Play and pause: the clock ticks slowly first, then by ever more steps. */

const FIRST_PACE = 6;
const GROWTH = 0.55;
const STILL_PAUSE = 900;

export class Player {
  isPlaying = false;
  #state;
  #told;
  #before = 0;
  #due = 0;

  constructor(state, told) {
    this.#state = state;
    this.#told = told;
  }

  toggle() {
    if (this.isPlaying) {
      this.pause();
      return;
    }
    if (this.#state.isAtEnd) this.#state.goTo(0);
    this.isPlaying = true;
    this.#due = 0;
    this.#before = performance.now();
    this.#told();
    this.#wait();
  }

  pause() {
    this.isPlaying = false;
    this.#told();
  }

  #wait() {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      setTimeout(() => this.#tick(performance.now()), STILL_PAUSE);
    } else {
      requestAnimationFrame((now) => this.#tick(now));
    }
  }

  #tick(now) {
    if (!this.isPlaying) return;
    const seconds = Math.min(1, Math.max(0, now - this.#before) / 1000);
    this.#before = now;
    this.#due += seconds * (FIRST_PACE + GROWTH * this.#state.clock);
    const steps = Math.floor(this.#due);
    this.#due -= steps;
    if (steps > 0) this.#state.goTo(this.#state.clock + steps);
    if (this.#state.isAtEnd) this.pause();
    else this.#wait();
  }
}
