/** SVG to PNG (resvg, as WebAssembly), with a font of its own: the host's fonts change nothing. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** Twice the chart's own size: sharp on any screen. */
const SCALE = 2;

export const svgToPng = async (svg: string): Promise<Uint8Array> => {
  const { initWasm, Resvg } = await import("@resvg/resvg-wasm");
  const { resolve } = createRequire(import.meta.url);
  await initWasm(readFileSync(resolve("@resvg/resvg-wasm/index_bg.wasm")));
  const font = readFileSync(resolve("@fontsource/inter/files/inter-latin-400-normal.woff2"));
  const picture = new Resvg(svg, {
    fitTo: { mode: "zoom", value: SCALE },
    font: { fontBuffers: [font], defaultFontFamily: "Inter" },
  });
  return picture.render().asPng();
};
