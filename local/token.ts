/**
 * `npm run token -- --role "FHIR Data Reader"` prints a token for services that run with `AUTH_ISSUERS=local`. `--service`
 * limits its roles to one service, `--scope` and `--fhir-user` make it one of a SMART app, `--minutes` says how long it lasts.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { signLocalToken } from '../shared/access/tokens/local-issuer.ts';

const usage =
  'Usage: npm run token -- --role "FHIR Data Reader" [--role …] [--service fhir] [--scope …] [--fhir-user Patient/1] [--name …] [--minutes 60]';

const { values } = parseArgs({
  options: {
    role: { type: 'string', multiple: true, default: [] },
    service: { type: 'string' },
    scope: { type: 'string' },
    'fhir-user': { type: 'string' },
    name: { type: 'string', default: 'developer' },
    minutes: { type: 'string', default: '60' },
  },
});
const minutes = Number(values.minutes);
if (values.role.length === 0 || !Number.isInteger(minutes) || minutes < 1) {
  console.error(usage);
  process.exit(1);
}
const claims = {
  sub: values.name,
  roles: values.role.map((role) => (values.service === undefined ? role : `${role}@${values.service}`)),
  ...(values.scope !== undefined && { scope: values.scope }),
  ...(values['fhir-user'] !== undefined && { fhirUser: values['fhir-user'] }),
};
console.log(await signLocalToken(path.resolve(process.env.DATA_DIR?.trim() || '.data'), claims, minutes));
