/** A column of a table, as PostgreSQL describes it. */
export interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly nullable: boolean;
  /** Whether somebody who does not name it may insert a row. */
  readonly filled: boolean;
}

/** What one schema of a database demands of whoever writes there, and offers to whoever reads. */
export interface SchemaPicture {
  readonly columns: readonly Column[];
  /** Of each table: definitions of what refuses rows, such as a check or a unique index. */
  readonly rules: readonly { readonly table: string; readonly rule: string }[];
}

export type Query = (sql: string, parameters: unknown[]) => Promise<unknown>;

/** @param query as TypeORM's: it resolves to the rows */
export async function pictureOf(schema: string, query: Query): Promise<SchemaPicture> {
  const rows = async <Row>(sql: string): Promise<Row[]> => (await query(sql, [schema])) as Row[];
  return {
    columns: await rows<Column>(
      `select c.relname as table, a.attname as column, format_type(a.atttypid, a.atttypmod) as type,
         not a.attnotnull as nullable, a.atthasdef or a.attidentity <> '' or not a.attnotnull as filled
       from pg_class c join pg_attribute a on a.attrelid = c.oid
       where c.relnamespace = to_regnamespace(quote_ident($1)) and c.relkind in ('r', 'p', 'v') and a.attnum > 0
         and not a.attisdropped order by 1, 2`,
    ),
    rules: await rows(
      `select c.relname as table, pg_get_constraintdef(k.oid) as rule from pg_constraint k join pg_class c on c.oid = k.conrelid
         where k.connamespace = to_regnamespace(quote_ident($1)) and k.contype in ('c', 'u', 'p', 'f', 'x')
       union select c.relname, substring(pg_get_indexdef(i.indexrelid) from ' USING .*') from pg_index i
         join pg_class c on c.oid = i.indrelid
         where c.relnamespace = to_regnamespace(quote_ident($1)) and i.indisunique
           and not exists (select from pg_constraint where conindid = i.indexrelid)
       union select c.relname, substring(pg_get_triggerdef(t.oid) from ' (BEFORE|AFTER) .*') from pg_trigger t
         join pg_class c on c.oid = t.tgrelid
         where c.relnamespace = to_regnamespace(quote_ident($1)) and not t.tgisinternal
       order by 1, 2`,
    ),
  };
}

/**
 * What a program that was made for the schema before cannot live with: it reads columns that are gone or of another type,
 * and its rows lack what is demanded now. @returns a sentence for each, empty where it can
 */
export function whatBreaks(before: SchemaPicture, after: SchemaPicture): string[] {
  const is = new Map(after.columns.map((column) => [keyOf(column), column]));
  const was = new Set(before.columns.map(keyOf));
  const tables = new Set(before.columns.map(({ table }) => table));
  const had = new Set(before.rules.map(({ table, rule }) => `${table} ${rule}`));
  return [
    ...before.columns.flatMap((old) => changeOf(old, is.get(keyOf(old)))),
    ...after.columns
      .filter((column) => tables.has(column.table) && !was.has(keyOf(column)) && !column.filled)
      .map((column) => `${keyOf(column)} has to be given`),
    ...after.rules
      .filter(({ table, rule }) => tables.has(table) && !had.has(`${table} ${rule}`))
      .map(({ table, rule }) => `${table} is held to: ${rule}`),
  ];
}

function changeOf(old: Column, now: Column | undefined): string[] {
  if (now === undefined) return [`${keyOf(old)} is gone`];
  if (now.type !== old.type) return [`${keyOf(old)} is ${now.type} and was ${old.type}`];
  return old.nullable && !now.nullable ? [`${keyOf(old)} may not be empty any more`] : [];
}

function keyOf({ table, column }: Column): string {
  return `${table}.${column}`;
}
