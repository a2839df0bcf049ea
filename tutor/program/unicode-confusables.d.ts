/** The package has no types that are found. */
declare module 'unicode-confusables' {
  export function confusables(text: string): { point: string; similarTo?: string }[]
}
