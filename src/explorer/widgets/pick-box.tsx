/** A box to pick a concept with. */
import "./pick-box.css";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface PickBoxProps {
  label: string;
  picked: boolean;
  /** Neither all nor none of what the box stands for. */
  some?: boolean;
  onChange: (picked: boolean) => void;
}

export function PickBox({ label, picked, some = false, onChange }: PickBoxProps): JSX.Element {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    box.current!.indeterminate = some;
  }, [some]);
  return (
    <label class="pick-box" title={label}>
      <input
        ref={box}
        type="checkbox"
        aria-label={label}
        checked={picked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </label>
  );
}
