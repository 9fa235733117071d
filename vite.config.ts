/** Builds the explorer: `src/explorer` to `dist/explorer`, everything from this package's own files. */
import { preact } from "@preact/preset-vite";
import { defineConfig } from "vite";

export default defineConfig({
  root: "src/explorer",
  // Relative addresses: a static export may lie in any folder of a host.
  base: "./",
  plugins: [preact()],
  // Threads of the engine are modules, and one of them starts others.
  worker: { format: "es" },
  build: {
    outDir: "../../dist/explorer",
    emptyOutDir: true,
    target: "es2023",
    // Inlined assets would need data: in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ["index.html", "embed.html"].map((page) => `src/explorer/${page}`),
    },
  },
});
