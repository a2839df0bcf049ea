/** First in, first out per owner; owners take turns, so that one owner's backlog does not delay another. */
export interface FairQueue<Item> {
  size(): number
  add(owner: string, item: Item): void
  take(): Item | undefined
  /** Removes an item that is not wanted any more; false when it is not there. */
  remove(owner: string, item: Item): boolean
}

export function fairQueue<Item>(): FairQueue<Item> {
  // A Map keeps insertion order: its first owner has the next turn.
  const waiting = new Map<string, Item[]>()
  let size = 0
  return {
    size: () => size,
    add(owner, item) {
      const pile = waiting.get(owner)
      if (pile === undefined) waiting.set(owner, [item])
      else pile.push(item)
      size += 1
    },
    take() {
      const [turn] = waiting
      if (turn === undefined) return undefined
      const [owner, pile] = turn
      const item = pile.shift()
      waiting.delete(owner)
      if (pile.length > 0) waiting.set(owner, pile)
      size -= 1
      return item
    },
    remove(owner, item) {
      const pile = waiting.get(owner) ?? []
      const at = pile.indexOf(item)
      if (at === -1) return false
      pile.splice(at, 1)
      if (pile.length === 0) waiting.delete(owner)
      size -= 1
      return true
    },
  }
}
