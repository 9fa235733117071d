/** What the page of a site has to be allowed, beyond what every page of the explorer is, to answer questions itself. */
import { ViaductError } from "../../../base/errors.ts";

/**
 * Compiles WebAssembly (networks run in a worker, but pictures are resized in the page), and fetches towers from `origins`; everything else stays forbidden. */
export function allowQueries(html: string, origins: readonly string[]): string {
  const added = [
    ["script-src 'self'", "'wasm-unsafe-eval'"],
    ["connect-src 'self'", ...origins],
  ] as const;
  return added.reduce((page, [directive, ...sources]) => {
    const parts = page.split(`${directive};`);
    if (parts.length !== 2) {
      throw new ViaductError(
        "missing-part",
        `the built explorer does not say "${directive}" once in its policy: run \`npm run build\``,
      );
    }
    return parts.join(`${[directive, ...sources].join(" ")};`);
  }, html);
}
