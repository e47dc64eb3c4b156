// Loaded before an app: a SIGUSR2 stops its telling of steps, the next one resumes it. For the bench alone.
const { StepLog } = require('../libs/bus/dist/step-log.js');

let tells = true;
process.on('SIGUSR2', () => {
  tells = !tells;
});
for (const name of ['note', 'notePublished', 'flush']) {
  const original = StepLog.prototype[name];
  StepLog.prototype[name] = function (...args) {
    return tells ? original.apply(this, args) : undefined;
  };
}
