/** A picture or a caption: its active concepts, what belongs to it, and why the two match. */
import "./item-view.css";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Modality } from "../../data/dictionary-tables.ts";
import { useExplorer } from "../../explorer-context.ts";
import { useShortcuts } from "../../frame/use-shortcuts.ts";
import { valueOf } from "../../stores/loadable.ts";
import { useArrival } from "../../use-arrival.ts";
import { Icon } from "../../widgets/icon.tsx";
import { Notice } from "../../widgets/notice.tsx";
import { count } from "../../widgets/number-text.ts";
import { Skeleton } from "../../widgets/skeleton.tsx";
import type { ViewProps } from "../view.ts";
import { ItemConcepts } from "./item-concepts.tsx";
import { ItemContent } from "./item-content.tsx";
import { ItemPartners } from "./item-partners.tsx";
import { ItemMatch } from "./item-match.tsx";

export const sideWords = { image: "Picture", text: "Caption" } as const;

export function ItemView({ opened }: ViewProps): JSX.Element {
  const explorer = useExplorer();
  const { itemSide: side, itemRow } = explorer.address.value;
  const row = itemRow ?? 0;
  const set = valueOf(explorer.study.value)?.set;
  if (set === undefined) {
    return (
      <div class="item-page" aria-busy="true">
        <Skeleton width="240px" height="20px" />
      </div>
    );
  }
  const rows = side === "image" ? set.imageRows : set.textRows;
  if (row >= rows) {
    const what = side === "image" ? "pictures" : "captions";
    return (
      <Notice title={`There is no ${sideWords[side].toLowerCase()} ${row}`}>
        <p>
          {rows === 0 ? `This set has no ${what}.` : `This set has ${count(rows)} ${what}, numbered from 0.`}
        </p>
      </Notice>
    );
  }
  return <Page opened={opened} side={side} row={row} rows={rows} />;
}

interface PageProps extends ViewProps {
  side: Modality;
  row: number;
  rows: number;
}

function Page({ opened, side, row, rows }: PageProps): JSX.Element {
  const explorer = useExplorer();
  const page = useRef<HTMLElement>(null);
  useEffect(() => page.current?.scrollTo(0, 0), [side, row]);
  const go = (by: number) => (): false | void => {
    const next = row + by;
    if (next < 0 || next >= rows) return false;
    explorer.navigate({ itemRow: next, partner: null }, "replace");
  };
  const what = side === "image" ? "picture" : "caption";
  useShortcuts("Item", [
    { keys: ["j", "ArrowRight"], does: `next ${what}`, run: go(1) },
    { keys: ["k", "ArrowLeft"], does: `previous ${what}`, run: go(-1) },
  ]);
  const partners = useArrival(() => explorer.pairs.of(side, row), `${side} ${row}`);
  const asked = explorer.address.value.partner;
  const first = partners.stale ? null : (valueOf(partners.content)?.[0]?.row ?? null);
  const partner = asked ?? first;
  return (
    <article ref={page} class="item-page">
      <header class="item-header">
        <h1>
          {sideWords[side]} {row}
        </h1>
        <span class="item-of">of {count(rows)}</span>
        <nav aria-label={`Neighbouring ${what}s`}>
          {([-1, 1] as const).map((step) => (
            <button
              key={step}
              type="button"
              class="icon-button"
              disabled={row + step < 0 || row + step >= rows}
              aria-label={`${step < 0 ? "Previous" : "Next"} ${what}`}
              onClick={go(step)}
            >
              <Icon name={step < 0 ? "left" : "right"} />
            </button>
          ))}
        </nav>
      </header>
      <div class="item-body">
        <div class="item-column">
          <ItemContent side={side} row={row} />
          <ItemPartners side={side} partners={partners} chosen={partner} />
          {opened !== null && partner !== null && (
            <ItemMatch
              opened={opened}
              image={side === "image" ? row : partner}
              text={side === "image" ? partner : row}
            />
          )}
        </div>
        <div class="item-column">
          <ItemConcepts opened={opened} side={side} row={row} />
        </div>
      </div>
    </article>
  );
}
