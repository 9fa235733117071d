/** A concept counts as active on a row when |z| is at least this (as the reference paper's ‖Z‖₀ does). */
export const activeFrom = 1e-6;
