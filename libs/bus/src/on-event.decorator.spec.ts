import { Controller } from '@nestjs/common';
import { PATTERN_EXTRAS_METADATA } from '@nestjs/microservices/constants';
import { type DataOf } from '@recert/contracts';
import { type Delivery, OnEvent, serviceOf } from './on-event.decorator';
import { done, type Outcome } from './outcome';
import { Answered, Counted } from './test-kit/test-service';

/** What must not compile: each `@ts-expect-error` is an error itself when the line below it has none. */
@Controller()
export class HandlersThatDoNotCompile {
  // @ts-expect-error: the payload is that of another event
  @OnEvent(Answered, { durable: 'scheduler.wrong-payload' })
  wrongPayload(_data: DataOf<typeof Counted>, _delivery: Delivery): Promise<Outcome> {
    return Promise.resolve(done);
  }

  // @ts-expect-error: no outcome is returned
  @OnEvent(Counted, { durable: 'scheduler.no-outcome' })
  async noOutcome(_data: DataOf<typeof Counted>, _delivery: Delivery): Promise<void> {}

  // @ts-expect-error: an outcome of a kind that there is not
  @OnEvent(Counted, { durable: 'scheduler.wrong-outcome' })
  wrongOutcome(_data: DataOf<typeof Counted>, _delivery: Delivery): Promise<{ kind: 'ignored' }> {
    return Promise.resolve({ kind: 'ignored' });
  }

  // @ts-expect-error: a durable name has the name of its service before a dot
  @OnEvent(Counted, { durable: 'nameless' })
  nameless(_data: DataOf<typeof Counted>, _delivery: Delivery): Promise<Outcome> {
    return Promise.resolve(done);
  }

  @OnEvent(Counted, { durable: 'scheduler.compiles' })
  compiles(_data: DataOf<typeof Counted>, _delivery: Delivery): Promise<Outcome> {
    return Promise.resolve(done);
  }

  @OnEvent(Counted, { durable: 'scheduler.answers', emits: [Answered] })
  answers(_data: DataOf<typeof Counted>, _delivery: Delivery): Promise<Outcome> {
    return Promise.resolve(done);
  }
}

describe('@OnEvent', () => {
  it('leaves the method callable, with its name and what it returns', async () => {
    const { compiles } = HandlersThatDoNotCompile.prototype;
    expect(compiles.name).toBe('compiles');
    await expect(compiles({ n: 1, text: '' }, undefined as never)).resolves.toEqual(done);
  });

  it('leaves with Nest what the handler says it publishes, and nothing where it says nothing', () => {
    const { answers, compiles } = HandlersThatDoNotCompile.prototype;
    expect(Reflect.getMetadata(PATTERN_EXTRAS_METADATA, answers)).toMatchObject({ emits: [Answered] });
    expect(Reflect.getMetadata(PATTERN_EXTRAS_METADATA, compiles)).toMatchObject({ emits: [] });
  });

  it.each([
    ['scheduler.open-review', 'scheduler'],
    ['kpi-ingest.a.b', 'kpi-ingest'],
  ])('finds that %s belongs to %s', (durable, service) => {
    expect(serviceOf(durable)).toBe(service);
  });
});
