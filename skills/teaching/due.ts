/** When an assignment is due, for a person. */
export const dueWords = (due: string | null): string => (due === null ? 'no due time' : `due ${due}`)
