/** Damage: which rows were written since the last frame, as a glow over the screen that fades. */
const FADE = 0.85;
const COLOUR = "255, 120, 60";

export class Heat {
  readonly #canvas: HTMLCanvasElement;
  readonly #on: HTMLInputElement;
  readonly #text: HTMLElement;
  #rows = new Float32Array(0);
  #frame = 0;

  constructor(canvas: HTMLCanvasElement, on: HTMLInputElement, text: HTMLElement) {
    this.#canvas = canvas;
    this.#on = on;
    this.#text = text;
    canvas.hidden = true;
    on.addEventListener("change", () => {
      canvas.hidden = !on.checked;
    });
  }

  show({ top, bottom, height }: { top: number; bottom: number; height: number }): void {
    if (this.#rows.length !== height) this.#rows = new Float32Array(height);
    this.#text.textContent = `rows ${top} to ${bottom - 1} of ${height}`;
    if (!this.#on.checked) return;
    this.#rows.fill(1, top, bottom);
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#frame = 0;
    const { length } = this.#rows;
    this.#canvas.width = 1;
    this.#canvas.height = length;
    const context = this.#canvas.getContext("2d")!;
    let glows = false;
    for (let y = 0; y < length; y++) {
      const heat = this.#rows[y]!;
      if (heat < 0.02) continue;
      glows = true;
      context.fillStyle = `rgba(${COLOUR}, ${heat * 0.45})`;
      context.fillRect(0, y, 1, 1);
      this.#rows[y] = heat * FADE;
    }
    if (glows && this.#on.checked) this.#frame = requestAnimationFrame(() => this.#draw());
  }
}
