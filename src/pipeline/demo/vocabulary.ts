/**
 * What the demo's world is made of. A factor is a question about a scene ("which colour?"), its
 * values are the possible answers, commonest first. Every value becomes one planted concept, or
 * two joined by a bridge (`twin`).
 */

/**
 * How a value lies in the joint space.
 * shared: one direction for pictures and captions; twin: a picture direction and a caption
 * direction at an acute angle; image, text: a direction that only one modality has.
 */
export type Kind = "shared" | "twin" | "image" | "text";

export interface Value {
  readonly id: string;
  readonly kind: Kind;
  /** How captions say it; the first is the commonest. */
  readonly words: readonly string[];
}

export interface Thing extends Value {
  readonly plurals: readonly string[];
}

export interface Colour extends Value {
  readonly fill: string;
}

/** Shared and twin values take turns, so that common and rare ones are found in both kinds. */
function alternating(rows: readonly (readonly string[])[]): Value[] {
  return rows.map(([id, ...words], i) => ({ id: id!, kind: i % 2 === 0 ? "shared" : "twin", words }));
}

function only(kind: Kind, rows: readonly (readonly string[])[]): Value[] {
  return rows.map(([id, ...words]) => ({ id: id!, kind, words }));
}

function things(rows: readonly (readonly [string, string])[]): Thing[] {
  return rows.map(([singular, plural], i) => ({
    id: singular.split("|")[0]!,
    kind: i % 2 === 0 ? "twin" : "shared",
    words: singular.split("|"),
    plurals: plural.split("|"),
  }));
}

export const thing: readonly Thing[] = things([
  ["circle|disc", "circles|discs"],
  ["square", "squares"],
  ["star", "stars"],
  ["heart", "hearts"],
  ["triangle", "triangles"],
  ["house|cottage", "houses|cottages"],
  ["tree", "trees"],
  ["fish", "fish"],
  ["flower|blossom", "flowers|blossoms"],
  ["boat|sailing boat", "boats|sailing boats"],
  ["bird", "birds"],
  ["balloon", "balloons"],
  ["ring|hoop", "rings|hoops"],
  ["diamond", "diamonds"],
  ["hexagon", "hexagons"],
  ["crescent", "crescents"],
  ["car", "cars"],
  ["cat", "cats"],
  ["umbrella|parasol", "umbrellas|parasols"],
  ["mushroom|toadstool", "mushrooms|toadstools"],
  ["butterfly", "butterflies"],
  ["kite", "kites"],
  ["cup|mug", "cups|mugs"],
  ["key", "keys"],
  ["apple", "apples"],
  ["rocket|spaceship", "rockets|spaceships"],
  ["lantern|lamp", "lanterns|lamps"],
  ["bell", "bells"],
  ["leaf", "leaves"],
  ["cross|plus sign", "crosses|plus signs"],
  ["arrow", "arrows"],
  ["anchor", "anchors"],
]);

function colours(rows: readonly (readonly [string, string, ...string[]])[]): Colour[] {
  return rows.map(([id, fill, ...words], i) => ({ id, fill, kind: i % 2 === 0 ? "shared" : "twin", words }));
}

export const colour: readonly Colour[] = colours([
  ["red", "#d8342f", "red", "scarlet", "crimson"],
  ["blue", "#2f62c9", "blue", "royal blue"],
  ["yellow", "#f2c230", "yellow", "golden"],
  ["green", "#3f9b4b", "green", "emerald"],
  ["orange", "#ee7f2d", "orange", "tangerine"],
  ["purple", "#7c4bb0", "purple", "violet"],
  ["pink", "#ec83ae", "pink", "rosy"],
  ["brown", "#8a5a3b", "brown", "chestnut"],
  ["turquoise", "#2fb3ae", "turquoise", "teal"],
  ["black", "#2b2b33", "black", "jet-black"],
  ["white", "#fbfaf5", "white", "snow-white"],
  ["grey", "#9298a1", "grey", "silver"],
]);

export const pattern: readonly Value[] = alternating([
  ["striped", "striped", "stripy"],
  ["dotted", "dotted", "polka-dot"],
  ["checked", "checked", "chequered"],
  ["zigzag", "zigzag-patterned"],
  ["latticed", "latticed", "criss-crossed"],
  ["two-tone", "two-tone", "half-and-half"],
]);

export const size: readonly Value[] = alternating([
  ["small", "small", "little"],
  ["large", "large", "big"],
  ["tiny", "tiny", "minute"],
  ["huge", "huge", "enormous"],
]);

export const count: readonly Value[] = alternating([
  ["two", "two", "a pair of"],
  ["three", "three"],
  ["four", "four"],
  ["five", "five"],
  ["six", "six", "half a dozen"],
]);

export const background: readonly Value[] = alternating([
  ["meadow", "in a meadow", "on green grass"],
  ["sea", "at sea", "out on the waves"],
  ["night sky", "at night", "under a night sky"],
  ["beach", "on a beach", "on the sand"],
  ["mountains", "before mountains", "with mountains behind"],
  ["brick wall", "on a brick wall", "against bricks"],
  ["city", "in the city", "with a skyline behind"],
  ["snowfield", "in deep snow", "on a snowfield"],
  ["desert", "in the desert", "among dunes"],
  ["wooden table", "on a wooden table", "on wooden boards"],
  ["sunset", "at sunset", "in the evening glow"],
  ["tiled floor", "on a tiled floor", "on kitchen tiles"],
]);

export const position: readonly Value[] = alternating([
  ["left", "on the left", "at the left edge"],
  ["right", "on the right", "at the right edge"],
  ["top", "near the top", "high up"],
  ["bottom", "near the bottom", "low down"],
]);

export const relation: readonly Value[] = alternating([
  ["beside", "next to", "beside"],
  ["above", "above", "over"],
  ["below", "below", "underneath"],
  ["in front of", "in front of", "partly hiding"],
]);

export const weather: readonly Value[] = alternating([
  ["sun", "in the sunshine", "with the sun out"],
  ["clouds", "under clouds", "on a cloudy day"],
  ["rain", "in the rain", "during a shower"],
  ["snowfall", "while snow falls", "among snowflakes"],
  ["rainbow", "under a rainbow", "with a rainbow"],
  ["wind", "in the wind", "on a windy day"],
]);

/** What the main things wear. */
export const extra: readonly Value[] = alternating([
  ["smile", "with a smile", "smiling"],
  ["crown", "wearing a crown", "with a crown"],
  ["sparkles", "full of sparkles", "glittering"],
  ["bow", "with a bow", "tied with a ribbon"],
  ["party hat", "in a party hat", "with a pointed hat"],
  ["flag", "with a flag", "carrying a pennant"],
]);

/** Light that no caption mentions. */
export const light: readonly Value[] = only("image", [
  ["warm light"],
  ["cold light"],
  ["spotlight"],
  ["dusk"],
  ["light from the left"],
  ["light leak"],
]);

/** The surface the picture seems to be printed on. */
export const grain: readonly Value[] = only("image", [
  ["film grain"],
  ["canvas weave"],
  ["ruled paper"],
  ["squared paper"],
  ["halftone dots"],
  ["scratches"],
]);

export const frame: readonly Value[] = only("image", [
  ["thin frame"],
  ["white margin"],
  ["black bars"],
  ["double frame"],
  ["photo corners"],
  ["instant photo"],
  ["stamp edge"],
]);

/** How the main things are drawn. */
export const stroke: readonly Value[] = only("image", [
  ["thick outline"],
  ["dashed outline"],
  ["drop shadow"],
  ["white halo"],
  ["double exposure"],
]);

/** Small things that happen to paper. */
export const mark: readonly Value[] = only("image", [
  ["date imprint"],
  ["coffee ring"],
  ["fold"],
  ["pin"],
  ["postmark"],
  ["torn corner"],
]);

/** How a caption begins. `{}` is the rest of it. */
export const opening: readonly Value[] = only("text", [
  ["picture of", "a picture of {}", "an image of {}"],
  ["there is", "there is {}", "we see {}"],
  ["drawing of", "a drawing of {}", "an illustration of {}"],
  ["I see", "I can see {}", "I notice {}"],
  ["look", "look, {}", "oh, {}"],
  ["imagine", "imagine {}", "picture this: {}"],
  ["scene", "in this scene: {}", "scene: {}"],
  ["my", "my favourite: {}", "I made this: {}"],
  ["question", "can you find {}?", "do you see {}?"],
  ["exhibit", "exhibit: {}", "on display: {}"],
  ["close-up", "a close look at {}", "a study of {}"],
]);

export const mood: readonly Value[] = only("text", [
  ["lovely", "lovely", "beautiful"],
  ["cheerful", "cheerful", "merry"],
  ["lonely", "lonely", "forlorn"],
  ["strange", "strange", "odd"],
  ["gentle", "gentle", "quiet"],
  ["proud", "proud", "stately"],
  ["old", "old", "ancient"],
  ["new", "brand-new", "new"],
  ["mysterious", "mysterious", "puzzling"],
]);

export const closing: readonly Value[] = only("text", [
  ["artist", "by an unknown artist", "artist unknown"],
  ["memory", "just as I remember it", "as in my childhood"],
  ["Sunday", "on a Sunday morning", "one Sunday"],
  ["gift", "drawn for a friend", "a gift for my sister"],
  ["print", "print number seven", "limited print"],
  ["sketchbook", "from an old sketchbook", "out of my sketchbook"],
  ["wish", "wish you were here", "I wish you could see it"],
  ["sale", "for sale", "on sale this week"],
]);

/** How a caption is typed. */
export const typing: readonly Value[] = only("text", [
  ["exclamation"],
  ["capitals"],
  ["ellipsis"],
  ["hashtag"],
  ["quotation marks"],
]);

/** Factors of a scene in the order in which their values are numbered as traits. */
export const factors = {
  thing,
  colour,
  pattern,
  size,
  count,
  background,
  position,
  relation,
  weather,
  extra,
  light,
  grain,
  frame,
  stroke,
  mark,
  opening,
  mood,
  closing,
  typing,
} as const;

export type Factor = keyof typeof factors;
