/** What a token may allow. */
export const scopes = { read: 'learnflow:read', change: 'learnflow:change' } as const
