import { gateImports as guarded, type Gate } from '../../../platform/drivers/sandbox/child/gate.ts'

/** A gate that stays open. */
export function gateImports(): Gate {
  const gate = guarded()
  gate.shut = () => {}
  return gate
}
