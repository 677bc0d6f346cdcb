import type { Connection } from '@temporalio/client';
import { AppError } from '#domain/errors.ts';
import { searchAttributeList, type SearchAttribute } from '#domain/search-attributes.ts';

/** Of either kind of connection. */
type Operator = Pick<Connection, 'operatorService'>;

/** temporal.api.enums.v1.IndexedValueType */
const indexedValueTypes = { Keyword: 2, Int: 3, Double: 4 } as const;

/**
 * Registers what the namespace does not know yet, so that no run is left hanging by an unknown attribute.
 *
 * Out     the names that were added
 * Fails   Misconfigured SEARCH_ATTRIBUTES_MISSING with the command to run, where we may not or cannot add them
 */
export async function ensureSearchAttributes(connection: Operator, namespace: string): Promise<string[]> {
  const missing = await missingAttributes(connection, namespace);
  if (missing.length === 0) return [];
  try {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map(({ name, type }) => [name, indexedValueTypes[type]])),
    });
  } catch (cause) {
    // Another worker may have added them between our look and our call.
    if ((await missingAttributes(connection, namespace)).length > 0) throw refused(missing, namespace, cause);
  }
  return missing.map(({ name }) => name);
}

async function missingAttributes(connection: Operator, namespace: string): Promise<SearchAttribute[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const wrong = searchAttributeList.find(({ name, type }) => (customAttributes?.[name] ?? indexedValueTypes[type]) !== indexedValueTypes[type]);
  if (wrong !== undefined) {
    throw new AppError(
      'Misconfigured',
      'SEARCH_ATTRIBUTE_TYPE',
      `The search attribute ${wrong.name} of namespace ${namespace} must be of type ${wrong.type}. Remove it with \`temporal operator search-attribute remove --namespace ${namespace} --name ${wrong.name}\`, or use another namespace.`,
    );
  }
  return searchAttributeList.filter(({ name }) => customAttributes?.[name] === undefined);
}

function refused(missing: readonly SearchAttribute[], namespace: string, cause: unknown): AppError {
  const names = missing.map(({ name, type }) => `--name ${name} --type ${type}`).join(' ');
  return new AppError(
    'Misconfigured',
    'SEARCH_ATTRIBUTES_MISSING',
    `Namespace ${namespace} lacks search attributes that runs need, and they could not be added. Run \`temporal operator search-attribute create --namespace ${namespace} ${names}\`.`,
    { cause },
  );
}
