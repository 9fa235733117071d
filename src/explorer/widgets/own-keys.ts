/** On an element that answers arrows, Enter and the like itself: a table that scrolls, a list of choices. */
export const ownKeys = { "data-own-keys": "" } as const;
