internal import Glibc

/// A file that holds a token.
struct TokenFile {
  /// What tells one state of the file from another.
  struct Stamp: Equatable {
    var device: UInt
    var inode: UInt
    var size: Int
    var seconds: Int
    var nanoseconds: Int
  }

  let path: String
  let isShared: Bool

  /// The file's state now; nil where there is no file.
  var stamp: Stamp? {
    var status = stat()
    return stat(path, &status) == 0 ? Stamp(status) : nil
  }

  /// The token and the state of the file it was read from.
  func read() -> Result<(BearerToken, Stamp), TokenFailure> {
    // Not blocking: a named pipe must not hold up every transfer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      return .failure(TokenFailure("the file \(path) cannot be opened (\(String(cString: strerror(errno))))"))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return .failure(TokenFailure("\(path) is not a file"))
    }
    guard isShared || status.st_mode & 0o077 == 0 else {
      return .failure(TokenFailure("others can read the file \(path); chmod 600 it"))
    }
    var bytes = [UInt8](repeating: 0, count: 32 << 10)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    guard count >= 0, let token = BearerToken(firstLineOf: bytes[..<max(0, count)]) else {
      return .failure(TokenFailure("the first line of the file \(path) is no token"))
    }
    return .success((token, Stamp(status)))
  }
}

/// Why there is no token; never with the token in it.
struct TokenFailure: Error, Hashable, Sendable {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}

extension TokenFile.Stamp {
  init(_ status: stat) {
    self.init(
      device: UInt(status.st_dev), inode: UInt(status.st_ino), size: Int(status.st_size),
      seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
  }
}
