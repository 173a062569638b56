/**
 * The table in which runs say what they work on, one in each schema. Redshift takes no comment on a schema: of one that sqlflow made, the comment of this
 * table, which is made with it, ends in the schema's stamp.
 */
export const lockTableName = 'sqlflow_locks'
