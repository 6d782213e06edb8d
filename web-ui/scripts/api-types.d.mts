export const OPENAPI: string
export const GENERATED: string
export function generate(yaml: string): string
