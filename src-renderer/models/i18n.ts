/** English and Chinese, one file for each subject. English comes with the window, for it stands in for what is missing; Chinese where it is read. */
import i18next, { type i18n, type Resource, type ResourceLanguage } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { cpc } from '../format/amount.ts';
import { duration, type Language } from '../format/duration.ts';
import { grouped } from '../format/number.ts';

const english = import.meta.glob<ResourceLanguage>('../../resources/locales/en/*.json', { import: 'default', eager: true });
const chinese = import.meta.glob<ResourceLanguage>('../../resources/locales/zh/*.json', { import: 'default' });

export async function startI18n(language: Language): Promise<i18n> {
  const instance = i18next.createInstance();
  await instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    supportedLngs: ['en', 'zh'],
    defaultNS: 'ui',
    resources: { en: await load('en'), ...(language === 'zh' ? { zh: await load('zh') } : {}) } satisfies Resource,
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  addFormats(instance);
  return instance;
}

export async function changeLanguage(instance: i18n, language: Language): Promise<void> {
  if (instance.language === language) return;
  for (const [namespace, words] of Object.entries(await load(language))) instance.addResourceBundle(language, namespace, words);
  await instance.changeLanguage(language);
}

/** `{{left, cpc}}`: facts of an error as the node names them, in base units, milliseconds, and counted from 0. */
function addFormats({ services: { formatter } }: i18n): void {
  formatter?.add('cpc', (value: string) => cpc(BigInt(value), { unit: true }));
  formatter?.add('duration', (value: number, language) => duration(Math.ceil(value / 1000) * 1000, language === 'zh' ? 'zh' : 'en'));
  formatter?.add('grouped', (value: string) => grouped(BigInt(value)));
  formatter?.add('ordinal', (value: number) => String(value + 1));
}

/** What "as the system" means on this machine. */
export function systemLanguage(): Language {
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

async function load(language: Language): Promise<ResourceLanguage> {
  const loaded = language === 'en' ? Object.entries(english) : await Promise.all(Object.entries(chinese).map(async ([path, read]) => [path, await read()] as const));
  return Object.fromEntries(loaded.map(([path, words]) => [path.slice(path.lastIndexOf('/') + 1, -'.json'.length), words]));
}
