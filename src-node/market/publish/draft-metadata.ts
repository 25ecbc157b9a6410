/** A draft as the public description of its listing. */
import type { Hex } from '../../base/bytes.ts';
import type { licenceOf } from '../licences.ts';
import type { Metadata } from '../metadata.ts';
import type { DraftDescription, DraftRecord, PackedVersion } from './draft.ts';

export function metadataOf(draft: DraftRecord, description: DraftDescription, listing: Hex, packed: PackedVersion, licence: NonNullable<ReturnType<typeof licenceOf>>): Metadata {
  // With personal data inside, ranges and rows would tell about people (docs/protocol/11 §4.19).
  const profile = description.personalData ? null : draft.profile;
  return {
    pd: 1,
    listing,
    title: { en: description.title, ...(description.titleZh === undefined || description.titleZh === '' ? {} : { zh: description.titleZh }) },
    summary: description.summary,
    description_md: description.description,
    category: description.category,
    tags: [...description.tags],
    format: draft.profile?.format ?? 'binary',
    rows: profile?.rows ?? null,
    schema: profile?.columns.map((column) => ({ ...column })) ?? draft.profile?.columns.map(({ name, type }) => ({ name, type, nullPct: 0, min: null, max: null })) ?? [],
    preview: description.preview && profile?.preview ? [profile.preview] : [],
    licence: { id: licence.id, title: licence.title, text: licence.text },
    personalData: { present: description.personalData },
    versions: [{ no: 1, manifest: { sha256: packed.manifest.sha256, locators: [...packed.manifest.locators] } }],
  };
}
