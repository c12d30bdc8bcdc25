import type { ServerProcess } from '@patchbay/testing';
import { startServerProcess } from '@patchbay/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let server: ServerProcess;

beforeAll(async () => {
  server = await startServerProcess({ main: new URL('../src/main.ts', import.meta.url) });
});
afterAll(() => server[Symbol.asyncDispose]());

async function textOf(name: string, args: Record<string, unknown>): Promise<string> {
  return (await server.callTool(name, args)).text;
}

test.for([
  ['add', 0.1, 0.2, '0.3'],
  ['subtract', 0.3, 0.1, '0.2'],
  ['subtract', '10000000000000000000000', 1, '9999999999999999999999'],
  ['multiply', -1.5, '4', '-6'],
  ['divide', 1, 8, '0.125'],
  ['divide', '1', '3', '0.333333333333333333333333333333'],
  ['divide', '1e100', '1e-100', `1${'0'.repeat(200)}`],
] as const)('%s of %s and %s is %s', async ([name, a, b, result]) => {
  expect(await textOf(name, { a, b })).toBe(result);
});

test('variables stand for their numbers, and cannot take the place of what has a name', async () => {
  const named = { expression: 'price * (1 + vat)^n', variables: { price: '19.99', vat: 0.07, n: 2 } };
  expect(await textOf('calculate', named)).toBe('22.886551');
  expect(await textOf('calculate', { expression: 'x', variables: { pi: 3 } })).toMatch(/^WRONG_ARGUMENTS/u);
  expect(await textOf('calculate', { expression: 'constructor' })).toMatch(/^UNKNOWN_NAME/u);
  expect(await textOf('calculate', { expression: '1', variables: { 'a b': 1 } })).toMatch(/^INVALID_INPUT/u);
});

describe('statistics', () => {
  test('of a list that is wrong at each place, the first places are told', async () => {
    const values = Array.from({ length: 10_000 }, () => '9'.repeat(101));
    const text = await textOf('statistics', { values });
    expect(text).toMatch(/^INVALID_INPUT: values\.0: .*; values\.7: .*; and 9992 more\n/u);
  });

  test('describe a list, exactly where decimals can', async () => {
    const { text, structured } = await server.callTool('statistics', { values: [2, 4, '4', 4, 5, 5, 7, 9] });
    expect(text).toBe(
      'count: 8\nsum: 40\nmean: 5\nmedian: 4.5\nmode: 4\nmin: 2\nmax: 9\nrange: 7\nq1: 4\nq3: 5.5\n' +
        'stdev: 2.13808993529939507747642784704\nvariance: 4.57142857142857142857142857143\n' +
        'population_stdev: 2\npopulation_variance: 4',
    );
    expect(structured).toMatchObject({
      results: expect.arrayContaining([{ measure: 'population_stdev', values: ['2'], exact: true }]),
    });
  });

  test('keep what doubles lose', async () => {
    const args = { values: ['1e30', 1, '-1e30'], measures: ['sum', 'mean'] };
    expect(await textOf('statistics', args)).toBe('sum: 1\nmean: 0.333333333333333333333333333333');
  });

  test('give the quantiles that are asked for, and no mode where nothing recurs', async () => {
    const args = { values: [3, 1, 2], measures: ['mode'], quantiles: [0, 0.9, 1] };
    expect(await textOf('statistics', args)).toBe(
      'mode: none\nquantile 0: 1\nquantile 0.9: 2.8\nquantile 1: 3',
    );
  });

  test('of one number have no deviation', async () => {
    expect(await textOf('statistics', { values: [7] })).toContain('population_stdev: 0');
    expect(await textOf('statistics', { values: [7], measures: ['stdev'] })).toMatch(/^UNDEFINED/u);
  });

  test('of numbers that are long in few characters are refused before they take time', async () => {
    const values = Array.from({ length: 10_000 }, (_, index) => `1e${index % 2 === 0 ? '' : '-'}9999`);
    expect(await textOf('statistics', { values })).toMatch(/^TOO_COMPLEX/u);
  });
});

describe('units', () => {
  test.for([
    [1, 'mi', 'km', '1.609344 km'],
    [100, 'km/h', 'mph', '62.1371192237333969617434184363 mph'],
    [212, '°F', 'celsius', '100 °C'],
    [-40, 'C', 'F', '-40 °F'],
    [1, 'GiB', 'MB', '1073.741824 MB'],
    [8, 'Mb', 'MB', '1 MB'],
    [1, 'square mile', 'acres', '640 acre'],
    [1, 'km^2', 'm2', '1000000 m²'],
    [1, 'm3', 'liters', '1000 L'],
    [1, 'Kilometers', 'FEET', '3280.83989501312335958005249344 ft'],
    [1, 'kWh', 'MJ', '3.6 MJ'],
    [180, 'degrees', 'rad', '3.14159265358979323846264338328 rad'],
    [5, 'us', 'ns', '5000 ns'],
    [3, '斤', 'kg', '1.5 kg'],
    ['0.1', 'psi', 'kPa', '0.689475729316836133672267344535 kPa'],
  ] as const)('%s %s in %s is %s', async ([value, from, to, text]) => {
    expect(await textOf('convert_units', { value, from, to })).toBe(text);
  });

  test('that do not go together, or that there are not, are refused', async () => {
    const wrong = await textOf('convert_units', { value: 1, from: 'kg', to: 'km' });
    expect(wrong).toMatch(/^INCOMPATIBLE_UNITS: "kg" is a unit of mass and "km" one of length/u);
    for (const from of ['parrot', '__proto__', 'constructor', 'mB²']) {
      expect(await textOf('convert_units', { value: 1, from, to: 'm' })).toMatch(/^UNKNOWN_UNIT/u);
    }
  });

  test.for([
    [-500, '°C', 'K', '-500 °C is below absolute zero, -273.15 °C'],
    ['-459.68', 'F', 'C', '-459.68 °F is below absolute zero, -459.67 °F'],
    [-1, 'K', 'celsius', '-1 K is below absolute zero, 0 K'],
  ] as const)('below absolute zero are refused: %s %s', async ([value, from, to, message]) => {
    expect(await textOf('convert_units', { value, from, to })).toBe(
      `OUT_OF_RANGE: ${message}\nDifferences of temperatures are multiplied instead: 1 K is 1 °C and 1.8 °F.`,
    );
  });

  test('at absolute zero are temperatures', async () => {
    expect(await textOf('convert_units', { value: '-273.15', from: 'C', to: 'F' })).toBe('-459.67 °F');
  });

  test('are listed in a resource', async () => {
    const { contents } = await server.client.readResource({ uri: 'math://units' });
    expect(contents[0]).toMatchObject({
      text: expect.stringContaining('length: m = meter = metre (with prefixes)'),
    });
  });
});

describe('linear equations', () => {
  test('are solved without rounding', async () => {
    const thirds = await server.callTool('solve_linear', {
      matrix: [
        [2, '1'],
        [1, -1],
      ],
      vector: [5, '0.5'],
    });
    expect(thirds.text).toBe(
      'x1 = 1.83333333333333333333333333333 (11/6)\nx2 = 1.33333333333333333333333333333 (4/3)',
    );
    // The first pivot is 0, and doubles lose the 1.
    const args = {
      matrix: [
        [0, 1],
        ['1e-20', 1],
      ],
      vector: [1, 1],
    };
    expect(await textOf('solve_linear', args)).toBe('x1 = 0\nx2 = 1');
  });

  test('the Hilbert matrix of 12, which doubles cannot, gives whole numbers', async () => {
    const scale = 5_354_228_880; // lcm of 1 to 24
    const matrix = Array.from({ length: 12 }, (_, row) =>
      Array.from({ length: 12 }, (_column, column) => scale / (row + column + 1)),
    );
    const vector = matrix.map((row) => String(row.reduce((sum, value) => sum + value, 0)));
    const lines = (await textOf('solve_linear', { matrix, vector })).split('\n');
    expect(lines).toEqual(Array.from({ length: 12 }, (_, index) => `x${index + 1} = 1`));
  });

  test('without a solution, or with many, are told apart', async () => {
    const matrix = [
      [1, 1, 0],
      [1, 1, 0],
      [0, 0, 1],
    ];
    const none = await textOf('solve_linear', { matrix, vector: [1, 2, 0] });
    expect(none).toMatch(/^SINGULAR: the equations contradict each other/u);
    const many = await textOf('solve_linear', { matrix, vector: [1, 1, 0] });
    expect(many).toMatch(/^SINGULAR: the equations depend on each other/u);
  });

  test.for([
    [[[1, 2]], [1]],
    [
      [
        [1, 2],
        [3, 4],
      ],
      [1],
    ],
    [
      [[1], [2]],
      [1, 2],
    ],
  ])('of uneven shape are refused: %j = %j', async ([matrix, vector]) => {
    expect(await textOf('solve_linear', { matrix, vector })).toMatch(/^WRONG_ARGUMENTS/u);
  });
});

describe('facts about a number', () => {
  test.for([
    [{ number: 360 }, 'factors: 2^3 × 3^2 × 5\ndivisors: 24'],
    [{ number: 97 }, '\nprime\ndivisors: 2'],
    [{ number: '1000000007' }, '\nprime\ndivisors: 2'],
    [{ number: '18446744073709551617' }, 'factors: 274177 × 67280421310721\ndivisors: 4'],
    [{ number: '1000036000099' }, 'factors: 1000003 × 1000033'],
    [{ number: '100140049' }, 'factors: 10007^2'],
    [{ number: String(2n ** 127n - 1n) }, '\nprime'],
    [{ number: 0.75 }, 'not a whole number of 2 significant digits\nfraction: 3/4'],
    [{ number: 12, others: [18, '30'] }, 'gcd: 6\nlcm: 180'],
    [{ number: 1 }, 'a whole number of 1 significant digit'],
  ] as const)('%j: %s', async ([args, said]) => {
    expect(await textOf('number_info', args)).toContain(said);
  });

  test('say which part could not be factored', async () => {
    const primes = [10n ** 24n + 7n, 10n ** 25n + 13n] as const;
    const info = await server.callTool('number_info', { number: String(primes[0] * primes[1] * 6n) });
    expect(info.structured).toMatchObject({
      is_prime: false,
      factors: [
        { prime: '2', exponent: 1 },
        { prime: '3', exponent: 1 },
      ],
      unfactored: String(primes[0] * primes[1]),
    });
  });
});
