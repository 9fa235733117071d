#version 300 es
// Background under the rim, the disc on top: what is below keeps (1 - outer)(1 - inner).
precision highp float;

in vec2 centre;
in float reach;
in float rim;
in vec3 ink;

uniform vec3 background;
uniform float height;

out vec4 result;

void main() {
  vec2 pixel = vec2(gl_FragCoord.x, height - gl_FragCoord.y);
  float away = distance(pixel, centre);
  float inner = clamp(reach - away + 0.5, 0.0, 1.0);
  float outer = rim > 0.0 ? clamp(reach + rim - away + 0.5, 0.0, 1.0) : 0.0;
  float alpha = 1.0 - (1.0 - outer) * (1.0 - inner);
  if (alpha <= 0.0) discard;
  result = vec4(background * outer * (1.0 - inner) + ink * inner, alpha);
}
