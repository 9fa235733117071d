/** Light or dark: what the system says, unless the reader chose. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { Theme } from "../map/modality-colours.ts";

export type ThemeChoice = "system" | Theme;

/** What the browser knows and keeps, handed in. */
export interface ThemeEnvironment {
  systemIsDark(): boolean;
  onSystemChange(callback: () => void): void;
  readChoice(): string | null;
  writeChoice(choice: ThemeChoice): void;
}

export interface ThemeStore {
  readonly choice: ReadonlySignal<ThemeChoice>;
  readonly theme: ReadonlySignal<Theme>;
  choose(choice: ThemeChoice): void;
}

const following: Record<ThemeChoice, ThemeChoice> = { system: "light", light: "dark", dark: "system" };

export function nextChoice(choice: ThemeChoice): ThemeChoice {
  return following[choice];
}

export function createThemeStore(environment: ThemeEnvironment): ThemeStore {
  const kept = environment.readChoice();
  const choice = signal<ThemeChoice>(kept === "light" || kept === "dark" ? kept : "system");
  const systemIsDark = signal(environment.systemIsDark());
  environment.onSystemChange(() => (systemIsDark.value = environment.systemIsDark()));
  return {
    choice,
    theme: computed(() =>
      choice.value === "system" ? (systemIsDark.value ? "dark" : "light") : choice.value,
    ),
    choose(next) {
      choice.value = next;
      environment.writeChoice(next);
    },
  };
}
