/** A file that `sqlflow init` writes, and what its text depends on. */

export interface InitFile {
  /** Relative to the folder of the project, forward slashes. */
  readonly path: string
  readonly text: string
}

export interface InitOptions {
  /** Of the project, as in sqlflow.yml. */
  readonly name: string
  /** Of this package: the project asks npm for the same one or a newer one that is compatible. */
  readonly version: string
  /** The folder has a package.json, which stays as it is. */
  readonly hasPackageJson: boolean
}
