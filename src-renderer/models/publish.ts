/** Sales in preparation. */
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import type { Description, DraftView, Licence, Proposal } from '../../src-node/api/contract/index.ts';
import { useApi } from './api-context.ts';
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

/** Takes the file to the node, then makes a draft of it. The same file tried again goes on where it stopped. */
export function useUploadDraft(): UseMutationResult<DraftView, unknown, NewDraft> {
  const [begun] = useState(() => new WeakMap<File, string>());
  return useApiAction(async (api, { file, onProgress }: NewDraft) => {
    const uploadId = begun.get(file) ?? (await api.publish.beginUpload({ name: file.name, bytes: file.size })).uploadId;
    begun.set(file, uploadId);
    await uploadFile(uploadId, file, onProgress);
    const draft = await api.publish.createDraft({ uploadId });
    begun.delete(file);
    return draft;
  }, ['drafts']);
}

export function useDraftFromPath(): UseMutationResult<DraftView, unknown, string> {
  return useApiAction((api, path: string) => api.publish.createDraft({ path }), ['drafts']);
}

export interface DraftSteps {
  readonly describe: UseMutationResult<DraftView, unknown, Description>;
  readonly places: UseMutationResult<DraftView, unknown, ('folder' | 'ipfs')[]>;
  readonly terms: UseMutationResult<DraftView, unknown, DraftTerms>;
  readonly pack: UseMutationResult<DraftView, unknown, undefined>;
  readonly prepare: () => Promise<Proposal>;
}

export function useDraftSteps(id: string): DraftSteps {
  const api = useApi();
  return {
    describe: useApiAction((client, description: Description) => client.publish.describe({ id, description }), ['drafts']),
    places: useApiAction((client, places: ('folder' | 'ipfs')[]) => client.publish.choosePlaces({ id, places }), ['drafts']),
    terms: useApiAction((client, terms: DraftTerms) => client.publish.setTerms({ id, terms }), ['drafts']),
    pack: useApiAction((client) => client.publish.pack({ id }), ['drafts']),
    prepare: () => api.publish.prepare({ id }),
  };
}

export function useDiscardDraft(): UseMutationResult<{ readonly discarded: true }, unknown, string> {
  return useApiAction((api, id: string) => api.publish.discard({ id }), ['drafts']);
}
