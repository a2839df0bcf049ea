/** Asks another app and waits for its answer: in-process when embedded, Dapr service invocation otherwise. */
export interface Invoker {
  /**
   * @throws DEPENDENCY_DOWN when `app` does not answer within `timeoutMs` (1-30,000); NOT_FOUND when it has no such method.
   */
  invoke<T>(app: string, method: string, body: unknown, timeoutMs: number): Promise<T>
}
