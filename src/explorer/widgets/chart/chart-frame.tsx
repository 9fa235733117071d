/**
 * What every chart stands in: a title with its definition, a name and a summary for screen readers,
 * the numbers behind it as a table, and downloads as SVG, PNG and CSV. The place it takes is there
 * before its data is.
 */
import "./chart-frame.css";
import type { ComponentChildren, JSX } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { csvText, type Table } from "../../stores/csv-text.ts";
import type { DefinitionKey } from "../definitions.ts";
import { Menu } from "../menu.tsx";
import { saveFile } from "../save-file.ts";
import { Term } from "../term.tsx";
import { pngBlob, svgText } from "./chart-picture.ts";
import { ChartTable } from "./chart-table.tsx";

export interface ChartArea {
  /** CSS pixels, as on the page. */
  width: number;
  height: number;
}

interface ChartFrameProps {
  title: string;
  /** What the title's word means. */
  term?: DefinitionKey;
  /** Read out in place of the drawing: what it shows, and what is to be seen in it. */
  summary: string;
  /** Null while there is no data: the frame is there, its menu is not. */
  table: (() => Table) | null;
  /** Of downloads, without an ending. */
  fileName: string;
  /** CSS pixels. */
  height: number;
  /** At the right of the title. */
  note?: ComponentChildren;
  /** Whether something in the drawing can be chosen. */
  interactive?: boolean;
  /** `small` stands within a panel that has a heading. */
  size?: "normal" | "small";
  /** The content of an `<svg>` of that size. */
  draw: (area: ChartArea) => ComponentChildren;
  /** Below the drawing, also when the table is shown: legends, handles. */
  children?: ComponentChildren;
}

export function ChartFrame(props: ChartFrameProps): JSX.Element {
  const {
    title,
    term,
    summary,
    table,
    fileName,
    height,
    note,
    size = "normal",
    interactive = false,
    draw,
    children,
  } = props;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const [width, setWidth] = useState(0);
  const [asTable, setAsTable] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  useLayoutEffect(() => {
    const element = box.current!;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const downloads = asTable
    ? []
    : [
        {
          text: "Download SVG",
          onChoose: () => saveFile(`${fileName}.svg`, svgText(svg.current!, title), "image/svg+xml"),
        },
        {
          text: "Download PNG",
          onChoose: () => {
            setProblem(null);
            pngBlob(svg.current!, title).then(
              (blob) => saveFile(`${fileName}.png`, blob),
              () => setProblem("The browser could not draw the PNG; the SVG holds the same."),
            );
          },
        },
      ];
  const name = term === undefined ? title : <Term of={term}>{title}</Term>;
  return (
    <figure class={`chart chart-${size}`} aria-labelledby={id}>
      <figcaption class="chart-head">
        {size === "normal" ? (
          <h2 id={id}>{name}</h2>
        ) : (
          <span id={id} class="chart-title">
            {name}
          </span>
        )}
        <span class="chart-note">{note}</span>
        <span class="chart-menu">
          {table !== null && (
            <Menu
              label={`${title}: table and downloads`}
              icon="more"
              quiet
              items={[
                { text: asTable ? "Show the chart" : "Show as table", onChoose: () => setAsTable(!asTable) },
                ...downloads,
                {
                  text: "Download CSV",
                  onChoose: () => saveFile(`${fileName}.csv`, csvText(table()), "text/csv;charset=utf-8"),
                },
              ]}
            />
          )}
        </span>
      </figcaption>
      <div ref={box} class="chart-area" style={{ minHeight: `${height}px` }} aria-busy={table === null}>
        {asTable && table !== null ? (
          <div class="chart-as-table" style={{ maxHeight: `${Math.max(height, 240)}px` }}>
            <ChartTable table={table()} label={title} />
          </div>
        ) : (
          width > 0 && (
            <svg
              ref={svg}
              width={width}
              height={height}
              role={interactive ? "group" : "img"}
              aria-label={`${title}. ${summary}`}
            >
              {draw({ width, height })}
            </svg>
          )
        )}
      </div>
      {problem !== null && <p role="alert">{problem}</p>}
      {children}
    </figure>
  );
}
