/** What became of one instance of a store request. Source: DICOM PS3.18, 10.5.3, and AHDS's set of reasons. */
import type { InstanceKey } from '../../stores/imaging/imaging-index.ts';

export const failureReasons = {
  /** Not to be read as DICOM, or not to be written. */
  processing: 0x0110,
  invalid: 0xa900,
  otherStudy: 0xa901,
  alreadyStored: 0xb00e,
} as const;

export const warningReasons = {
  /** AHDS gives it to files with implicit VRs. */
  otherSopClass: 0xb007,
  invalidAttributes: 1,
} as const;

export type InstanceResult =
  | {
      readonly kind: 'stored';
      readonly key: InstanceKey;
      readonly sopClass: string;
      readonly sopInstance: string;
      readonly warning?: number;
      /** What its warnings are about. */
      readonly comments: readonly string[];
      readonly severalValues: boolean;
    }
  | {
      readonly kind: 'failed';
      /** Empty or absent where they could not be read. */
      readonly sopClass?: string;
      readonly sopInstance?: string;
      readonly reason: number;
      /** Of the instance that is stored already. */
      readonly key?: InstanceKey;
      readonly comments: readonly string[];
    };
