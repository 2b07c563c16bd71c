/// A disk that honours fsync and nothing else: what was written and not yet synced may be there, or not, or in part, in
/// any order, when the power goes.
public struct Disk {
  /// What is left of that which was not synced.
  public enum Remainder: Hashable, Sendable, CaseIterable {
    case nothing, everything
    /// What was written before some moment.
    case beginning
    /// Anything, and of one write some of its sectors.
    case some
  }

  private var durable: [String: [UInt8]] = [:]
  private var pending: [Recording.Operation] = []
  /// Whether a sync of a file does what it says.
  private let honours: (String) -> Bool

  private static let sector = 512

  /// A disk whose syncs of some files do nothing shows whether a test would notice.
  public init(honours: @escaping (String) -> Bool = { _ in true }) { self.honours = honours }

  /// Goes on by one operation.
  public mutating func apply(_ operation: Recording.Operation) {
    switch operation.kind {
    case .write, .truncate, .delete: pending.append(operation)
    case .sync:
      guard honours(operation.file) else { return }
      if operation.file.hasSuffix("-wal") || operation.file.hasSuffix("-journal"), durable[operation.file] == nil {
        // SQLite syncs the folder with the first sync of a new log: names that went before are gone.
        for waiting in pending where waiting.kind == .delete { durable[waiting.file] = nil }
        pending.removeAll { $0.kind == .delete }
      }
      for waiting in pending where waiting.file == operation.file { Self.perform(waiting, &durable) }
      pending.removeAll { $0.file == operation.file }
    case .durableDelete:
      pending.removeAll { $0.file == operation.file || $0.kind == .delete }
      durable[operation.file] = nil
    case .failedSync:
      // The kernel may have dropped the pages and called them clean: no later sync writes them.
      pending.removeAll { $0.file == operation.file }
    }
  }

  /// The files as the next start finds them.
  public func files(
    after remainder: Remainder, using random: inout some RandomNumberGenerator
  ) -> [String: [UInt8]] {
    var files = durable
    switch remainder {
    case .nothing: break
    case .everything: for operation in pending { Self.perform(operation, &files) }
    case .beginning:
      let count = Int.random(in: 0...pending.count, using: &random)
      for operation in pending.prefix(count) { Self.perform(operation, &files) }
    case .some:
      let torn = pending.indices.randomElement(using: &random)
      for (index, operation) in pending.enumerated() {
        if index == torn {
          Self.tear(operation, &files, using: &random)
        } else if Bool.random(using: &random) {
          Self.perform(operation, &files)
        }
      }
    }
    return files
  }

  private static func perform(_ operation: Recording.Operation, _ files: inout [String: [UInt8]]) {
    switch operation.kind {
    case .write: write(operation.bytes[...], at: operation.offset, operation.file, &files)
    case .truncate:
      let size = files[operation.file]?.count ?? 0
      if size > operation.offset { files[operation.file]?.removeLast(size - operation.offset) }
    case .delete, .durableDelete: files[operation.file] = nil
    case .sync, .failedSync: break
    }
  }

  private static func write(
    _ bytes: ArraySlice<UInt8>, at offset: Int, _ name: String, _ files: inout [String: [UInt8]]
  ) {
    let size = files[name]?.count ?? 0
    if size < offset + bytes.count {
      files[name, default: []] += [UInt8](repeating: 0, count: offset + bytes.count - size)
    }
    files[name]?.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
  }

  /// Some sectors of a write.
  private static func tear(
    _ operation: Recording.Operation, _ files: inout [String: [UInt8]], using random: inout some RandomNumberGenerator
  ) {
    guard operation.kind == .write else { return }
    var start = 0
    while start < operation.bytes.count {
      let end = min(operation.bytes.count, (operation.offset + start) / sector * sector + sector - operation.offset)
      if Bool.random(using: &random) {
        write(operation.bytes[start..<end], at: operation.offset + start, operation.file, &files)
      }
      start = end
    }
  }
}
