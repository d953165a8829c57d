/** `Location?near`: distances on the globe, compared with the haversine formula, poles and the date line included. */
import { describe, expect, it } from 'vitest';
import { nearTest } from './near.ts';
import { searchTables } from './testing/search-table.ts';

const table = searchTables();
const place = (latitude: number, longitude: number) => ({ position: { latitude, longitude } });
const places = {
  alexanderplatz: place(52.521918, 13.413215),
  potsdam: place(52.390569, 13.064473),
  hamburg: place(53.551086, 9.993682),
  fiji: place(-17.7134, 178.065),
  taveuni: place(-16.85, -179.95),
  pole: place(90, 0),
  alert: place(82.5, -62.35),
  mirny: place(-66.55, 93.01),
  wrapped: place(0, 190),
  nowhere: { name: 'no position' },
  broken: place(95, 0),
};

const radius = 6371.0088;
function kilometres([lat1, lon1]: readonly number[], [lat2, lon2]: readonly number[]): number {
  const rad = (degrees = 0) => (degrees * Math.PI) / 180;
  const [dLat, dLon] = [rad(lat2) - rad(lat1), rad(lon2) - rad(lon1)];
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(rad(lat1)) * Math.cos(rad(lat2)) * Math.sin(dLon / 2) ** 2;
  return 2 * radius * Math.asin(Math.min(1, Math.sqrt(h)));
}

const centres = [
  [52.5, 13.4],
  [-17, 179.9],
  [-17, -179.9],
  [89.9, 120],
  [-89, 10],
  [0, -170],
  [0, 180],
];
const distances = [1, 30, 300, 1000, 8000, 20_100];
const generated = centres.flatMap((centre) =>
  distances.map((distance): [string, string] => [
    `near=${centre.join('|')}|${distance}|km`,
    Object.entries(places)
      .filter(([id, each]) => 'position' in each && id !== 'broken')
      .filter(([, each]) => {
        const { latitude, longitude } = (each as ReturnType<typeof place>).position;
        return kilometres([latitude, longitude], centre) <= distance;
      })
      .map(([id]) => id)
      .sort()
      .join(' '),
  ]),
);

describe('near', () => {
  table('Location', places, [
    ...generated,
    ['near=52.52|13.41', 'alexanderplatz potsdam'],
    ['near=52.52|13.41|', 'alexanderplatz potsdam'],
    ['near=52.52|13.41|5', 'alexanderplatz'],
    ['near=52.52|13.41|5000|m', 'alexanderplatz'],
    ['near=52.52|13.41|30|[mi_i]', 'alexanderplatz potsdam'],
    ['near=52.521918|13.413215|0|km', 'alexanderplatz'],
    ['near=52.52|13.41|5|km,53.55|10|5|km', 'alexanderplatz hamburg'],
    ['near=90|0|10|km', 'pole'],
    ['near=90|-135|10|km', 'pole'],
    ['near=-17|180|300|km', 'fiji taveuni'],
    ['near:missing=true&_id=nowhere,pole', 'nowhere'],
    ['near:missing=false&_id=nowhere,pole', 'pole'],
  ]);

  it('no distance is beyond the antipodes', () => {
    expect(nearTest('0|0|999999|km', 'near')).toMatchObject({ chord: 2 });
  });
});
