import { fieldOfReason } from './field-of-reason';

describe('the reason why a report is not taken', () => {
  it.each([
    ['week: 2099-W01 has not begun, it is 2026-W47 there', 'week', '2099-W01 has not begun, it is 2026-W47 there'],
    ['kpis: "a: b" is there twice', 'kpis', '"a: b" is there twice'],
    ['kpis.signups: expected number', 'kpis.signups', 'expected number'],
    ['kpis.0.value: two\nlines', 'kpis.0.value', 'two\nlines'],
    ['the body: expected object', 'body', 'expected object'],
    ['the body is not JSON: send {"week": "2026-W47"}', 'body', 'the body is not JSON: send {"week": "2026-W47"}'],
    ['', 'body', ''],
  ])('%j is about %s', (reason, field, message) => expect(fieldOfReason(reason)).toEqual({ field, message }));
});
