/** In a folder that `restore` filled: the name of the backup. Only such a folder is ever deleted by `discard`. */
export const restoredMark = 'restored-from'
