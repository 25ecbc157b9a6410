/** Sales in preparation. */
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import type { Description, DraftView, Licence, Proposal, UploadView } from '../../src-node/api/contract/index.ts';
import { useApi } from './api-context.ts';
import { errorCode } from './errors.ts';
import { useApiAction, useApiQuery } from './query.ts';
import { uploadFile } from './upload.ts';

export interface DraftTerms {
  readonly price: bigint;
  readonly bond: bigint;
  readonly licenceId: string;
  readonly seller: string;
}

export function useDrafts(): UseQueryResult<readonly DraftView[], unknown> {
  return useApiQuery({ topic: 'drafts', name: 'list', read: (api, signal) => api.publish.drafts(undefined, { signal }) });
}

export function useDraft(id: string): UseQueryResult<DraftView, unknown> {
  return useApiQuery({ topic: 'drafts', name: 'one', input: id, every: 1000, read: (api, signal) => api.publish.draft({ id }, { signal }) });
}

export function useLicences(): UseQueryResult<readonly Licence[], unknown> {
  return useApiQuery({ topic: 'app', name: 'licences', read: (api, signal) => api.publish.licences(undefined, { signal }) });
}

export interface NewDraft {
  readonly file: File;
  readonly onProgress: (done: number) => void;
}

/** Takes the file to the node, then makes a draft of it. The same file chosen again, also later, goes on where it stopped. */
export function useUploadDraft(): UseMutationResult<DraftView, unknown, NewDraft> {
  return useApiAction(async (api, { file, onProgress }: NewDraft) => {
    const { uploadId } = await api.publish.beginUpload({ name: file.name, bytes: file.size, modified: file.lastModified });
    try {
      await uploadFile(uploadId, file, onProgress);
    } catch (error) {
      // What has arrived belongs to a file that is no more; if it cannot be thrown away now, it stands among the interrupted ones.
      if (errorCode(error) === 'FILE_CHANGED') await api.publish.discardUpload({ id: uploadId }).catch(() => undefined);
      throw error;
    }
    return api.publish.createDraft({ uploadId });
  }, ['drafts']);
}

/** Files of which only a part has arrived. */
export function useUploads(): UseQueryResult<readonly UploadView[], unknown> {
  return useApiQuery({ topic: 'drafts', name: 'uploads', read: (api, signal) => api.publish.uploads(undefined, { signal }) });
}

export function useDiscardUpload(): UseMutationResult<{ readonly discarded: true }, unknown, string> {
  return useApiAction((api, id: string) => api.publish.discardUpload({ id }), ['drafts']);
}

export function useDraftFromPath(): UseMutationResult<DraftView, unknown, string> {
  return useApiAction((api, path: string) => api.publish.createDraft({ path }), ['drafts']);
}

export interface ChosenPlaces {
  readonly places: readonly ('folder' | 'ipfs')[];
  readonly onlyThisComputer: boolean;
}

export interface DraftSteps {
  readonly describe: UseMutationResult<DraftView, unknown, Description>;
  readonly places: UseMutationResult<DraftView, unknown, ChosenPlaces>;
  readonly terms: UseMutationResult<DraftView, unknown, DraftTerms>;
  readonly pack: UseMutationResult<DraftView, unknown, undefined>;
  readonly prepare: () => Promise<Proposal>;
}

export function useDraftSteps(id: string): DraftSteps {
  const api = useApi();
  return {
    describe: useApiAction((client, description: Description) => client.publish.describe({ id, description }), ['drafts']),
    places: useApiAction((client, { places, onlyThisComputer }: ChosenPlaces) => client.publish.choosePlaces({ id, places: [...places], onlyThisComputer }), ['drafts']),
    terms: useApiAction((client, terms: DraftTerms) => client.publish.setTerms({ id, terms }), ['drafts']),
    pack: useApiAction((client) => client.publish.pack({ id }), ['drafts']),
    prepare: () => api.publish.prepare({ id }),
  };
}

export function useDiscardDraft(): UseMutationResult<{ readonly discarded: true }, unknown, string> {
  return useApiAction((api, id: string) => api.publish.discard({ id }), ['drafts']);
}
