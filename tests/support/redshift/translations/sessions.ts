/**
 * SET, SHOW and RESET of what only Redshift has, maintenance, and grants to roles.
 * https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_ConfigurationRef.html, r_ANALYZE.html, r_ANALYZE_COMPRESSION.html, r_VACUUM_command.html, r_GRANT.html
 */
import type { Piece } from '../pieces.ts'
import { isSymbol, isWord, matchPattern, quoteFullName, quoteName, quoteText, readName } from '../words.ts'
import type { Rendering } from './rendering.ts'
import type { Translated } from './translated.ts'

/** Settings of a session that Postgres does not know. */
export const redshiftSettings: ReadonlySet<string> = new Set([
  'query_group',
  'wlm_query_slot_count',
  'enable_result_cache_for_session',
  'enable_case_sensitive_identifier',
  'enable_case_sensitive_super_attribute',
  'enable_numeric_rounding',
  'enable_vacuum_boost',
  'describe_field_name_in_uppercase',
  'downcase_delimited_identifier',
  'json_serialization_enable',
  'json_serialization_parse_nested_strings',
  'max_cursor_result_set_size',
  'mv_enable_aqmv_for_session',
  'navigate_super_null_on_error',
  'cast_super_null_on_error',
  'spectrum_enable_pseudo_columns',
  'stored_proc_log_min_messages',
  'use_fips_ssl',
  'analyze_threshold_percent',
  'activate_aqua',
  'error_on_nondeterministic_update',
])

export function translateSession(input: Rendering): Translated | undefined {
  const { words } = input
  const main = (made: Translated['main']): Translated => ({ before: [], main: made, after: [] })
  const all = { from: 0, to: words.length }
  if (isWord(words[0], 'show') && isWord(words[1], 'server_version'))
    return main([{ text: "select '8.0.2' as server_version", about: words[0]!.start }])
  if (isWord(words[0], 'set', 'show', 'reset')) {
    const at = isWord(words[1], 'session', 'local') ? 2 : 1
    if (!redshiftSettings.has(words[at]?.text ?? '')) return undefined
    return main([
      ...input.render({ from: 0, to: at }),
      { text: ` redshift.${words[at]!.text} `, about: words[at]!.start },
      ...input.render({ from: at + 1, to: words.length }),
    ])
  }
  if (isWord(words[0], 'analyze')) return translateAnalyze(input)
  if (isWord(words[0], 'vacuum')) {
    let at = 1
    while (isWord(words[at], 'full', 'sort', 'delete', 'reindex', 'recluster', 'only')) at++
    const table = readName(words, at)
    return main([
      { text: `vacuum ${table === undefined || isWord(words[at], 'to', 'boost') ? '' : quoteFullName(table)}`, about: words[0]!.start },
    ])
  }
  if (isWord(words[0], 'create') && isWord(words[1], 'group') && words[2] !== undefined)
    return { before: [], main: main(input.render(all)).main, after: [`comment on role ${quoteName(words[2].text)} is 'group'`] }
  if (isWord(words[0], 'grant', 'revoke')) {
    const made: Piece[] = []
    let from = 0
    words.forEach((word, at) => {
      if (!isWord(word, 'role') || !(at === 1 || isWord(words[at - 1], 'to', 'from') || isSymbol(words[at - 1], ','))) return
      made.push(...input.render({ from, to: at }), { text: ' ' })
      from = at + 1
    })
    return from === 0 ? undefined : main([...made, ...input.render({ from, to: words.length })])
  }
  if (isWord(words[0], 'begin', 'start') && words.some((_, at) => matchPattern(words, at, 'isolation level') !== undefined)) {
    const level = words.findIndex((word) => isWord(word, 'level'))
    const end = isWord(words[level + 1], 'serializable', 'snapshot') ? level + 2 : level + 3
    return main([...input.render({ from: 0, to: level + 1 }), { text: ' serializable ' }, ...input.render({ from: end, to: words.length })])
  }
  return isWord(words[0], 'comment', 'drop', 'create', 'alter', 'call', 'show', 'lock') ? main(input.render(all)) : undefined
}

function translateAnalyze({ words }: Rendering): Translated {
  const compression = isWord(words[1], 'compression')
  const name = readName(words, compression ? 2 : isWord(words[1], 'verbose') ? 2 : 1)
  const full = name === undefined || isWord(words[1], 'predicate', 'all') ? '' : quoteFullName(name)
  const sql = compression ? `select * from pg_catalog.analyze_compression(${quoteText(full)})` : `analyze ${full}`
  return { before: [], main: [{ text: sql, about: words[0]!.start }], after: [] }
}
