/** What every number on the screen means, in plain words, with the formula behind it. */
export interface Definition {
  name: string;
  text: string;
  formula?: string;
}

export const definitions = {
  r2: {
    name: "Explained variance, R²",
    text: "How much of the spread of the embeddings the dictionary rebuilds from its active concepts. 1 is everything, 0 is no better than the mean.",
    formula: "1 − Σ‖x − x̂‖² / Σ‖x − μ‖²",
  },
  activePerSample: {
    name: "Active concepts per row, L0",
    text: "How many concepts describe one picture or caption, on average. Fewer is simpler to read; more rebuilds the embedding better.",
    formula: "mean count of |z| ≥ 10⁻⁶",
  },
  deadFraction: {
    name: "Dead concepts",
    text: "Share of the dictionary's concepts that are not active on any row.",
  },
  bridgeSum: {
    name: "Bridge sum",
    text: "All bridges added up. It equals the mean inner product of the reconstructions of matched pictures and captions, decoder biases left out of both: how much of their likeness runs through the concepts.",
    formula: "Σᵢⱼ Bᵢⱼ = E⟨x̂ image − b, x̂ text − b⟩",
  },
  rows: {
    name: "Pictures, captions and pairs",
    text: "Rows of the embedding set on each side, and how many (picture, caption) pairs say which belong together. A picture may have several captions; every pair counts once.",
  },
  energy: {
    name: "Energy",
    text: "How much a concept is used: its mean activation over all rows, rows where it is silent included. In the units of the activation.",
    formula: "E[z]",
  },
  frequency: {
    name: "Frequency",
    text: "Share of rows on which the concept is active.",
  },
  modalityScore: {
    name: "Modality score",
    text: "Whether a concept is used by pictures or by captions: the pictures' share of its energy, both sides counted equally whatever their number of rows. 1 is pictures only, 0 captions only, ½ both alike.",
    formula: "E_image[z] / (E_image[z] + E_text[z])",
  },
  activation: {
    name: "Activations",
    text: "How strongly each row that activates the concept does so: the bars are shares of the active pictures (above) and of the active captions (below), over the same range. In the units of the dictionary's codes.",
  },
  modalityInterval: {
    name: "95% interval of the modality score",
    text: "How sure the score is with so many rows: were other pictures and captions drawn from where these come from, the score would lie within it 19 times in 20, about. A concept that few rows activate has a wide one.",
    formula: "logistic(ln E_image − ln E_text ± 1.96 · standard error)",
  },
  maximum: {
    name: "Greatest activation",
    text: "The strongest activation of the concept on any row. Bars beside examples are relative to it.",
  },
  monosemanticity: {
    name: "Monosemanticity",
    text: "How alike the rows are that activate the concept, as the model's own embeddings see it: the mean cosine between pairs of rows, weighted by their activations. 1 is all the same. (arXiv 2602.12403)",
    formula: "(‖Σ ã ê‖² − Σ ã²) / ((Σ ã)² − Σ ã²)",
  },
  bridge: {
    name: "Bridge",
    text: "A concept on the picture side and a concept on the caption side that are active together on at least one matched pair; both may be the same. All such pairs of concepts are counted, in both directions where no direction is named. A bridge is strong when the two are often active together and point in the same direction; few are more than chance.",
    formula: "B = E[z image · z text] × cosine",
  },
  significantBridge: {
    name: "Significant bridge",
    text: "A bridge with a positive score and both q-values below 0.05: more than chance against shuffled pairs and against a permuted dictionary.",
  },
  coactivation: {
    name: "Co-activation",
    text: "Mean over matched pairs of the picture's activation of the one concept times the caption's activation of the other.",
    formula: "E over pairs of z image · z text",
  },
  cosine: {
    name: "Cosine",
    text: "How alike two concepts point: 1 is the same direction, 0 is unrelated, −1 opposite.",
    formula: "⟨Dᵢ, Dⱼ⟩, both of unit length",
  },
  qValue: {
    name: "q-value",
    text: "How likely the bridge is to be a coincidence: the share of false bridges expected among all that are at least as surprising. The first compares with shuffled pairs of pictures and captions: are the two active together more than by chance? The second with the atoms permuted among the concepts: do those that are active together point in the same direction more than by chance? Small is good.",
    formula: "Benjamini–Hochberg over all candidate bridges",
  },
  modalityDirectionCosine: {
    name: "Angle to the modality direction",
    text: "How much the concept's direction is the direction from captions to pictures: absolute cosine with the difference of the two means. Near 0, the concept ignores what tells pictures from captions.",
    formula: "|cos(D, μ image − μ text)|",
  },
  modalityProbeCosine: {
    name: "Angle to the modality probe",
    text: "The same against the normal of a logistic regression that tells pictures from captions.",
  },
  directionAccuracy: {
    name: "Telling modality by direction",
    text: "Share of held-out rows whose modality is told rightly from how far they lie along the concept. 50% is guessing.",
  },
  activationAccuracy: {
    name: "Telling modality by activation",
    text: "Share of held-out rows whose modality is told rightly from the concept's activation. 50% is guessing.",
  },
  stability: {
    name: "Stability of a concept",
    text: "Whether other runs find the concept again. `viaduct compare` matches the concepts of two dictionaries one to one; this is the mean cosine with the matched ones, over the other runs of the same learner and size where there are any, else over all compared. 1 is found again exactly.",
    formula: "mean of ⟨Dᵢ, D′ match(i)⟩",
  },
  share: {
    name: "Share of a concept",
    text: "How much of what the concepts say about this row comes from the one concept. Shares add up to 100%; one is negative where a concept works against the others.",
    formula: "zᵢ⟨Dᵢ, v⟩ / ‖v‖², v = Σ zᵢ Dᵢ",
  },
  explained: {
    name: "Similarity explained",
    text: "The likeness of a picture and a text, split exactly: concepts that both have, bridges between different concepts, and what the dictionary leaves, its biases included.",
    formula: "⟨x, y⟩ = Σᵢ zᵢz′ᵢ + Σᵢ≠ⱼ zᵢz′ⱼ⟨Dᵢ, Dⱼ⟩ + remainder",
  },
  matchedConcept: {
    name: "Matched concept",
    text: "The concept of another dictionary that stands for this one when the concepts of both are matched one to one so that the matched directions are as alike as can be (`viaduct compare`).",
    formula: "cosine = ⟨Dᵢ, D′ match(i)⟩",
  },
  notReproducible: {
    name: "Not reproducible",
    text: "The matched concept points somewhere else: its cosine with this one is below 0.5. Another run did not find this concept again, so it may say more about the run than about the embeddings.",
  },
  wordsOfTexts: {
    name: "Words of its captions",
    text: "Words that captions which activate the concept have more often than other captions, the most telling first.",
    formula: "G², the log-likelihood ratio against all captions",
  },
  wordsOfPictures: {
    name: "Words of its pictures’ captions",
    text: "Words that captions of the pictures which activate the concept have more often than those of other pictures, the most telling first.",
    formula: "G², the log-likelihood ratio against all captions",
  },
  wordsAlong: {
    name: "Words along its direction",
    text: "Words whose embeddings point most in the concept's direction, whether or not the concept is active on them. A word's embedding is the mean of the captions that have it, or its own where a vocabulary was given, less the mean of all captions.",
    formula: "cos(D, v word)",
  },
  activeConcepts: {
    name: "Active concepts",
    text: "The concepts that describe this row, strongest first: its embedding is rebuilt from their directions, each as long as its activation.",
    formula: "x̂ = Σ zⱼ Dⱼ + b",
  },
  similarity: {
    name: "Similarity",
    text: "How alike the model finds the picture and the caption: the inner product of their embeddings, the cosine where they have unit length. It is split exactly into shared concepts, bridges and a remainder.",
    formula: "⟨x image, x text⟩ = shared + bridges + remainder",
  },
  sharedConcepts: {
    name: "Shared concepts",
    text: "What comes from concepts that are active on the picture and on the caption.",
    formula: "Σᵢ z image ᵢ · z text ᵢ",
  },
  bridgedConcepts: {
    name: "Through bridges",
    text: "What comes from two different concepts, one active on the picture and one on the caption, that point in similar directions; opposite directions take away.",
    formula: "Σᵢ≠ⱼ z image ᵢ · z text ⱼ · ⟨Dᵢ, Dⱼ⟩",
  },
  similarityRemainder: {
    name: "Remainder",
    text: "What the concepts do not explain: the decoder's biases and all that the dictionary leaves out of either embedding.",
    formula: "⟨x image, x text⟩ − shared − bridges",
  },
  intervention: {
    name: "Intervening on concepts",
    text: "Every picture and caption is rebuilt from its concepts, once as they are and once with activations multiplied by the chosen factors: 0 switches a concept off, 1 leaves it as it is. What is measured are these reconstructions, decoder biases included; what the dictionary leaves out of an embedding takes no part, before or after.",
    formula: "x̂′ = Σ sⱼ zⱼ Dⱼ + b",
  },
  modalityGap: {
    name: "Modality gap",
    text: "How far the pictures lie from the captions as a whole: the distance between the mean picture and the mean caption, over all rows of the set.",
    formula: "‖μ image − μ text‖",
  },
  recall: {
    name: "Retrieval recall",
    text: "How often the right answer is among the first 1, 5 or 10 when a caption looks for its picture, or a picture for one of its captions, by cosine. The searched pictures and captions are those named on the page; among more of them the same search is harder.",
    formula: "share of queries whose best right answer has rank ≤ k",
  },
  bimodal: {
    name: "Bimodal concepts",
    text: "Concepts that pictures and captions both use: a modality score from 0.05 to 0.95. Above are concepts of pictures only, below those of captions only.",
    formula: "0.05 ≤ modality score ≤ 0.95",
  },
  stableConcepts: {
    name: "Stable concepts",
    text: "Concepts that every one of the compared dictionaries finds again: the cosine with the matched concept is at least the threshold in each of them.",
    formula: "min over the others of ⟨Dᵢ, D′ match(i)⟩ ≥ threshold",
  },
  energeticConcepts: {
    name: "Energetic concepts",
    text: "The fewest concepts that together hold the chosen share of all energy: the most used ones.",
  },
  keptReconstruction: {
    name: "Share of the reconstruction",
    text: "How much of the spread of the reconstructions by all concepts is left in those by the chosen ones, over the searched rows. It can be below 0: then even the mean reconstruction would be nearer.",
    formula: "1 − Σ‖x̂ − x̂′‖² / Σ‖x̂ − mean x̂‖²",
  },
  neighbours: {
    name: "Nearest concepts",
    text: "Concepts of the same dictionary whose directions are most alike, by cosine.",
  },
  bands: {
    name: "Top, middle and low examples",
    text: "Rows from three parts of the concept's range of activations. Top examples show what it is at its clearest; middle and low ones show what else it lets in.",
  },
  map: {
    name: "Concept map",
    text: "Every concept is a point. Concepts that point in similar directions lie close together (UMAP of their nearest neighbours); distances across the map mean little.",
  },
} as const satisfies Record<string, Definition>;

export type DefinitionKey = keyof typeof definitions;
