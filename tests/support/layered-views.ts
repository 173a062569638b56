/** A project of 500 views in ten layers over one table, each of which reads one or two of the layer before. */
const range = (size: number): readonly number[] => Array.from({ length: size }, (_, index) => index)

/** Two parents in half of the layers: few enough paths for the server to plan what reads them. */
export function layeredViews(columns: string): Readonly<Record<string, string>> {
  const views = range(10).flatMap((layer) =>
    range(50).map((n) => {
      const above = layer % 2 === 0 ? [n] : [n, (n + 1) % 50]
      const [first, second] = layer === 0 ? [] : above.map((one) => `{{ref 'v_${layer - 1}_${one}'}}`)
      const join = second === undefined ? '' : ` join ${second} b on b.id = a.id`
      return [`models/v_${layer}_${n}.sql`, `select ${columns} from ${first ?? "{{ref 'supporters'}}"} a${join}\n`]
    }),
  )
  return { 'models/supporters.sql': '/*--- materialized: table ---*/\nselect 1 as id\n', ...Object.fromEntries(views) }
}
