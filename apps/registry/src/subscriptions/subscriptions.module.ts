import { Module } from '@nestjs/common';
import { registryDatabase } from '../database';
import { HistoryModule } from '../history/history.module';
import { ReachModule } from '../outside/reach.module';
import { BoundDeliveries } from './bound-deliveries';
import { CheckSubscription } from './check-subscription';
import { DeliveryRepository } from './delivery.repository';
import { EditSubscription } from './edit-subscription';
import { FollowSubjects } from './follow-subjects';
import { FollowedSubjectRepository } from './followed-subject.repository';
import { SendByHand } from './send-by-hand';
import { SendDeliveries } from './send-deliveries';
import { SubscriptionRepository } from './subscription.repository';
import { SubscriptionsController } from './subscriptions.controller';
import { WantedSubjects } from './wanted-subjects';
import { WriteDeliveries } from './write-deliveries';

const stores = [SubscriptionRepository, DeliveryRepository, FollowedSubjectRepository];
const sending = [WriteDeliveries, SendDeliveries, SendByHand, BoundDeliveries];

@Module({
  imports: [registryDatabase, HistoryModule, ReachModule],
  controllers: [SubscriptionsController],
  providers: [...stores, ...sending, WantedSubjects, FollowSubjects, CheckSubscription, EditSubscription],
  exports: [FollowedSubjectRepository, WantedSubjects],
})
export class SubscriptionsModule {}
