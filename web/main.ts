/** The page: what people press, and what they see of the machine in the worker. */

import { element } from "./element.ts";
import { gallery } from "./gallery.ts";
import { fillGallery } from "./gallery-list.ts";
import { listenInput } from "./input.ts";
import { whyNotRunnable } from "./open-elf.ts";
import { EventPanel } from "./panels/events.ts";
import { showFigures } from "./panels/figures.ts";
import { Heat } from "./panels/heat.ts";
import { showMaps } from "./panels/maps.ts";
import { PixelPanel } from "./panels/pixel.ts";
import { TextPanel } from "./panels/text.ts";
import type { FromWorker, Mode, State, ToWorker } from "./protocol.ts";
import { setUpTheme } from "./theme.ts";

const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "machine" });
/** Thumbnails have a worker of their own: the machine is not to wait for them. */
const painter = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "thumbnails" });
const tell = (message: ToWorker, transfer: Transferable[] = []): void => worker.postMessage(message, transfer);

const screen = element("screen", HTMLCanvasElement);
const status = element("status", HTMLElement);
const play = element("play", HTMLButtonElement);
const size = element("size", HTMLSelectElement);
const format = element("format", HTMLSelectElement);
const copied = element("copied", HTMLInputElement);
const list = element("gallery", HTMLElement);
const output = new TextPanel(element("console", HTMLElement), element("printed", HTMLElement));
const calls = new EventPanel(element("calls", HTMLElement));
const heat = new Heat(
  element("heat", HTMLCanvasElement),
  element("heat-on", HTMLInputElement),
  element("damage", HTMLElement),
);
const pixel = new PixelPanel(element("pixel", HTMLElement), (x, y) => tell({ type: "look", x, y }));

const query = new URLSearchParams(location.search);
const current: { name: string; elf: Uint8Array | null; state: State; mode: Mode } = {
  name: query.get("guest") ?? "plasma",
  elf: null,
  state: "empty",
  mode: { width: 640, height: 480, format: "xrgb8888" },
};

/** One line below the screen: how it goes, or what went wrong. */
const say = (text: string, isError = false): void => {
  status.textContent = text;
  status.classList.toggle("error", isError);
};

const chosenMode = (): Mode => {
  const [width = 640, height = 480] = size.value.split("x").map(Number);
  return { width, height, format: format.value };
};

const load = (): void => {
  const { name, elf } = current;
  output.clear();
  calls.clear();
  for (const button of list.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(elf === null && button.dataset.name === name));
  }
  const exhibit = elf === null ? gallery.find((one) => one.name === name) : undefined;
  element("printed", HTMLElement).hidden = exhibit?.isText !== true;
  element("summary", HTMLElement).textContent = exhibit?.summary ?? "";
  say(`Loading ${name}…`);
  const args = copied.checked ? ["--copied"] : [];
  const frames = Number(query.get("frames") ?? 0);
  tell({ type: "load", name, args, frames, mode: chosenMode(), ...(elf === null ? {} : { elf }) });
};

const choose = (name: string, elf: Uint8Array | null = null): void => {
  current.name = name;
  current.elf = elf;
  load();
};

fillGallery(list, (name) => choose(name));

const showState = (state: State, name: string, mode: Mode, text: string): void => {
  current.state = state;
  current.mode = mode;
  play.textContent = { running: "Pause", paused: "Run", ended: "Run again", empty: "Run" }[state];
  play.disabled = state === "empty";
  element("step", HTMLButtonElement).disabled = state === "ended" || state === "empty";
  say(`${name}, ${mode.width} × ${mode.height} ${mode.format}: ${text || state}`);
  element("glass", HTMLElement).style.setProperty("--ratio", String(mode.width / mode.height));
  document.documentElement.dataset.state = state;
};

const save = (bytes: Uint8Array<ArrayBuffer>, name: string): void => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
  link.download = `${name.replaceAll("/", "-")}.png`;
  link.click();
  URL.revokeObjectURL(link.href);
};

const hear = (message: FromWorker): void => {
  switch (message.type) {
    case "state":
      showState(message.state, message.name, message.mode, message.text);
      break;
    case "figures":
      showFigures(message.figures);
      break;
    case "output":
      output.append(message.text);
      break;
    case "maps":
      showMaps(element("maps", HTMLElement), message.text);
      break;
    case "place":
      pixel.show(message.place);
      break;
    case "trace":
      calls.append(message.lines);
      if (message.dropped > 0) calls.append([`… and ${message.dropped.toLocaleString("en")} more`]);
      break;
    case "damage":
      heat.show(message);
      break;
    case "png":
      save(message.bytes, message.name);
      break;
    case "error":
      say(message.text, true);
  }
};
worker.onmessage = ({ data }: MessageEvent<FromWorker>) => hear(data);
painter.onmessage = ({ data }: MessageEvent<FromWorker>) => {
  if (data.type !== "thumbnail") return;
  const image = list.querySelector<HTMLImageElement>(`button[data-name="${data.name}"] img`);
  if (image !== null) image.src = URL.createObjectURL(new Blob([data.bytes], { type: "image/png" }));
};

const openFile = async (file: File): Promise<void> => {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const reason = whyNotRunnable(file.name, bytes);
  if (reason === null) choose(file.name, bytes);
  else say(reason, true);
};

play.addEventListener("click", () => {
  if (current.state === "ended") load();
  else tell({ type: current.state === "running" ? "pause" : "play" });
});
element("step", HTMLButtonElement).addEventListener("click", () => tell({ type: "step" }));
element("restart", HTMLButtonElement).addEventListener("click", load);
element("screenshot", HTMLButtonElement).addEventListener("click", () => tell({ type: "screenshot" }));
element("fullscreen", HTMLButtonElement).addEventListener(
  "click",
  () => void element("drop", HTMLElement).requestFullscreen(),
);
element("trace", HTMLInputElement).addEventListener("change", ({ target }) =>
  tell({ type: "trace", on: (target as HTMLInputElement).checked }),
);
for (const option of [size, format, copied]) option.addEventListener("change", load);
element("file", HTMLInputElement).addEventListener("change", ({ target }) => {
  const [file] = (target as HTMLInputElement).files ?? [];
  if (file !== undefined) void openFile(file);
});
element("type", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  const line = element("line", HTMLInputElement);
  output.append(`${line.value}\n`);
  tell({ type: "stdin", text: `${line.value}\n` });
  line.value = "";
});
const drop = element("drop", HTMLElement);
for (const type of ["dragenter", "dragover"]) {
  drop.addEventListener(type, (event) => {
    event.preventDefault();
    drop.classList.add("dropping");
  });
}
for (const type of ["dragleave", "drop"]) drop.addEventListener(type, () => drop.classList.remove("dropping"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  const file = event.dataTransfer?.files[0];
  if (file !== undefined) void openFile(file);
});

setUpTheme(element("theme", HTMLButtonElement));
listenInput(screen, tell, (x, y) =>
  pixel.look(Math.floor(x * current.mode.width), Math.floor(y * current.mode.height)),
);
const asked = query.get("size") ?? "640x480";
if (/^\d+x\d+$/.test(asked)) {
  if (![...size.options].some(({ value }) => value === asked)) size.add(new Option(asked));
  size.value = asked;
}
const askedFormat = query.get("format");
if (askedFormat !== null && [...format.options].some(({ value }) => value === askedFormat)) format.value = askedFormat;
const canvas = screen.transferControlToOffscreen();
tell({ type: "canvas", canvas }, [canvas]);
tell({ type: "trace", on: element("trace", HTMLInputElement).checked });
load();
if (query.get("thumbnails") !== "no") painter.postMessage({ type: "thumbnails" });
