import { Module } from '@nestjs/common';
import { REGISTRY_CONFIG, type RegistryConfig } from '../config';
import { askingOnce, REACH, resolveBySystem, type Reach } from './post-outside';

/** Where this process may send to. */
@Module({
  providers: [
    {
      provide: REACH,
      inject: [REGISTRY_CONFIG],
      useFactory: ({ OUTGOING_ALLOW }: RegistryConfig): Reach => ({
        allow: OUTGOING_ALLOW,
        resolve: askingOnce(resolveBySystem),
      }),
    },
  ],
  exports: [REACH],
})
export class ReachModule {}
