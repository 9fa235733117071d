/** The rows nearest to one of the set, before and now. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Modality } from "../../data/dictionary-tables.ts";
import type { Item } from "../../data/item-table.ts";
import { useExplorer } from "../../explorer-context.ts";
import { useShortcuts } from "../../frame/use-shortcuts.ts";
import type { Nearest } from "../../intervention/engine.ts";
import type { InterventionSession, OpenIntervention } from "../../intervention/intervention-session.ts";
import type { NearRow } from "../../intervention/nearest-rows.ts";
import { fileName } from "../../stores/concept-name.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { failed, loading, ready, valueOf, type Loadable } from "../../stores/loadable.ts";
import { useArrival } from "../../use-arrival.ts";
import { Failure } from "../../widgets/failure.tsx";
import { Icon } from "../../widgets/icon.tsx";
import { count, fixed } from "../../widgets/number-text.ts";
import { Picture, shortened } from "../../widgets/picture.tsx";
import { SkeletonRows } from "../../widgets/skeleton.tsx";
import { ItemLink } from "../item-link.tsx";
import type { ChosenRow } from "./intervene.ts";

const most = 6;

interface NearestPanelProps {
  opened: OpenDictionary;
  session: InterventionSession;
}

export function NearestPanel({ opened, session }: NearestPanelProps): JSX.Element {
  const open = valueOf(session.opened.value);
  return (
    <section class="intervene-panel">
      <h2>Nearest to one of them</h2>
      {open === null ? <SkeletonRows count={most} height={46} /> : <Chosen {...{ opened, session, open }} />}
    </section>
  );
}

function Chosen({ opened, session, open }: NearestPanelProps & { open: OpenIntervention }): JSX.Element {
  const explorer = useExplorer();
  const { nearestTo, nearestAmong } = explorer.address.value;
  const set = valueOf(explorer.study.value)!.set;
  const chosen: ChosenRow = nearestTo ?? { side: "image", row: open.images[0] ?? 0 };
  const { side, row } = chosen;
  const rows = side === "image" ? set.imageRows : set.textRows;
  const among = (nearestAmong === "same") === (side === "image") ? "image" : "text";
  const go = (next: ChosenRow): void => explorer.navigate({ nearestTo: next }, "replace");
  const step = (by: number) => (): void => {
    const searched = side === "image" ? open.images : open.texts;
    const place = searched.indexOf(row);
    const at = place < 0 ? 0 : (place + by + searched.length) % searched.length;
    go({ side, row: searched[at]! });
  };
  const what = side === "image" ? "picture" : "caption";
  useShortcuts("Intervene", [
    { keys: ["j", "ArrowRight"], does: `next searched ${what}`, run: step(1) },
    { keys: ["k", "ArrowLeft"], does: `previous searched ${what}`, run: step(-1) },
  ]);
  const content = useNearest(opened, session, chosen, among, rows);
  const nearest = valueOf(content);
  const found = nearest === null ? [] : [...nearest.before, ...nearest.after].map((one) => one.row);
  const items = useItems(among, found);
  const own = useItems(side, row < rows ? [row] : []).get(row) ?? null;
  const partners = useArrival(() => explorer.pairs.of(side, row), `${side} ${row}`);
  const right = new Set(among === side ? [] : (valueOf(partners.content) ?? []).map((one) => one.row));
  return (
    <>
      <div class="nearest-choice">
        <div class="choice" role="group" aria-label="Nearest to">
          {(["image", "text"] as const).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === side}
              onClick={() => go({ side: one, row: (one === "image" ? open.images : open.texts)[0] ?? 0 })}
            >
              {one === "image" ? "Picture" : "Caption"}
            </button>
          ))}
        </div>
        <label>
          <span class="visually-hidden">Row</span>
          <input
            type="number"
            min={0}
            max={rows - 1}
            value={row}
            aria-label={`Row of the ${what}`}
            onChange={(event) => {
              const value = Number(event.currentTarget.value);
              if (Number.isInteger(value) && value >= 0) go({ side, row: value });
            }}
          />{" "}
          of {count(rows)}
        </label>
        {([-1, 1] as const).map((by) => (
          <button
            key={by}
            type="button"
            class="icon-button"
            aria-label={`${by < 0 ? "Previous" : "Next"} searched ${what}`}
            onClick={step(by)}
          >
            <Icon name={by < 0 ? "left" : "right"} />
          </button>
        ))}
        <label>
          among searched{" "}
          <select
            value={nearestAmong}
            onChange={(event) =>
              explorer.navigate(
                { nearestAmong: event.currentTarget.value === "same" ? "same" : "other" },
                "replace",
              )
            }
          >
            <option value="other">{side === "image" ? "captions" : "pictures"}</option>
            <option value="same">{side === "image" ? "other pictures" : "other captions"}</option>
          </select>
        </label>
      </div>
      <div class="nearest-own">
        {row < rows && (
          <ItemLink side={side} row={row} label={`Open ${what} ${row}`}>
            <Shown side={side} row={row} item={own} large />
          </ItemLink>
        )}
      </div>
      <Failure content={content} />
      <div class="nearest-lists">
        {(["before", "after"] as const).map((when) => (
          <div key={when}>
            <h3>{when === "before" ? "All concepts" : "Now"}</h3>
            {nearest === null && content.state === "loading" && <SkeletonRows count={most} height={46} />}
            <ol class={among === "image" ? "nearest-pictures" : "nearest-captions"}>
              {(nearest?.[when] ?? []).map((one) => (
                <NearLine
                  key={one.row}
                  near={one}
                  side={among}
                  item={items.get(one.row) ?? null}
                  right={right.has(one.row)}
                  fresh={when === "after" && !nearest!.before.some((other) => other.row === one.row)}
                />
              ))}
            </ol>
          </div>
        ))}
      </div>
    </>
  );
}

interface NearLineProps {
  near: NearRow;
  side: Modality;
  item: Item | null;
  /** Whether it belongs to the chosen row. */
  right: boolean;
  /** Whether it was not among the nearest before. */
  fresh: boolean;
}

function NearLine({ near: { row, cosine }, side, item, right, fresh }: NearLineProps): JSX.Element {
  return (
    <li class={right ? "near near-right" : "near"}>
      <ItemLink side={side} row={row} label={`Open ${side === "image" ? "picture" : "caption"} ${row}`}>
        <Shown side={side} row={row} item={item} />
        <span class="near-figures">
          {fixed(cosine, 3)}
          {right && <strong> its pair</strong>}
          {fresh && <em> new</em>}
        </span>
      </ItemLink>
    </li>
  );
}

function Shown({
  side,
  row,
  item,
  large = false,
}: {
  side: Modality;
  row: number;
  item: Item | null;
  large?: boolean;
}): JSX.Element {
  const explorer = useExplorer();
  if (side === "image") {
    return (
      <Picture
        whyNot={explorer.whyNoPicture}
        item={item}
        address={item === null ? null : explorer.picture(row)}
        size="tile"
      />
    );
  }
  const words = item?.caption ?? fileName(item?.file ?? null);
  return (
    <span class={large ? "near-caption near-caption-own" : "near-caption"} dir="auto">
      {item === null ? "…" : words === null || words.trim() === "" ? `caption ${row}` : shortened(words, 240)}
    </span>
  );
}

/** Kept while newer ones are on their way, so that nothing jumps. */
function useNearest(
  opened: OpenDictionary,
  session: InterventionSession,
  { side, row }: ChosenRow,
  among: Modality,
  rows: number,
): Loadable<Nearest> {
  const number = session.computed.value?.number ?? 0;
  const [state, setState] = useState<{ among: Modality; content: Loadable<Nearest> }>({
    among,
    content: loading,
  });
  useEffect(() => {
    let current = true;
    const settle = (content: Loadable<Nearest>): void => {
      if (current) setState({ among, content });
    };
    const read = async (): Promise<Nearest> => {
      if (row >= rows) throw new Error(`There is no ${side === "image" ? "picture" : "caption"} ${row}.`);
      const codes = await opened.vectors.codes.read(side, row);
      return session.nearest({ side, row, codes, among, most });
    };
    read().then(
      (nearest) => settle(ready(nearest)),
      (error: unknown) => settle(failed(error)),
    );
    return () => {
      current = false;
    };
  }, [opened, session, side, row, among, number]);
  // Rows of the other side are other rows.
  return state.among === among ? state.content : loading;
}

/** Items by row, those of before kept until others arrive. */
function useItems(side: Modality, rows: readonly number[]): ReadonlyMap<number, Item> {
  const explorer = useExplorer();
  const { content } = useArrival(
    async () => ({
      side,
      items:
        rows.length === 0
          ? []
          : await (side === "image" ? explorer.images : explorer.texts).read([...new Set(rows)]),
    }),
    `${side} ${rows.join()}`,
  );
  const read = valueOf(content);
  return new Map(read?.side === side ? read.items.map((item) => [item.row, item]) : []);
}
