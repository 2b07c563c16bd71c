/// Where a bearer token comes from. It is read when the first request needs it, and again when a server answers 401.
public enum TokenSource: Hashable, Sendable {
  /// The first line of a file, also read again when the file has changed. Others must not be able to read the file
  /// unless `sharedFile` says that this is meant, as with the tokens that Kubernetes mounts.
  case file(path: String, sharedFile: Bool = false)
  /// The first line that a command prints, run without a shell; it is killed with its children at the timeout.
  case command([String], timeout: Duration = .seconds(10))
}

/// A bearer token. It prints as `‹token›`, also in dumps and in interpolations.
struct BearerToken: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  let text: String

  /// The first line of `bytes`; nil where it is not visible ASCII of 1 to 16384 characters.
  init?(firstLineOf bytes: some Sequence<UInt8>) {
    let line = String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self).trimmed
    guard (1...16384).contains(line.utf8.count), line.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      return nil
    }
    text = line
  }

  var description: String { "‹token›" }
  var debugDescription: String { description }
  var customMirror: Mirror { Mirror(self, children: []) }
}
