const known = [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 21, 22, 24, 201, 202]

/** Message key of WeCom's `add_way`; ways invented later count as unknown. */
export function toAddWayKey(addWay: number): string {
  return `addWay.w${known.includes(addWay) ? addWay : 0}`
}
