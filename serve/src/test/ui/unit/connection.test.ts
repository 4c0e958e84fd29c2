import { Connection } from '../../../main/ui/src/api/connection';
import { ApiError } from '../../../main/ui/src/api/errors';

const offline = new ApiError('offline', '');

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('down_asksAgainAtGrowingDistances_untilItAnswers', async () => {
  let isUp = false;
  const asked: number[] = [];
  const connection = new Connection(async () => {
    asked.push(Date.now());
    return isUp;
  });
  const began = Date.now();
  connection.failed(offline);
  expect(connection.state).toBe('down');
  await vi.advanceTimersByTimeAsync(35_000);
  const waits = asked.map((at, i) => at - (asked[i - 1] ?? began));
  expect(waits).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000]);
  isUp = true;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(connection.state).toBe('up');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(7);
});

test('retry_asksAtOnce_andOnlyOneTimerRuns', async () => {
  let asked = 0;
  const connection = new Connection(async () => {
    asked += 1;
    return false;
  });
  connection.failed(offline);
  await connection.retry();
  expect(asked).toBe(1);
  await vi.advanceTimersByTimeAsync(1999);
  expect(asked).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toBe(2);
});

test('refusal_whileDown_meansThatItIsBack', () => {
  const connection = new Connection(async () => false);
  connection.failed(offline);
  connection.failed(new ApiError('busy', '', 503));
  expect(connection.state).toBe('up');
});

test('listeners_hearChangesOnly', () => {
  const connection = new Connection(async () => true);
  let heard = 0;
  connection.subscribe(() => (heard += 1));
  connection.answered();
  connection.answered();
  expect(heard).toBe(1);
});
