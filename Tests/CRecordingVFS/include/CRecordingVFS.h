#ifndef MDS_RECORDING_VFS_H
#define MDS_RECORDING_VFS_H

#include <stddef.h>
#include <stdint.h>

/// What SQLite does to the files of one folder, in order, and what is made to fail of it.
typedef struct mds_recorder mds_recorder;

enum mds_operation_kind {
  MDS_WRITE = 1,
  MDS_TRUNCATE = 2,
  MDS_SYNC = 3,
  MDS_FAILED_SYNC = 4,
  MDS_DELETE = 5,
  /// With the folder synced after it.
  MDS_DURABLE_DELETE = 6,
};

enum mds_fault {
  MDS_FAULT_NONE = 0,
  /// A write fails, and nothing of it is in the file.
  MDS_FAULT_WRITE = 1,
  /// A write fails because the disk is full.
  MDS_FAULT_FULL = 2,
  /// Half of a write is in the file before it fails.
  MDS_FAULT_SHORT = 3,
  /// A sync fails.
  MDS_FAULT_SYNC = 4,
};

typedef struct {
  int kind;
  /// The name without its folder, as long as the recorder lives.
  const char *file;
  /// Of a write; the new size of a truncation.
  int64_t offset;
  const uint8_t *bytes;
  size_t count;
} mds_operation;

/// Begins to record what happens to files whose path begins with `folder`. NULL where SQLite has no file system or
/// too many recorders are in use.
mds_recorder *mds_recorder_begin(const char *folder);

/// Ends the record. Every file below the folder must be closed.
void mds_recorder_end(mds_recorder *recorder);

/// How many operations were recorded.
size_t mds_recorder_count(mds_recorder *recorder);

/// The operation with this number, which must have been recorded.
mds_operation mds_recorder_operation(mds_recorder *recorder, size_t number);

/// Lets the fault happen after so many operations of its sort have gone well, `times` times from then on.
void mds_recorder_fail(mds_recorder *recorder, enum mds_fault fault, int after, int times);

/// How often a fault has happened.
int mds_recorder_faults(mds_recorder *recorder);

#endif
