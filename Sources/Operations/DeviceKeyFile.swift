internal import Domain
internal import Glibc
internal import SyncProtocol

/// The key that this account signs its bundles with, in a file of its own that nobody else may read.
struct DeviceKeyFile {
  /// `$XDG_DATA_HOME/mds/device_ed25519`: the account's, whatever the ledger.
  static var path: String { Machine.dataFolder + "/device_ed25519" }

  static var isThere: Bool { Files.exists(path) }

  /// The key; made where there is none.
  static func key() throws(Problem) -> DeviceKey {
    if !isThere { try make() }
    let bytes = try privateBytes()
    guard let key = DeviceKey(text: String(decoding: bytes, as: UTF8.self)) else {
      throw Problem(
        "The device key \(path) cannot be read", advice: "It is an Ed25519 key of OpenSSH without a passphrase.",
        kind: .invalidInput)
    }
    return key
  }

  private static func make() throws(Problem) {
    guard Machine.mayMake("XDG_DATA_HOME") else {
      throw Problem("No device key can be kept: there is no home folder", advice: "XDG_DATA_HOME names another place.")
    }
    guard let key = DeviceKey(seed: Machine.randomBytes(32)) else { throw Problem("No device key could be made.") }
    try Files.makeFolder(Files.folder(of: path))
    let made = "\(path).\(Machine.uuid())"
    try Files.write(Array(key.text(comment: "mds@\(Machine.host)").utf8), to: made)
    defer { unlink(made) }
    // Of two programs that make one at once, the first wins: a key that has signed is never replaced.
    guard link(made, path) == 0 || errno == EEXIST else {
      throw Problem("The device key \(path) cannot be written", detail: String(cString: strerror(errno)))
    }
  }

  private static func privateBytes() throws(Problem) -> [UInt8] {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      throw Problem("The device key \(path) cannot be read", detail: String(cString: strerror(errno)))
    }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
      throw Problem(
        "The device key \(path) is not yours alone", advice: "Make it a file that only you can read: chmod 600.",
        kind: .invalidInput)
    }
    return try Files.contents(of: path)
  }
}
