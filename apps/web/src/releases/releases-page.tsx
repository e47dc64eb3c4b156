import { HubTabs } from '../hub/hub-tabs';
import { Page } from '../shell/page';
import { ReleaseList } from './release-list';

/** What was released, of all products and of the services of this installation. */
export function Component() {
  return (
    <Page title="Releases">
      <HubTabs />
      <ReleaseList none="Nothing was released yet, as far as this installation was told. Let GitHub send its workflow runs and deployments here, or let the script that deploys report as a task." />
    </Page>
  );
}
