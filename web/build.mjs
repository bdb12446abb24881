// Every folder beneath a place is an entry: its index.ts or index.tsx becomes a file named after the folder and its hash.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";

const here = import.meta.dirname;
const PLACES = {
  portico: join(here, "../src/portico/assets"),
  salon: join(here, "../salon/src/salon/static/built"),
};

function entriesOf(place) {
  const folder = join(here, place);
  const names = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }).filter((f) => f.isDirectory()) : [];
  const found = names.map(({ name }) => [
    name,
    ["index.ts", "index.tsx"].map((file) => join(folder, name, file)).find(existsSync),
  ]);
  return Object.fromEntries(found.filter(([, file]) => file));
}

for (const [place, outDir] of Object.entries(PLACES)) {
  const input = entriesOf(place);
  rmSync(outDir, { recursive: true, force: true });
  if (Object.keys(input).length === 0) continue;
  await build({
    root: here,
    configFile: false,
    logLevel: "warn",
    // Relative, so that a file finds its neighbors wherever an application is mounted.
    base: "./",
    publicDir: false,
    build: {
      outDir,
      emptyOutDir: true,
      manifest: true,
      target: "baseline-widely-available",
      // No file is written into another: a page's Content-Security-Policy takes neither data: scripts nor inline ones.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      // The pages of the API and of GraphQL are other people's programs, loaded by who opens these pages alone.
      chunkSizeWarningLimit: 2000,
      rolldownOptions: {
        input,
        checks: { pluginTimings: false },
        // React's own mark for servers, of no meaning in a browser.
        onLog: (level, log, tell) => log.code === "MODULE_LEVEL_DIRECTIVE" || tell(level, log),
        output: {
          entryFileNames: "[name]-[hash].js",
          chunkFileNames: "[name]-[hash].js",
          assetFileNames: "[name]-[hash][extname]",
        },
      },
    },
  });
}
