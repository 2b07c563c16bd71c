#include "CRecordingVFS.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define RECORDERS 32

typedef struct {
  int kind;
  char *file;
  int64_t offset;
  uint8_t *bytes;
  size_t count;
} operation;

struct mds_recorder {
  char *folder;
  operation *operations;
  size_t count;
  size_t room;
  enum mds_fault fault;
  int after;
  int times;
  int faults;
};

typedef struct {
  sqlite3_file base;
  mds_recorder *recorder;
  const char *name;
} recorded_file;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static mds_recorder *recorders[RECORDERS];
static sqlite3_vfs *root;
static sqlite3_vfs vfs;

static sqlite3_file *real(sqlite3_file *file) { return (sqlite3_file *)((recorded_file *)file + 1); }

static mds_recorder *recorder_of(const char *path) {
  for (int i = 0; path && i < RECORDERS; i++)
    if (recorders[i] && strncmp(path, recorders[i]->folder, strlen(recorders[i]->folder)) == 0) return recorders[i];
  return NULL;
}

static const char *last_part(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

static void record(mds_recorder *recorder, int kind, const char *name, int64_t offset, const void *bytes, size_t count) {
  if (recorder->count == recorder->room) {
    recorder->room = recorder->room ? recorder->room * 2 : 256;
    recorder->operations = realloc(recorder->operations, recorder->room * sizeof(operation));
    if (!recorder->operations) abort();
  }
  operation *added = &recorder->operations[recorder->count++];
  added->kind = kind;
  added->file = strdup(name);
  added->offset = offset;
  added->count = count;
  added->bytes = malloc(count ? count : 1);
  if (!added->file || !added->bytes) abort();
  if (count) memcpy(added->bytes, bytes, count);
}

/// Whether this operation is the one that fails.
static int strikes(mds_recorder *recorder, int is_sync) {
  if (recorder->fault == MDS_FAULT_NONE || (recorder->fault == MDS_FAULT_SYNC) != is_sync) return 0;
  if (recorder->after > 0) {
    recorder->after--;
    return 0;
  }
  if (recorder->times == 0) return 0;
  recorder->times--;
  recorder->faults++;
  return 1;
}

static int recorded_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
  recorded_file *own = (recorded_file *)file;
  if (!own->recorder) return real(file)->pMethods->xWrite(real(file), bytes, count, offset);
  pthread_mutex_lock(&lock);
  int rc;
  if (strikes(own->recorder, 0)) {
    rc = own->recorder->fault == MDS_FAULT_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    int half = count / 2;
    if (own->recorder->fault == MDS_FAULT_SHORT && half > 0 &&
        real(file)->pMethods->xWrite(real(file), bytes, half, offset) == SQLITE_OK)
      record(own->recorder, MDS_WRITE, own->name, offset, bytes, (size_t)half);
  } else {
    rc = real(file)->pMethods->xWrite(real(file), bytes, count, offset);
    if (rc == SQLITE_OK) record(own->recorder, MDS_WRITE, own->name, offset, bytes, (size_t)count);
  }
  pthread_mutex_unlock(&lock);
  return rc;
}

static int recorded_truncate(sqlite3_file *file, sqlite3_int64 size) {
  recorded_file *own = (recorded_file *)file;
  if (!own->recorder) return real(file)->pMethods->xTruncate(real(file), size);
  pthread_mutex_lock(&lock);
  int rc = real(file)->pMethods->xTruncate(real(file), size);
  if (rc == SQLITE_OK) record(own->recorder, MDS_TRUNCATE, own->name, size, NULL, 0);
  pthread_mutex_unlock(&lock);
  return rc;
}

static int recorded_sync(sqlite3_file *file, int flags) {
  recorded_file *own = (recorded_file *)file;
  if (!own->recorder) return real(file)->pMethods->xSync(real(file), flags);
  pthread_mutex_lock(&lock);
  int fails = strikes(own->recorder, 1);
  int rc = fails ? SQLITE_IOERR_FSYNC : real(file)->pMethods->xSync(real(file), flags);
  record(own->recorder, rc == SQLITE_OK ? MDS_SYNC : MDS_FAILED_SYNC, own->name, 0, NULL, 0);
  pthread_mutex_unlock(&lock);
  return rc;
}

static int passed_close(sqlite3_file *file) {
  int rc = real(file)->pMethods->xClose(real(file));
  file->pMethods = NULL;
  return rc;
}

static int passed_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
  return real(file)->pMethods->xRead(real(file), bytes, count, offset);
}

static int passed_size(sqlite3_file *file, sqlite3_int64 *size) {
  return real(file)->pMethods->xFileSize(real(file), size);
}

static int passed_lock(sqlite3_file *file, int level) { return real(file)->pMethods->xLock(real(file), level); }

static int passed_unlock(sqlite3_file *file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }

static int passed_check(sqlite3_file *file, int *result) {
  return real(file)->pMethods->xCheckReservedLock(real(file), result);
}

static int passed_control(sqlite3_file *file, int operation, void *argument) {
  return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

static int passed_sector(sqlite3_file *file) { return real(file)->pMethods->xSectorSize(real(file)); }

static int passed_traits(sqlite3_file *file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }

static int passed_map(sqlite3_file *file, int page, int size, int extend, void volatile **memory) {
  return real(file)->pMethods->xShmMap(real(file), page, size, extend, memory);
}

static int passed_shared_lock(sqlite3_file *file, int offset, int count, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

static void passed_barrier(sqlite3_file *file) { real(file)->pMethods->xShmBarrier(real(file)); }

static int passed_unmap(sqlite3_file *file, int forget) {
  return real(file)->pMethods->xShmUnmap(real(file), forget);
}

/// Version 2: without xFetch, so that every change goes through xWrite.
static const sqlite3_io_methods methods = {
    2,
    passed_close,
    passed_read,
    recorded_write,
    recorded_truncate,
    recorded_sync,
    passed_size,
    passed_lock,
    passed_unlock,
    passed_check,
    passed_control,
    passed_sector,
    passed_traits,
    passed_map,
    passed_shared_lock,
    passed_barrier,
    passed_unmap,
    NULL,
    NULL,
};

static int recorded_open(sqlite3_vfs *self, const char *name, sqlite3_file *file, int flags, int *given) {
  recorded_file *own = (recorded_file *)file;
  (void)self;
  pthread_mutex_lock(&lock);
  own->recorder = recorder_of(name);
  pthread_mutex_unlock(&lock);
  own->name = name ? last_part(name) : "";
  int rc = root->xOpen(root, name, real(file), flags, given);
  own->base.pMethods = real(file)->pMethods ? &methods : NULL;
  return rc;
}

static int recorded_delete(sqlite3_vfs *self, const char *name, int sync) {
  (void)self;
  pthread_mutex_lock(&lock);
  int rc = root->xDelete(root, name, sync);
  mds_recorder *recorder = recorder_of(name);
  if (recorder && rc == SQLITE_OK) 
    record(recorder, sync ? MDS_DURABLE_DELETE : MDS_DELETE, last_part(name), 0, NULL, 0);
  pthread_mutex_unlock(&lock);
  return rc;
}

static int passed_access(sqlite3_vfs *self, const char *name, int flags, int *result) {
  (void)self;
  return root->xAccess(root, name, flags, result);
}

static int passed_path(sqlite3_vfs *self, const char *name, int room, char *path) {
  (void)self;
  return root->xFullPathname(root, name, room, path);
}

mds_recorder *mds_recorder_begin(const char *folder) {
  pthread_mutex_lock(&lock);
  if (!root) {
    root = sqlite3_vfs_find(NULL);
    if (root) {
      vfs = *root;
      vfs.zName = "mds-recording";
      vfs.szOsFile = (int)sizeof(recorded_file) + root->szOsFile;
      vfs.pNext = NULL;
      vfs.xOpen = recorded_open;
      vfs.xDelete = recorded_delete;
      vfs.xAccess = passed_access;
      vfs.xFullPathname = passed_path;
      if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK) root = NULL;
    }
  }
  mds_recorder *recorder = NULL;
  for (int i = 0; root && !recorder && i < RECORDERS; i++) {
    if (recorders[i]) continue;
    recorder = calloc(1, sizeof(mds_recorder));
    if (recorder && !(recorder->folder = strdup(folder))) {
      free(recorder);
      recorder = NULL;
    }
    recorders[i] = recorder;
  }
  pthread_mutex_unlock(&lock);
  return recorder;
}

void mds_recorder_end(mds_recorder *recorder) {
  pthread_mutex_lock(&lock);
  for (int i = 0; i < RECORDERS; i++)
    if (recorders[i] == recorder) recorders[i] = NULL;
  for (size_t i = 0; i < recorder->count; i++) {
    free(recorder->operations[i].file);
    free(recorder->operations[i].bytes);
  }
  free(recorder->operations);
  free(recorder->folder);
  free(recorder);
  pthread_mutex_unlock(&lock);
}

size_t mds_recorder_count(mds_recorder *recorder) {
  pthread_mutex_lock(&lock);
  size_t count = recorder->count;
  pthread_mutex_unlock(&lock);
  return count;
}

mds_operation mds_recorder_operation(mds_recorder *recorder, size_t number) {
  pthread_mutex_lock(&lock);
  operation *found = &recorder->operations[number];
  mds_operation result = {found->kind, found->file, found->offset, found->bytes, found->count};
  pthread_mutex_unlock(&lock);
  return result;
}

void mds_recorder_fail(mds_recorder *recorder, enum mds_fault fault, int after, int times) {
  pthread_mutex_lock(&lock);
  recorder->fault = fault;
  recorder->after = after;
  recorder->times = times;
  pthread_mutex_unlock(&lock);
}

int mds_recorder_faults(mds_recorder *recorder) {
  pthread_mutex_lock(&lock);
  int faults = recorder->faults;
  pthread_mutex_unlock(&lock);
  return faults;
}
