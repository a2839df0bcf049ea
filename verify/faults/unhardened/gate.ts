import { gateImports as guarded, type Gate } from '../../../platform/drivers/sandbox/child/gate.ts'

/** An import gate that allows everything. */
export function gateImports(): Gate {
  const gate = guarded()
  gate.shut = () => {}
  return gate
}
