internal import CRecordingVFS

/// What SQLite does to the files of a folder while this lives, in this process. Close every database below the folder
/// before it goes.
public final class Recording {
  /// One thing that was done to a file, in the order of all files.
  public struct Operation: Hashable, Sendable {
    public enum Kind: Hashable, Sendable { case write, truncate, sync, failedSync, delete, durableDelete }

    public var kind: Kind
    public var file: String
    /// Of a write; the size that a truncation leaves.
    public var offset: Int
    public var bytes: [UInt8]
  }

  /// What the disk does wrong.
  public enum Fault: Hashable, Sendable, CaseIterable { case write, full, short, sync }

  private let recorder: OpaquePointer

  /// nil where SQLite has no file system to stand on.
  public init?(of folder: String) {
    guard let recorder = mds_recorder_begin(folder) else { return nil }
    self.recorder = recorder
  }

  deinit { mds_recorder_end(recorder) }

  /// How many operations there were so far.
  public var count: Int { mds_recorder_count(recorder) }

  /// The operations so far.
  public var operations: [Operation] {
    (0..<count).compactMap { number in
      let found = mds_recorder_operation(recorder, number)
      let kind: Operation.Kind
      switch mds_operation_kind(UInt32(found.kind)) {
      case MDS_WRITE: kind = .write
      case MDS_TRUNCATE: kind = .truncate
      case MDS_SYNC: kind = .sync
      case MDS_FAILED_SYNC: kind = .failedSync
      case MDS_DURABLE_DELETE: kind = .durableDelete
      default: kind = .delete
      }
      return Operation(
        kind: kind, file: String(cString: found.file), offset: Int(found.offset),
        bytes: Array(UnsafeBufferPointer(start: found.bytes, count: found.count)))
    }
  }

  /// Lets a fault happen after so many operations of its sort, so many times.
  public func fail(_ fault: Fault, after: Int, times: Int = 1) {
    let kind =
      switch fault {
      case .write: MDS_FAULT_WRITE
      case .full: MDS_FAULT_FULL
      case .short: MDS_FAULT_SHORT
      case .sync: MDS_FAULT_SYNC
      }
    mds_recorder_fail(recorder, kind, Int32(after), Int32(times))
  }

  /// Nothing fails any more.
  public func mend() { mds_recorder_fail(recorder, MDS_FAULT_NONE, 0, 0) }

  /// How often a fault happened.
  public var faults: Int { Int(mds_recorder_faults(recorder)) }
}
