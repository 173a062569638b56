export interface RedshiftError {
  readonly sqlstate: string
  readonly message: string
  readonly detail?: string
  /** A notice before it. */
  readonly info?: string
  /** An offset in the text that was sent. */
  readonly at?: number
}
