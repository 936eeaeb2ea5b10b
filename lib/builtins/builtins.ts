import { csvAggregator } from '../aggregators/csvAggregator.js';
import { discardAggregator } from '../aggregators/discardAggregator.js';
import { jsonAggregator, jsonlinesAggregator } from '../aggregators/jsonlinesAggregator.js';
import { logAggregator } from '../aggregators/logAggregator.js';
import { phoutAggregator } from '../aggregators/phoutAggregator.js';
import { sampledAggregator } from '../aggregators/sampledAggregator.js';
import { fileSinkComponent } from '../data/fileSinkComponent.js';
import { fileSourceComponent } from '../data/fileSourceComponent.js';
import { inlineSourceComponent } from '../data/inlineSourceComponent.js';
import { stderrSinkComponent } from '../data/stderrSinkComponent.js';
import { stdinSourceComponent } from '../data/stdinSourceComponent.js';
import { stdoutSinkComponent } from '../data/stdoutSinkComponent.js';
import { urlSourceComponent } from '../data/urlSourceComponent.js';
import { fetchGun } from '../guns/fetch/fetchGun.js';
import { httpGun } from '../guns/http/httpGun.js';
import { Registry } from '../plugin/registry.js';
import { jitterOperator } from '../pool-operators/jitterOperator.js';
import { poissonOperator } from '../pool-operators/poissonOperator.js';
import { retagOperator } from '../pool-operators/retagOperator.js';
import { dummyProvider } from '../providers/dummyProvider.js';
import { anyHttpProvider } from '../providers/http/anyHttpProvider.js';
import { headerDateMiddleware } from '../providers/http/headerDateMiddleware.js';
import { httpJsonProvider } from '../providers/http/httpJsonProvider.js';
import { rawProvider } from '../providers/http/rawProvider.js';
import { uriProvider } from '../providers/http/uriProvider.js';
import { uripostProvider } from '../providers/http/uripostProvider.js';
import { jsonProvider } from '../providers/jsonProvider.js';
import { mixProvider } from '../providers/mixProvider.js';
import { numProvider } from '../providers/numProvider.js';
import { compositeSchedule } from '../schedules/compositeSchedule.js';
import { constSchedule } from '../schedules/constSchedule.js';
import { instanceStepSchedule } from '../schedules/instanceStepSchedule.js';
import { jitterSchedule } from '../schedules/jitterSchedule.js';
import { lineSchedule } from '../schedules/lineSchedule.js';
import { mixSchedule } from '../schedules/mixSchedule.js';
import { onceSchedule } from '../schedules/onceSchedule.js';
import { poissonSchedule } from '../schedules/poissonSchedule.js';
import { stepSchedule } from '../schedules/stepSchedule.js';
import { traceSchedule } from '../schedules/traceSchedule.js';
import { unlimitedSchedule } from '../schedules/unlimitedSchedule.js';

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
    .register(headerDateMiddleware)
    .register(httpGun)
    .register(fetchGun)
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
