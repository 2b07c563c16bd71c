internal import Domain
internal import Glibc
internal import SyncProtocol

/// A small file beside the database that remembers how far it had come, so that an older copy put in its place is
/// noticed at the next start. It is never ahead of the database, and the database does not need it.
final class Watermark: Sendable {
  struct Mark: Hashable, Sendable {
    var collector: String
    var epoch: Int
    var row: Int
  }

  private let descriptor: Int32

  /// The mark of a database.
  init(database path: String) throws(CollectorError) {
    descriptor = try DatabaseOwner.open(path + ".mark", of: path)
  }

  deinit { close(descriptor) }

  /// What was remembered; nil where it cannot be read.
  var mark: Mark? {
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    let words = String(decoding: bytes[..<count], as: UTF8.self).split { $0 == " " || $0 == "\n" }
    guard words.count == 3, let epoch = Int(words[1]), let row = Int(words[2]) else { return nil }
    return Mark(collector: String(words[0]), epoch: epoch, row: row)
  }

  /// Written in one piece and of one length, after the commit; no fsync, because an older mark does no harm.
  func remember(_ mark: Mark) {
    let numbers = [mark.epoch, mark.row].map { number in
      let text = "\(number)"
      return String(repeating: "0", count: max(0, 20 - text.utf8.count)) + text
    }
    let line = Array("\(mark.collector) \(numbers[0]) \(numbers[1])\n".utf8)
    _ = pwrite(descriptor, line, line.count, 0)
  }
}
