/**
 * How long the explorer's interventions take: from opening the view to its first numbers, and from a
 * switch (one concept off or on; a kept set) to the numbers on the page.
 *
 * Usage: node bench/explorer-intervene.ts <study or exported site> [--json] [--concepts 12] [--searched <most images>]
 *
 * The explorer has to be built. A study comes from the local server, whose page computes over threads;
 * the folder of an export from a static host, whose page has one.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { siteLayout } from "../src/protocol/site-layout.ts";
import { startExplorer } from "../src/server/explorer.ts";
import { launchChromium } from "../test/browser/chromium.ts";
import { serveFolder } from "../test/browser/static-host.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    concepts: { type: "string", default: "12" },
    searched: { type: "string" },
  },
});
const study = positionals[0];
const concepts = Number(values.concepts);
if (study === undefined || !(Number.isSafeInteger(concepts) && concepts > 0)) {
  console.error(
    "usage: node bench/explorer-intervene.ts <study or exported site> [--json] [--concepts 12] [--searched <most images>]",
  );
  process.exit(2);
}

const median = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[all.length >> 1] ?? NaN;

/** Clicks what the selector finds and waits until the numbers are those of the new state; runs in the page. */
const timeSwitch = `async (selector) => {
  const panel = document.querySelector(".outcome-table").closest("[aria-busy]");
  const began = performance.now();
  document.querySelector(selector).click();
  await new Promise((done) => {
    let busy = false;
    const look = () => {
      if (panel.ariaBusy === "true") busy = true;
      else if (busy) done();
    };
    new MutationObserver(look).observe(panel, { attributes: true });
    look();
  });
  return performance.now() - began;
}`;

const application = fileURLToPath(new URL("../dist/explorer", import.meta.url));
const server = existsSync(join(study, siteLayout.manifest))
  ? await serveFolder(study, { ranges: true, below: "/" })
  : await startExplorer({ study, application });
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const scaled = Array.from({ length: concepts }, (_, i) => `${7 * i + 1}x1`).join("_");
  const most = values.searched === undefined ? "" : `&searched=${values.searched}`;
  const began = performance.now();
  await page.goto(`${server.url}#/intervene?scale=${scaled}${most}`);
  await page.locator('[aria-busy="false"] .outcome-table').waitFor();
  const first = performance.now() - began;
  // The embeddings come after the first numbers.
  await page.waitForLoadState("networkidle");
  await page.waitForTimeout(1500);
  const time = (selector: string): Promise<number> =>
    page.evaluate(`(${timeSwitch})(${JSON.stringify(selector)})`);
  const single: number[] = [];
  for (let i = 0; i < concepts; i++) {
    single.push(await time(`.scaled-line:nth-child(${i + 1}) .scaled-factor button`));
  }
  const sets: number[] = [];
  for (const set of ["bimodal", "all", "images", "all", "texts", "all"]) {
    sets.push(await time(`input[name="kept-set"][value="${set}"]`));
  }
  const words = (await page.locator(".intervene-results > .intervene-note").textContent())!
    .replaceAll(/\s+/g, " ")
    .replace(/ At most.*pictures /, " ");
  const found = {
    first,
    single: median(single),
    singleMost: Math.max(...single),
    set: median(sets),
    setMost: Math.max(...sets),
    words,
  };
  if (values.json) console.log(JSON.stringify(found));
  else {
    const ms = (value: number): string => `${value.toFixed(0)} ms`;
    console.log(`first numbers ${ms(first)}`);
    console.log(
      `one concept   median ${ms(found.single)}, least ${ms(Math.min(...single))}, most ${ms(found.singleMost)} (${single.length} switches)`,
    );
    console.log(
      `a set         median ${ms(found.set)}, least ${ms(Math.min(...sets))}, most ${ms(found.setMost)} (${sets.length} switches)`,
    );
    console.log(words);
  }
} finally {
  await browser.close();
  await server.close();
}
