import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import * as z from 'zod'
import { asItLooks } from '../program/look-alikes.ts'

const patterns = z
  .array(z.string())
  .parse(parse(readFileSync(new URL('orders.yaml', import.meta.url), 'utf8')))
  .map(pattern => new RegExp(pattern, 'u'))

/** Whether a text says what is meant for a model: orders, or the marks by which models tell speakers apart. */
export function givesOrders(text: string): boolean {
  const plain = asItLooks(text)
    .toLowerCase()
    .replaceAll(/[\s#*_"'`]+/gu, ' ')
  return patterns.some(pattern => pattern.test(plain))
}
