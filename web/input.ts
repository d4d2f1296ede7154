/** Keys, pointer, touch and wheel of the screen's canvas, for the machine's devices. */
import type { ToWorker } from "./protocol.ts";

/** Pixels of the page that are one notch of a wheel. */
const NOTCH = 100;

export const listenInput = (
  screen: HTMLCanvasElement,
  tell: (message: ToWorker) => void,
  look: (x: number, y: number) => void,
): void => {
  const held = new Set<string>();
  screen.addEventListener("keydown", (event) => {
    const { code, repeat } = event;
    // Tab is the way on through the page.
    if (code === "Tab" || event.metaKey) return;
    event.preventDefault();
    if (repeat) return;
    held.add(code);
    tell({ type: "key", code, state: "down" });
  });
  screen.addEventListener("keyup", ({ code }) => {
    if (held.delete(code)) tell({ type: "key", code, state: "up" });
  });
  screen.addEventListener("blur", () => {
    for (const code of held) tell({ type: "key", code, state: "up" });
    held.clear();
  });
  const pointer = (event: PointerEvent): void => {
    const { left, top, width, height } = screen.getBoundingClientRect();
    const [x, y] = [(event.clientX - left) / width, (event.clientY - top) / height];
    tell({ type: "pointer", x, y, buttons: event.buttons });
    if (x >= 0 && x < 1 && y >= 0 && y < 1) look(x, y);
  };
  for (const type of ["pointermove", "pointerdown", "pointerup"] as const) screen.addEventListener(type, pointer);
  screen.addEventListener("pointerdown", ({ pointerId }) => screen.setPointerCapture(pointerId));
  screen.addEventListener("contextmenu", (event) => event.preventDefault());
  screen.addEventListener(
    "wheel",
    ({ deltaX, deltaY }) => tell({ type: "wheel", dx: deltaX / NOTCH, dy: deltaY / NOTCH }),
    {
      passive: true,
    },
  );
};
