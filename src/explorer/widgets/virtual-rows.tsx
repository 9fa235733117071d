/** A long list of which only the rows in view exist. */
import "./virtual-rows.css";
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

interface VirtualRowsProps {
  count: number;
  rowHeight: number;
  /** Row that must be in view; null: wherever the reader scrolled. */
  reveal: number | null;
  label: string;
  role: "list" | "rowgroup";
  render: (index: number) => JSX.Element;
}

/** Rows drawn above and below the ones in view. */
const margin = 6;

export function VirtualRows({
  count,
  rowHeight,
  reveal,
  label,
  role,
  render,
}: VirtualRowsProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });

  useLayoutEffect(() => {
    const element = box.current!;
    const measure = () => {
      const next = { top: element.scrollTop, height: element.clientHeight };
      setView((last) => (last.top === next.top && last.height === next.height ? last : next));
    };
    measure();
    element.addEventListener("scroll", measure, { passive: true });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", measure);
      observer.disconnect();
    };
  }, []);

  useLayoutEffect(() => {
    const element = box.current!;
    if (reveal === null || reveal < 0) return;
    const top = reveal * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight) {
      element.scrollTop = top + rowHeight - element.clientHeight;
    }
  }, [reveal, rowHeight]);

  const first = Math.max(0, Math.floor(view.top / rowHeight) - margin);
  const last = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + margin);
  const rows: JSX.Element[] = [];
  for (let i = first; i < last; i++) {
    rows.push(
      <div
        key={i}
        class="virtual-row"
        role={role === "list" ? "listitem" : "presentation"}
        aria-setsize={role === "list" ? count : undefined}
        aria-posinset={role === "list" ? i + 1 : undefined}
        style={{ top: `${i * rowHeight}px`, height: `${rowHeight}px` }}
      >
        {render(i)}
      </div>,
    );
  }
  return (
    <div class="virtual" ref={box} role={role} aria-label={label}>
      <div class="virtual-space" style={{ height: `${count * rowHeight}px` }}>
        {rows}
      </div>
    </div>
  );
}
