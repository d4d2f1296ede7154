/** System calls and page faults, line by line; the faults are marked. */
const KEEP = 400;
export const FAULT_MARK = "page fault: ";

export class EventPanel {
  readonly #pre: HTMLElement;

  constructor(pre: HTMLElement) {
    this.#pre = pre;
  }

  clear(): void {
    this.#pre.replaceChildren();
  }

  append(lines: readonly string[]): void {
    for (const line of lines) {
      const node = document.createElement(line.startsWith(FAULT_MARK) ? "mark" : "span");
      node.textContent = `${line}\n`;
      this.#pre.append(node);
    }
    while (this.#pre.childElementCount > KEEP) this.#pre.firstElementChild!.remove();
    const scroller = this.#pre.parentElement;
    if (scroller !== null) scroller.scrollTop = scroller.scrollHeight;
  }
}
