/** ` with (security_barrier=true)`, or nothing. */
export function viewOptions(options: readonly string[]): string {
  return options.length === 0 ? '' : ` with (${options.join(', ')})`
}
