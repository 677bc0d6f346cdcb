import type { Reviews } from '#client/reviews.ts';
import type { SessionSettings } from '#client/session-settings.ts';
import type { Store } from '#store/store.ts';
import type { Principal } from './principal.ts';

/** A folder that paths may lie in, fixed when the process starts, with what its settings say. */
export interface McpRoot {
  /** Absolute. */
  readonly folder: string;
  /** Read at first use; what the project's file says is read anew when it changes. */
  settings(): Promise<SessionSettings>;
}

/** Where runs are found and worked on; everything is opened at its first use. */
export interface McpSession {
  readonly store: Store;
  readonly reviews: Reviews;
}

/** The same where no service may answer: the store knows what has ended. */
export interface McpReading {
  readonly store: Store;
  readonly reviews: Reviews | null;
}

/** What all connections of one process share. Nothing is opened, written or started before a tool asks for it. */
export interface McpService {
  readonly roots: readonly McpRoot[];
  /** Of the first root; without roots those of the user alone. */
  settings(): Promise<SessionSettings>;
  /** Id of the model that judges documents where nobody is named; 'static' where none can be asked. */
  usualReviewer(root?: McpRoot): Promise<string>;
  /**
   * Opens what runs need; starts the local service where the settings allow it, which `say` is told of.
   *
   * Fails   Unavailable SERVICE_NOT_RUNNING, SERVICE_START_FAILED, SERVICE_NOT_ANSWERING …
   */
  open(say: (line: string) => void): Promise<McpSession>;
  /** The store alone; null where there is none yet, and none is made. */
  store(): Promise<Store | null>;
  /** Opens the store, and the service where one answers; starts none. */
  read(): Promise<McpReading>;
  close(): Promise<void>;
}

/** What one connection is served with; `createMcpServer` makes one SDK server of it, which is connected once. */
export interface McpServerOptions {
  readonly service: McpService;
  readonly principal: Principal;
  /** Lines for the log of the process: never an argument, never a text of a document. */
  readonly log: (line: string) => void;
}
