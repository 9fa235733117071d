/**
 * IEEE 754 half precision (binary16) and bfloat16, to and from float32. Widening is exact;
 * narrowing rounds to nearest, ties to even, as NumPy and PyTorch do.
 */
const word = new Uint32Array(1);
const number = new Float32Array(word.buffer);

/** All 65,536 half-precision values, by their bits. */
let table: Float32Array | undefined;

function halfTable(): Float32Array {
  if (table) return table;
  const made = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const exponent = (bits >>> 10) & 31;
    const fraction = bits & 1023;
    const magnitude =
      exponent === 31
        ? fraction === 0
          ? Infinity
          : NaN
        : exponent === 0
          ? fraction * 2 ** -24
          : (1024 + fraction) * 2 ** (exponent - 25);
    made[bits] = bits & 0x8000 ? -magnitude : magnitude;
  }
  table = made;
  return made;
}

/** Writes the float32 values of `count` halves, given by their bits. */
export function widenHalves(
  bits: Uint16Array,
  out: Float32Array,
  offset: number = 0,
  count: number = bits.length,
): void {
  const values = halfTable();
  for (let i = 0; i < count; i++) out[offset + i] = values[bits[i]];
}

/** Writes the bits of the halves nearest to `values`. */
export function narrowToHalves(
  values: Float32Array,
  out: Uint16Array,
  offset: number = 0,
  count: number = values.length,
): void {
  for (let i = 0; i < count; i++) {
    number[0] = values[i];
    out[offset + i] = halfBits(word[0]);
  }
}

/** Bits of the half nearest to the float32 with bits `w`. */
function halfBits(w: number): number {
  const sign = (w >>> 16) & 0x8000;
  const magnitude = w & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // 65520 and above round to infinity.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) {
    const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
    return sign | ((rounded - 0x38000000) >>> 13);
  }
  // Subnormal halves are multiples of 2⁻²⁴; those up to half of it round to zero.
  if (magnitude <= 0x33000000) return sign;
  const shift = 126 - (magnitude >>> 23);
  const fraction = (magnitude & 0x7fffff) | 0x800000;
  const kept = fraction >>> shift;
  const rest = fraction & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return sign | (kept + (rest > half || (rest === half && kept & 1) ? 1 : 0));
}

/** Writes the float32 values of `count` bfloat16 numbers, given by their bits. */
export function widenBfloats(
  bits: Uint16Array,
  out: Float32Array,
  offset: number = 0,
  count: number = bits.length,
): void {
  for (let i = 0; i < count; i++) {
    word[0] = bits[i] << 16;
    out[offset + i] = number[0];
  }
}

/** Writes the bits of the bfloat16 numbers nearest to `values`. */
export function narrowToBfloats(
  values: Float32Array,
  out: Uint16Array,
  offset: number = 0,
  count: number = values.length,
): void {
  for (let i = 0; i < count; i++) {
    number[0] = values[i];
    const w = word[0];
    out[offset + i] =
      (w & 0x7fffffff) > 0x7f800000 ? (w >>> 16) | 0x40 : (w + 0x7fff + ((w >>> 16) & 1)) >>> 16;
  }
}
