/** Numbers as people read them. One locale, so that a screenshot reads the same everywhere. */

const grouped = new Intl.NumberFormat("en-GB");

export function count(value: number | null): string {
  return value === null || !Number.isFinite(value) ? "–" : grouped.format(value);
}

/** A count with its noun: 1 bridge, 2,301 bridges. */
export function counted(value: number | null, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** A share as percent with two significant digits: 1.4%, 0.037%, 64%; from 99% with a decimal, 100% only if it is. */
export function percent(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return "–";
  const value = share * 100;
  if (value === 0) return "0%";
  if (value >= 99)
    return share >= 1 ? `${value.toFixed(0)}%` : `${(Math.floor(value * 10) / 10).toFixed(1)}%`;
  return `${Math.abs(value) >= 10 ? minus(value.toFixed(0)) : trimmed(value, 2)}%`;
}

/** Three significant digits, with an exponent only where zeros would hide them. */
export function significant(value: number | null, digits = 3): string {
  if (value === null || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-4 || size >= 1e6)) {
    const [mantissa = "", exponent = ""] = value.toExponential(digits - 1).split("e");
    return `${minus(mantissa)}×10${superscript(exponent.replace("+", ""))}`;
  }
  return trimmed(value, digits);
}

/** Of bytes: 0.4, 12.3, 330. */
export function mebibytes(bytes: number): string {
  const value = bytes / 2 ** 20;
  return value < 100 ? value.toFixed(1) : grouped.format(Math.round(value));
}

/** Fixed decimals, for columns that are compared by eye. */
export function fixed(value: number | null, decimals: number): string {
  return value === null || !Number.isFinite(value) ? "–" : minus(value.toFixed(decimals));
}

/** A q- or p-value; what lies under the smallest that matters says so. */
export function probability(value: number): string {
  if (!Number.isFinite(value)) return "–";
  return value < 0.001 ? "< 0.001" : value.toFixed(3);
}

function trimmed(value: number, digits: number): string {
  const text = value.toPrecision(digits);
  return text.includes("e") ? grouped.format(Number(text)) : minus(text);
}

function minus(text: string): string {
  return text.replace("-", "−");
}

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

function superscript(text: string): string {
  return Array.from(text, (sign) => (sign === "-" ? "⁻" : (superscripts[Number(sign)] ?? ""))).join("");
}
