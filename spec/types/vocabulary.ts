import { dummy, type HttpAmmo, http, line, type NetSample, phout, uri } from 'elpis';
import { reportTo, rollUp, shoot, zipAmmo } from 'elpis/operators';
import type { Observable } from 'rxjs';

const ticks = line({ from: 1, to: 10, duration: '1s' });
const target = 'localhost:80';

// The types of a provider's ammo and of a gun's samples are known in code.
const ammo: Observable<HttpAmmo> = uri({ uris: ['/'] });
const samples: Observable<NetSample> = ticks.pipe(zipAmmo(ammo), shoot(http({ target })));
samples.pipe(rollUp());
samples.pipe(reportTo(phout({ destination: './phout.log' })));

// @ts-expect-error: the http gun cannot shoot ammo without content
ticks.pipe(zipAmmo(dummy()), shoot(http({ target })));
