/** The histogram of a column over all concepts, to filter them by a range of its values. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { useServices } from "../explorer-context.ts";
import { columnFacts, withoutZeros, type ColumnFacts } from "../data/column-facts.ts";
import { isDead } from "../data/concept-columns.ts";
import { valueHistogram, type ValueHistogram } from "../data/value-histogram.ts";
import { valueScale, type ValueScale } from "../data/value-scale.ts";
import { cssColour, modalityColour, modalityWords } from "../map/modality-colours.ts";
import { narrows, noFilter, rangeColumns, type Range, type RangeName } from "../stores/concept-selection.ts";
import type { OpenDictionary } from "../stores/explorer-store.ts";
import { valueOf } from "../stores/loadable.ts";
import { counted } from "../widgets/number-text.ts";
import { RangeBrush } from "../widgets/range-brush.tsx";

const bins = 40;

export function ColumnBrush({
  opened,
  name,
}: {
  opened: OpenDictionary | null;
  name: RangeName;
}): JSX.Element {
  const { explorer, theme } = useServices();
  const { filter } = explorer.address.value;
  const facts = columnFacts(rangeColumns[name]);
  const values = opened === null ? null : valueOf(opened.columns.get(facts.column));
  const passes = explorer.selection.value?.passes ?? null;
  const active = opened?.tables.concepts.active ?? null;
  const scale = useMemo(() => {
    if (values === null || active === null) return null;
    const living = values.filter((_, j) => !isDead({ active }, j));
    return valueScale(living, facts);
  }, [values, active]);
  const histogram = useMemo(() => {
    if (values === null || scale === null || active === null) return null;
    return valueHistogram(values, scale, bins, (j) => !isDead({ active }, j), passes);
  }, [values, scale, active, passes]);
  const range = filter[name];
  const modality = name === "modality";
  return (
    <div class="filter-range">
      <RangeBrush
        label={facts.name}
        term={facts.term!}
        note={noteOf(facts, filter, name)}
        {...barsOf(facts, histogram)}
        fileName={facts.name.toLowerCase().replaceAll(" ", "-")}
        colour={(position) =>
          modality ? cssColour(modalityColour(position, theme.theme.value)) : "var(--bar)"
        }
        low={scale === null ? 0 : positionOf(scale, range[0], 0)}
        high={scale === null ? 1 : positionOf(scale, range[1], 1)}
        say={(position) =>
          modality ? modalityWords(position) : scale === null ? "" : facts.say(scale.at(position))
        }
        onChange={(low, high) => {
          if (scale !== null) explorer.setFilter({ [name]: rangeAt(scale, name, low, high) });
        }}
      >
        <div class="filter-legend">
          {modality ? (
            <>
              <span class="side-text">0 captions</span>
              <span class="side-image">pictures 1</span>
            </>
          ) : (
            <>
              <span>{scale === null ? "" : withoutZeros(facts.say(scale.low))}</span>
              <span>{scale === null ? "" : withoutZeros(facts.say(scale.high))}</span>
            </>
          )}
        </div>
      </RangeBrush>
    </div>
  );
}

function positionOf(scale: ValueScale, value: number, open: 0 | 1): number {
  return Number.isFinite(value) ? scale.positionOf(value) : open;
}

/** Handles at an end let everything through there. */
function rangeAt(scale: ValueScale, name: RangeName, low: number, high: number): Range {
  const [least, greatest] = noFilter[name];
  const round = (value: number): number => Number(value.toPrecision(3));
  return [low <= 0 ? least : round(scale.at(low)), high >= 1 ? greatest : round(scale.at(high))];
}

function noteOf(facts: ColumnFacts, filter: Parameters<typeof narrows>[0], name: RangeName): string {
  if (!narrows(filter, name)) return "all";
  const [low, high] = filter[name].map((value) => withoutZeros(facts.say(value)));
  const [least, greatest] = noFilter[name];
  if (filter[name][1] >= greatest && greatest === Infinity) return `at least ${low}`;
  if (filter[name][0] <= least && greatest === Infinity) return `at most ${high}`;
  return `${low} to ${high}`;
}

function barsOf(
  facts: ColumnFacts,
  histogram: ValueHistogram | null,
): Pick<Parameters<typeof RangeBrush>[0], "bars" | "table"> {
  if (histogram === null) return { bars: [], table: null };
  const { all, shown, bounds } = histogram;
  // The square root keeps the few beside the many in sight.
  const tallest = Math.max(1, ...all);
  const between = (bin: number): string => `${facts.say(bounds[bin]!)} to ${facts.say(bounds[bin + 1]!)}`;
  return {
    bars: Array.from(all, (value, bin) => ({
      height: Math.sqrt(value / tallest),
      left: Math.sqrt(shown[bin]! / tallest),
      title: `${between(bin)}: ${shown[bin] === value ? "" : `${shown[bin]} of `}${counted(value, "concept")}`,
    })),
    table: () => ({
      columns: [`${facts.name.toLowerCase()} from`, "to", "concepts", "shown"],
      rows: Array.from(all, (value, bin) => [bounds[bin]!, bounds[bin + 1]!, value, shown[bin]!]),
    }),
  };
}
