import type { BenchReport } from "./json.ts";
export const writeReport = async (_report: BenchReport, _chart: string, _folder: string): Promise<void> => {};
