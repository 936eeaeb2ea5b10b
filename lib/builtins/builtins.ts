import { csvAggregator } from '../aggregators/csv.js';
import { discardAggregator } from '../aggregators/discard.js';
import { jsonAggregator, jsonlinesAggregator } from '../aggregators/jsonlines.js';
import { logAggregator } from '../aggregators/log.js';
import { phoutAggregator } from '../aggregators/phout.js';
import { sampledAggregator } from '../aggregators/sampledAggregator.js';
import { fileSinkComponent, fileSourceComponent } from '../data/file.js';
import { inlineSourceComponent } from '../data/inline.js';
import { stderrSinkComponent, stdinSourceComponent, stdoutSinkComponent } from '../data/std.js';
import { urlSourceComponent } from '../data/url.js';
import { fetchGun } from '../guns/fetch/gun.js';
import { httpGun } from '../guns/http/gun.js';
import { Registry } from '../plugin/registry.js';
import { jitterOperator, poissonOperator, retagOperator } from '../pool-operators/poolOperators.js';
import { dummyProvider, numProvider } from '../providers/counted.js';
import { headerDateMiddleware } from '../providers/http/dateHeader.js';
import {
  anyHttpProvider,
  httpJsonProvider,
  rawProvider,
  uriProvider,
  uripostProvider,
} from '../providers/http/providers.js';
import { jsonProvider } from '../providers/jsonProvider.js';
import { mixProvider } from '../providers/mixProvider.js';
import { scenarioProvider } from '../scenario/scenarioProvider.js';
import { constSchedule } from '../schedules/const.js';
import { instanceStepSchedule } from '../schedules/instanceStep.js';
import { lineSchedule } from '../schedules/line.js';
import { compositeSchedule, jitterSchedule, mixSchedule, poissonSchedule } from '../schedules/nested.js';
import { onceSchedule } from '../schedules/once.js';
import { stepSchedule } from '../schedules/step.js';
import { traceSchedule } from '../schedules/trace.js';
import { unlimitedSchedule } from '../schedules/unlimited.js';
import { scenarioGunComponent } from './scenarioGun.js';

/** Everything that a config can select by `type`: the one visible list of what exists. */
export function builtins(): Registry {
  return new Registry()
    .register(constSchedule)
    .register(lineSchedule)
    .register(stepSchedule)
    .register(onceSchedule)
    .register(unlimitedSchedule)
    .register(instanceStepSchedule)
    .register(compositeSchedule)
    .register(mixSchedule)
    .register(poissonSchedule)
    .register(jitterSchedule)
    .register(traceSchedule)
    .register(uriProvider)
    .register(uripostProvider)
    .register(rawProvider)
    .register(httpJsonProvider)
    .register(anyHttpProvider)
    .register(jsonProvider)
    .register(numProvider)
    .register(dummyProvider)
    .register(mixProvider)
    .register(scenarioProvider)
    .register(headerDateMiddleware)
    .register(httpGun)
    .register(fetchGun)
    .register(scenarioGunComponent)
    .register(jitterOperator)
    .register(poissonOperator)
    .register(retagOperator)
    .register(phoutAggregator)
    .register(jsonlinesAggregator)
    .register(jsonAggregator)
    .register(csvAggregator)
    .register(logAggregator)
    .register(sampledAggregator)
    .register(discardAggregator)
    .register(fileSinkComponent)
    .register(stdoutSinkComponent)
    .register(stderrSinkComponent)
    .register(fileSourceComponent)
    .register(stdinSourceComponent)
    .register(inlineSourceComponent)
    .register(urlSourceComponent);
}
