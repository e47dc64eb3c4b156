import { flowChart } from './flow-chart';

type Tasks = Parameters<typeof flowChart>[0];

const tasks: Tasks = [
  {
    id: 'registry.open',
    name: 'open review',
    service: 'registry',
    trigger: { event: 'process.due' },
    emits: ['process.registered'],
  },
  { id: 'scheduler.follow', name: 'follow', service: 'scheduler', trigger: { event: 'process.registered' }, emits: [] },
  { id: 'scheduler.timer', name: 'timer', service: 'scheduler', trigger: { every: 'PT5M' }, emits: ['process.due'] },
  { id: 'backup', name: 'Backup', service: 'outside', trigger: { every: 'P1D' }, emits: [] },
];

describe('the flows', () => {
  it('are services, and what goes from one to the other', () => {
    expect(flowChart(tasks, null).split('\n')).toEqual([
      'flowchart LR',
      '  nservice_32_registry["registry"]',
      '  nservice_32_scheduler["scheduler"]',
      '  ntask_32_backup["Backup"]',
      '  nservice_32_registry -->|"process.registered"| nservice_32_scheduler',
      '  nservice_32_scheduler -->|"process.due"| nservice_32_registry',
    ]);
  });

  it('of one service are its tasks, what makes them run and what they say', () => {
    expect(flowChart(tasks, 'registry').split('\n')).toEqual([
      'flowchart LR',
      '  nregistry_46_open["open review"]',
      '  non_32_process_46_due(["process.due"])',
      '  non_32_process_46_due --> nregistry_46_open',
      '  non_32_process_46_registered(["process.registered"])',
      '  nregistry_46_open --> non_32_process_46_registered',
    ]);
  });

  it('count what does not fit on an arrow', () => {
    const emits = ['a.a', 'a.b', 'a.c', 'a.d', 'a.e'];
    const many: Tasks = [
      { id: 'x', name: 'x', service: 'x', trigger: { hand: true }, emits },
      ...emits.map((event) => ({ id: `y.${event}`, name: event, service: 'y', trigger: { event }, emits: [] })),
    ];
    expect(flowChart(many, null)).toContain('|"a.a, a.b, a.c and 2 more"|');
  });

  it('take a name for text, whatever it is', () => {
    const hostile = '"] --> x["<script>alert(1)</script>`%%{init}%%';
    const drawn = flowChart(
      [{ id: 'x"]', name: hostile, service: 'outside', trigger: { hand: true }, emits: [] }],
      null,
    );
    expect(drawn).not.toMatch(/<|script>|%%|`/);
    expect(drawn.split('\n')).toHaveLength(2);
    expect(drawn.split('\n')[1]).toMatch(/^ {2}ntask_32_x_34__93_\["[^"]*"\]$/);
  });
});
