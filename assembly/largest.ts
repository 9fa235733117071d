/** The k largest of a list of entries (concept u32, value f32), exactly, ties to the earlier one. */

/** Maps float32 to u32 so that the order is kept. */
@inline
export function sortable(value: f32): u32 {
  const bits = reinterpret<u32>(value);
  return bits ^ (<u32>(<i32>bits >> 31) | 0x80000000);
}

@inline
export function unsortable(key: u32): f32 {
  return reinterpret<f32>(key & 0x80000000 ? key ^ 0x80000000 : ~key);
}

/** The k-th largest (from 1) of n keys by quickselect with three-way partition; reorders them. */
export function kthLargest(keys: usize, n: u32, k: u32): u32 {
  let low: usize = keys;
  let high: usize = keys + (<usize>n - 1) * 4;
  const want: usize = keys + (<usize>k - 1) * 4;
  while (low < high) {
    const a = load<u32>(low),
      b = load<u32>(low + (((high - low) >> 3) << 2)),
      c = load<u32>(high);
    const pivot = max(min(a, b), min(max(a, b), c));
    let i = low,
      above = low,
      below = high;
    while (i <= below) {
      const v = load<u32>(i);
      if (v > pivot) {
        store<u32>(i, load<u32>(above));
        store<u32>(above, v);
        above += 4;
        i += 4;
      } else if (v < pivot) {
        store<u32>(i, load<u32>(below));
        store<u32>(below, v);
        below -= 4;
      } else i += 4;
    }
    if (want < above) high = above - 4;
    else if (want <= below) return pivot;
    else low = below + 4;
  }
  return load<u32>(want);
}

/** Keeps the k largest of `count` > k entries in place and in order; gives the smallest kept. */
export function keepLargest(entries: usize, count: u32, k: u32, keys: usize): f32 {
  for (let i: u32 = 0; i < count; i++) store<u32>(keys + i * 4, sortable(load<f32>(entries + i * 8, 4)));
  const cut = kthLargest(keys, count, k);
  // Everything before the cut's place in `keys` is at least the cut: count what is above it.
  let ties: u32 = 0;
  for (let i: u32 = 0; i < k; i++) if (load<u32>(keys + i * 4) == cut) ties++;
  let out = entries;
  for (let i: u32 = 0; i < count; i++) {
    const entry = load<u64>(entries + i * 8);
    const key = sortable(reinterpret<f32>(<u32>(entry >> 32)));
    if (key < cut) continue;
    if (key == cut) {
      if (ties == 0) continue;
      ties--;
    }
    store<u64>(out, entry);
    out += 8;
  }
  return unsortable(cut);
}
