import RequestQueue from 'kafkajs/src/network/requestQueue/index.js'

/**
 * kafkajs looks at the queue of a connection every millisecond, for as long as it lives, even when nothing waits in it: 10-20 % of a core, and a
 * warning of Node's on stderr, because the timer is set to ring in the past (tulios/kafkajs#1604, #1751). What comes into the queue sets the
 * timer itself. Imported for this effect.
 */
const schedule = RequestQueue.prototype.scheduleCheckPendingRequests
RequestQueue.prototype.scheduleCheckPendingRequests = function whenNeeded() {
  if (this.pending.length > 0) schedule.call(this)
}
