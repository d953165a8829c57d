/** The operations of a DICOM service. Source: AHDS's conformance statements v1 and v2. */
import type { DataAction } from '../access/data-actions.ts';
import type { Method } from '../operations/operation.ts';
import type { Level } from '../stores/imaging/imaging-index.ts';
import type { DicomHandler, PartitionRule } from './call.ts';

export interface DicomRow extends PartitionRule {
  /** `store-instances`: the standard's or AHDS's name of it. */
  readonly name: string;
  readonly methods: readonly Method[];
  /** Behind the service's and the version's segments. */
  readonly path: string;
  readonly access: readonly (readonly DataAction[])[];
  readonly body: 'none' | 'stream' | 'workitem';
  /** Loaded with what it needs (dictionary, character sets) at the first request. */
  readonly handler: LoadHandler;
}

export type LoadHandler = () => Promise<DicomHandler>;

const changeFeed = async () => (await import('./change-feed/change-feed.ts')).changeFeed;
const latestChange = async () => (await import('./change-feed/change-feed.ts')).latestChange;
const changeWorkitemState = async () => (await import('./worklist/change-workitem-state.ts')).changeWorkitemState;
const createWorkitem = async () => (await import('./worklist/create-workitem.ts')).createWorkitem;
const deleteInstances = async () => (await import('./delete-instances.ts')).deleteInstances;
const listPartitions = async () => (await import('./list-partitions.ts')).listPartitions;
const requestCancellation = async () => (await import('./worklist/request-cancellation.ts')).requestCancellation;
const retrieveFrames = async () => (await import('./retrieve/retrieve-frames.ts')).retrieveFrames;
const retrieveInstances = async () => (await import('./retrieve/retrieve-instances.ts')).retrieveInstances;
const retrieveMetadata = async () => (await import('./retrieve/retrieve-metadata.ts')).retrieveMetadata;
const retrieveWorkitem = async () => (await import('./worklist/retrieve-workitem.ts')).retrieveWorkitem;
const retrieveBulkData = async () => (await import('./retrieve/retrieve-bulk-data.ts')).retrieveBulkData;
const retrieveRendered = async () => (await import('./retrieve/retrieve-rendered.ts')).retrieveRendered;
const retrieveThumbnail = async () => (await import('./retrieve/retrieve-rendered.ts')).retrieveThumbnail;
const searchFor = (level: Level) => async () => (await import('./search/search-instances.ts')).searchFor(level);
const searchWorkitems = async () => (await import('./worklist/search-workitems.ts')).searchWorkitems;
const storeInstances = async () => (await import('./store/store-instances.ts')).storeInstances;
const updateWorkitem = async () => (await import('./worklist/update-workitem.ts')).updateWorkitem;

const toRead = [['dicom.read']] as const;
const toWrite = [['dicom.write']] as const;
const toDelete = [['dicom.delete']] as const;

const study = 'studies/{study}';
const series = `${study}/series/{series}`;
const instance = `${series}/instances/{instance}`;
const workitem = 'workitems/{workitem}';

function get(name: string, path: string, handler: LoadHandler): DicomRow {
  return { name, methods: ['GET'], path, access: toRead, body: 'none', partition: 'known', handler };
}

function remove(name: string, path: string): DicomRow {
  return {
    name,
    methods: ['DELETE'],
    path,
    access: toDelete,
    body: 'none',
    partition: 'known',
    handler: deleteInstances,
  };
}

function store(name: string, path: string): DicomRow {
  const methods = ['POST', 'PUT'] as const;
  return { name, methods, path, access: toWrite, body: 'stream', partition: 'made', handler: storeInstances };
}

function change(name: string, method: 'POST' | 'PUT', path: string, handler: LoadHandler): DicomRow {
  return { name, methods: [method], path, access: toWrite, body: 'workitem', partition: 'known', handler };
}

export const dicomRows: readonly DicomRow[] = [
  store('store-instances', 'studies'),
  store('store-instances-in-study', study),
  get('retrieve-study', study, retrieveInstances),
  get('retrieve-series', series, retrieveInstances),
  get('retrieve-instance', instance, retrieveInstances),
  get('retrieve-study-metadata', `${study}/metadata`, retrieveMetadata),
  get('retrieve-series-metadata', `${series}/metadata`, retrieveMetadata),
  get('retrieve-instance-metadata', `${instance}/metadata`, retrieveMetadata),
  get('retrieve-frames', `${instance}/frames/{frames}`, retrieveFrames),
  get('retrieve-bulk-data', `${instance}/bulkdata/{tag}`, retrieveBulkData),
  get('retrieve-instance-rendered', `${instance}/rendered`, retrieveRendered),
  get('retrieve-frame-rendered', `${instance}/frames/{frames}/rendered`, retrieveRendered),
  get('retrieve-instance-thumbnail', `${instance}/thumbnail`, retrieveThumbnail),
  get('retrieve-frame-thumbnail', `${instance}/frames/{frames}/thumbnail`, retrieveThumbnail),
  get('search-studies', 'studies', searchFor('study')),
  get('search-series', 'series', searchFor('series')),
  get('search-instances', 'instances', searchFor('instance')),
  get('search-study-series', `${study}/series`, searchFor('series')),
  get('search-study-instances', `${study}/instances`, searchFor('instance')),
  get('search-series-instances', `${series}/instances`, searchFor('instance')),
  remove('delete-study', study),
  remove('delete-series', series),
  remove('delete-instance', instance),
  { ...change('create-workitem', 'POST', 'workitems', createWorkitem), partition: 'made' },
  get('search-workitems', 'workitems', searchWorkitems),
  get('retrieve-workitem', workitem, retrieveWorkitem),
  change('update-workitem', 'POST', workitem, updateWorkitem),
  change('change-workitem-state', 'PUT', `${workitem}/state`, changeWorkitemState),
  change('request-cancellation', 'POST', `${workitem}/cancelrequest`, requestCancellation),
  { ...get('change-feed', 'changefeed', changeFeed), partition: 'none' },
  { ...get('change-feed-latest', 'changefeed/latest', latestChange), partition: 'none' },
  { ...get('list-partitions', 'partitions', listPartitions), partition: 'none' },
];
