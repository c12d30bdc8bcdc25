/**
 * Code that tries to get out or to do harm. FOLDER is the folder that holds the workspace and the secret, PORT that of a
 * server that counts connections, SERVER the process of the server, TMP the system's folder for temporary files. It
 * counts as having succeeded when it prints or returns ESCAPED, reads the secret, connects, or writes outside.
 */
export type Attempt = readonly [name: string, code: string, timeoutMs?: number];
