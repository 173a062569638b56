/** A file that `sqlflow init` writes, and what its text depends on. */
import type { IamOptions } from '../../core/project.ts'

export interface InitFile {
  /** Relative to the folder of the project, forward slashes. */
  readonly path: string
  readonly text: string
  /**
   * What becomes of a file that is there already, in a repository that was begun elsewhere: it stays as it is, or gets the lines that it
   * lacks. Where this says nothing, `init` refuses.
   */
  readonly ifExists?: 'keep' | 'add-lines'
}

/** Where the data is: nowhere yet, so the embedded Postgres holds it; or on a server. */
export type InitWarehouse = 'pglite' | 'postgres' | 'redshift'

/** A Redshift that is logged in to by IAM. */
export interface InitIam {
  readonly iam: IamOptions
  readonly database: string
}

export interface InitOptions {
  /** Of the project, as in sqlflow.yml. */
  readonly name: string
  readonly warehouse: InitWarehouse
  /** Absent: `DATABASE_URL` says it. */
  readonly login?: InitIam
  /** Of this package: the project asks npm for the same one or a newer one that is compatible. */
  readonly version: string
  /** The folder has a package.json, which stays as it is. */
  readonly hasPackageJson: boolean
}
