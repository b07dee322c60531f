/** What can be undone: the set-ups before, each with its clock. */

/** Milliseconds within which changes of the same settings are one, such as those of a slider. */
const CLOSE = 700;

const MOST = 200;

export class Past {
  #before = [];
  #last = { settings: "", time: 0 };

  get isEmpty() {
    return this.#before.length === 0;
  }

  /** Remember how it was before a change of these settings; one without a name stands alone. */
  remember(moment, settings) {
    const [last, time] = [this.#last, performance.now()];
    this.#last = { settings, time };
    if (settings && settings === last.settings && time - last.time < CLOSE) return;
    this.#before = [...this.#before, moment].slice(-MOST);
  }

  /** Take back the last moment; undefined where there is none. */
  take() {
    this.#last = { settings: "", time: 0 };
    return this.#before.pop();
  }
}
