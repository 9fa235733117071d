/** From numbers to pixels and to the few round numbers that an axis shows. */

export interface Scale {
  (value: number): number;
  readonly domain: readonly [number, number];
  readonly range: readonly [number, number];
  /** Round values inside the domain, about `count` of them. */
  ticks(count: number): number[];
}

/** A domain of no width is drawn in the middle of the range. */
export function linearScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  return scale(
    domain,
    range,
    (value) => value,
    (count) => linearTicks(domain, count),
  );
}

/** Both ends of the domain are positive. */
export function logScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  return scale(domain, range, Math.log, (count) => logTicks(domain, count));
}

function scale(
  domain: readonly [number, number],
  range: readonly [number, number],
  measure: (value: number) => number,
  ticks: (count: number) => number[],
): Scale {
  const from = measure(domain[0]);
  const width = measure(domain[1]) - from;
  const map = (value: number): number => {
    const share = width === 0 ? 0.5 : (measure(value) - from) / width;
    return range[0] + share * (range[1] - range[0]);
  };
  return Object.assign(map, { domain, range, ticks });
}

/** Multiples of 1, 2 or 5 times a power of ten. */
function linearTicks([low, high]: readonly [number, number], count: number): number[] {
  if (hasNoWidth(low, high)) return [low];
  const rough = (high - low) / count;
  const power = Math.floor(Math.log10(rough));
  const unit = 10 ** power;
  const step = [1, 2, 5, 10].find((factor) => factor * unit >= rough * (1 - 1e-9))! * unit;
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
    ticks.push(Number((i * step).toFixed(Math.min(20, decimals))));
  }
  return ticks;
}

/** Powers of ten; between them 2 and 5 where there is room, and round steps within one power. */
function logTicks(domain: readonly [number, number], count: number): number[] {
  const [low, high] = domain;
  if (hasNoWidth(low, high)) return [low];
  const within = (factors: readonly number[]): number[] => {
    const ticks: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
      for (const factor of factors) {
        const tick = Number(`${factor}e${power}`);
        if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push(tick);
      }
    }
    return ticks;
  };
  const powers = within([1]);
  if (powers.length < 2) {
    const between = within([1, 2, 5]);
    return between.length >= 2 ? between : linearTicks(domain, count);
  }
  const fine = within([1, 2, 5]);
  if (fine.length <= count) return fine;
  const every = Math.ceil(powers.length / count);
  return powers.filter((_, i) => i % every === 0);
}

/** Narrower than steps between its numbers can be told apart. */
function hasNoWidth(low: number, high: number): boolean {
  return !(high - low > 1e-9 * Math.max(Math.abs(low), Math.abs(high)));
}
