/** What is said of a route and of a field that this version does not know; clients tell an older platform by them. */
export const unknownRouteHint = 'See /openapi.json for every route.'
export const unknownField = 'is not a known field'
