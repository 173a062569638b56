/** Values stay as the server sent them: no date, number or JSON is read on the way. */
export const textTypes = { getTypeParser: () => (value: unknown) => value }
