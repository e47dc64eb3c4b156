// Loaded before an app: it tells no steps. For the bench alone.
require('../libs/bus/dist/step-log.js').StepLog.prototype.start = () => undefined;
