/**
 * Asks a unit of data tests. Tests of one relation share statements; a shared statement that errors is asked again test by test, so that the
 * culprit is named. Failing rows are read only to be shown (masked) or, on request, kept in a table.
 */
import { createHash } from 'node:crypto'
import { SqlflowError, WarehouseError } from '../core/errors.ts'
import type { NodeOutcome, TestSample } from '../core/event.ts'
import type { NodeId } from '../core/node.ts'
import { decodeBatch, type Batch } from '../data-tests/batch.ts'
import type { DataTest, TestResult } from '../data-tests/data-test.ts'
import { describeFailures } from '../data-tests/describe-failures.ts'
import { allFailingRowsSql, failingRowsSql } from '../data-tests/failing-rows.ts'
import { judge } from '../data-tests/judge.ts'
import { maskSample } from '../data-tests/mask-sample.ts'
import { planTests, splitBatch } from '../data-tests/plan-tests.ts'
import { planStoredFailures } from '../data-tests/store-failures.ts'
import { relationLabel } from '../core/relation.ts'
import { testErrorHint } from '../data-tests/test-error.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { TestNode } from '../graph/graph.ts'
import type { Session } from '../warehouses/warehouse.ts'
import { buildRelation } from './build-relation.ts'
import { diagnosticFailure } from './diagnostic-failure.ts'
import { placeOf, reportFailureOf } from './locate-failure.ts'
import { prepareTest } from './prepare-test.ts'
import { retryTransient } from './retry-transient.ts'
import { retrying, type RunContext } from './run-context.ts'
import type { UnitResult } from './schedule.ts'
import { sensitiveColumnsOf } from './sensitive-columns.ts'

export async function executeTests(context: RunContext, nodes: readonly TestNode[]): Promise<UnitResult> {
  let blockedBy: string | undefined
  const rest = new Map(nodes.map((node) => [node.id, node]))
  const finish = (outcome: NodeOutcome): void => {
    rest.delete(outcome.node)
    context.emitter.emit({ type: 'node-finished', ...outcome })
    if (outcome.status === 'fail' || outcome.status === 'error') blockedBy ??= outcome.node
  }
  try {
    await askAll(context, prepareAll(context, nodes, finish), new Map(rest), finish)
  } catch (error) {
    if (!context.signal.aborted && !(error instanceof SqlflowError)) throw error
    for (const node of rest.values()) finish({ ...outcomeBase(context, node, 0), ...unasked(context, error) })
  }
  return blockedBy === undefined ? {} : { blockedBy }
}

async function askAll(
  context: RunContext,
  tests: readonly DataTest[],
  nodes: ReadonlyMap<NodeId, TestNode>,
  finish: (outcome: NodeOutcome) => void,
): Promise<void> {
  if (tests.length === 0) return
  await context.withSession(async (session) => {
    for (const batch of planTests(tests, context.dialect)) {
      context.signal.throwIfAborted()
      for (const answer of await askBatch(context, session, batch)) {
        const { outcome, sample } = await judgeSafely(context, session, nodes.get(answer.test.id)!, answer)
        finish(outcome)
        if (sample) context.emitter.sample(outcome.node, sample)
      }
    }
  })
}

/** What becomes of the tests that were not answered when their session ended. */
function unasked(context: RunContext, error: unknown): Pick<NodeOutcome, 'status' | 'reason' | 'failure'> {
  if (context.signal.aborted) return { status: 'cancelled', reason: 'the run was cancelled' }
  return { status: 'error', failure: reportFailureOf(error, { readText: context.readText }) }
}

/** Those that render; the others are finished at once. */
function prepareAll(context: RunContext, nodes: readonly TestNode[], finish: (outcome: NodeOutcome) => void): readonly DataTest[] {
  const ready: DataTest[] = []
  for (const node of nodes) {
    context.emitter.emit({ type: 'node-started', node: node.id })
    const prepared = prepareTest(context, node)
    if (prepared.ok) {
      ready.push(prepared.test)
      context.files.write(node, compiledTest(prepared.test, context.dialect))
    } else finish({ ...outcomeBase(context, node, 0), status: 'error', failure: diagnosticFailure(prepared.diagnostics, context.readText) })
  }
  return ready
}

/** What a test is to people: the SELECT of its failing rows, however many tests are asked together. */
function compiledTest(test: DataTest, dialect: Dialect): Pick<CompiledNode, 'hash' | 'sql'> {
  const { sql } = allFailingRowsSql(test, dialect)
  return { hash: createHash('sha256').update(sql).digest('hex'), sql: () => sql }
}

type Answer = { readonly test: DataTest; readonly ms: number } & (
  | { readonly result: TestResult }
  | { readonly error: WarehouseError; readonly batch: Batch }
)

async function askBatch(context: RunContext, session: Session, batch: Batch): Promise<readonly Answer[]> {
  const started = performance.now()
  try {
    const [answer] = await retryTransient(() => session.run(batch.sql.sql), retrying(context, batch.tests[0]!.id))
    const ms = performance.now() - started
    return decodeBatch(batch, answer?.rows ?? []).map((result) => ({ test: result.test, ms, result }))
  } catch (error) {
    if (!(error instanceof WarehouseError) || context.signal.aborted || session.broken) throw error
    if (batch.tests.length > 1) {
      const answers: Answer[] = []
      for (const one of splitBatch(batch, context.dialect)) answers.push(...(await askBatch(context, session, one)))
      return answers
    }
    return [{ test: batch.tests[0]!, ms: performance.now() - started, error, batch }]
  }
}

interface Judged {
  readonly outcome: NodeOutcome
  readonly sample?: TestSample
}

/** That failing rows cannot be kept or shown is the matter of their test alone. */
async function judgeSafely(context: RunContext, session: Session, node: TestNode, answer: Answer): Promise<Judged> {
  try {
    return await judgeOne(context, session, node, answer)
  } catch (error) {
    if (!(error instanceof SqlflowError) || context.signal.aborted || session.broken) throw error
    const failure = reportFailureOf(error, { readText: context.readText })
    return { outcome: { ...outcomeBase(context, node, answer.ms), status: 'error', failure } }
  }
}

async function judgeOne(context: RunContext, session: Session, node: TestNode, answer: Answer): Promise<Judged> {
  const base = outcomeBase(context, node, answer.ms)
  if ('error' in answer) {
    const { error, batch } = answer
    const located = reportFailureOf(error, {
      readText: context.readText,
      rendered: () => batch.sql,
      compiledOffset: (one) => one.position,
      hint: await context.hintFor(node.id, error, session),
    })
    const hint = testErrorHint(answer.test, error.sqlState) ?? located.hint
    const place = located.place ?? placeOf(answer.test.at, context.readText)
    return { outcome: { ...base, status: 'error', failure: { ...located, ...(place && { place }), ...(hint !== undefined && { hint }) } } }
  }
  const { test, result } = answer
  const verdict = judge(test.options, result)
  if (verdict === 'pass') return { outcome: { ...base, status: 'success', rows: result.failures } }
  const storedIn = test.options.storeFailures ? await keepFailingRows(context, session, test) : undefined
  const outcome: NodeOutcome = {
    ...base,
    status: verdict,
    rows: result.failures,
    reason: describeFailures(result),
    ...(storedIn !== undefined && { storedIn }),
  }
  return { outcome, sample: await readSample(context, session, node, test) }
}

function outcomeBase(context: RunContext, node: TestNode, ms: number): Omit<NodeOutcome, 'status'> {
  const what = node.test === 'generic' ? node.use.test : 'singular'
  return { node: node.id, ms, what, where: node.test === 'generic' ? context.labelOf(node.on) : 'tests' }
}

async function readSample(context: RunContext, session: Session, node: TestNode, test: DataTest): Promise<TestSample> {
  const shown = Math.min(test.options.limit ?? 5, 5)
  const { sql } = failingRowsSql(test, context.dialect, shown)
  const { fields, rows } = await retryTransient(() => session.query(sql), retrying(context, node.id))
  return maskSample({ fields, rows, sensitive: sensitiveColumnsOf(context.graph, node.id) })
}

async function keepFailingRows(context: RunContext, session: Session, test: DataTest): Promise<string> {
  const { relation, select } = planStoredFailures({ test, schema: context.project.target.schema, dialect: context.dialect })
  await buildRelation(context, session, {
    node: test.id,
    relation,
    description: `Failing rows of the test ${test.name}.`,
    contents: { materialized: 'table', sql: select.sql },
  })
  return relationLabel(relation)
}
