import { defineConfig } from "vite";

/** The page as it ships: one folder that needs nothing from anywhere else. */
export default defineConfig({
  root: "web",
  base: "./",
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: "es2022",
    modulePreload: { polyfill: false },
  },
  worker: { format: "es" },
  assetsInclude: ["**/*.elf"],
});
