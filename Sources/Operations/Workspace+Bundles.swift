public import Domain
internal import Feedback
internal import Ledger
internal import Sync
internal import SyncProtocol

/// A bundle that was written.
public struct WrittenBundle: Sendable {
  public var path: String
  public var signature: String
  public var events: Int
  /// The key that signed it, as `ssh-keygen -l` shows it.
  public var fingerprint: String
}

/// The line of an `allowed_signers` file that lets this device's bundles in.
public struct SignerLine: Sendable {
  public var text: String
  /// Whether the researchers have to put the name in that they know the analyst by.
  public var lacksName: Bool
  /// The name under which is saved here, where it is one of the configuration's; whoever imports has to know it as well.
  public var savedAs: String?
}

extension Workspace {
  /// Writes what the collector is not proved to hold as signed bundles, one a stream: into a file of this name, or into a
  /// folder under the names that their bytes give them. None where nothing waits; then nothing is written. With `after` also
  /// what the collector was proved to hold, from that place of each stream on.
  public func writeBundles(to path: String, after: Int? = nil) async throws(Problem) -> [WrittenBundle] {
    let (name, collector, current) = (contextName, collectorAddress, stream.id)
    let (others, last) = try await onLedger { ledger throws(LedgerError) in
      var open: [StreamID] = []
      var last = try ledger.head(of: current).seq
      for stream in try ledger.streams(context: name, collector: collector) where stream.id != current {
        let head = try ledger.head(of: stream.id).seq
        last = max(last, head)
        if head > min(stream.acked.seq, after ?? .max) { open.append(stream.id) }
      }
      return (open, last)
    }
    if let after, after > last {
      throw Problem(
        "There is no event #\(after): the last one is #\(last).",
        advice: "Without --after goes what the collector is not proved to hold.", kind: .invalidInput)
    }
    guard others.isEmpty || Files.isFolder(path) else {
      throw Problem(
        "\(others.count + 1) streams wait, and a bundle holds one: \(path) is no folder.",
        advice: "Name a folder; each stream gets a file of its own in it.", kind: .invalidInput)
    }
    guard !Files.isDevice(path) else {
      throw Problem(
        "\(path) is a device, and a bundle is two files: itself and its signature.", advice: "Name a file or a folder.",
        kind: .invalidInput)
    }
    var written: [WrittenBundle] = []
    for id in others + [current] {
      if let bundle = try await writeBundle(of: id, after: after, to: path) { written.append(bundle) }
    }
    return written
  }

  private func writeBundle(of id: StreamID, after: Int?, to path: String) async throws(Problem) -> WrittenBundle? {
    let key = try DeviceKeyFile.key()
    var source: BundleSource
    do {
      source = try await BundleSource(
        of: id, after: after, worker: worker, collectorID: account?.collectorID ?? "",
        workstation: RawText(Machine.host),
        tool: Workspace.tool, now: Machine.now)
    } catch {
      throw error.problem
    }
    guard !source.isEmpty else { return nil }
    let isFolder = Files.isFolder(path)
    let sink = try FileSink(isFolder ? "\(path)/\(Machine.uuid()).mdsb" : path)
    var digest = BundleDigest()
    while let piece = try await Self.piece(of: &source) {
      try sink.write(piece)
      digest.update(piece)
    }
    guard source.isWhole else {
      throw Problem("The ledger changed while it was read, or lacks events", advice: "Try again; mds ledger verify.")
    }
    guard let signature = key.signature(of: digest.message, namespace: SSHSignature.bundles) else {
      throw Problem("The bundle could not be signed.")
    }
    let file = isFolder ? "\(path)/\(digest.fileName("mdsb"))" : path
    // The signature first: a bundle that is there can be verified.
    let former = Files.read(file + ".sig", limit: 8 << 10)
    try Files.write(Array(signature.text.utf8), to: file + ".sig")
    do throws(Problem) {
      try sink.finish(as: isFolder ? file : nil)
    } catch {
      // None stays without its bundle, and the one of a bundle of before stays that.
      if let former { try? Files.write(former, to: file + ".sig") } else { Files.removeTree(file + ".sig") }
      throw error
    }
    do {
      try await source.markSent()
    } catch {
      throw error.problem
    }
    return WrittenBundle(
      path: file, signature: file + ".sig", events: source.count, fingerprint: key.publicKey.fingerprint)
  }

  private static func piece(of source: inout BundleSource) async throws(Problem) -> [UInt8]? {
    do {
      return try await source.next()
    } catch {
      throw error.problem
    }
  }

  /// What the researchers put into their `allowed_signers` file.
  public func signerLine() throws(Problem) -> SignerLine {
    let key = try DeviceKeyFile.key().publicKey.text
    let name = account?.analyst.string ?? AllowedSigners.placeholder
    let quoted = name.contains(" ") ? "\"\(name)\"" : name
    return SignerLine(
      text: "\(quoted) namespaces=\"\(SSHSignature.bundles)\" \(key) mds@\(Machine.host)", lacksName: account == nil,
      savedAs: account == nil && !stream.analyst.string.hasPrefix("unix:") ? stream.analyst.string : nil)
  }
}
