/** What stands between the axes: bars, lines, dots. Each says its value when pointed at. */
import "./marks.css";
import type { JSX } from "preact";

/** Colours by meaning; `plain` is neither pictures nor captions. */
export type Tone = "image" | "text" | "plain" | "accent";

export interface Bar {
  x: number;
  width: number;
  /** Where it stands and where it ends, in pixels: upwards or downwards. */
  from: number;
  to: number;
  title: string;
  /** Instead of the tone's colour. */
  fill?: string;
  /** Drawn faintly: filtered out. */
  faint?: boolean;
}

/** Bars that are not zero are at least a pixel tall. */
export function Bars({ bars, tone = "plain" }: { bars: readonly Bar[]; tone?: Tone }): JSX.Element {
  return (
    <g class={`bars tone-${tone}`}>
      {bars.map((bar, i) => {
        const height = Math.abs(bar.to - bar.from);
        if (!(height > 0)) return null;
        const drawn = Math.max(1, height);
        return (
          <rect
            key={i}
            class={bar.faint === true ? "faint" : undefined}
            x={rounded(bar.x)}
            y={rounded(bar.to < bar.from ? bar.from - drawn : bar.from)}
            width={rounded(Math.max(0.5, bar.width))}
            height={rounded(drawn)}
            rx={bar.width > 3 ? 1 : 0}
            fill={bar.fill}
          >
            <title>{bar.title}</title>
          </rect>
        );
      })}
    </g>
  );
}

export interface Point {
  x: number;
  y: number;
}

/** Through all points in turn; a point that is not finite interrupts it. */
export function Line({ points, tone = "plain" }: { points: readonly Point[]; tone?: Tone }): JSX.Element {
  let path = "";
  let pen = "M";
  for (const { x, y } of points) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      pen = "M";
      continue;
    }
    path += `${pen}${x.toFixed(2)},${y.toFixed(2)}`;
    pen = "L";
  }
  return <path class={`line tone-${tone}`} d={path} />;
}

export interface Dot extends Point {
  title: string;
  radius?: number;
  fill?: string;
  /** Opens where it leads. */
  href?: string;
  selected?: boolean;
}

export function Dots({ dots, tone = "plain" }: { dots: readonly Dot[]; tone?: Tone }): JSX.Element {
  return (
    <g class={`dots tone-${tone}`}>
      {dots.map((dot, i) => {
        const circle = (
          <circle
            key={i}
            class={dot.selected === true ? "selected" : undefined}
            cx={dot.x}
            cy={dot.y}
            r={dot.radius ?? 4}
            fill={dot.fill}
          >
            <title>{dot.title}</title>
          </circle>
        );
        return dot.href === undefined ? (
          circle
        ) : (
          <a key={i} href={dot.href} aria-label={dot.title}>
            {circle}
          </a>
        );
      })}
    </g>
  );
}

/** A hundredth of a pixel is fine enough, and downloads stay readable. */
function rounded(pixels: number): number {
  return Math.round(pixels * 100) / 100;
}
