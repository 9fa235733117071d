/** Paints discs on the GPU: one instance of a square each, in one call of WebGL2. */
import fragmentText from "./disc.frag.glsl?raw";
import vertexText from "./disc.vert.glsl?raw";
import type { Rgb } from "./modality-colours.ts";
import type { Frame, Grid, Journey, Painter } from "./painter.ts";
import { speckRadius, type Scene } from "./scene.ts";

/** Null where the browser gives no WebGL2 or the program does not build. */
export function webglPainter(canvas: HTMLCanvasElement): Painter | null {
  const gl = canvas.getContext("webgl2", { alpha: false, antialias: false, depth: false, stencil: false });
  if (gl === null) return null;
  const program = build(gl);
  if (program === null) return null;
  const layout = layOut(gl, program);
  let ratio = 1;
  let scene: Scene | null = null;
  /** Whose places lie in the buffer of those before. */
  let journeyShown: Journey["x"] | null = null;

  return {
    kind: "webgl",
    resize(width, height, pixelRatio) {
      ratio = pixelRatio;
      canvas.width = Math.max(1, Math.round(width * pixelRatio));
      canvas.height = Math.max(1, Math.round(height * pixelRatio));
    },
    show(next) {
      scene = next;
      journeyShown = null;
      layout.place(places(next.order, next.x, next.y));
      layout.look(looks(next));
    },
    paint({ view, growth, grid, journey }: Frame) {
      if (scene === null) return;
      const { background, order } = scene;
      if (journey !== null && journeyShown !== journey.x) {
        layout.before(placesBefore(scene, journey, view));
        journeyShown = journey.x;
      }
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.clearColor(background[0] / 255, background[1] / 255, background[2] / 255, 1);
      gl.clear(gl.COLOR_BUFFER_BIT);
      paintGrid(gl, grid, scene.grid, ratio);
      gl.useProgram(program);
      gl.bindVertexArray(layout.vertices);
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
      const before = journey?.view ?? view;
      const at = layout.uniform;
      gl.uniform3f(at("view"), view.scale, view.offsetX, view.offsetY);
      gl.uniform3f(at("viewBefore"), before.scale, before.offsetX, before.offsetY);
      gl.uniform1f(at("progress"), journey?.progress ?? 1);
      gl.uniform1f(at("growth"), growth);
      gl.uniform1f(at("ratio"), ratio);
      gl.uniform2f(at("size"), canvas.width, canvas.height);
      gl.uniform1f(at("height"), canvas.height);
      gl.uniform3f(at("background"), background[0] / 255, background[1] / 255, background[2] / 255);
      gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, order.length);
    },
    dispose() {
      scene = null;
      layout.dispose();
      gl.deleteProgram(program);
    },
  };
}

/** Lines a device pixel wide, as clearings: there are few of them. */
function paintGrid(gl: WebGL2RenderingContext, { x, y }: Grid, colour: Rgb, ratio: number): void {
  if (x.length + y.length === 0) return;
  const { width, height } = gl.canvas;
  gl.enable(gl.SCISSOR_TEST);
  gl.clearColor(colour[0] / 255, colour[1] / 255, colour[2] / 255, 1);
  for (const place of y) {
    gl.scissor(0, height - 1 - Math.floor(place * ratio), width, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
  }
  for (const place of x) {
    gl.scissor(Math.floor(place * ratio), 0, 1, height);
    gl.clear(gl.COLOR_BUFFER_BIT);
  }
  gl.disable(gl.SCISSOR_TEST);
}

function build(gl: WebGL2RenderingContext): WebGLProgram | null {
  const program = gl.createProgram();
  for (const [type, text] of [
    [gl.VERTEX_SHADER, vertexText],
    [gl.FRAGMENT_SHADER, fragmentText],
  ] as const) {
    const shader = gl.createShader(type);
    if (shader === null) return null;
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) === true ? program : null;
}

interface DiscLayout {
  vertices: WebGLVertexArrayObject;
  place(values: Float32Array): void;
  before(values: Float32Array): void;
  /** Radius and colour: a float and four bytes for each point. */
  look(values: ArrayBuffer): void;
  uniform: (name: string) => WebGLUniformLocation | null;
  dispose(): void;
}

const lookBytes = 8;

function layOut(gl: WebGL2RenderingContext, program: WebGLProgram): DiscLayout {
  const vertices = gl.createVertexArray();
  const corner = gl.createBuffer();
  const place = gl.createBuffer();
  const before = gl.createBuffer();
  const look = gl.createBuffer();
  const locations = new Map<string, WebGLUniformLocation | null>();
  const fill = (buffer: WebGLBuffer, values: AllowSharedBufferSource): void => {
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
  };
  const attribute = (
    location: number,
    buffer: WebGLBuffer,
    components: number,
    type: GLenum,
    stride: number,
    offset: number,
    perInstance: boolean,
  ): void => {
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.enableVertexAttribArray(location);
    gl.vertexAttribPointer(location, components, type, type === gl.UNSIGNED_BYTE, stride, offset);
    gl.vertexAttribDivisor(location, perInstance ? 1 : 0);
  };
  gl.bindVertexArray(vertices);
  fill(corner, Float32Array.of(-1, -1, 1, -1, -1, 1, 1, 1));
  attribute(0, corner, 2, gl.FLOAT, 0, 0, false);
  attribute(1, place, 2, gl.FLOAT, 0, 0, true);
  attribute(2, before, 2, gl.FLOAT, 0, 0, true);
  attribute(3, look, 1, gl.FLOAT, lookBytes, 0, true);
  attribute(4, look, 3, gl.UNSIGNED_BYTE, lookBytes, 4, true);
  return {
    vertices,
    place(values) {
      fill(place, values);
      fill(before, values);
    },
    before: (values) => fill(before, values),
    look: (values) => fill(look, values),
    uniform(name) {
      const known = locations.get(name);
      if (known !== undefined) return known;
      const location = gl.getUniformLocation(program, name);
      locations.set(name, location);
      return location;
    },
    dispose() {
      for (const buffer of [corner, place, before, look]) gl.deleteBuffer(buffer);
      gl.deleteVertexArray(vertices);
    },
  };
}

function places(order: Uint32Array, x: Float64Array, y: Float64Array): Float32Array {
  const values = new Float32Array(2 * order.length);
  order.forEach((j, i) => {
    values[2 * i] = x[j]!;
    values[2 * i + 1] = y[j]!;
  });
  return values;
}

/** One that was nowhere appears in its place: where `view` shows it, in the units of before. */
function placesBefore({ order, x, y }: Scene, journey: Journey, view: Frame["view"]): Float32Array {
  const values = places(order, journey.x, journey.y);
  const back = (place: number, offset: number, offsetBefore: number): number =>
    (place * view.scale + offset - offsetBefore) / journey.view.scale;
  order.forEach((j, i) => {
    if (Number.isFinite(values[2 * i]!) && Number.isFinite(values[2 * i + 1]!)) return;
    values[2 * i] = back(x[j]!, view.offsetX, journey.view.offsetX);
    values[2 * i + 1] = back(y[j]!, view.offsetY, journey.view.offsetY);
  });
  return values;
}

function looks({ order, radius, colour, passes, faint }: Scene): ArrayBuffer {
  const buffer = new ArrayBuffer(lookBytes * order.length);
  const floats = new Float32Array(buffer);
  const bytes = new Uint8Array(buffer);
  order.forEach((j, i) => {
    const full = passes[j] === 1;
    // Negative: a speck, of the same size at any growth.
    floats[2 * i] = full ? radius[j]! : -speckRadius;
    for (let channel = 0; channel < 3; channel++) {
      bytes[lookBytes * i + 4 + channel] = full ? colour[3 * j + channel]! : faint[channel]!;
    }
  });
  return buffer;
}
