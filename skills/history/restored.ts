/** A file with the name of the backup, in a folder that `restore` filled. `discard` deletes only such a folder. */
export const restoredMark = 'restored-from'
