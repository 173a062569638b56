/** Kinds of objects that Redshift does not have. */
import { beginning, begins, guide, notOnTables, type Refusal, syntaxError } from './refusal.ts'

const features = guide('c_unsupported-postgresql-features')
const types = guide('c_unsupported-postgresql-datatypes')

export const objectRefusals: readonly Refusal[] = [
  { refuses: 'indexes', ...notOnTables, source: features, find: beginning('create unique? index', 'drop index', 'alter index', 'reindex') },
  {
    refuses: 'triggers',
    ...notOnTables,
    source: features,
    find: beginning('create constraint? trigger', 'create or replace trigger', 'drop trigger', 'create event trigger'),
  },
  { refuses: 'rules', ...notOnTables, source: features, find: beginning('create rule', 'create or replace rule') },
  {
    refuses: 'sequences',
    ...notOnTables,
    source: features,
    find: beginning('create temp|temporary? sequence', 'alter sequence', 'drop sequence'),
  },
  {
    refuses: 'types of one’s own',
    ...notOnTables,
    source: types,
    find: beginning('create type', 'create domain', 'drop type', 'drop domain'),
  },
  {
    refuses: 'extensions',
    ...syntaxError,
    source: features,
    find: ({ words }) => (begins(words, 'create extension', 'drop extension') ? words[1] : undefined),
  },
  { refuses: 'tablespaces', ...notOnTables, source: features, find: beginning('create tablespace', 'drop tablespace') },
  { refuses: 'blocks of code', ...syntaxError, source: guide('c_PLpgSQL-statements'), find: beginning('do') },
  {
    refuses: 'unlogged tables',
    ...syntaxError,
    source: guide('r_CREATE_TABLE_NEW'),
    find: ({ words }) => (begins(words, 'create unlogged') ? words[1] : undefined),
  },
]
