import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allEvents } from '@recert/contracts';
import { newSecret, signedHeaders } from './sign';
import { bodyOf } from './write-deliveries';

interface N8nNode {
  readonly name: string;
  readonly type: string;
  readonly typeVersion: number;
  readonly onError?: string;
  readonly executeOnce?: boolean;
  readonly alwaysOutputData?: boolean;
  readonly credentials?: unknown;
  readonly parameters: Readonly<Record<string, string>>;
}
interface N8nWorkflow {
  readonly id: string;
  readonly nodes: readonly N8nNode[];
  readonly connections: Readonly<Record<string, { readonly main: readonly (readonly { readonly node: string }[])[] }>>;
}

const documentOf = (name: string): string => readFileSync(join(__dirname, '../../../../docs', name), 'utf8');
const blocksOf = (name: string, language: string): string[] =>
  [...documentOf(name).matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^\\1\`\`\``, 'gm'))].map(
    ([, , code]) => code!,
  );
const run = <T>(code: string, given: object): T =>
  // What a document tells people to paste is run as it stands there.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
  new Function(...Object.keys(given), code)(...(Object.values(given) as unknown[])) as T;

const secret = newSecret();
/** As both tools take it: a text. */
const key = Buffer.from(secret.replace('whsec_', ''), 'base64').toString('utf8');
const body = bodyOf('outside.bill-paid', new Date(), {
  2: 'b',
  1: 'a',
  text: 'für "Ada" 🙂\u2028',
  n: [1e21, 0.1, -0, { zebra: null, a: [] }],
  paid: true,
});
/** As a `jsonb` column of PostgreSQL keeps it: shorter names first. */
const asJsonb = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(asJsonb);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, of]) => [key, asJsonb(of)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1)));
};
const headersAt = (at: Date): Record<string, string> => signedHeaders({ id: 'e_s', at, body }, [newSecret(), secret]);
const textOf = (headers: Record<string, string>): string =>
  `${headers['webhook-id']}.${headers['webhook-timestamp']}.${JSON.stringify(JSON.parse(body))}`;

describe('a body that was parsed', () => {
  it('is written again as it was sent, so that a tool without the raw text can verify it', () => {
    for (const { subject, example } of allEvents) {
      const sent = bodyOf(subject, new Date(), example);
      expect(JSON.stringify(JSON.parse(sent))).toBe(sent);
    }
    expect(JSON.stringify(JSON.parse(body))).toBe(body);
  });
});

describe('the workflows of docs/n8n.md', () => {
  const workflows = blocksOf('n8n.md', 'json').map((text) => JSON.parse(text) as N8nWorkflow);

  it('are whole: every connection leads from one node to another', () => {
    expect(workflows).toHaveLength(2);
    for (const { nodes, connections } of workflows) {
      const names = nodes.map(({ name }) => name);
      const ends = Object.values(connections).flatMap(({ main }) => main.flat().map(({ node }) => node));
      expect(new Set(names).size).toBe(names.length);
      expect(names).toEqual(expect.arrayContaining([...Object.keys(connections), ...ends]));
      expect(new Set([names[0], ...ends])).toEqual(new Set(names));
    }
  });

  it('have what n8n takes them in by: an id for its command line, and nodes of the versions they were run with', () => {
    const versions: Record<string, number> = { webhook: 2, crypto: 2, code: 2, httpRequest: 4.2, scheduleTrigger: 1.2 };
    for (const { id, nodes } of workflows) {
      expect(id).toMatch(/^[a-z-]+$/);
      for (const { type, typeVersion } of nodes) {
        expect([type, typeVersion]).toEqual([type, versions[type.replace('n8n-nodes-base.', '')]]);
      }
    }
  });

  it('hold no secret, as keys and tokens are in credentials', () => {
    for (const { credentials, parameters } of workflows.flatMap(({ nodes }) => nodes)) {
      expect(credentials).toBeUndefined();
      expect(parameters).not.toHaveProperty('secret');
    }
  });

  it('tell Recert that a step failed by answering when the last one is done', () => {
    const [hear] = workflows as [N8nWorkflow];
    expect(hear.nodes[0]!.parameters).toMatchObject({ httpMethod: 'POST', path: 'recert', responseMode: 'lastNode' });
  });

  it('take a message that is signed, and no other one', () => {
    const [{ nodes }] = workflows as [N8nWorkflow];
    const [, sign, check] = nodes as [N8nNode, N8nNode, N8nNode];
    expect(sign.parameters).toEqual({
      ...{ action: 'hmac', type: 'SHA256', encoding: 'base64', dataPropertyName: 'signature' },
      value: `={{ $json.headers['webhook-id'] }}.{{ $json.headers['webhook-timestamp'] }}.{{ JSON.stringify($json.body) }}`,
    });
    const receive = (headers: Record<string, string>): unknown => {
      // As the node does it, with its own words for the value.
      const signature = createHmac('sha256', key).update(textOf(headers)).digest('base64');
      const json = { headers, body: JSON.parse(body) as object, signature };
      return run(check.parameters['jsCode']!, { $input: { first: () => ({ json }) } });
    };
    expect(receive(headersAt(new Date()))).toEqual([{ json: { id: 'e_s', ...(JSON.parse(body) as object) } }]);
    expect(() => receive({ ...headersAt(new Date()), 'webhook-id': 'other' })).toThrow('The signature is not right.');
    expect(() => receive(headersAt(new Date(Date.now() - 301_000)))).toThrow('older than five minutes');
  });

  describe('that is a task', () => {
    const [, { nodes }] = workflows as [N8nWorkflow, N8nWorkflow];
    const named = (name: string): N8nNode => nodes.find((node) => node.name === name)!;
    const said = (name: string, json: object): { status: string; log?: string } => {
      const text = named(name).parameters['jsonBody']!;
      const expression = /^=\{\{(.*)\}\}$/s.exec(text)?.[1];
      return JSON.parse(expression ? run<string>(`return ${expression}`, { $json: json }) : text) as { status: string };
    };

    it('says how it began and ended, once however many items there are', () => {
      expect(said('Start', {})).toEqual({ status: 'start' });
      expect(said('Success', {})).toEqual({ status: 'success' });
      expect([named('Success').executeOnce, named('Fail').executeOnce]).toEqual([true, true]);
    });

    it('tells why it failed in the words of the error, without the headers of the request', () => {
      const error = { message: '500 - "full"', options: { headers: { 'X-Secret': 'geheim' } } };
      expect(said('Fail', { error })).toEqual({ status: 'fail', log: '500 - "full"' });
      expect(said('Fail', { error: 'the disk is full [line 1]' }).log).toBe('the disk is full [line 1]');
      expect(said('Fail', { headers: { 'X-Secret': 'geheim' } }).log).toBe('no reason was given');
    });

    it('runs its work though nobody heard of its start, and leads to one of both ends', () => {
      expect(named('Start').onError).toBe('continueRegularOutput');
      expect(named('Work').onError).toBe('continueErrorOutput');
      expect(nodes.filter(({ alwaysOutputData }) => alwaysOutputData)).toEqual([]);
    });
  });
});

describe('the code of docs/automatisch.md', () => {
  const [compose, compare] = blocksOf('automatisch.md', 'js') as [string, string];
  const answer = async (headers: Record<string, string>, sent = body): Promise<string> => {
    const inputs = {
      id: headers['webhook-id'],
      timestamp: headers['webhook-timestamp'],
      // Automatisch keeps what each step gave in such a column, and hands an object on as a text.
      body: JSON.stringify(asJsonb(JSON.parse(sent))),
    };
    const text = await run<Promise<string>>(`${compose}; return code(inputs);`, { inputs });
    const hash = createHmac('sha256', key).update(text).digest('hex');
    const given = { hash, signatures: headers['webhook-signature'], timestamp: headers['webhook-timestamp'] };
    return run<Promise<string>>(`${compare}; return code(inputs);`, { inputs: given });
  };

  it('says yes to a message that is signed, and no to every other one', async () => {
    expect(await answer(headersAt(new Date()))).toBe('yes');
    expect(await answer(headersAt(new Date()), body.replace('true', 'false'))).toBe('no');
    expect(await answer({ ...headersAt(new Date()), 'webhook-id': 'other' })).toBe('no');
    expect(await answer(headersAt(new Date(Date.now() - 302_000)))).toBe('no');
  });

  it('knows a message of every event again, whatever order its fields were kept in', async () => {
    for (const { subject, example } of allEvents) {
      const at = new Date();
      const sent = bodyOf(subject, at, example);
      expect([subject, await answer(signedHeaders({ id: 'e_s', at, body: sent }, [secret]), sent)]).toEqual([
        subject,
        'yes',
      ]);
    }
  });
});
