/**
 * English words that tell how a caption is built and not what it is about: articles, prepositions,
 * conjunctions, pronouns, auxiliary verbs. Lists of words hold them, names made of words do not.
 */
export const functionWords: ReadonlySet<string> = new Set(
  `a an the this that these those and or but nor as at by for from in into of off on onto out over to up with
  without about above across after against along among around before behind below beneath beside between beyond
  down during inside near outside through toward towards under upon while where when who which whose what than
  then there here is are was were be been being am has have had do does did can could will would shall should
  may might must not no it its it's he she they them him her his hers their theirs we us our you your i me my
  one's some any each every other another both either all very so such just only also too`
    .split(/\s+/)
    .filter((word) => word !== ""),
);
