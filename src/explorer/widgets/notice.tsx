/** What stands where there is nothing to show: why, and what to do. */
import "./notice.css";
import type { ComponentChildren, JSX } from "preact";

interface NoticeProps {
  title: string;
  children?: ComponentChildren;
  kind?: "empty" | "error";
}

export function Notice({ title, children, kind = "empty" }: NoticeProps): JSX.Element {
  return (
    <div class={`notice notice-${kind}`} role={kind === "error" ? "alert" : undefined}>
      <strong>{title}</strong>
      {children}
    </div>
  );
}
