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
  readonly access: 'public' | readonly (readonly DataAction[])[];
  readonly body: 'none' | 'whole' | 'stream';
  /** Loaded with what it needs (dictionary, character sets) at the first request. */
  readonly handler: LoadHandler;
}

export type LoadHandler = () => Promise<DicomHandler>;

const addQueryTags = async () => (await import('./query-tags/add-query-tags.ts')).addQueryTags;
const bulkUpdate = async () => (await import('./update/bulk-update.ts')).bulkUpdate;
const changeFeed = async () => (await import('./change-feed/change-feed.ts')).changeFeed;
const changeQueryTag = async () => (await import('./query-tags/change-query-tag.ts')).changeQueryTag;
const latestChange = async () => (await import('./change-feed/change-feed.ts')).latestChange;
const changeWorkitemState = async () => (await import('./worklist/change-workitem-state.ts')).changeWorkitemState;
const createWorkitem = async () => (await import('./worklist/create-workitem.ts')).createWorkitem;
const deleteInstances = async () => (await import('./delete-instances.ts')).deleteInstances;
const listQueryTagErrors = async () => (await import('./query-tags/read-query-tags.ts')).listQueryTagErrors;
const listQueryTags = async () => (await import('./query-tags/read-query-tags.ts')).listQueryTags;
const readOpenApi = async () => (await import('./openapi/read-openapi.ts')).readOpenApi;
const readOperation = async () => (await import('./jobs/read-operation.ts')).readOperation;
const readQueryTag = async () => (await import('./query-tags/read-query-tags.ts')).readQueryTag;
const removeQueryTag = async () => (await import('./query-tags/remove-query-tag.ts')).removeQueryTag;
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
const startExport = async () => (await import('./export/start-export.ts')).startExport;
const storeInstances = async () => (await import('./store/store-instances.ts')).storeInstances;
const subscribe = async () => (await import('./worklist/subscriptions.ts')).subscribe;
const suspend = async () => (await import('./worklist/subscriptions.ts')).suspend;
const unsubscribe = async () => (await import('./worklist/subscriptions.ts')).unsubscribe;
const eventChannel = async () => (await import('./worklist/event-channel.ts')).eventChannel;
const updateWorkitem = async () => (await import('./worklist/update-workitem.ts')).updateWorkitem;

const toRead = [['dicom.read']] as const;
const toWrite = [['dicom.write']] as const;
const toManageTags = [['dicom.manageExtendedQueryTags']] as const;
const toDelete = [['dicom.delete']] as const;

const study = 'studies/{study}';
const series = `${study}/series/{series}`;
const instance = `${series}/instances/{instance}`;
const workitem = 'workitems/{workitem}';
const subscription = `${workitem}/subscribers/{aeTitle}`;
const queryTag = 'extendedquerytags/{tagPath}';

function get(name: string, path: string, handler: LoadHandler): DicomRow {
  return { name, methods: ['GET'], path, access: toRead, body: 'none', partition: 'known', handler };
}

/** What does not belong to a partition. */
function ofService(name: string, path: string, handler: LoadHandler): DicomRow {
  return { ...get(name, path, handler), partition: 'none' };
}

function manageTags(name: string, method: Method, path: string, handler: LoadHandler): DicomRow {
  return { name, methods: [method], path, access: toManageTags, body: 'whole', partition: 'none', handler };
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
  return { name, methods: [method], path, access: toWrite, body: 'whole', partition: 'known', handler };
}

export const dicomRows: readonly DicomRow[] = [
  store('store-instances', 'studies'),
  store('store-instances-in-study', study),
  {
    name: 'bulk-update',
    methods: ['POST'],
    path: 'studies/$bulkUpdate',
    access: toWrite,
    body: 'whole',
    partition: 'known',
    handler: bulkUpdate,
  },
  {
    name: 'export',
    methods: ['POST'],
    path: 'export',
    access: [['dicom.export']],
    body: 'whole',
    partition: 'known',
    handler: startExport,
  },
  get('retrieve-study', study, retrieveInstances),
  get('retrieve-series', series, retrieveInstances),
  get('retrieve-instance', instance, retrieveInstances),
  get('retrieve-study-metadata', `${study}/metadata`, retrieveMetadata),
  get('retrieve-series-metadata', `${series}/metadata`, retrieveMetadata),
  get('retrieve-instance-metadata', `${instance}/metadata`, retrieveMetadata),
  get('retrieve-frames', `${instance}/frames/{frames}`, retrieveFrames),
  get('retrieve-bulk-data', `${instance}/bulkdata/{tag}`, retrieveBulkData),
  get('retrieve-instance-rendered', `${instance}/rendered`, retrieveRendered),
  get('retrieve-frame-rendered', `${instance}/frames/{frame}/rendered`, retrieveRendered),
  get('retrieve-instance-thumbnail', `${instance}/thumbnail`, retrieveThumbnail),
  get('retrieve-frame-thumbnail', `${instance}/frames/{frame}/thumbnail`, retrieveThumbnail),
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
  { ...change('subscribe', 'POST', subscription, subscribe), body: 'none' },
  { ...remove('unsubscribe', subscription), access: toWrite, handler: unsubscribe },
  { ...change('suspend-subscription', 'POST', `${subscription}/suspend`, suspend), body: 'none' },
  get('retrieve-events', 'subscribers/{aeTitle}', eventChannel),
  ofService('change-feed', 'changefeed', changeFeed),
  ofService('change-feed-latest', 'changefeed/latest', latestChange),
  ofService('list-partitions', 'partitions', listPartitions),
  manageTags('add-query-tags', 'POST', 'extendedquerytags', addQueryTags),
  ofService('list-query-tags', 'extendedquerytags', listQueryTags),
  ofService('read-query-tag', queryTag, readQueryTag),
  ofService('list-query-tag-errors', `${queryTag}/errors`, listQueryTagErrors),
  manageTags('change-query-tag', 'PATCH', queryTag, changeQueryTag),
  { ...manageTags('remove-query-tag', 'DELETE', queryTag, removeQueryTag), body: 'none' },
  ofService('read-operation', 'operations/{operationId}', readOperation),
  { ...ofService('read-openapi', 'api.yaml', readOpenApi), access: 'public' },
];
