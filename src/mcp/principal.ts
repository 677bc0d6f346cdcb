/** The tenant of runs that were started without one. */
export const defaultTenant = 'default';

/** For whom a connection speaks. */
export interface Principal {
  /** Only runs of this tenant are started, seen, decided and cancelled; every other run is as good as unknown. Absent: all runs, and new ones are of the default tenant. */
  readonly tenant?: string;
}
