/** Counts as people read them: `1 row`, `3,000 rows`. */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${withCommas(count)} ${count === 1 ? singular : plural}`
}

/** `10,000`. What the language offers for it loads the tables of every locale first. */
function withCommas(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
}
