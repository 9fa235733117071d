/**
 * Where things lie in the engine's shared memory. This file is compiled twice: by TypeScript for
 * the side that prepares work and by AssemblyScript for the kernels, so both agree by construction.
 * All numbers are byte addresses in the first page unless said otherwise; tensors start behind it.
 */

// The work queue: one phase at a time, a phase is `TASKS` runs of one kernel.
/** u64: phase number << 32 | tasks not yet claimed. */
export const TICKET = 64;
/** The upper half of TICKET, which sleeping workers watch. */
export const PHASE = 68;
export const DONE = 128;
export const SLEEPERS = 192;
export const QUIT = 256;
/** Set by a worker whose kernel threw: what was computed is not to be trusted. */
export const FAILED = 260;
export const KERNEL = 320;
export const TASKS = 324;
/** Cursor that tasks of one phase share: entries taken from the pool. */
export const CURSOR = 384;

// Kernels.
export const PACK_ROWS = 1;
export const PRODUCT_TILE = 2;
export const ENCODE_TILE = 3;
export const WRITE_ROWS = 4;
export const RECONSTRUCT = 5;
export const UPDATE = 6;
export const GRADIENT_NORM = 7;
export const APPLY_GRADIENT = 8;
export const SWEEP_CODES = 9;
export const SOLVE_CODES = 10;
export const PURSUE = 11;
export const UNROLL = 12;
export const PACK_COLUMNS = 13;
export const TURN_ROWS = 14;
export const MIRROR = 15;
export const RESCALE = 16;

// How a BLAS multiplies: added up.
export const PRODUCT_BY_COLUMNS = 1;
export const PRODUCT_LOWER_HALF = 2;

// What a selection does with a tile of pre-activations.
export const ABOVE_BOUND = 0;
export const TOP_OF_ROW = 1;
export const ABOVE_THRESHOLDS = 2;
export const COUNT_BY_SIZE = 3;

/** Bins of COUNT_BY_SIZE: exponent and three bits of the mantissa of positive numbers. */
export const SIZE_BINS = 2048;
export const SIZE_SHIFT = 20;

// Scratch that belongs to one worker: base + worker · stride.
export const TILE = 512;
export const TILE_STRIDE = 516;
export const BUFFER = 520;
export const BUFFER_STRIDE = 524;
export const KEYS = 528;
export const KEYS_STRIDE = 532;
export const LOCAL = 536;
export const LOCAL_STRIDE = 540;

// Arguments that several kernels share.
export const X = 576;
export const ROWS = 580;
export const DIMENSION = 584;
export const CONCEPTS = 588;
export const POOL = 592;
export const POOL_CAPACITY = 596;
/** 1: call the system's BLAS, 0: the product in WebAssembly. */
export const USE_BLAS = 600;
export const PACKED = 604;
/** Rows and columns of a tile, how many of each there are, and floats between its rows. */
export const TILE_ROWS = 608;
export const TILE_COLUMNS = 612;
export const ROW_BLOCKS = 616;
export const COLUMN_BLOCKS = 620;
export const TILE_LEADING = 624;

// product: X (m x k) · B (n x k)ᵀ; of columns: X (k x m)ᵀ · B (k x n)
export const B = 640;
export const OUT = 644;
export const COLUMNS = 648;
/** 1: X and B are taken by columns. */
export const BY_COLUMNS = 652;
/** 1: X is B, and tiles above the diagonal are left to MIRROR. */
export const SYMMETRIC = 656;
/** n x k: B by rows, for the product of columns in WebAssembly. */
export const TURNED = 660;

// encode
export const ENCODER = 704;
export const BIAS = 708;
export const MODE = 712;
export const BOUND = 716;
export const K = 720;
/** The concept that row 0 leaves out, or 0xffffffff. */
export const SKIP = 728;
export const THRESHOLDS = 732;
export const HALF_WINDOW = 736;
export const SEGMENTS = 740;
export const AUXILIARY_MASK = 744;
export const AUXILIARY_K = 748;
export const AUXILIARY_SEGMENTS = 752;
export const HISTOGRAM = 756;
/** For every row a number that its k-th largest is known to be above. */
export const ROW_BOUNDS = 760;
export const AUXILIARY_BOUNDS = 764;

// write rows
export const ROW_START = 768;
export const CODE_CONCEPT = 772;
export const CODE_VALUE = 776;
export const CODE_GRADIENT = 780;
export const TIES = 784;
export const CUT = 788;
export const ROWS_PER_TASK = 792;
export const SMALLEST = 796;

// reconstruct
export const ATOMS = 832;
export const DECODER_BIAS = 836;
export const TARGET = 840;
export const RESIDUAL = 844;
export const RESIDUAL_SCALE = 848;
export const WANTS_GRADIENT = 852;
export const GRADIENT_SCALE = 856;
export const PENALTY = 860;
export const ERRORS = 864;

// update
export const TERMS = 896;
/** Up to MAX_TERMS times: row starts, concepts, values, gradients, residual, scale, gradients of entries or 0, 4 unused bytes. */
export const TERM = 1024;
export const TERM_BYTES = 32;
export const MAX_TERMS = 8;
/** Concepts of one task. */
export const SPAN = 900;
/** 16 bytes a concept: address of its entries, their number, flags, gradient of its threshold. */
export const LISTS = 908;
export const ENCODER_FIRST = 912;
export const ENCODER_SECOND = 916;
export const ENCODER_BIAS = 920;
export const ENCODER_BIAS_FIRST = 924;
export const ENCODER_BIAS_SECOND = 928;
export const ATOMS_FIRST = 932;
export const ATOMS_SECOND = 936;
export const DECODER_BIAS_FIRST = 940;
export const DECODER_BIAS_SECOND = 944;
export const THRESHOLDS_FIRST = 948;
export const THRESHOLDS_SECOND = 952;
export const LAST_TOUCHED = 956;
export const SINCE_ACTIVE = 960;
export const STEP = 964;
export const NORMS = 968;
export const DECODER_BIAS_GRADIENT = 972;
// f64
export const BETA1 = 1280;
export const BETA2 = 1288;
export const RATE = 1296;
export const EPSILON = 1304;
export const THRESHOLD_RATE = 1312;
export const BANDWIDTH = 1320;
export const THRESHOLD_PENALTY = 1328;
export const FACTOR = 1336;

// least squares
export const CORRELATIONS = 1408;
export const GRAM = 1412;
export const DIAGONAL = 1416;
export const DENSE_CODES = 1420;
export const L1 = 1424;
export const POSITIVE = 1428;
export const SWEEPS = 1432;
export const TOLERANCE = 1436;
/** Room for concepts in a working set. */
export const WORKING_SET = 1440;
/** f64 a row */
export const VIOLATIONS = 1444;

// pursuit; GRAM is 0 where `EXPLAINED` holds what the rows' codes correlate with instead
export const ORTHOGONAL = 1472;
/** b x c: E·(what the codes of a row add up to). */
export const EXPLAINED = 1484;
/** b x d: what the codes of a row add up to. */
export const RECONSTRUCTION = 1488;
/** The steps of this phase, auxiliary ones numbered from K on. */
export const FIRST_STEP = 1492;
export const END_STEP = 1496;
/** K and AUXILIARY_K together: steps there are room for in each row. */
export const ROOM = 1500;
/** b x ROOM */
export const PICK_CONCEPT = 1504;
export const PICK_VALUE = 1508;
/** b x 2: steps taken, of its own and auxiliary ones. */
export const PICK_COUNT = 1512;
/** b x ROOM, by concept and added up; b x 2 their numbers. */
export const MERGED_CONCEPT = 1516;
export const MERGED_VALUE = 1520;
export const MERGED_COUNT = 1524;
/** One for each worker, or for each row where the Gram matrix is left out. */
export const SUPPORT = 1528;
export const SUPPORT_STRIDE = 1532;
/** Unroll: codes x d. */
export const ENTRY_GRADIENTS = 1536;

// rescale; LOW is 0 where there is none
export const VALUES = 1600;
export const ALONG = 1604;
export const HIGH = 1608;
export const LOW = 1612;
export const LENGTH = 1616;
export const ROOT = 1620;
/** Numbers of one task, a multiple of 4. */
export const CHUNK = 1624;

/** Tensors and scratch start here. */
export const HEAP = 65536;
