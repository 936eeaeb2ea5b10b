// The whole engine as one RxJS pipeline. Run it: TARGET=127.0.0.1:8080 npx tsx examples/compose-in-code/run.ts
import { http, isSummarySnapshot, line, phout, summary, summaryText, uri } from 'elpis';
import { reportTo, shoot, zipAmmo } from 'elpis/operators';
import { filter, map } from 'rxjs';

const target = process.env.TARGET ?? '127.0.0.1:8080';

line({ from: 10, to: 200, duration: '2s' })
  .pipe(
    zipAmmo(uri({ uris: ['/ home', '/delay/20 slow'] })),
    shoot(http({ target }), { instances: 20 }),
    reportTo(phout({ destination: './phout.log' }), summary()),
    map(({ detail }) => detail),
    filter(isSummarySnapshot),
  )
  .subscribe((snapshot) => console.log(summaryText([snapshot])));
