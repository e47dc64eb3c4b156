import { type RoundItem } from '@recert/contracts';
import { roundCsv } from './round-csv';

const item: RoundItem = {
  ...{ processId: 'a', name: 'mix, "dough"', section: '=1+1', owner: null, status: 'due', reason: 'asked' },
  ...{ askedAt: '2026-01-01T00:00:00.000Z', reminders: 2, answer: null, answeredBy: null, answeredAt: null },
  ...{ recordOpened: false, late: true },
};

describe('the table of a round', () => {
  it('has a line of names and a line for each review', () => {
    expect(roundCsv([item])).toBe(
      'processId,name,section,owner,status,reason,askedAt,reminders,answer,answeredBy,answeredAt,recordOpened,late\r\n' +
        `a,"mix, ""dough""",'=1+1,,due,asked,2026-01-01T00:00:00.000Z,2,,,,false,true\r\n`,
    );
  });

  it.each(['=1', '+1', '-1', '@A1', '\tx', '\rx'])('lets no spreadsheet compute %j', (name) => {
    expect(roundCsv([{ ...item, name }])).toMatch(/\r\na,"?'/);
  });

  it('is its names alone where nothing was asked', () => {
    expect(roundCsv([]).split('\r\n')).toHaveLength(2);
  });
});
