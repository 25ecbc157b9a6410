export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The limit that it is held against, where there is one. */
  readonly aim?: string;
  readonly met?: boolean;
}
