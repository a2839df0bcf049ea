/**
 * Calls another app and waits for its answer: in-process when embedded, Dapr service invocation otherwise. Bodies and
 * answers are JSON.
 */
export interface Invoker {
  /**
   * @throws DEPENDENCY_DOWN when `app` does not answer within `timeoutMs` (1-30,000); NOT_FOUND when it has no such
   * method; the method's own PlatformError unchanged; INTERNAL when the method failed in any other way.
   */
  invoke<T>(app: string, method: string, body: unknown, timeoutMs: number): Promise<T>
}
