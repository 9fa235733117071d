/**
 * Which painter a machine gets: the GPU where WebGL2 is drawn by one, pixels on the CPU where
 * software would draw it (SwiftShader, llvmpipe: many times slower), none where there is no canvas.
 */
import type { Painter, PainterKind } from "./painter.ts";
import { splatPainter } from "./splat-painter.ts";
import { webglPainter } from "./webgl-painter.ts";

/** What the reader, or a test, asks for; "list": no picture at all. */
export type PainterWish = "auto" | PainterKind | "list";

const software = /swiftshader|llvmpipe|softpipe|software|basic render|mesa offscreen/i;

/** Whether a renderer's name, as WebGL tells it, is that of hardware. */
export function isHardware(renderer: string): boolean {
  return renderer !== "" && !software.test(renderer);
}

/** What draws WebGL2 in this browser; null where nothing does. Asked once. */
export function webglRenderer(makeCanvas: () => HTMLCanvasElement): string | null {
  const gl = makeCanvas().getContext("webgl2", { failIfMajorPerformanceCaveat: true });
  if (gl === null) return null;
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name: unknown = gl.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER);
  // Browsers allow few contexts at a time.
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return typeof name === "string" ? name : null;
}

/** Which to try, best first. */
export function painterOrder(wish: PainterWish, renderer: string | null): readonly PainterKind[] {
  if (wish === "list") return [];
  if (wish === "webgl") return ["webgl", "pixels"];
  if (wish === "pixels") return ["pixels"];
  return renderer !== null && isHardware(renderer) ? ["webgl", "pixels"] : ["pixels"];
}

/**
 * The first painter that works, each on a canvas of its own: one that was asked for WebGL gives
 * nothing else any more. Null: show a list instead.
 */
export function choosePainter(
  order: readonly PainterKind[],
  makeCanvas: () => HTMLCanvasElement,
): { painter: Painter; canvas: HTMLCanvasElement } | null {
  for (const kind of order) {
    const canvas = makeCanvas();
    const painter = kind === "webgl" ? webglPainter(canvas) : splatPainter(canvas);
    if (painter !== null) return { painter, canvas };
  }
  return null;
}
