/**
 * How fast the map moves: frame times while it is dragged, zoomed and pointed at, in Chromium at
 * 1440 x 900 with software rendering.
 *
 * Usage: node bench/explorer-map.ts <study> [--json] [--frames 120] [--painter pixels|webgl] [--address <hash>]
 *
 * Each phase sends one event a frame, the way a hand does, and records the time from frame to frame.
 * The explorer has to be built; bench/synthetic-study.ts makes studies of any size.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { CDPSession, Page } from "playwright-core";
import { startExplorer } from "../src/server/explorer.ts";
import { launchChromium } from "../test/browser/chromium.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    frames: { type: "string", default: "120" },
    painter: { type: "string" },
    address: { type: "string", default: "#/map" },
  },
});
const [study] = positionals;
const frames = Number(values.frames);
if (study === undefined || !Number.isSafeInteger(frames) || frames < 10) {
  console.error(
    "usage: node bench/explorer-map.ts <study> [--json] [--frames 120] [--painter pixels|webgl] [--address <hash>]",
  );
  process.exit(2);
}

/** Sent in the page, one a frame; `frame` counts from 0. */
const phases: Record<string, string> = {
  drag: `(frame, box, send) => {
    const angle = frame / 12;
    send("pointermove", box.left + box.width / 2 + 160 * Math.sin(angle), box.top + box.height / 2 + 90 * Math.cos(angle), 1);
  }`,
  zoom: `(frame, box, send) => send("wheel", box.left + box.width * 0.55, box.top + box.height * 0.5, 0, frame % 60 < 30 ? -60 : 60)`,
  point: `(frame, box, send) => {
    const angle = frame / 15;
    send("pointermove", box.left + box.width / 2 + 300 * Math.sin(angle), box.top + box.height / 2 + 200 * Math.cos(1.3 * angle), 0);
  }`,
};

/** Times from frame to frame in milliseconds. */
async function frameTimes(page: Page, phase: string, count: number): Promise<number[]> {
  return page.evaluate<number[]>(`new Promise((resolve) => {
    const step = ${phases[phase]};
    const map = document.querySelector(".map");
    const box = map.getBoundingClientRect();
    const send = (type, clientX, clientY, buttons, deltaY = 0) => {
      const shared = { clientX, clientY, buttons, bubbles: true, cancelable: true };
      const target = document.elementFromPoint(clientX, clientY) ?? map;
      target.dispatchEvent(
        type === "wheel"
          ? new WheelEvent(type, { ...shared, deltaY })
          : new PointerEvent(type, { ...shared, pointerId: 1, isPrimary: true, pointerType: "mouse" }),
      );
    };
    const drag = ${JSON.stringify(phase)} === "drag";
    if (drag) send("pointerdown", box.left + box.width / 2, box.top + box.height / 2 + 90, 1);
    const times = [];
    let before = 0;
    let frame = 0;
    const tick = (now) => {
      if (frame > 0) times.push(now - before);
      before = now;
      if (frame > ${count}) {
        if (drag) send("pointerup", box.left + box.width / 2, box.top + 10, 0);
        resolve(times);
        return;
      }
      step(frame++, box, send);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  })`);
}

interface Figures {
  framesPerSecond: number;
  /** Milliseconds from frame to frame. */
  median: number;
  p95: number;
  longest: number;
  /** Milliseconds of processor time for each frame: of the page's process, and of all of the browser's. */
  page: number;
  all: number;
}

/** Seconds of processor time so far, by kind of process. */
async function processorTime(session: CDPSession): Promise<{ page: number; all: number }> {
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const sum = (kinds: readonly { cpuTime: number }[]): number =>
    kinds.reduce((t, { cpuTime }) => t + cpuTime, 0);
  return { page: sum(processInfo.filter(({ type }) => type === "renderer")), all: sum(processInfo) };
}

function figuresOf(times: readonly number[], spent: { page: number; all: number }): Figures {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  return {
    framesPerSecond: 1000 / mean,
    median: at(0.5),
    p95: at(0.95),
    longest: sorted.at(-1)!,
    page: (1000 * spent.page) / times.length,
    all: (1000 * spent.all) / times.length,
  };
}

const application = fileURLToPath(new URL("../dist/explorer", import.meta.url));
const explorer = await startExplorer({ study, application });
const browser = await launchChromium();
try {
  const session = await browser.newBrowserCDPSession();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, bypassCSP: true });
  const page = await context.newPage();
  const [path, query = ""] = values.address.split("?");
  const painter = values.painter === undefined ? "" : `&painter=${values.painter}`;
  await page.goto(`${explorer.url}${path}?${query}${painter}`);
  await page.locator("canvas.map-points").waitFor();
  await page.waitForLoadState("networkidle");
  // Pointer capture refuses pointers that no hand holds.
  await page.evaluate("Element.prototype.setPointerCapture = () => {}");
  const measured: Record<string, Figures> = {};
  for (const phase of Object.keys(phases)) {
    await frameTimes(page, phase, 10);
    const before = await processorTime(session);
    const times = await frameTimes(page, phase, frames);
    const after = await processorTime(session);
    measured[phase] = figuresOf(times, { page: after.page - before.page, all: after.all - before.all });
  }
  const painted = await page.locator(".map").getAttribute("data-painter");
  if (values.json) console.log(JSON.stringify({ frames, painter: painted, ...measured }));
  else {
    console.log(`painter: ${painted}, ${frames} frames each`);
    for (const [phase, figures] of Object.entries(measured)) {
      const { framesPerSecond, median, p95, longest, page: ofPage, all } = figures;
      console.log(
        `${phase.padEnd(6)} ${framesPerSecond.toFixed(1).padStart(6)} frames/s   median ${median.toFixed(1).padStart(6)} ms   95 % ${p95.toFixed(1).padStart(6)} ms   longest ${longest.toFixed(1).padStart(6)} ms   processor ${ofPage.toFixed(1).padStart(5)} ms of the page, ${all.toFixed(1).padStart(5)} ms in all`,
      );
    }
  }
} finally {
  await browser.close();
  await explorer.close();
}
