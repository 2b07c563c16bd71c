internal import Glibc

/// A short file with something in it that nobody but its owner is to know.
public enum OwnersFile {
  /// All of it, 1 MiB at most; a secret that others may read is refused.
  public static func read(_ path: String, isSecret: Bool = true) throws(CollectorError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .file(path, errno) }
    defer { close(descriptor) }
    if isSecret {
      var facts = stat()
      guard fstat(descriptor, &facts) == 0 else { throw .file(path, errno) }
      // A group may read what root gives to it: that is how systemd hands credentials to a service.
      let forbidden: mode_t = facts.st_uid == 0 ? 0o027 : 0o077
      guard facts.st_mode & forbidden == 0 else { throw .openSecret(path) }
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 { return bytes }
      guard count > 0 || errno == EINTR else { throw .file(path, errno) }
      bytes += buffer.prefix(max(0, count))
      guard bytes.count <= 1 << 20 else { throw .longSecret(path) }
    }
  }
}
