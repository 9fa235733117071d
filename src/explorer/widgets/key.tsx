/** A key as it is printed on keyboards; two after one another as two. */
import "./key.css";
import type { JSX } from "preact";

const signs: Readonly<Record<string, string>> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
  " ": "Space",
};

export function Key({ name }: { name: string }): JSX.Element {
  const keys = name === " " ? [name] : name.split(" ");
  return (
    <span class="keys">
      {keys.map((key) => (
        <kbd key={key}>{signs[key] ?? key}</kbd>
      ))}
    </span>
  );
}
