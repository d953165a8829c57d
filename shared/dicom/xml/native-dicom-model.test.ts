import { describe, expect, it } from 'vitest';
import type { DicomJson } from '../json/dicom-json.ts';
import { nativeDicomModel } from './native-dicom-model.ts';

const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
const open = '<NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM">';

const attribute = (json: DicomJson) => {
  const xml = nativeDicomModel(json);
  expect([xml.startsWith(head + open), xml.endsWith('</NativeDicomModel>')]).toEqual([true, true]);
  return xml.slice((head + open).length, -'</NativeDicomModel>'.length);
};

describe('Native DICOM Model (PS3.19, A.1)', () => {
  it.each<[string, DicomJson, string]>([
    [
      'values are numbered from 1',
      { '00080008': { vr: 'CS', Value: ['ORIGINAL', 'PRIMARY'] } },
      '<DicomAttribute tag="00080008" keyword="ImageType" vr="CS"><Value number="1">ORIGINAL</Value><Value number="2">PRIMARY</Value></DicomAttribute>',
    ],
    [
      'an empty value of several is left out and counted',
      { '00080008': { vr: 'CS', Value: [null, 'PRIMARY'] } },
      '<DicomAttribute tag="00080008" keyword="ImageType" vr="CS"><Value number="2">PRIMARY</Value></DicomAttribute>',
    ],
    [
      'an empty attribute',
      { '00080050': { vr: 'SH' } },
      '<DicomAttribute tag="00080050" keyword="AccessionNumber" vr="SH"></DicomAttribute>',
    ],
    [
      'numbers',
      { '00181411': { vr: 'DS', Value: [1.5, -2] } },
      '<DicomAttribute tag="00181411" keyword="ExposureIndex" vr="DS"><Value number="1">1.5</Value><Value number="2">-2</Value></DicomAttribute>',
    ],
    [
      'a name has its groups and their parts',
      { '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Yamada^Tarou^^Dr', Ideographic: '山田^太郎' }] } },
      '<DicomAttribute tag="00100010" keyword="PatientName" vr="PN"><PersonName number="1"><Alphabetic><FamilyName>Yamada</FamilyName><GivenName>Tarou</GivenName><NamePrefix>Dr</NamePrefix></Alphabetic><Ideographic><FamilyName>山田</FamilyName><GivenName>太郎</GivenName></Ideographic></PersonName></DicomAttribute>',
    ],
    [
      'items, empty ones too',
      { '00081140': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['1.2'] } }, {}] } },
      '<DicomAttribute tag="00081140" keyword="ReferencedImageSequence" vr="SQ"><Item number="1"><DicomAttribute tag="00081155" keyword="ReferencedSOPInstanceUID" vr="UI"><Value number="1">1.2</Value></DicomAttribute></Item><Item number="2"></Item></DicomAttribute>',
    ],
    [
      'a private attribute: its creator, and its tag without the block',
      { '00291010': { vr: 'LO', Value: ['x'] }, '00290010': { vr: 'LO', Value: ['A & "B"'] } },
      '<DicomAttribute tag="00290010" vr="LO"><Value number="1">A &amp; &quot;B&quot;</Value></DicomAttribute><DicomAttribute tag="00290010" privateCreator="A &amp; &quot;B&quot;" vr="LO"><Value number="1">x</Value></DicomAttribute>',
    ],
    [
      'a private attribute that nobody created',
      { '00291110': { vr: 'LO' } },
      '<DicomAttribute tag="00291110" vr="LO"></DicomAttribute>',
    ],
    [
      'an attribute of a repeating group',
      { '60020022': { vr: 'LO', Value: ['x'] } },
      '<DicomAttribute tag="60020022" keyword="OverlayDescription" vr="LO"><Value number="1">x</Value></DicomAttribute>',
    ],
    [
      'a value by URI',
      { '7FE00010': { vr: 'OW', BulkDataURI: 'http://x/?a=1&b=2' } },
      '<DicomAttribute tag="7FE00010" keyword="PixelData" vr="OW"><BulkData uri="http://x/?a=1&amp;b=2"/></DicomAttribute>',
    ],
    [
      'a value in base 64',
      { '00420011': { vr: 'OB', InlineBinary: 'AAE=' } },
      '<DicomAttribute tag="00420011" keyword="EncapsulatedDocument" vr="OB"><InlineBinary>AAE=</InlineBinary></DicomAttribute>',
    ],
    [
      'text: marks are escaped, line ends kept, what XML does not have replaced',
      { '00104000': { vr: 'LT', Value: ['<a>\r\n\t\u0007\u0080\ud800😀\uffff'] } },
      '<DicomAttribute tag="00104000" keyword="PatientComments" vr="LT"><Value number="1">&lt;a&gt;&#13;\n\t\ufffd\u0080\ufffd😀\ufffd</Value></DicomAttribute>',
    ],
  ])('%s', (_, json, xml) => {
    expect(attribute(json)).toBe(xml);
  });
});
