/** The scopes of a token. */
export const scopes = { read: 'learnflow:read', change: 'learnflow:change' } as const
