import type { NodeOutcome } from '../core/event.ts'

/** What the work of a node says of itself; `executeUnit` adds node and time. */
export type NodeWork = Omit<NodeOutcome, 'node' | 'ms'>
