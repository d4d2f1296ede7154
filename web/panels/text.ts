/** Text that grows at its end, and forgets its beginning. */
const KEEP = 20_000;

export class TextPanel {
  /** Each shows the same text. */
  readonly #views: readonly HTMLElement[];
  #text = "";

  constructor(...views: readonly HTMLElement[]) {
    this.#views = views;
  }

  clear(): void {
    this.#text = "";
    this.append("");
  }

  append(text: string): void {
    this.#text = (this.#text + text).slice(-KEEP);
    for (const view of this.#views) {
      view.textContent = this.#text;
      const scroller = view.parentElement;
      if (scroller !== null) scroller.scrollTop = scroller.scrollHeight;
    }
  }
}
