/** The listed views, in one row that scrolls sideways where it does not fit. */
import "./navigation.css";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useServices } from "../explorer-context.ts";
import { Icon } from "../widgets/icon.tsx";

export function Navigation(): JSX.Element {
  const { explorer, views } = useServices();
  const { view } = explorer.address.value;
  const { navigation } = views[view];
  const current = navigation === "listed" ? view : navigation === "apart" ? null : navigation.under;
  const row = useRef<HTMLElement>(null);
  useEffect(() => {
    const link = row.current?.querySelector("[aria-current]");
    if (!(link instanceof HTMLElement) || row.current === null) return;
    row.current.scrollLeft = link.offsetLeft - (row.current.clientWidth - link.offsetWidth) / 2;
  }, [current]);
  return (
    <nav class="navigation" aria-label="Views" ref={row}>
      {Object.values(views)
        .filter((one) => one.navigation === "listed")
        .map(({ name, title, icon }) => (
          <a
            key={name}
            href={explorer.href({ view: name })}
            aria-current={name === current ? "page" : undefined}
          >
            <Icon name={icon} />
            {title}
          </a>
        ))}
    </nav>
  );
}
