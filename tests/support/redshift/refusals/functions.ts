/** Functions that Redshift does not have. */
import { isSymbol, isWord } from '../words.ts'
import { guide, type Refusal } from './refusal.ts'

const missing = new Set(
  (
    'pg_advisory_lock pg_advisory_unlock pg_advisory_xact_lock pg_try_advisory_lock pg_try_advisory_xact_lock pg_advisory_unlock_all unnest array_to_string string_to_array cardinality ' +
    'json_agg jsonb_agg json_build_object jsonb_build_object json_build_array jsonb_build_array row_to_json to_json to_jsonb json_object_agg clock_timestamp pg_sleep transaction_timestamp ' +
    'div setseed width_bucket generate_subscripts bit_length overlay convert_from convert_to encode format quote_nullable regexp_matches regexp_split_to_array regexp_split_to_table ' +
    'every corr covar_pop covar_samp regr_slope nextval currval setval lastval txid_current gen_random_uuid make_date make_timestamp justify_days justify_hours justify_interval ' +
    'num_nulls num_nonnulls hashtext to_regclass concat_ws date_bin make_interval'
  ).split(' '),
)

export const functionRefusals: readonly Refusal[] = [
  {
    refuses: 'functions that it does not have',
    text: 'function {word}() does not exist',
    sqlstate: '42883',
    wording: 'assumed',
    source: guide('c_unsupported-postgresql-functions'),
    find: ({ words }) =>
      words.find(
        (word, at) =>
          word.kind === 'word' &&
          missing.has(word.text) &&
          isSymbol(words[at + 1], '(') &&
          !isWord(words[at - 1], 'table', 'into', 'view', 'function', 'procedure', 'as', 'update', 'exists') &&
          (!isSymbol(words[at - 1], '.') || isWord(words[at - 2], 'pg_catalog')),
      ),
  },
]
