import RequestQueue from 'kafkajs/src/network/requestQueue/index.js'

/**
 * kafkajs checks the queue of each connection every millisecond while it is open, even when the queue is empty: 10-20 %
 * of a core, and a warning from Node on stderr, because the timer is set to a time in the past (tulios/kafkajs#1604,
 * #1751). Here an arriving request sets the timer instead. Imported for this side effect.
 */
const schedule = RequestQueue.prototype.scheduleCheckPendingRequests
RequestQueue.prototype.scheduleCheckPendingRequests = function whenNeeded() {
  if (this.pending.length > 0) schedule.call(this)
}
