/** Text that grows at its end, and forgets its beginning. */
const KEEP = 20_000;

export class TextPanel {
  readonly #pre: HTMLElement;

  constructor(pre: HTMLElement) {
    this.#pre = pre;
  }

  clear(): void {
    this.#pre.textContent = "";
  }

  append(text: string): void {
    this.#pre.textContent = ((this.#pre.textContent ?? "") + text).slice(-KEEP);
    const scroller = this.#pre.parentElement;
    if (scroller !== null) scroller.scrollTop = scroller.scrollHeight;
  }
}
