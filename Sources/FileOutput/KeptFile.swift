internal import Glibc

/// Files that nobody means to write over when they name one for an export: told by how they begin, or are called.
public enum KeptFile: String, Sendable {
  case database = "a database, a ledger or a collector's"
  case privateKey = "a private key"
  case configuration = "a configuration or a catalogue"

  /// What stands there; nil for anything else, and for what is no regular file.
  public init?(_ path: String) {
    // A pipe or a terminal is not looked into: that would wait for whoever writes, and take what they wrote.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    var head = [UInt8](repeating: 0, count: 64)
    let count = read(descriptor, &head, 64)
    // sqlite.org/fileformat2.html §1.3.1; RFC 7468 §2.
    if count >= 16, head.starts(with: Array("SQLite format 3\0".utf8)) {
      self = .database
    } else if count > 0, Self.firstLine(head[..<count]).hasSuffix("PRIVATE KEY-----") {
      self = .privateKey
    } else if path.hasSuffix(".toml"), count > 0 {
      self = .configuration
    } else {
      return nil
    }
  }

  private static func firstLine(_ head: ArraySlice<UInt8>) -> String {
    String(decoding: head.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }, as: UTF8.self)
  }

  /// Whether a file is a database of SQLite's.
  public static func isDatabase(_ path: String) -> Bool { KeptFile(path) == .database }
}
