/** How many images are searched at most: `analyze` searches the largest number. */
export const searchedChoices = [500, 1000, 2000, 5000] as const;
