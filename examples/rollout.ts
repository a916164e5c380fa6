import { connect } from 'resprout';
import { sleep } from 'resprout/durable';
import { checkHealth, upgrade } from './host-ops.ts'; // ordinary functions; they run on the far side

export async function main(event: { data: { hosts: string[]; version: string } }) {
  for (const host of event.data.hosts) {
    const web = await connect(host);
    await web.call(upgrade, event.data.version);
    await sleep('3s');
    await web.call(checkHealth);
    console.log(`${host} runs ${event.data.version}`);
  }
}
