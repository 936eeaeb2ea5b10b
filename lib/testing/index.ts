// For users' tests: clocks, fakes of every contract, and what records calls.
export { FakeAggregator, type FakeAggregatorOptions } from './fakeAggregator.js';
export { FakeArmoury, type FakeArmouryOptions, type FakeShot } from './fakeArmoury.js';
export { fakeDeps } from './fakeDeps.js';
export { FakeLog } from './fakeLog.js';
export { FakeProvider } from './fakeProvider.js';
export { MemorySink } from './memorySink.js';
export { VirtualClock } from '../coreutil/virtualClock.js';
