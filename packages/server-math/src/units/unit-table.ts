/** Names that mean one unit, and what it is in the base unit of its dimension: a factor `over/under`. */
export interface UnitRow {
  readonly names: readonly string[];
  readonly factor: string;
  /** Takes SI prefixes: `km`, `kilometer`. Those of the squared and cubed are squared and cubed too. */
  readonly prefixed?: 'symbol' | 'square' | 'cube';
  /** Takes binary prefixes: `KiB`. */
  readonly binary?: true;
  /** What to add before the factor, for scales whose zero is elsewhere. */
  readonly offset?: string;
}

/**
 * Dimensions with their units, the base unit first. The symbol of a unit with prefixes stands first, its word second.
 * The factors are exact by definition, but for those of pi. Sources: SI brochure (BIPM, 9th edition), NIST SP 811,
 * IEC 80000-13.
 */
export const UNIT_TABLE: Readonly<Record<string, readonly UnitRow[]>> = {
  length: [
    { names: ['m', 'meter', 'metre'], factor: '1', prefixed: 'symbol' },
    { names: ['in', 'inch', 'inches', '"'], factor: '0.0254' },
    { names: ['ft', 'foot', 'feet', "'"], factor: '0.3048' },
    { names: ['yd', 'yard'], factor: '0.9144' },
    { names: ['mi', 'mile'], factor: '1609.344' },
    { names: ['nmi', 'nautical mile'], factor: '1852' },
    { names: ['au', 'astronomical unit'], factor: '149597870700' },
    { names: ['ly', 'light-year', 'light year'], factor: '9460730472580800' },
    { names: ['里', 'li'], factor: '500' },
  ],
  mass: [
    { names: ['g', 'gram', 'gramme'], factor: '1', prefixed: 'symbol' },
    { names: ['t', 'tonne', 'metric ton'], factor: '1000000' },
    { names: ['lb', 'pound', 'lbs'], factor: '453.59237' },
    { names: ['oz', 'ounce'], factor: '28.349523125' },
    { names: ['st', 'stone'], factor: '6350.29318' },
    { names: ['ton', 'short ton', 'us ton'], factor: '907184.74' },
    { names: ['long ton'], factor: '1016046.9088' },
    { names: ['ct', 'carat'], factor: '0.2' },
    { names: ['斤', 'jin', 'catty'], factor: '500' },
  ],
  time: [
    { names: ['s', 'second', 'sec'], factor: '1', prefixed: 'symbol' },
    { names: ['min', 'minute'], factor: '60' },
    { names: ['h', 'hour', 'hr'], factor: '3600' },
    { names: ['d', 'day'], factor: '86400' },
    { names: ['wk', 'week'], factor: '604800' },
    { names: ['yr', 'year', 'julian year'], factor: '31557600' },
  ],
  temperature: [
    { names: ['K', 'kelvin'], factor: '1' },
    { names: ['°C', 'celsius', 'degC', 'C', '℃'], factor: '1', offset: '273.15' },
    { names: ['°F', 'fahrenheit', 'degF', 'F', '℉'], factor: '5/9', offset: '459.67' },
    { names: ['°R', 'rankine'], factor: '5/9' },
  ],
  area: [
    { names: ['m²', 'square meter', 'square metre', 'sqm'], factor: '1', prefixed: 'square' },
    { names: ['ha', 'hectare'], factor: '10000' },
    { names: ['acre', 'acres', 'ac'], factor: '4046.8564224' },
    { names: ['in²', 'square inch', 'square inches'], factor: '0.00064516' },
    { names: ['ft²', 'square foot', 'square feet', 'sqft'], factor: '0.09290304' },
    { names: ['yd²', 'square yard'], factor: '0.83612736' },
    { names: ['mi²', 'square mile'], factor: '2589988.110336' },
    { names: ['亩', 'mu'], factor: '2000/3' },
  ],
  volume: [
    { names: ['m³', 'cubic meter', 'cubic metre'], factor: '1', prefixed: 'cube' },
    { names: ['L', 'liter', 'litre'], factor: '0.001', prefixed: 'symbol' },
    { names: ['l'], factor: '0.001', prefixed: 'symbol' },
    { names: ['gal', 'gallon', 'us gallon'], factor: '0.003785411784' },
    { names: ['imp gal', 'imperial gallon'], factor: '0.00454609' },
    { names: ['qt', 'quart'], factor: '0.000946352946' },
    { names: ['pt', 'pint'], factor: '0.000473176473' },
    { names: ['cup', 'cups'], factor: '0.0002365882365' },
    { names: ['fl oz', 'fluid ounce'], factor: '0.0000295735295625' },
    { names: ['tbsp', 'tablespoon'], factor: '0.00001478676478125' },
    { names: ['tsp', 'teaspoon'], factor: '0.00000492892159375' },
    { names: ['ft³', 'cubic foot', 'cubic feet'], factor: '0.028316846592' },
    { names: ['in³', 'cubic inch', 'cubic inches'], factor: '0.000016387064' },
    { names: ['bbl', 'barrel', 'oil barrel'], factor: '0.158987294928' },
  ],
  speed: [
    { names: ['m/s', 'meters per second', 'metres per second'], factor: '1' },
    { names: ['km/h', 'kph', 'kmh', 'kilometers per hour', 'kilometres per hour'], factor: '5/18' },
    { names: ['mph', 'mi/h', 'miles per hour'], factor: '0.44704' },
    { names: ['kn', 'knot', 'kt'], factor: '463/900' },
    { names: ['ft/s', 'fps', 'feet per second'], factor: '0.3048' },
  ],
  force: [
    { names: ['N', 'newton'], factor: '1', prefixed: 'symbol' },
    { names: ['kgf', 'kilogram-force'], factor: '9.80665' },
    { names: ['lbf', 'pound-force'], factor: '4.4482216152605' },
  ],
  pressure: [
    { names: ['Pa', 'pascal'], factor: '1', prefixed: 'symbol' },
    { names: ['bar', 'bars'], factor: '100000', prefixed: 'symbol' },
    { names: ['atm', 'atmosphere'], factor: '101325' },
    { names: ['psi'], factor: '4.4482216152605/0.00064516' },
    { names: ['Torr', 'torr'], factor: '101325/760' },
    { names: ['mmHg'], factor: '133.322387415' },
    { names: ['inHg'], factor: '3386.388640341' },
  ],
  energy: [
    { names: ['J', 'joule'], factor: '1', prefixed: 'symbol' },
    { names: ['cal', 'calorie'], factor: '4.184', prefixed: 'symbol' },
    { names: ['Cal', 'food calorie'], factor: '4184' },
    { names: ['Wh', 'watt hour', 'watt-hour'], factor: '3600', prefixed: 'symbol' },
    { names: ['eV', 'electronvolt'], factor: '0.0000000000000000001602176634', prefixed: 'symbol' },
    { names: ['BTU', 'Btu'], factor: '1055.05585262' },
  ],
  power: [
    { names: ['W', 'watt'], factor: '1', prefixed: 'symbol' },
    { names: ['hp', 'horsepower'], factor: '745.69987158227022' },
    { names: ['PS', 'metric horsepower'], factor: '735.49875' },
  ],
  frequency: [
    { names: ['Hz', 'hertz'], factor: '1', prefixed: 'symbol' },
    { names: ['rpm'], factor: '1/60' },
  ],
  data: [
    { names: ['bit', 'bits'], factor: '1', prefixed: 'symbol', binary: true },
    { names: ['B', 'byte'], factor: '8', prefixed: 'symbol', binary: true },
    { names: ['b'], factor: '1', prefixed: 'symbol' },
  ],
  angle: [
    { names: ['°', 'degree', 'deg'], factor: '1' },
    { names: ['rad', 'radian'], factor: '180/pi' },
    { names: ['grad', 'gon'], factor: '0.9' },
    { names: ['arcmin', 'minute of arc'], factor: '1/60' },
    { names: ['arcsec', 'second of arc'], factor: '1/3600' },
    { names: ['turn', 'revolution'], factor: '360' },
  ],
};

/** Symbol, word and power of ten. Source: SI brochure, table 7. */
export const SI_PREFIXES: readonly (readonly [symbol: string, word: string, power: number])[] = [
  ['da', 'deca', 1],
  ['h', 'hecto', 2],
  ['k', 'kilo', 3],
  ['M', 'mega', 6],
  ['G', 'giga', 9],
  ['T', 'tera', 12],
  ['P', 'peta', 15],
  ['E', 'exa', 18],
  ['d', 'deci', -1],
  ['c', 'centi', -2],
  ['m', 'milli', -3],
  ['µ', 'micro', -6],
  ['n', 'nano', -9],
  ['p', 'pico', -12],
  ['f', 'femto', -15],
];

/** Symbol, word and power of 1024. Source: IEC 80000-13. */
export const BINARY_PREFIXES: readonly (readonly [symbol: string, word: string, power: number])[] = [
  ['Ki', 'kibi', 1],
  ['Mi', 'mebi', 2],
  ['Gi', 'gibi', 3],
  ['Ti', 'tebi', 4],
  ['Pi', 'pebi', 5],
];
