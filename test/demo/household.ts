/** Who lives in a demo household: three generations under one name and one roof. Invented people. */
import type { Random } from './random.ts';

export interface Person {
  /** `demo-1-anna`: stable, so that examples can name it. */
  readonly id: string;
  readonly given: string;
  readonly family: string;
  readonly gender: 'female' | 'male';
  /** `1984-03-07` */
  readonly birthDate: string;
  readonly role: 'grandparent' | 'parent' | 'child';
  readonly address: { readonly line: string; readonly city: string; readonly postalCode: string };
  readonly phone: string;
}

const families = ['Lindqvist', 'Okafor', 'Moreau', 'Tanaka', 'Silva', 'Novak', 'Haddad', 'Brennan'];
const cities = [
  { city: 'Riverton', postalCode: '02139' },
  { city: 'Ashford', postalCode: '10027' },
  { city: 'Lakeview', postalCode: '60657' },
  { city: 'Cedar Hills', postalCode: '97225' },
];
const streets = ['Maple Street', 'Harbour Road', 'Mill Lane', 'Station Avenue', 'Orchard Way'];
const names = {
  female: {
    grandparent: ['Ingrid', 'Rosa', 'Mary'],
    parent: ['Anna', 'Claire', 'Lucia'],
    child: ['Maya', 'Elsa', 'Zoe'],
  },
  male: {
    grandparent: ['George', 'Henrik', 'Paul'],
    parent: ['David', 'Marco', 'Samuel'],
    child: ['Leo', 'Noah', 'Emil'],
  },
};

/** One household of five; `number` counts from 1. The first parent of household 1 is always Anna Lindqvist. */
export function household(number: number, random: Random): Person[] {
  const family = families[(number - 1) % families.length] ?? 'Lindqvist';
  const place = random.pick(cities);
  const address = { line: `${random.whole(1, 180)} ${random.pick(streets)}`, ...place };
  const phone = `+1-555-01${String(random.whole(0, 99)).padStart(2, '0')}`;
  const person = (role: Person['role'], gender: Person['gender'], born: [number, number], given?: string): Person => {
    const name = given ?? random.pick(names[gender][role]);
    const birthDate = [random.whole(...born), random.whole(1, 12), random.whole(1, 28)]
      .map((part) => String(part).padStart(2, '0'))
      .join('-');
    return { id: `demo-${number}-${name.toLowerCase()}`, given: name, family, gender, birthDate, role, address, phone };
  };
  return [
    person('parent', 'female', [1979, 1986], number === 1 ? 'Anna' : undefined),
    person('parent', 'male', [1976, 1985]),
    person('child', 'female', [2008, 2012]),
    person('child', 'male', [2013, 2017]),
    person('grandparent', random.pick(['female', 'male'] as const), [1944, 1955]),
  ];
}
