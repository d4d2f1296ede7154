/** Small pictures of the guests, drawn by the guests themselves, each on a small machine of its own. */
import { createMachine } from "../src/index.ts";
import type { Exhibit } from "./gallery.ts";
import type { FromWorker } from "./protocol.ts";

const SIZE = { width: 160, height: 120 };
/** A program that takes longer shows what it has got. */
const PATIENCE = { instructions: 40e6, frames: 40 };

export const drawThumbnails = async (
  gallery: readonly Exhibit[],
  tell: (message: FromWorker) => void,
): Promise<void> => {
  for (const exhibit of gallery) {
    if (exhibit.isText) continue;
    const machine = await createMachine({ memory: "16MiB", videoMemory: "1MiB", display: SIZE });
    try {
      machine.spawn(await exhibit.load(), [], { env: { FRAMES: "30" }, stdout: () => {}, stderr: () => {} });
      await machine.run(PATIENCE);
      tell({ type: "thumbnail", name: exhibit.name, bytes: await machine.display.toPNG() });
    } finally {
      await machine.dispose();
    }
  }
};
