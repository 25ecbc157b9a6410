export function ensurePage(): void;
export function ensureSamplePage(): string;
