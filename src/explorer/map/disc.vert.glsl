#version 300 es
// A disc as a square of two triangles: where it lies, how far it reaches, what colours it has.
// Radius and centre are rounded to quarters of a device pixel, as in disc-masks.ts.
precision highp float;

layout(location = 0) in vec2 corner;
layout(location = 1) in vec2 place;
layout(location = 2) in vec2 placeBefore;
layout(location = 3) in float radius;
layout(location = 4) in vec3 colour;

// scale, offset x, offset y: from places to CSS pixels
uniform vec3 view;
uniform vec3 viewBefore;
uniform float progress;
uniform float growth;
uniform float ratio;
// device pixels
uniform vec2 size;

out vec2 centre;
out float reach;
out float rim;
out vec3 ink;

void main() {
  vec2 now = place * view.x + view.yz;
  vec2 before = placeBefore * viewBefore.x + viewBefore.yz;
  vec2 at = mix(before, now, progress) * ratio;
  centre = floor(at * 4.0 + 0.5) / 4.0;
  float pixels = radius < 0.0 ? -radius * ratio : radius * growth * ratio;
  reach = max(1.0, floor(pixels * 4.0 + 0.5)) / 4.0;
  rim = reach >= 2.5 ? min(1.5, reach * 0.22) : 0.0;
  ink = colour;
  vec2 pixel = centre + corner * (reach + rim + 1.0);
  gl_Position = vec4(pixel.x / size.x * 2.0 - 1.0, 1.0 - pixel.y / size.y * 2.0, 0.0, 1.0);
}
