internal import ArgumentParser
internal import Collector
internal import Foundation
internal import SyncProtocol

/// Which bundles a server takes.
struct BundleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Take bundles that somebody carries here over the network, signed by a key of this file; without it only `import` \
      takes any. Its lines are as ssh-keygen(1) has them, with analysts named in full, keys of the kind ssh-ed25519 and no \
      option but namespaces: one with a wildcard, cert-authority, valid-after or valid-before lets nobody in.
      """, valueName: "file"))
  var allowedSigners: String?

  @Option(help: ArgumentHelp("The largest of them.", valueName: "MiB"))
  var maxBundle = 64

  func validate() throws {
    guard (1...4096).contains(maxBundle) else { throw ValidationError("--max-bundle is from 1 to 4096") }
  }

  /// A file of SQLite's has its folder, where there is room for what comes; a server's client has the folder for temporary files.
  func settings(beside location: DatabaseLocation) throws -> BundleSettings? {
    guard let allowedSigners else { return nil }
    _ = try SignersFile.read(allowedSigners)
    let folder =
      switch location {
      case .file(let path): URL(fileURLWithPath: path).deletingLastPathComponent().path
      case .server: FileManager.default.temporaryDirectory.path
      }
    return BundleSettings(
      allowedSigners: URL(fileURLWithPath: allowedSigners).path, folder: folder, limit: maxBundle << 20)
  }
}

/// A file that says whose signatures count.
enum SignersFile {
  /// Its lines, of which there may be none yet; says on standard error which of them let nobody in.
  static func read(_ path: String) throws -> AllowedSigners {
    let text = try PublishedFile.text(path, what: "a line is a name and a public key", mayBeEmpty: true)
    let signers = AllowedSigners(text: String(decoding: text, as: UTF8.self))
    for (number, reason) in signers.faults {
      StandardError.write("\(StandardOutput.plain(path)): line \(number) lets nobody in: \(reason)")
    }
    return signers
  }
}
