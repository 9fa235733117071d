/** A button that opens a few choices: arrow keys walk them, Escape and a click elsewhere close them. */
import "./menu.css";
import type { JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icon.tsx";

export interface MenuItem {
  text: string;
  onChoose: () => void;
}

interface MenuProps {
  /** What the choices are about; the button's name. */
  label: string;
  icon: IconName;
  items: readonly MenuItem[];
  /** Words beside the icon. */
  children?: JSX.Element | string;
  /** Without a border, for headings. */
  quiet?: boolean;
}

export function Menu({ label, icon, items, children, quiet = false }: MenuProps): JSX.Element {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const choices = (): HTMLElement[] => Array.from(list.current?.querySelectorAll("button") ?? []);
  const close = (): void => {
    list.current?.hidePopover();
    button.current?.focus();
  };
  return (
    <span class="menu">
      <button
        ref={button}
        type="button"
        class={quiet ? "quiet-button" : children === undefined ? "icon-button" : "button menu-button"}
        aria-label={children === undefined ? label : undefined}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        popovertarget={id}
      >
        <Icon name={icon} />
        {children}
      </button>
      <div
        ref={list}
        id={id}
        class="menu-list"
        popover="auto"
        role="menu"
        aria-label={label}
        onToggle={(event) => {
          const opened = event.newState === "open";
          setOpen(opened);
          if (!opened) return;
          place(event.currentTarget, button.current!);
          choices()[0]?.focus();
        }}
        onKeyDown={(event) => {
          const all = choices();
          const at = all.indexOf(document.activeElement as HTMLElement);
          const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
          const next = steps[event.key];
          if (next !== undefined) all.at(next % all.length)?.focus();
          else if (event.key === "Escape") close();
          else if (event.key === "Tab") list.current?.hidePopover();
          else return;
          event.stopPropagation();
          if (event.key !== "Tab") event.preventDefault();
        }}
      >
        {items.map((item) => (
          <button
            key={item.text}
            type="button"
            role="menuitem"
            tabIndex={-1}
            onClick={() => {
              close();
              item.onChoose();
            }}
          >
            {item.text}
          </button>
        ))}
      </div>
    </span>
  );
}

/** Below the button, its right edge on the button's, inside the window. */
function place(list: HTMLElement, button: HTMLElement): void {
  const anchor = button.getBoundingClientRect();
  const { width, height } = list.getBoundingClientRect();
  const below = anchor.bottom + 4;
  list.style.left = `${Math.max(8, Math.min(anchor.right - width, window.innerWidth - width - 8))}px`;
  list.style.top = `${below + height > window.innerHeight - 8 ? Math.max(8, anchor.top - height - 4) : below}px`;
}
